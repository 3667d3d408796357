//! Queries about statistic releases.

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::engagement::statistic_release;
use tertulia_domain::{Faults, Result, engagement::statistic_release::ReleaseFilter, id::StatisticReleaseId, policy::Act};

use super::{
    statistic_release::StatisticRelease,
    words::{StatisticReleaseOrder, StatisticReleaseStatus},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    ids,
    scalar::Date,
};

/// What a list of statistic releases is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StatisticReleaseFilter {
    /// Where they stand; by default any that you may read.
    status: Option<Vec<StatisticReleaseStatus>>,
    /// Releases that name this platform.
    platform_id: Option<ID>,
    /// Releases that count contacts sent on this day, in UTC.
    day: Option<Date>,
}

impl StatisticReleaseFilter {
    fn read(self) -> Result<ReleaseFilter> {
        let mut faults = Faults::default();
        let filter = ReleaseFilter {
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            platform: ids::noted(&mut faults, "filter.platformId", self.platform_id.as_ref()),
            day: self.day.map(|day| day.0),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about statistic releases.
#[derive(Default)]
pub(super) struct StatisticReleaseQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl StatisticReleaseQuery {
    /// The statistic releases that you may read: those published; the coordinator and the platforms that they name also read proposals and
    /// what was taken back. Who: anyone.
    async fn statistic_releases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<StatisticReleaseFilter>,
        #[graphql(desc = "The order; the latest published first by default.")] order_by: Option<StatisticReleaseOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<StatisticRelease>>> {
        let order = order_by.unwrap_or(StatisticReleaseOrder::PublishedAtDesc);
        let list = async {
            ctx.caller().may(Act::StatisticReleaseRead)?;
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let found = statistic_release::list(ctx.app(), ctx.caller(), (&filter, order.into()), &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(StatisticRelease), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { statistic_release::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// A statistic release by its id; null if there is none that you may read. Who: anyone.
    async fn statistic_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The release's id.")] id: ID,
    ) -> Option<Result<StatisticRelease>> {
        let found = async {
            ctx.caller().may(Act::StatisticReleaseRead)?;
            let id: StatisticReleaseId = ids::id(&id, "id")?;
            Ok(ctx.loaders().load_one(id).await?.map(StatisticRelease))
        };
        found.await.transpose()
    }
}
