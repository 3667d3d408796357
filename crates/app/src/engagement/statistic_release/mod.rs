//! Statistic releases: proposed by one of the coordinator's people, commented on by the platforms that they name, published by another.

mod comment;
mod compute;
mod correct;
mod letter;
mod prepare;
mod propose;
mod publish;
mod read;
mod withdraw;

pub use comment::{NewComment, comment};
pub use compute::Counting;
pub use correct::{Confirmation, NewCorrection, confirm_correction, correct};
pub(crate) use prepare::run;
pub use propose::propose;
pub use publish::{Publication, publish};
pub use read::{by_ids, cells, comments, corrections, count, list, preparations};
use tertulia_domain::{
    Error, Result,
    engagement::statistic_release::{Deed, StatisticRelease},
    id::StatisticReleaseId,
    policy::Grant,
};
use tertulia_persistence::engagement::statistic_release;
use tokio::sync::Notify;
pub use withdraw::{Withdrawal, withdraw};

use crate::{Ctx, UnitOfWork};

/// How releases are worked out on this server.
#[derive(Debug, Default)]
pub(crate) struct Releases {
    asked: Notify,
}

/// Which program works the numbers out.
const CODE_VERSION: &str = env!("CARGO_PKG_VERSION");

fn deed(grant: &Grant, ctx: &Ctx) -> Deed {
    Deed { at: ctx.now, person: grant.user(), organisation: grant.organisation() }
}

/// The release, held for a change, if the caller may read it.
async fn hold(uow: &UnitOfWork<'_>, id: StatisticReleaseId) -> Result<StatisticRelease> {
    let found = statistic_release::hold(uow.writer(), &uow.ctx().releases(), id).await?;
    found.ok_or_else(|| Error::not_found("statisticReleaseId"))
}
