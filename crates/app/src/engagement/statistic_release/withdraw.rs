//! Takes a proposed release back.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    engagement::{new_contact::id, statistic_release::StatisticRelease},
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text,
};
use tertulia_persistence::engagement::statistic_release::{self, job};

use super::{deed, hold};
use crate::{App, Ctx, check_version};

/// Taking back; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Withdrawal {
    /// The release.
    pub release: String,
    /// The version that the caller read.
    pub version: i64,
    /// Why, for the named platforms to read.
    pub reason: String,
}

/// Takes a proposal back; its months can be proposed again. Numbers that are being worked out are given up.
pub async fn withdraw(app: &App, ctx: &Ctx, input: &Withdrawal) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleaseWithdraw)?;
    let mut faults = Faults::default();
    let wanted = faults.check("statisticReleaseId", id(&input.release));
    let reason = faults.check("reason", text::block(&input.reason, text::LONG));
    let (wanted, reason) = faults.finish_with(wanted.zip(reason))?;
    let uow = app.begin(ctx).await?;
    let release = hold(&uow, wanted).await?;
    let grant = ctx.allow(Act::StatisticReleaseWithdraw, &Scope::default())?;
    check_version(input.version, release.version)?;
    let release = release.withdraw(deed(&grant, ctx), reason)?;
    job::delete(uow.writer(), wanted).await?;
    statistic_release::update(uow.writer(), &release).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleaseWithdrawn, wanted.any())]).await?;
    Ok(release)
}
