//! Corrects a published release: one person works its numbers out again, another publishes them with the notice.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{
        new_contact::id,
        release_cube::{ReleaseCell, corrected},
        statistic_release::{Correction, StatisticRelease},
    },
    id::StatisticReleaseId,
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text,
};
use tertulia_persistence::engagement::statistic_release::{self, cell, correction};

use super::{CODE_VERSION, compute::compute, deed, hold};
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

/// Prepares a correction: works the numbers out again, as things stood at the release's cut-off. They hide exactly what was hidden.
pub async fn correct(app: &App, ctx: &Ctx, input: &NewCorrection) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleaseCorrect)?;
    let grant = ctx.allow(Act::StatisticReleaseCorrect, &Scope::default())?;
    let mut faults = Faults::default();
    let wanted = faults.check("statisticReleaseId", id(&input.release));
    let note = faults.check("note", text::block(&input.note, text::LONG));
    let key = faults.check("", IdempotencyKey::parse(input.idempotency_key.as_deref(), input)).flatten();
    let (wanted, note) = faults.finish_with(wanted.zip(note))?;
    // Worked out before anything is written, so that nobody waits for it.
    let cells = cells(app, ctx, wanted).await;
    let uow = app.begin(ctx).await?;
    let release = hold(&uow, wanted).await?;
    if uow.claim(&grant, key.as_ref(), wanted.any()).await?.is_some() {
        return Ok(release);
    }
    let (edition, cells) = cells?;
    if edition != release.edition {
        return Err(Error::new(Code::VersionMismatch, Reason::StaleVersion, "", "Another correction was just published."));
    }
    let before = correction::find_of(uow.writer(), &ctx.releases(), &[wanted]).await?;
    let edition = before.last().map_or(release.edition, |last| last.edition) + 1;
    let (prepared, code_version) = (deed(&grant, ctx), CODE_VERSION.to_owned());
    let correction = Correction { release: wanted, edition, note, prepared, published: None, code_version };
    correction::insert(uow.writer(), app.ids.uuid(), &correction).await?;
    cell::insert(uow.writer(), (wanted, edition), &cells, || app.ids.uuid()).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleaseCorrectionPrepared, wanted.any())]).await?;
    Ok(release)
}

/// The numbers again, and which set of numbers they are to take the place of.
async fn cells(app: &App, ctx: &Ctx, id: StatisticReleaseId) -> Result<(i64, Vec<ReleaseCell>)> {
    let reader = app.current_reader(ctx);
    let found = statistic_release::find_many(&reader, &ctx.releases(), &[id]).await?.pop();
    let release = found.ok_or_else(|| Error::not_found("statisticReleaseId"))?;
    release.admits_correction()?;
    let current = (id, release.edition);
    let before = cell::find_of(&reader, &[current]).await?.remove(&current).unwrap_or_default();
    let cube = compute(&reader, &release.platforms, release.period, release.cut_off()).await?;
    let cells = cube.told(&release.thresholds, Some(&before)).ok_or_else(|| {
        let message = "The new numbers beside the old ones would tell what must not be told, so they are not published.";
        Error::new(Code::Conflict, Reason::NotAllowedNow, "statisticReleaseId", message)
    })?;
    let cells = corrected(cells, &before, ctx.now);
    if cells == before {
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", "Every number is as it was told."));
    }
    Ok((release.edition, cells))
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
    let waiting = prepared.filter(|correction| correction.published.is_none() && correction.edition > release.edition);
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
