//! Corrects a published release: one person works its numbers out again, another publishes them with the notice.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{
        new_contact::id,
        statistic_release::{Correction, Preparation, StatisticRelease},
    },
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text,
};
use tertulia_persistence::engagement::statistic_release::{self, correction, job};

use super::{CODE_VERSION, deed, hold};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// A correction; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewCorrection {
    /// The release.
    pub release: String,
    /// Why, for everybody to read.
    pub note: String,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

/// Asks for a correction: the servers work the numbers out again, as things stood at the release's cut-off. They hide exactly what was hidden.
pub async fn correct(app: &App, ctx: &Ctx, input: &NewCorrection) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleaseCorrect)?;
    let grant = ctx.allow(Act::StatisticReleaseCorrect, &Scope::default())?;
    let mut faults = Faults::default();
    let wanted = faults.check("statisticReleaseId", id(&input.release));
    let note = faults.check("note", text::block(&input.note, text::LONG));
    let key = faults.check("", IdempotencyKey::parse(input.idempotency_key.as_deref(), input)).flatten();
    let (wanted, note) = faults.finish_with(wanted.zip(note))?;
    let uow = app.begin(ctx).await?;
    let release = hold(&uow, wanted).await?;
    if uow.claim(&grant, key.as_ref(), wanted.any()).await?.is_some() {
        return Ok(release);
    }
    release.admits_correction()?;
    if !job::find_of(uow.writer(), &[wanted]).await?.is_empty() {
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", "A correction is being worked out."));
    }
    let before = correction::find_of(uow.writer(), &ctx.releases(), &[wanted]).await?;
    let edition = before.last().map_or(release.edition, |last| last.edition) + 1;
    let (prepared, code_version) = (deed(&grant, ctx), CODE_VERSION.to_owned());
    let correction = Correction { release: wanted, edition, note, prepared, published: None, code_version, failure: None };
    correction::insert(uow.writer(), app.ids.uuid(), &correction).await?;
    job::insert(uow.writer(), &Preparation::asked(wanted, edition, ctx.now)).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleaseCorrectionPrepared, wanted.any())]).await?;
    app.releases.asked.notify_one();
    Ok(release)
}

/// Publishing a correction; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Confirmation {
    /// The release.
    pub release: String,
    /// The version of the release that the caller read.
    pub version: i64,
}

/// Publishes the correction that was prepared last.
pub async fn confirm_correction(app: &App, ctx: &Ctx, input: &Confirmation) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleaseConfirmCorrection)?;
    let mut faults = Faults::default();
    let wanted = faults.check("statisticReleaseId", id(&input.release));
    let wanted = faults.finish_with(wanted)?;
    let uow = app.begin(ctx).await?;
    let release = hold(&uow, wanted).await?;
    let grant = ctx.allow(Act::StatisticReleaseConfirmCorrection, &Scope::default())?;
    check_version(input.version, release.version)?;
    let prepared = correction::find_of(uow.writer(), &ctx.releases(), &[wanted]).await?.pop();
    let waiting = prepared.filter(|correction| correction.waits(&release));
    if !job::find_of(uow.writer(), &[wanted]).await?.is_empty() {
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", "The correction is being worked out."));
    }
    let Some(mut correction) = waiting else {
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", "No correction waits to be published."));
    };
    let published = deed(&grant, ctx);
    let release = release.correct(&correction, published)?;
    correction.published = Some(published);
    correction::publish(uow.writer(), &correction).await?;
    statistic_release::update(uow.writer(), &release).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleaseCorrected, wanted.any())]).await?;
    Ok(release)
}
