//! Mutations of response targets, and the queries about them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use tertulia_app::engagement::response_target;
use tertulia_domain::{Faults, Result, engagement::response_target as words, policy::Act, text::CountryCode as Code};

use super::{
    response_target::ResponseTarget,
    response_target_input::{ResponseTargetConfirmInput, ResponseTargetCreateInput, ResponseTargetUpdateInput},
    words::ResponseTargetOrder,
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    directory::words::InstrumentStatus,
    ids,
    payload::{UserError, payload},
    scalar::CountryCode,
};

/// What a change of a response target answers.
#[derive(SimpleObject)]
pub struct ResponseTargetPayload {
    /// The entry as it is now; null if the change was refused.
    response_target: Option<ResponseTarget>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl ResponseTargetPayload {
    fn new(entry: Option<ResponseTarget>, user_errors: Vec<UserError>) -> Self {
        Self { response_target: entry, user_errors }
    }
}

/// Mutations of response targets.
#[derive(Default)]
pub struct ResponseTargetMutation;

#[Object]
impl ResponseTargetMutation {
    /// Sets a response target; with `proposedById` proposes it, which all but the coordinator do. Who: COORDINATOR,
    /// ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn response_target_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The target.")] input: ResponseTargetCreateInput,
    ) -> Option<Result<ResponseTargetPayload>> {
        let key = input.idempotency_key.clone();
        let result = response_target::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(ResponseTarget), ResponseTargetPayload::new)
    }

    /// Edits a response target; a proposal is its organisation's until the coordinator confirms it. What was sent before keeps the
    /// target as it was, and what the edit replaces stays in the history. Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the
    /// organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the
    /// organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn response_target_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ResponseTargetUpdateInput,
    ) -> Option<Result<ResponseTargetPayload>> {
        let result = response_target::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(ResponseTarget), ResponseTargetPayload::new)
    }

    /// Confirms a proposed response target: from now on it binds what is sent, and only the coordinator edits it. One that is
    /// confirmed stays so. Who: COORDINATOR.
    async fn response_target_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ResponseTargetConfirmInput,
    ) -> Option<Result<ResponseTargetPayload>> {
        let result = response_target::confirm(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(ResponseTarget), ResponseTargetPayload::new)
    }
}

/// What a list of response targets is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ResponseTargetFilter {
    /// Targets of this company.
    platform_id: Option<ID>,
    /// Targets that stand on this instrument.
    instrument_id: Option<ID>,
    /// Targets that hold for bodies of this country, by name or for all.
    country: Option<CountryCode>,
    /// Confirmed ones, or proposals that you may read.
    status: Option<Vec<InstrumentStatus>>,
}

impl ResponseTargetFilter {
    fn read(self) -> Result<words::ResponseTargetFilter> {
        let mut faults = Faults::default();
        let filter = words::ResponseTargetFilter {
            platform: ids::noted(&mut faults, "filter.platformId", self.platform_id.as_ref()),
            instrument: ids::noted(&mut faults, "filter.instrumentId", self.instrument_id.as_ref()),
            country: self.country.and_then(|code| faults.check("filter.country", Code::parse(&code))),
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about response targets.
#[derive(Default)]
pub struct ResponseTargetQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl ResponseTargetQuery {
    /// The response targets that you may read: those confirmed, and what your own organisation proposed. Who: anyone signed in.
    async fn response_targets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<ResponseTargetFilter>,
        #[graphql(desc = "The order; there is one.")] order_by: Option<ResponseTargetOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ResponseTarget>>> {
        let ResponseTargetOrder::CreatedAtDesc = order_by.unwrap_or(ResponseTargetOrder::CreatedAtDesc);
        let list = async {
            ctx.caller().may(Act::ResponseTargetRead)?;
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let found = response_target::list(ctx.app(), ctx.caller(), &filter, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(ResponseTarget), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { response_target::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// A response target by its id; null if there is none that you may read. Who: anyone signed in.
    async fn response_target(&self, ctx: &Context<'_>, #[graphql(desc = "The target's id.")] id: ID) -> Option<Result<ResponseTarget>> {
        let found = async {
            ctx.caller().may(Act::ResponseTargetRead)?;
            let id: tertulia_domain::id::ResponseTargetId = ids::id(&id, "id")?;
            Ok(ctx.loaders().load_one(id).await?.map(ResponseTarget))
        };
        found.await.transpose()
    }
}
