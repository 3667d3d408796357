//! Webhook endpoints of organisations, and what was sent to them.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, Object, dataloader::Loader as Loads};
use tertulia_app::{record::webhook, webhooks};
use tertulia_domain::{Error, Result, id::WebhookEndpointId, page::PageRequest, policy::Act, record::webhook as domain};

use super::webhook_delivery::{WebhookDelivery, WebhookDeliveryStatus};
use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    directory::Organisation,
    identity::organisation,
    ids,
    scalar::{DateTime, Url},
};

impl Loads<WebhookEndpointId> for Loader {
    type Value = domain::WebhookEndpoint;
    type Error = Error;

    async fn load(&self, keys: &[WebhookEndpointId]) -> Result<HashMap<WebhookEndpointId, domain::WebhookEndpoint>> {
        Ok(webhook::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|endpoint| (endpoint.id, endpoint)).collect())
    }
}

/// Whether an endpoint is sent anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::record::webhook::EndpointStatus")]
pub(super) enum WebhookEndpointStatus {
    /// It is.
    Active,
    /// It is not; `disabledWhy` says why.
    Disabled,
}

/// Why an endpoint is disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::record::webhook::DisabledWhy")]
pub(super) enum WebhookDisabledWhy {
    /// Somebody of its organisation disabled it.
    ByOwner,
    /// It answered 410: it is gone.
    Gone,
    /// Every attempt failed for three days.
    Failing,
    /// Whose rights it has, has none in its organisation any more, or the API client was revoked or has expired.
    NoRights,
}

/// Where events are sent.
pub struct WebhookEndpoint(pub(crate) domain::WebhookEndpoint);

/// Where an organisation has events sent, as Standard Webhooks 1.0 has it: `POST` of `{ "type", "timestamp", "data": { "objectType", "id",
/// "cursor" } }` with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` (`v1,` and the HMAC-SHA-256 of
/// `id.timestamp.body` in base64, by the bytes that follow `whsec_` in the secret; one for each secret in force, separated by spaces). A
/// receiver compares one of them, refuses old timestamps, answers with a status of 200 to 299 within 15 seconds (as the server is set),
/// takes each `webhook-id` once, and asks this API for the object. What fails is tried ten times over 75 to 90 hours, and later if the
/// endpoint asks so by `Retry-After`. An endpoint is sent what whoever made it, or named its address or events last, may read in the
/// organisation when it is sent, and no more. Read by who keeps the organisation's endpoints.
#[Object]
impl WebhookEndpoint {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The organisation that owns it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        organisation(ctx, self.0.organisation).await.transpose()
    }

    /// The address.
    async fn url(&self) -> Url {
        self.0.url.as_str().into()
    }

    /// Which events, by name. See `WebhookEndpointCreateInput.topics`.
    async fn topics(&self) -> Vec<&'static str> {
        self.0.topics.iter().map(|topic| topic.as_str()).collect()
    }

    /// What its keepers call it; null if nothing.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Whether anything is sent.
    async fn status(&self) -> WebhookEndpointStatus {
        self.0.status().into()
    }

    /// Why it is disabled; null while it is in use.
    async fn disabled_why(&self) -> Option<WebhookDisabledWhy> {
        self.0.disabled.map(Into::into)
    }

    /// Since when every attempt has failed; null while they succeed.
    async fn failing_since(&self) -> Option<DateTime> {
        self.0.failing_since.map(DateTime)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The id of the API client that made it, or named its address or events last; null if a person did.
    async fn api_client_id(&self) -> Option<ID> {
        self.0.client.map(|client| client.to_string().into())
    }

    /// Until when messages bear a signature by the former secret, too; null if it was never changed.
    async fn former_secret_until(&self) -> Option<DateTime> {
        self.0.former_until.map(DateTime)
    }

    /// Counts its changes by `webhookEndpointUpdate`, which states the one that it knows.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

/// Queries of webhook endpoints.
#[derive(Default)]
pub(super) struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// The webhook endpoints of an organisation, newest first; API clients need the scope `webhooks:manage`. Who: COORDINATOR (of the
    /// organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    #[graphql(complexity = "usize::try_from(first.or(last).unwrap_or(25)).unwrap_or(1).clamp(1, 100) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
    async fn webhook_endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organisation.")] organisation_id: ID,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<WebhookEndpoint>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, &organisation_id, request).await)
    }

    /// What was sent to a webhook endpoint in the last 30 days and is on its way, newest first; API clients need the scope
    /// `webhooks:manage`. Who: COORDINATOR (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns
    /// it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    #[graphql(complexity = "usize::try_from(first.or(last).unwrap_or(25)).unwrap_or(1).clamp(1, 100) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The endpoint.")] webhook_endpoint_id: ID,
        #[graphql(desc = "Only those that have come so far.")] status: Option<WebhookDeliveryStatus>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<WebhookDelivery>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(deliveries(ctx, &webhook_endpoint_id, status, request).await)
    }
}

async fn deliveries(
    ctx: &Context<'_>,
    endpoint: &str,
    status: Option<WebhookDeliveryStatus>,
    request: Result<PageRequest>,
) -> Result<Connection<WebhookDelivery>> {
    ctx.caller().may(Act::WebhookEndpointRead)?;
    let filter = webhooks::Filter { endpoint: ids::id(endpoint, "webhookEndpointId")?, status: status.map(Into::into) };
    let found = webhooks::list(ctx.app(), ctx.caller(), filter, &request?).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(WebhookDelivery), move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { webhooks::count(&app, &caller, filter).await }
    }))
}

async fn list(ctx: &Context<'_>, organisation: &str, request: Result<PageRequest>) -> Result<Connection<WebhookEndpoint>> {
    ctx.caller().may(Act::WebhookEndpointRead)?;
    let (request, organisation) = (request?, ids::id(organisation, "organisationId")?);
    let found = webhook::list(ctx.app(), ctx.caller(), organisation, &request).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(WebhookEndpoint), move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { webhook::count(&app, &caller, organisation).await }
    }))
}
