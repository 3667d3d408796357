//! Making, changing, trying and asking again of webhook endpoints.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use secrecy::ExposeSecret;
use tertulia_app::{
    record::webhook::{self, Change, Concerned, Made, NewWebhookEndpoint},
    webhooks::{self, Replay},
};
use tertulia_domain::{
    Result,
    record::{
        webhook as domain,
        webhook_draft::{WebhookEndpointDraft, WebhookEndpointPatch},
    },
};

use super::{webhook::WebhookEndpoint, webhook_delivery::WebhookDelivery};
use crate::graphql::{
    Resolving,
    directory::mutation::patch,
    payload::{UserError, payload},
};

/// A webhook endpoint to be made.
#[derive(InputObject)]
pub(super) struct WebhookEndpointCreateInput {
    /// The organisation that is to own it; by default the only one that you keep.
    organisation_id: Option<ID>,
    /// The address: https, and in no private network. A redirect is not followed.
    url: String,
    /// Which events, by name: `contact.logged`, `contact.sent`, `contact.shared`, `contact.acknowledged`, `contact.decided`,
    /// `contact.asked`, `contact.replied`, `contact.disputed`, `contact.closed`, `contact.reopened`, `contact.withdrawn`,
    /// `contact.discarded`, `contact.referred`, `contact.corrected`, `contact.commented`, `contact.attached`,
    /// `contact.detached`, `contact.platformResolved`, `contact.reminded`,
    /// `contact.breached`, `meeting.rescheduled`, `meeting.cancelled`, `meeting.relocated`, `meeting.added`, `meeting.updated`,
    /// `meeting.postponed`, `meeting.resumed`, `meeting.started`, `meeting.held`. An API client needs `contacts:read` for the first kind
    /// and `dialogues:read` for the second.
    topics: Vec<String>,
    /// What you call it, for the lists of those who keep it: up to 300 characters.
    description: Option<String>,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

/// A webhook endpoint that is changed; what is left out stays as it is.
#[derive(InputObject)]
pub(super) struct WebhookEndpointUpdateInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i64,
    /// Another address, as `WebhookEndpointCreateInput.url`.
    url: Option<String>,
    /// Other events, all of them, as `WebhookEndpointCreateInput.topics`.
    topics: Option<Vec<String>>,
    /// Another description; null removes it.
    description: MaybeUndefined<String>,
}

/// A webhook endpoint that gets another secret.
#[derive(InputObject)]
pub(super) struct WebhookEndpointRotateInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

impl WebhookEndpointRotateInput {
    fn concerned(&self) -> Concerned {
        Concerned { endpoint: self.webhook_endpoint_id.to_string(), idempotency_key: self.idempotency_key.clone() }
    }
}

/// A webhook endpoint that is put into use again.
#[derive(InputObject)]
pub(super) struct WebhookEndpointEnableInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

impl WebhookEndpointEnableInput {
    fn concerned(&self) -> Concerned {
        Concerned { endpoint: self.webhook_endpoint_id.to_string(), idempotency_key: self.idempotency_key.clone() }
    }
}

/// A webhook endpoint that is taken out of use.
#[derive(InputObject)]
pub(super) struct WebhookEndpointDisableInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

impl WebhookEndpointDisableInput {
    fn concerned(&self) -> Concerned {
        Concerned { endpoint: self.webhook_endpoint_id.to_string(), idempotency_key: self.idempotency_key.clone() }
    }
}

/// A webhook endpoint that is tried.
#[derive(InputObject)]
pub(super) struct WebhookEndpointPingInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

impl WebhookEndpointPingInput {
    fn concerned(&self) -> Concerned {
        Concerned { endpoint: self.webhook_endpoint_id.to_string(), idempotency_key: self.idempotency_key.clone() }
    }
}

/// A webhook endpoint that is removed.
#[derive(InputObject)]
pub(super) struct WebhookEndpointDeleteInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
}

/// What is to be sent to a webhook endpoint again: one message, or everything behind a cursor.
#[derive(InputObject)]
pub(super) struct WebhookEndpointReplayInput {
    /// The endpoint.
    webhook_endpoint_id: ID,
    /// One message.
    webhook_delivery_id: Option<ID>,
    /// Every event behind this cursor, as messages and subscriptions have it: at most 30 days back and 1,000 at once, those included that
    /// the endpoint was never sent.
    after: Option<String>,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

/// What making a webhook endpoint, or giving it another secret, answers.
#[derive(SimpleObject)]
pub(super) struct WebhookEndpointSecretPayload {
    /// The endpoint; null if the act was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// The secret with which messages are signed, shown this once: `whsec_` and base64. Null if the act was refused, and for a request
    /// that was sent again.
    signing_secret: Option<String>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

/// What an act on a webhook endpoint answers.
#[derive(SimpleObject)]
pub(super) struct WebhookEndpointPayload {
    /// The endpoint as it is now, or as it was when it was removed; null if the act was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

/// What trying a webhook endpoint answers.
#[derive(SimpleObject)]
pub(super) struct WebhookEndpointPingPayload {
    /// The endpoint; null if the act was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// The message on its way; null if the act was refused, and for a request that was sent again.
    webhook_delivery: Option<WebhookDelivery>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

/// What asking for messages again answers.
#[derive(SimpleObject)]
pub(super) struct WebhookEndpointReplayPayload {
    /// The endpoint; null if the act was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// How many messages were put on their way; null if the act was refused, and for a request that was sent again.
    count: Option<i32>,
    /// The cursor behind which to ask for more; null if nothing is left.
    next_after: Option<String>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn with_secret(result: Result<Made>) -> Option<Result<WebhookEndpointSecretPayload>> {
    payload(result, |made, user_errors| {
        let signing_secret = made.as_ref().and_then(|made| made.secret.as_ref()).map(|secret| secret.expose_secret().to_owned());
        WebhookEndpointSecretPayload { webhook_endpoint: made.map(|made| WebhookEndpoint(made.endpoint)), signing_secret, user_errors }
    })
}

fn answer(result: Result<domain::WebhookEndpoint>) -> Option<Result<WebhookEndpointPayload>> {
    payload(result, |endpoint, user_errors| WebhookEndpointPayload { webhook_endpoint: endpoint.map(WebhookEndpoint), user_errors })
}

/// Mutations of webhook endpoints.
#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Has events sent to an address of your organisation's, from now on. The secret with which they are signed is shown this once. At
    /// most 50 endpoints, as the server is set. API clients need the scope `webhooks:manage`. Who: COORDINATOR (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn webhook_endpoint_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointCreateInput,
    ) -> Option<Result<WebhookEndpointSecretPayload>> {
        let draft = WebhookEndpointDraft { url: input.url, topics: input.topics, description: input.description };
        let new = NewWebhookEndpoint { organisation: input.organisation_id.map(|id| id.0), draft };
        with_secret(webhook::create(ctx.app(), ctx.caller(), &new, input.idempotency_key.as_deref()).await)
    }

    /// Changes where an endpoint leads, which events it is told of, or what it is called. Whoever names `url` or `topics`, even as they are,
    /// gives it his rights: from then on it is sent what he may read, or the API client. What waits goes to the new address at its next
    /// attempt; events that are added are sent from now on, and messages of events that are taken out still go; the secret stays, and a
    /// disabled endpoint stays disabled. API clients need the scope `webhooks:manage`. Who: COORDINATOR (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn webhook_endpoint_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointUpdateInput,
    ) -> Option<Result<WebhookEndpointPayload>> {
        let patch = WebhookEndpointPatch { url: input.url, topics: input.topics, description: patch(input.description, |text| text) };
        let change = Change { endpoint: input.webhook_endpoint_id.0, version: input.version, patch };
        answer(webhook::update(ctx.app(), ctx.caller(), &change).await)
    }

    /// Puts another secret into use, shown this once. For 24 hours messages bear a signature by the former one, too. API clients need the
    /// scope `webhooks:manage`. Who: COORDINATOR (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation
    /// that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn webhook_endpoint_rotate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointRotateInput,
    ) -> Option<Result<WebhookEndpointSecretPayload>> {
        with_secret(webhook::rotate(ctx.app(), ctx.caller(), &input.concerned()).await)
    }

    /// Removes an endpoint with the log of what was sent to it; what was on its way is not sent. API clients need the scope
    /// `webhooks:manage`. Who: COORDINATOR (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that
    /// owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn webhook_endpoint_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointDeleteInput,
    ) -> Option<Result<WebhookEndpointPayload>> {
        answer(webhook::delete(ctx.app(), ctx.caller(), &input.webhook_endpoint_id).await)
    }

    /// Takes an endpoint out of use; what is on its way waits until it is in use again. API clients need the scope `webhooks:manage`.
    /// Who: COORDINATOR (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn webhook_endpoint_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointDisableInput,
    ) -> Option<Result<WebhookEndpointPayload>> {
        answer(webhook::disable(ctx.app(), ctx.caller(), &input.concerned()).await)
    }

    /// Puts a disabled endpoint into use again, for what happens from now on and what was on its way; `webhookEndpointReplay` brings what
    /// it missed. API clients need the scope `webhooks:manage`. Who: COORDINATOR (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn webhook_endpoint_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointEnableInput,
    ) -> Option<Result<WebhookEndpointPayload>> {
        answer(webhook::enable(ctx.app(), ctx.caller(), &input.concerned()).await)
    }

    /// Sends a message of type `ping`, to see whether the endpoint is there. API clients need the scope `webhooks:manage`. Who:
    /// COORDINATOR (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn webhook_endpoint_ping(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointPingInput,
    ) -> Option<Result<WebhookEndpointPingPayload>> {
        payload(webhook::ping(ctx.app(), ctx.caller(), &input.concerned()).await, |sent, user_errors| {
            let (endpoint, delivery) = sent.map(|(endpoint, delivery)| (WebhookEndpoint(endpoint), delivery)).unzip();
            let webhook_delivery = delivery.flatten().map(WebhookDelivery);
            WebhookEndpointPingPayload { webhook_endpoint: endpoint, webhook_delivery, user_errors }
        })
    }

    /// Sends messages again, each under its `webhook-id`, and those that were never sent for the first time. API clients need the scope `webhooks:manage`. Who: COORDINATOR (of the
    /// organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn webhook_endpoint_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WebhookEndpointReplayInput,
    ) -> Option<Result<WebhookEndpointReplayPayload>> {
        let delivery = input.webhook_delivery_id.map(|id| id.0);
        let replay = Replay { endpoint: input.webhook_endpoint_id.0, delivery, after: input.after };
        payload(webhooks::replay(ctx.app(), ctx.caller(), &replay, input.idempotency_key.as_deref()).await, |sent, user_errors| {
            let count = sent.as_ref().and_then(|sent| sent.count).map(|count| i32::try_from(count).unwrap_or(i32::MAX));
            let next_after = sent.as_ref().and_then(|sent| sent.next.clone());
            WebhookEndpointReplayPayload {
                webhook_endpoint: sent.map(|sent| WebhookEndpoint(sent.endpoint)),
                count,
                next_after,
                user_errors,
            }
        })
    }
}
