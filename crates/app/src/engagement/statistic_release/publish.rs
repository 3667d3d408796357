//! Publishes a release that somebody else proposed.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    engagement::{new_contact::id, statistic_release::StatisticRelease},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::engagement::statistic_release;

use super::{deed, hold, letter};
use crate::{App, Ctx, check_version};

/// Publishing; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    /// The release.
    pub release: String,
    /// The version that the caller read.
    pub version: i64,
}

/// Publishes a release once the time to comment is over: from now on everybody reads it, with the platforms' comments. Those who
/// commented are told by mail.
pub async fn publish(app: &App, ctx: &Ctx, input: &Publication) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleasePublish)?;
    let mut faults = Faults::default();
    let wanted = faults.check("statisticReleaseId", id(&input.release));
    let wanted = faults.finish_with(wanted)?;
    let uow = app.begin(ctx).await?;
    let release = hold(&uow, wanted).await?;
    let grant = ctx.allow(Act::StatisticReleasePublish, &Scope::default())?;
    check_version(input.version, release.version)?;
    let release = release.publish(deed(&grant, ctx))?;
    statistic_release::update(uow.writer(), &release).await?;
    letter::published(&uow, &release).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleasePublished, wanted.any())]).await?;
    Ok(release)
}
