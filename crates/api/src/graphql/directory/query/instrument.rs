//! Queries about instruments.

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::directory::instrument;
use tertulia_domain::{
    Faults, Result,
    directory::instrument as words,
    text::{CountryCode as Code, SearchTerm},
};

use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    directory::{
        instrument::Instrument,
        load,
        words::{Bindingness, InstrumentOrder, InstrumentStatus, InstrumentType},
    },
    ids,
    scalar::CountryCode,
};

/// What a list of instruments is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InstrumentFilter {
    /// Words found in any title; case and accents do not matter.
    search: Option<String>,
    /// Instruments of any of these types.
    types: Option<Vec<InstrumentType>>,
    /// Whether they bind by law.
    bindingness: Option<Bindingness>,
    /// Instruments that name this country.
    country: Option<CountryCode>,
    /// Instruments that this organisation signed or is bound by.
    party_id: Option<ID>,
    /// Confirmed ones, or proposals that you may read.
    status: Option<Vec<InstrumentStatus>>,
}

impl InstrumentFilter {
    fn read(self) -> Result<words::InstrumentFilter> {
        let mut faults = Faults::default();
        let filter = words::InstrumentFilter {
            search: self.search.and_then(|search| faults.check("filter.search", SearchTerm::parse(&search))),
            types: self.types.unwrap_or_default().into_iter().map(Into::into).collect(),
            bindingness: self.bindingness.map(Into::into),
            country: self.country.and_then(|code| faults.check("filter.country", Code::parse(&code))),
            party: ids::noted(&mut faults, "filter.partyId", self.party_id.as_ref()),
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about instruments.
#[derive(Default)]
pub struct InstrumentQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl InstrumentQuery {
    /// The instruments that you may read: those confirmed, and what your own organisation proposed. Who: anyone.
    async fn instruments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<InstrumentFilter>,
        #[graphql(desc = "The order; TITLE if left out.")] order_by: Option<InstrumentOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Instrument>>> {
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let order = order_by.unwrap_or(InstrumentOrder::Title).into();
            let found = instrument::list(ctx.app(), ctx.caller(), &filter, order, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(Instrument), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { instrument::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// An instrument by its id; null if there is none that you may read. Who: anyone.
    async fn instrument(&self, ctx: &Context<'_>, #[graphql(desc = "The instrument's id.")] id: ID) -> Option<Result<Instrument>> {
        async { load::instrument(ctx, Some(ids::id(&id, "id")?)).await }.await.transpose()
    }
}
