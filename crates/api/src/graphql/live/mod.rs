//! What connections that stay open have in common, sockets and event streams: how many there may be, how long they may be
//! served, and what they run.

mod places;
mod watch;

use std::{
    future::ready,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Request, Response, parser::types::OperationType};
use futures::stream::{self, BoxStream, StreamExt};
use tertulia_domain::{Code, Error, Reason, Result};
use tokio::time::timeout;

pub use self::places::Places;
pub(super) use self::{
    places::Place,
    watch::{Heard, Lapse, Watch},
};
use super::precheck::Operation;
use crate::{error, server::State, telemetry::Ran};

/// When a client that found no place may try again.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What an operation answers: one response for a query or mutation, and as many as come for a subscription.
pub(super) fn responses(state: &State, request: Request, operation: Operation, signed_in: bool) -> BoxStream<'static, Response> {
    let (schema, metrics) = (state.schema.clone(), Arc::clone(&state.metrics));
    if operation.kind == OperationType::Subscription {
        // Counted for as long as the stream is there.
        let counted = metrics.subscribe(&Ran::begun(operation, signed_in));
        return schema.execute_stream(request).scan(counted, |_, response| ready(Some(response))).boxed();
    }
    let most = Duration::from_secs(state.config.server.request_timeout_seconds);
    stream::once(async move {
        let late = |error| Response::from_errors(vec![error::server_error(&Error::unavailable(error))]);
        let started = Instant::now();
        let response = timeout(most, schema.execute(request)).await.unwrap_or_else(late);
        metrics.ran(&Ran::new(operation, signed_in, &response), started.elapsed());
        response
    })
    .boxed()
}

/// A place for one more connection that stays open.
pub(super) fn enter(state: &State) -> Result<Place> {
    state.places.enter(state.config.limits.sockets).ok_or_else(|| too_many("There are too many connections open. Try again in a moment."))
}

/// What a user hears who has as many connections open as he may.
pub(super) fn too_many(message: &'static str) -> Error {
    let mut error = Error::new(Code::Unavailable, Reason::TooMany, "", message);
    error.retry_after = Some(RETRY_AFTER);
    error
}

/// How long a message may wait for the client to read.
pub(super) fn patience(state: &State) -> Duration {
    Duration::from_secs(state.config.limits.slow_reader_seconds)
}
