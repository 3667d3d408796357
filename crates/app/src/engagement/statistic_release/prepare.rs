//! The servers' work on the numbers of releases and of corrections: one server at a time counts, and when it dies another begins anew.

use std::sync::Arc;

use chrono::TimeDelta;
use tertulia_domain::{
    Error, Result,
    engagement::{
        release_cube::{Cube, KeptCell, corrected},
        statistic_release::{Deed, Preparation, StatisticRelease},
    },
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::engagement::{
    contact_import::Hold,
    contact_purge,
    statistic_release::{self, cell, correction, job},
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{CODE_VERSION, compute::Counting, letter, propose::told_before};
use crate::{App, Ctx, UnitOfWork, asked::take_up};

/// How long a server's hold lasts: longer than it takes to count [`NOTED`] contacts.
const HELD: TimeDelta = TimeDelta::minutes(2);
/// After how many contacts it is noted how far the count is.
const NOTED: u64 = 5_000;
/// How often a count is begun before it is given up.
const ATTEMPTS: i64 = 5;

const FAULT: &str = "The server could not work these numbers out. Tell the operator.";
const TELLING: &str = "These numbers beside those that were told before would tell what must not be told, so they are not told.";
const REMOVED: &str =
    "Contacts of these months were removed since their time to be kept was over, so nobody can work these numbers out again.";
const SAME: &str = "Every number is as it was told.";

/// Works numbers out until `stop` says so.
pub(crate) async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    take_up((&app, &app.releases.asked), &stop, "the working out of numbers", turn).await;
}

/// Works one set of numbers out, if one waits; says whether one did.
async fn turn(app: &App, holder: Uuid, stop: &watch::Receiver<bool>) -> Result<bool> {
    let ctx = app.system();
    if !job::is_waiting(&app.current_reader(&ctx), holder, ctx.now).await? {
        return Ok(false);
    }
    let writer = app.store.writer(&ctx.statements);
    let taken = job::take(&writer, Hold { holder, until: ctx.now + HELD }, ctx.now).await?;
    writer.commit().await?;
    let Some((job, attempts)) = taken else { return Ok(false) };
    let found = statistic_release::find_many(&app.current_reader(&ctx), &ctx.releases(), &[job.release]).await?.pop();
    let release = found.ok_or_else(|| Error::broken("numbers are asked for of a release that is not there"))?;
    let mut work = Work { app, holder, job, release };
    if attempts > ATTEMPTS {
        work.end(Err(FAULT)).await?;
        return Ok(true);
    }
    if let Some(counting) = work.count(stop).await? {
        let cells = work.cells(counting.into_cube()).await?;
        work.end(cells).await?;
    }
    Ok(true)
}

/// A set of numbers while a server works it out.
struct Work<'a> {
    app: &'a App,
    holder: Uuid,
    job: Preparation,
    release: StatisticRelease,
}

/// The numbers, or why there are none.
type Cells = std::result::Result<Vec<KeptCell>, &'static str>;

impl Work<'_> {
    fn hold(&self, ctx: &Ctx) -> Hold {
        Hold { holder: self.holder, until: ctx.now + HELD }
    }

    /// Counts everything; nothing, if the server stops or the release was taken back meanwhile.
    async fn count(&mut self, stop: &watch::Receiver<bool>) -> Result<Option<Counting>> {
        let (app, ctx) = (self.app, self.app.system());
        let when = (self.release.period, self.release.cut_off());
        let mut counting = Counting::begin(app, &ctx, &self.release.platforms, when, false).await?;
        let total = counting.total(&app.current_reader(&ctx)).await?;
        self.job.total = Some(i64::try_from(total).unwrap_or(i64::MAX));
        let (mut done, mut noted) = (0, 0);
        loop {
            let ctx = app.system();
            if done == 0 || done >= noted + NOTED {
                noted = done;
                self.job.counted = i64::try_from(done).unwrap_or(i64::MAX);
                let writer = app.store.writer(&ctx.statements);
                let held = job::renew(&writer, &self.job, self.hold(&ctx)).await?;
                writer.commit().await?;
                if !held {
                    return Ok(None);
                }
            }
            if *stop.borrow() {
                let writer = app.store.writer(&ctx.statements);
                job::release(&writer, &self.job, self.holder).await?;
                writer.commit().await?;
                return Ok(None);
            }
            match counting.page(app, &ctx).await? {
                0 => return Ok(Some(counting)),
                counted => done += counted,
            }
        }
    }

    /// What can be told of the count, beside what was told of these months before.
    async fn cells(&self, cube: Cube) -> Result<Cells> {
        let ctx = self.app.system();
        let reader = self.app.current_reader(&ctx);
        let mut earlier: Vec<cell::Edition> = if self.is_correction() { editions(&self.release).collect() } else { Vec::new() };
        earlier.extend(told_before(&reader, self.release.period).await?.iter().flat_map(editions));
        let mut kept = cell::find_kept(&reader, &earlier).await?;
        let sets: Vec<Vec<KeptCell>> = earlier.iter().filter_map(|edition| kept.remove(edition)).collect();
        let before = sets.first().filter(|_| self.is_correction()).cloned();
        let (thresholds, of_period) = (self.release.thresholds, self.release.period.bounds());
        if contact_purge::has_removed(&reader, &self.release.platforms, of_period).await? {
            return Ok(Err(REMOVED));
        }
        // The audit of a large table takes a while, in which this thread would serve nobody.
        let told = tokio::task::spawn_blocking(move || cube.told(&thresholds, &sets)).await.map_err(Error::internal)?;
        let Some(cells) = told else { return Ok(Err(TELLING)) };
        let Some(before) = before else { return Ok(Ok(cells)) };
        Ok(corrected(cells, &before, ctx.now).ok_or(SAME))
    }

    fn is_correction(&self) -> bool {
        self.job.edition > self.release.edition
    }

    /// Keeps the numbers, or why there are none, unless somebody took the release back.
    async fn end(&self, cells: Cells) -> Result<()> {
        let ctx = self.app.system();
        let grant = ctx.allow(Act::StatisticReleasePrepare, &Scope::default())?;
        let uow = self.app.begin(&ctx).await?;
        // The release first and its job after it, as whoever takes it back holds them: else each could wait for the other.
        let release = super::hold(&uow, self.release.id).await?;
        if !job::renew(uow.writer(), &self.job, self.hold(&ctx)).await? {
            return Ok(());
        }
        job::delete(uow.writer(), self.release.id).await?;
        if let Ok(cells) = &cells {
            cell::insert(uow.writer(), (self.release.id, self.job.edition), cells, || self.app.ids.uuid()).await?;
        }
        if self.is_correction() {
            if let Err(why) = &cells {
                correction::fail(uow.writer(), (self.release.id, self.job.edition), why).await?;
            }
            // Who confirms a correction names the version that shows it, so he has read no other.
            let read = StatisticRelease { version: release.version + 1, ..release };
            statistic_release::update(uow.writer(), &read).await?;
        } else {
            settle(&uow, release, cells.as_ref().err()).await?;
        }
        let topic = if cells.is_ok() { Topic::StatisticReleasePrepared } else { Topic::StatisticReleasePreparationFailed };
        uow.commit(grant, [Event::new(topic, self.release.id.any())]).await
    }
}

/// Puts a proposal before the platforms that it names, or takes it back.
async fn settle(uow: &UnitOfWork<'_>, release: StatisticRelease, failure: Option<&&str>) -> Result<()> {
    let now = uow.ctx().now;
    let release = match failure {
        None => release.prepared(now, CODE_VERSION)?,
        Some(why) => release.withdraw(Deed { at: now, person: None, organisation: None }, (*why).to_owned())?,
    };
    statistic_release::settle(uow.writer(), &release).await?;
    if failure.is_none() { letter::proposed(uow, &release).await } else { Ok(()) }
}

/// The sets of numbers of a release that were told, the last first.
fn editions(release: &StatisticRelease) -> impl Iterator<Item = cell::Edition> + use<> {
    let id = release.id;
    (0..=release.edition).rev().map(move |edition| (id, edition))
}
