//! What was sent to webhook endpoints.

use std::collections::HashMap;

use async_graphql::{Enum, ID, Object, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::webhooks;
use tertulia_domain::{
    Error, Result,
    id::WebhookDeliveryId,
    record::webhook_delivery::{self, Attempt},
};

use crate::graphql::{Loader, scalar::DateTime};

impl Loads<WebhookDeliveryId> for Loader {
    type Value = webhook_delivery::WebhookDelivery;
    type Error = Error;

    async fn load(&self, keys: &[WebhookDeliveryId]) -> Result<HashMap<WebhookDeliveryId, webhook_delivery::WebhookDelivery>> {
        Ok(webhooks::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::record::webhook_delivery::DeliveryStatus")]
pub(super) enum WebhookDeliveryStatus {
    /// It waits for its next attempt.
    Pending,
    /// The endpoint answered with a status of 200 to 299.
    Delivered,
    /// Every attempt failed.
    Failed,
    /// It was not sent, since what it tells of may not be read any more.
    Dropped,
}

/// What was wrong with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::record::webhook_delivery::Failure")]
pub(super) enum WebhookFailure {
    /// The endpoint answered with another status than 200 to 299.
    Status,
    /// It answered with a redirect, which is not followed.
    Redirect,
    /// It did not answer in time.
    Timeout,
    /// There was no connection, or it broke off before there was an answer.
    Connection,
    /// Nobody who is trusted certifies that it is who it says: the certificate is unknown, over, or for another name.
    Certificate,
    /// Its name leads to an address that is not public.
    ForbiddenAddress,
    /// The server broke off before there was an answer.
    Interrupted,
}

/// An attempt to send a message. What the endpoint answered is not kept, but for its status.
#[derive(SimpleObject)]
pub(super) struct WebhookAttempt {
    /// When it began.
    at: DateTime,
    /// Milliseconds until the answer, or until it was clear that there was none.
    latency_ms: i32,
    /// The status of the answer; null if there was none.
    response_code: Option<i32>,
    /// What was wrong; null if nothing was.
    failure: Option<WebhookFailure>,
    /// Before when the endpoint asked not to be tried again (`Retry-After` of a 429 or 503); null if it did not.
    retry_after: Option<DateTime>,
}

impl From<&Attempt> for WebhookAttempt {
    fn from(one: &Attempt) -> Self {
        Self {
            at: DateTime(one.at),
            latency_ms: i32::try_from(one.latency_ms).unwrap_or(i32::MAX),
            response_code: one.response_code.map(i32::from),
            failure: one.failure.map(Into::into),
            retry_after: one.retry_after.map(DateTime),
        }
    }
}

/// A message to an endpoint.
pub struct WebhookDelivery(pub(crate) webhook_delivery::WebhookDelivery);

/// A message to a webhook endpoint, kept for 30 days. Read by who keeps the organisation's endpoints.
#[Object]
impl WebhookDelivery {
    /// Its id, which every attempt bears as `webhook-id`.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The event's name, or `ping`.
    async fn topic(&self) -> &str {
        &self.0.kind
    }

    /// The id of the object that it tells of; null for a ping, and for an object that you may not read.
    async fn object_id(&self) -> Option<ID> {
        self.0.object.map(|object| object.to_string().into())
    }

    /// When the event happened.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// When the message was put on its way.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// How far it has come.
    async fn status(&self) -> WebhookDeliveryStatus {
        self.0.status.into()
    }

    /// When it is tried again: 5 seconds to 24 hours after the last attempt, the later the more there were; or later, as long as the endpoint
    /// asked, and 24 hours at most; and up to a fifth more, so that not all come at once. Null if it is not, and while its endpoint is disabled.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.next_at.map(DateTime)
    }

    /// How often it was tried, oldest first: the last 20 attempts.
    async fn attempts(&self) -> Vec<WebhookAttempt> {
        self.0.attempts.iter().map(WebhookAttempt::from).collect()
    }
}
