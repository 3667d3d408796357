//! Reading releases, their numbers, comments and corrections.

use std::collections::HashMap;

use tertulia_domain::{
    Result,
    engagement::{
        release_cube::ReleaseCell,
        statistic_release::{Correction, Preparation, ReleaseComment, ReleaseFilter, ReleaseOrder, StatisticRelease},
    },
    id::StatisticReleaseId,
    page::{Page, PageRequest},
    policy::Act,
};
use tertulia_persistence::engagement::statistic_release::{self, cell, comment, correction, job};

use crate::{App, Ctx};

/// Those of the releases that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[StatisticReleaseId]) -> Result<Vec<StatisticRelease>> {
    ctx.may(Act::StatisticReleaseRead)?;
    statistic_release::find_many(&app.reader(ctx), &ctx.releases(), ids).await
}

/// A page of the releases that the caller may read.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    (filter, order): (&ReleaseFilter, ReleaseOrder),
    page: &PageRequest,
) -> Result<Page<StatisticRelease>> {
    ctx.may(Act::StatisticReleaseRead)?;
    statistic_release::list(&app.reader(ctx), &ctx.releases(), (filter, order), page).await
}

/// How many releases the filter leaves of those that the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &ReleaseFilter) -> Result<u64> {
    ctx.may(Act::StatisticReleaseRead)?;
    statistic_release::count(&app.reader(ctx), &ctx.releases(), filter).await
}

/// The numbers of sets of releases, or of corrections, that the caller has read through his sight.
pub async fn cells(app: &App, ctx: &Ctx, editions: &[cell::Edition]) -> Result<HashMap<cell::Edition, Vec<ReleaseCell>>> {
    ctx.may(Act::StatisticReleaseRead)?;
    cell::find_of(&app.reader(ctx), editions).await
}

/// The comments on these releases that the caller may read.
pub async fn comments(app: &App, ctx: &Ctx, releases: &[StatisticReleaseId]) -> Result<Vec<ReleaseComment>> {
    ctx.may(Act::StatisticReleaseRead)?;
    comment::find_of(&app.reader(ctx), &ctx.releases(), releases).await
}

/// The corrections of these releases that the caller may read.
pub async fn corrections(app: &App, ctx: &Ctx, releases: &[StatisticReleaseId]) -> Result<Vec<Correction>> {
    ctx.may(Act::StatisticReleaseRead)?;
    correction::find_of(&app.reader(ctx), &ctx.releases(), releases).await
}

/// What is being worked out of these releases, for who reads all of them.
pub async fn preparations(app: &App, ctx: &Ctx, releases: &[StatisticReleaseId]) -> Result<Vec<Preparation>> {
    ctx.may(Act::StatisticReleaseRead)?;
    if !ctx.releases().everything() {
        return Ok(Vec::new());
    }
    job::find_of(&app.reader(ctx), releases).await
}
