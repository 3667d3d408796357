//! API clients of organisations.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, dataloader::Loader as Loads};
use secrecy::ExposeSecret;
use tertulia_app::identity::api_client::{self, Concerned, Made, NewApiClient};
use tertulia_domain::{
    Error, Result,
    id::ApiClientId,
    identity::{self, api_client::ApiClientDraft},
    page::PageRequest,
};

use super::{User, membership::organisation};
use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    directory::Organisation,
    ids,
    payload::{UserError, payload},
    scalar::DateTime,
};

impl Loads<ApiClientId> for Loader {
    type Value = identity::ApiClient;
    type Error = Error;

    async fn load(&self, keys: &[ApiClientId]) -> Result<HashMap<ApiClientId, identity::ApiClient>> {
        Ok(api_client::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|client| (client.id, client)).collect())
    }
}

/// A partner's program.
pub struct ApiClient(pub(crate) identity::ApiClient);

/// A partner's program that signs in by itself: it gets an access token at `POST /oauth/token` (RFC 6749, 4.4) and acts for one
/// organisation, with a part of the rights of whoever made it. What that person loses, the client loses at the same moment. Read by
/// who keeps the organisation's clients, and by the client itself.
#[Object]
impl ApiClient {
    /// Its id, which is also its `client_id`.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// How people call it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The organisation for which it acts.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        organisation(ctx, self.0.organisation).await.transpose()
    }

    /// What it may do at most; a token can have less. See `ApiClientCreateInput.scopes`.
    async fn scopes(&self) -> Vec<&'static str> {
        self.0.scopes.0.iter().map(|scope| scope.as_str()).collect()
    }

    /// Who made it; null for the client itself.
    async fn created_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        ctx.caller().actor.user()?;
        ctx.loaders().load_one(self.0.created_by).await.map(|user| user.map(User)).transpose()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Until when it is good, that moment left out.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When its secret was changed last; null if it has the first one.
    async fn rotated_at(&self) -> Option<DateTime> {
        self.0.rotated_at.map(DateTime)
    }

    /// When it signed in last; null before the first time.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When it was revoked; null while it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// Whether it can sign in now, as far as its own state goes.
    async fn active(&self, ctx: &Context<'_>) -> bool {
        self.0.is_good(ctx.caller().now)
    }
}

/// An API client to be made.
#[derive(InputObject)]
pub(super) struct ApiClientCreateInput {
    /// The organisation for which it acts; by default the only one that you keep.
    organisation_id: Option<ID>,
    /// How people call it, at most 100 characters.
    name: String,
    /// What it may do at most: `contacts:read` reads contacts, incidents, mandates and response targets; `contacts:write` logs contacts,
    /// sends and shares them and tells facts of them, and reads them; `directory:read` reads channels' addresses and experts listed to
    /// the coalition; `dialogues:read` reads dialogues, meetings and commitments beyond the public ones; `statistics:read` reads the
    /// organisation's own figures (`responsiveness`) and no contact, which `contacts:read` does too; `webhooks:manage` keeps webhook
    /// endpoints. Each as far as you may yourself. Memberships, exports, comments and whatever else is behind no scope stay to people.
    scopes: Vec<String>,
    /// Until when it is good: at most 366 days from now, 90 by default.
    expires_at: Option<DateTime>,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

/// An API client that gets another secret.
#[derive(InputObject)]
pub(super) struct ApiClientRotateInput {
    /// The client.
    api_client_id: ID,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

/// An API client that is taken out of use.
#[derive(InputObject)]
pub(super) struct ApiClientRevokeInput {
    /// The client.
    api_client_id: ID,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

/// What making an API client, or giving it another secret, answers.
#[derive(SimpleObject)]
pub(super) struct ApiClientSecretPayload {
    /// The client; null if the act was refused.
    api_client: Option<ApiClient>,
    /// Its `client_id` for `POST /oauth/token`; null if the act was refused.
    client_id: Option<String>,
    /// Its `client_secret`, shown this once: only a hash of it is kept. Null if the act was refused, and for a request that was sent
    /// again.
    client_secret: Option<String>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

/// What revoking an API client answers.
#[derive(SimpleObject)]
pub(super) struct ApiClientRevokePayload {
    /// The client as it is now; null if the act was refused.
    api_client: Option<ApiClient>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn with_secret(result: Result<Made>) -> Option<Result<ApiClientSecretPayload>> {
    payload(result, |made, user_errors| {
        let client_id = made.as_ref().map(|made| made.client.id.to_string());
        let client_secret = made.as_ref().and_then(|made| made.secret.as_ref()).map(|secret| secret.expose_secret().to_owned());
        ApiClientSecretPayload { api_client: made.map(|made| ApiClient(made.client)), client_id, client_secret, user_errors }
    })
}

/// Queries of API clients.
#[derive(Default)]
pub(super) struct ApiClientQuery;

#[Object]
impl ApiClientQuery {
    /// The API clients of an organisation, newest first. Who: COORDINATOR (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    #[graphql(complexity = "usize::try_from(first.or(last).unwrap_or(25)).unwrap_or(1).clamp(1, 100) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
    async fn api_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organisation.")] organisation_id: ID,
        #[graphql(desc = "Whether those that were revoked or have expired are listed beside the others.", default = false)]
        include_ended: bool,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ApiClient>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, &organisation_id, include_ended, request).await)
    }
}

async fn list(ctx: &Context<'_>, organisation: &str, ended: bool, request: Result<PageRequest>) -> Result<Connection<ApiClient>> {
    ctx.caller().may(tertulia_domain::policy::Act::ApiClientRead)?;
    let (request, organisation) = (request?, ids::id(organisation, "organisationId")?);
    let found = api_client::list(ctx.app(), ctx.caller(), organisation, ended, &request).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(ApiClient), move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { api_client::count(&app, &caller, organisation, ended).await }
    }))
}

/// Mutations of API clients.
#[derive(Default)]
pub(super) struct ApiClientMutation;

#[Object]
impl ApiClientMutation {
    /// Makes an API client for your organisation. Its secret is shown this once. At most 20 are in use at once. Who: COORDINATOR (of the
    /// organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn api_client_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client.")] input: ApiClientCreateInput,
    ) -> Option<Result<ApiClientSecretPayload>> {
        let draft = ApiClientDraft { name: input.name, scopes: input.scopes, expires_at: input.expires_at.map(|at| at.0) };
        let new = NewApiClient { organisation: input.organisation_id.map(|id| id.0), draft };
        with_secret(api_client::create(ctx.app(), ctx.caller(), &new, input.idempotency_key.as_deref()).await)
    }

    /// Gives an API client another secret, shown this once. The former one, and every token got with it, is good no longer from this
    /// moment on. Who: COORDINATOR (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn api_client_rotate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: ApiClientRotateInput,
    ) -> Option<Result<ApiClientSecretPayload>> {
        let concerned = Concerned { client: input.api_client_id.0, idempotency_key: input.idempotency_key };
        with_secret(api_client::rotate(ctx.app(), ctx.caller(), &concerned).await)
    }

    /// Takes an API client out of use: its secret and its tokens are good no longer from this moment on, on open sockets too. Who:
    /// COORDINATOR (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn api_client_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: ApiClientRevokeInput,
    ) -> Option<Result<ApiClientRevokePayload>> {
        let concerned = Concerned { client: input.api_client_id.0, idempotency_key: input.idempotency_key };
        payload(api_client::revoke(ctx.app(), ctx.caller(), &concerned).await, |client, user_errors| ApiClientRevokePayload {
            api_client: client.map(ApiClient),
            user_errors,
        })
    }
}
