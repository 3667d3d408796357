//! Queries about elections.

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::directory::election;
use tertulia_domain::{
    Faults, Result,
    directory::{country::M49, election as words},
    text::CountryCode as Code,
};

use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    directory::{
        election::Election,
        load,
        words::{ElectionOrder, ElectionStatus, ElectionType},
    },
    ids,
    scalar::{CountryCode, Date},
};

/// What a list of elections is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ElectionFilter {
    /// Elections of this country.
    country: Option<CountryCode>,
    /// Elections of countries within this region of the M49 (three digits), at any depth.
    region: Option<String>,
    /// Elections of any of these types.
    types: Option<Vec<ElectionType>>,
    /// Elections that read as any of these statuses today.
    status: Option<Vec<ElectionStatus>>,
    /// Elections whose polling, from its first day to its last, ends on this day or later. A month or year known only as such
    /// counts in full.
    polling_day_from: Option<Date>,
    /// Elections whose polling begins on this day or earlier.
    polling_day_to: Option<Date>,
}

impl ElectionFilter {
    fn read(self) -> Result<words::ElectionFilter> {
        let mut faults = Faults::default();
        let filter = words::ElectionFilter {
            country: self.country.and_then(|code| faults.check("filter.country", Code::parse(&code))),
            region: self.region.and_then(|region| faults.check("filter.region", M49::parse(&region))),
            types: self.types.unwrap_or_default().into_iter().map(Into::into).collect(),
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            polling_day_from: self.polling_day_from.map(|day| day.0),
            polling_day_to: self.polling_day_to.map(|day| day.0),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about elections.
#[derive(Default)]
pub struct ElectionQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl ElectionQuery {
    /// Elections by polling day. Who: anyone.
    async fn elections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<ElectionFilter>,
        #[graphql(desc = "The order; POLLING_DAY if left out.")] order_by: Option<ElectionOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Election>>> {
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let order = order_by.unwrap_or(ElectionOrder::PollingDay).into();
            let found = election::list(ctx.app(), ctx.caller(), &filter, order, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(Election), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { election::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// An election by its id; null if there is none. Who: anyone.
    async fn election(&self, ctx: &Context<'_>, #[graphql(desc = "The election's id.")] id: ID) -> Option<Result<Election>> {
        async { load::election(ctx, Some(ids::id(&id, "id")?)).await }.await.transpose()
    }
}
