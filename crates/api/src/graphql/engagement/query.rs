//! Queries of the contact log.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use tertulia_app::{App, Ctx, engagement::contact};
use tertulia_domain::{
    Result,
    engagement::{contact::Parts, new_contact::id},
};

use super::{at_hand::Contact, connection::ContactConnection, input::ContactFilter, words::ContactOrder};
use crate::graphql::{
    Resolving,
    connection::{Connection, page, wants},
};

/// Queries of the contact log.
#[derive(Default)]
pub(super) struct ContactQuery;

#[Object]
impl ContactQuery {
    /// A contact, by id; null if there is none that you may read. Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party).
    async fn contact(&self, ctx: &Context<'_>, #[graphql(desc = "The contact's id.")] id: ID) -> Option<Result<Contact>> {
        by_id(ctx, &id).await.transpose()
    }

    /// The contacts that you may read, a page at a time. Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party).
    #[graphql(complexity = "list_cost(first, last) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments, a filter and an order")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<ContactFilter>,
        #[graphql(desc = "How to sort it.", default_with = "ContactOrder::SentAtDesc")] order_by: ContactOrder,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<ContactConnection>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, filter.unwrap_or_default(), order_by, request).await)
    }
}

/// What a list costs: its items, as many as are asked for.
pub(super) fn list_cost(first: Option<i32>, last: Option<i32>) -> usize {
    usize::try_from(first.or(last).unwrap_or(25)).unwrap_or(1).clamp(1, 100)
}

async fn by_id(ctx: &Context<'_>, raw: &str) -> Result<Option<Contact>> {
    contact::may_read(ctx.caller())?;
    let id = id(raw).map_err(|error| error.under("id"))?;
    Ok(contact::get(ctx.app(), ctx.caller(), id).await?.map(Contact::from))
}

async fn list(
    ctx: &Context<'_>,
    filter: ContactFilter,
    order: ContactOrder,
    page: Result<tertulia_domain::page::PageRequest>,
) -> Result<ContactConnection> {
    contact::may_read(ctx.caller())?;
    let (page, filter) = (page?, filter.check()?);
    let page = if wants(ctx, &Contact::FROM_WHOLE) {
        contact::list(ctx.app(), ctx.caller(), &filter, order.into(), &page).await?.map(Contact::from)
    } else {
        let parts = Parts { shown: wants(ctx, &Contact::FROM_SHOWN), facts: wants(ctx, &Contact::FROM_FACTS) };
        contact::list_parts(ctx.app(), ctx.caller(), &filter, order.into(), &page, parts).await?.map(Contact::from)
    };
    let (app, caller): (Arc<App>, Arc<Ctx>) = (Arc::clone(ctx.data_unchecked()), Arc::clone(ctx.data_unchecked()));
    let since = filter.changed_after;
    let count = move || {
        let (app, caller, filter) = (Arc::clone(&app), Arc::clone(&caller), filter.clone());
        async move { contact::count(&app, &caller, &filter, order.into()).await }
    };
    Ok(ContactConnection { page: Connection::new(page, count), since })
}
