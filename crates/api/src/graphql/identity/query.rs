//! Who I am, and who else is in my organisation.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use tertulia_app::{
    App, Ctx,
    identity::{
        api_client,
        membership::{self, id},
    },
};
use tertulia_domain::{
    Result,
    id::{OrganisationId, UserId},
    page::PageRequest,
    policy::Act,
};

use super::{ApiClient, Membership, User, load::MembershipsOf};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
};

/// Whoever sends the request: the person, or none for an API client.
pub(super) struct Viewer(Option<UserId>);

/// Whoever sends the request.
#[Object]
impl Viewer {
    /// The person; null for an API client.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        ctx.loaders().load_one(self.0?).await.map(|user| user.map(User)).transpose()
    }

    /// The API client; null for a person.
    async fn api_client(&self, ctx: &Context<'_>) -> Option<Result<ApiClient>> {
        api_client::own(ctx.app(), ctx.caller()).await.map(|client| client.map(ApiClient)).transpose()
    }

    /// The memberships in force, oldest first; none for an API client.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Vec<Membership>> {
        let Some(user) = self.0 else { return Ok(Vec::new()) };
        let theirs = ctx.loaders().load_one(MembershipsOf(user)).await?;
        Ok(theirs.unwrap_or_default().into_iter().map(Membership).collect())
    }
}

/// Queries of the area.
#[derive(Default)]
pub(super) struct PeopleQuery;

#[Object]
impl PeopleQuery {
    /// Whoever sends the request: the person and the memberships in force, or the API client. Null without a token. Who: anyone.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        let actor = &ctx.caller().actor;
        actor.is_signed_in().then(|| Viewer(actor.user()))
    }

    /// The memberships of an organisation, oldest first, for who keeps them. Who: anyone signed in (about oneself), COORDINATOR
    /// (where there is no administrator yet), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    #[graphql(complexity = "usize::try_from(first.or(last).unwrap_or(25)).unwrap_or(1).clamp(1, 100) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments beside the list's own two")]
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organisation.")] organisation_id: ID,
        #[graphql(desc = "Also those that have ended; only those in force if left out.")] ended: Option<bool>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Membership>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, &organisation_id, ended.unwrap_or_default(), request).await)
    }
}

async fn list(ctx: &Context<'_>, organisation: &str, ended: bool, request: Result<PageRequest>) -> Result<Connection<Membership>> {
    ctx.caller().may(Act::MembershipRead)?;
    let (request, organisation) = (request?, id(organisation).map_err(|error| error.under("organisationId"))?);
    let found = membership::list(ctx.app(), ctx.caller(), organisation, ended, &request).await?;
    let (app, caller) = (Arc::clone(ctx.data_unchecked::<Arc<App>>()), Arc::clone(ctx.data_unchecked::<Arc<Ctx>>()));
    Ok(Connection::new(found.map(Membership), move || count(Arc::clone(&app), Arc::clone(&caller), organisation, ended)))
}

async fn count(app: Arc<App>, caller: Arc<Ctx>, organisation: OrganisationId, ended: bool) -> Result<u64> {
    membership::count(&app, &caller, organisation, ended).await
}
