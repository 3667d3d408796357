//! Webhooks: who is sent what, signed how, how often, and when it ends.

mod changing;
mod keeping;
mod receivers;
mod retrying;
mod sending;
mod sight;

use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tertulia_tests::{
    Client,
    harness::Story,
    receiver::{Heard, Receiver},
};

pub(super) fn stories() -> Vec<Story> {
    [changing::stories(), keeping::stories(), receivers::stories(), retrying::stories(), sending::stories(), sight::stories()]
        .into_iter()
        .flatten()
        .collect()
}

const CREATE: &str = "mutation($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) {
  webhookEndpoint { id url topics description status apiClientId version } signingSecret userErrors { code reason path message } } }";
const UPDATE: &str = "mutation($input: WebhookEndpointUpdateInput!) { webhookEndpointUpdate(input: $input) {
  webhookEndpoint { id url topics description status apiClientId failingSince version } userErrors { code reason path message } } }";
const ROTATE: &str = "mutation($input: WebhookEndpointRotateInput!) { webhookEndpointRotate(input: $input) {
  webhookEndpoint { id formerSecretUntil } signingSecret userErrors { code reason path message } } }";
const ENABLE: &str = "mutation($input: WebhookEndpointEnableInput!) { webhookEndpointEnable(input: $input) {
  webhookEndpoint { id status } userErrors { code reason path message } } }";
const DISABLE: &str = "mutation($input: WebhookEndpointDisableInput!) { webhookEndpointDisable(input: $input) {
  webhookEndpoint { id status disabledWhy } userErrors { code reason path message } } }";
const DELETE: &str = "mutation($input: WebhookEndpointDeleteInput!) { webhookEndpointDelete(input: $input) {
  webhookEndpoint { id } userErrors { code reason path message } } }";
const PING: &str = "mutation($input: WebhookEndpointPingInput!) { webhookEndpointPing(input: $input) {
  webhookEndpoint { id } webhookDelivery { id topic } userErrors { code reason path message } } }";
const REPLAY: &str = "mutation($input: WebhookEndpointReplayInput!) { webhookEndpointReplay(input: $input) {
  webhookEndpoint { id } count nextAfter userErrors { code reason path message } } }";
const ENDPOINTS: &str =
    "query($id: ID!) { webhookEndpoints(organisationId: $id) { totalCount nodes { id status disabledWhy failingSince } } }";
const LOG: &str = "query($id: ID!) { webhookDeliveries(webhookEndpointId: $id) { totalCount
  nodes { id topic objectId status nextAttemptAt attempts { at latencyMs responseCode failure retryAfter } } } }";
const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id ... on WebhookDelivery { topic objectId } } }";

/// An endpoint that somebody made.
struct Hook {
    receiver: Receiver,
    id: Value,
    secret: String,
    place: Value,
}

impl Hook {
    async fn new(maker: &Client, place: Value, topics: &[&str]) -> Self {
        Self::at(Receiver::start().await, maker, place, topics).await
    }

    async fn at(receiver: Receiver, maker: &Client, place: Value, topics: &[&str]) -> Self {
        let made = made(maker, &receiver.url(), &place, topics).await;
        let secret = made["signingSecret"].as_str().expect("a secret").to_owned();
        Self { receiver, id: made["webhookEndpoint"]["id"].clone(), secret, place }
    }

    fn input(&self) -> Value {
        json!({ "webhookEndpointId": self.id })
    }

    /// The endpoint as its keeper reads it.
    async fn read(&self, keeper: &Client) -> Value {
        read(keeper, &self.place, &self.id).await
    }

    /// The endpoint once its log satisfies `wanted`: an answer is noted a moment after it was given.
    async fn until(&self, keeper: &Client, wanted: impl Fn(&Value) -> bool) -> Value {
        until(keeper, &self.place, &self.id, wanted).await
    }
}

async fn made(maker: &Client, url: &str, place: &Value, topics: &[&str]) -> Value {
    let made = maker.mutate(CREATE, json!({ "url": url, "topics": topics, "organisationId": place })).await;
    assert_eq!(made["webhookEndpoint"]["status"], "ACTIVE");
    made
}

/// The endpoint with its log. The log is read first: what it says of an attempt, the endpoint knows.
async fn read(keeper: &Client, place: &Value, endpoint: &Value) -> Value {
    let log = keeper.data(LOG, json!({ "id": endpoint })).await["webhookDeliveries"].clone();
    let all = keeper.data(ENDPOINTS, json!({ "id": place })).await["webhookEndpoints"]["nodes"].clone();
    let mut found = all.as_array().unwrap().iter().find(|one| one["id"] == *endpoint).expect("the endpoint").clone();
    found["deliveries"] = log;
    found
}

async fn until(keeper: &Client, place: &Value, endpoint: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..5_000 {
        let found = read(keeper, place, endpoint).await;
        if wanted(&found) {
            // The log was read a moment before the endpoint: read once more, it is as new.
            return read(keeper, place, endpoint).await;
        }
        tokio::task::yield_now().await;
    }
    panic!("it did not come so far: {}", read(keeper, place, endpoint).await);
}

/// The newest message of an endpoint's log.
fn first(endpoint: &Value) -> &Value {
    &endpoint["deliveries"]["nodes"][0]
}

/// Whether the newest message was tried so often, the last time with this failure.
fn tried(endpoint: &Value, times: usize, failure: &str) -> bool {
    let attempts = first(endpoint)["attempts"].as_array().map(Vec::as_slice).unwrap_or_default();
    attempts.len() == times && attempts.last().is_some_and(|last| last["failure"] == failure)
}

/// The signature of a message by a secret, as the specification's own library works it out.
fn signature(heard: &Heard, secret: &str) -> String {
    let at = heard.headers["webhook-timestamp"].parse().expect("seconds");
    Webhook::new(secret).expect("a secret").sign(&heard.headers["webhook-id"], at, heard.body.as_bytes()).expect("a signature")
}

fn body(heard: &Heard) -> Value {
    serde_json::from_str(&heard.body).expect("JSON")
}
