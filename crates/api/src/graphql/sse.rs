//! GraphQL over server-sent events, the distinct connections mode of the graphql-sse protocol: one request, one operation, one
//! stream of `next` events and a `complete` at its end. For networks that let no WebSocket through.
//!
//! One task runs the operation and hands its events to the response through a short queue. A client that does not read holds
//! up its own stream and is dropped after `limits.slow_reader_seconds`. A stream that ends without `complete` was broken off:
//! the token has expired, the session has ended, rights have changed, or the server stops; the client asks again.

use std::{convert::Infallible, sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName},
    rt,
    web::{Bytes, Data},
};
use async_graphql::{Request, Response};
use futures::stream::{BoxStream, StreamExt, unfold};
use serde_json::json;
use tertulia_domain::{Error, Result};
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{self, timeout},
};
use tracing::Instrument;

use super::{
    live::{self, Place, Watch},
    precheck::Operation,
};
use crate::{error, server::State};

/// How often a comment goes out, so that nothing between takes the stream for dead and a client that is gone is noticed.
const BEAT: Duration = Duration::from_secs(12);
/// Events that wait for the client to read.
const QUEUE: usize = 4;
/// A comment, which clients pass over.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");
/// The end of an operation, with the empty data without which browsers do not tell of it.
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata:\n\n");

/// Opens the stream of an operation.
pub(super) fn open(state: &Data<State>, watch: Watch, request: Request, operation: Operation) -> Result<HttpResponse> {
    let mut place = live::enter(state)?;
    let most = state.config.limits.sockets_per_user;
    if watch.caller().actor.holder().is_some_and(|caller| !place.belongs_to(caller, most)) {
        return Err(live::too_many("You have too many connections open. Close one, or try again in a moment."));
    }
    let (sender, receiver) = mpsc::channel(QUEUE);
    let signed_in = watch.caller().actor.is_signed_in();
    let responses = live::responses(state, request, operation, signed_in);
    let stream = Stream { state: Arc::clone(state), watch, sender, responses, _place: place };
    rt::spawn(stream.run().in_current_span());
    Ok(response().streaming(unfold(receiver, next)))
}

/// Answers a document that cannot run, as a client of event streams reads it.
pub(super) fn refused(error: &Error) -> HttpResponse {
    let body = json!({ "errors": [error::server_error(error)] });
    response().body([event(&body), COMPLETE].concat())
}

fn response() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "text/event-stream; charset=utf-8"));
    response.insert_header((CACHE_CONTROL, "no-store"));
    // Proxies as nginx otherwise wait for more before they pass anything on.
    response.insert_header((HeaderName::from_static("x-accel-buffering"), "no"));
    response
}

async fn next(mut receiver: Receiver<Bytes>) -> Option<(Result<Bytes, Infallible>, Receiver<Bytes>)> {
    receiver.recv().await.map(|event| (Ok(event), receiver))
}

/// A `next` event. JSON holds no line breaks, so it is one line of data.
fn event(body: &impl serde::Serialize) -> Bytes {
    let body = serde_json::to_string(body).unwrap_or_default();
    format!("event: next\ndata: {body}\n\n").into()
}

struct Stream {
    state: Arc<State>,
    watch: Watch,
    sender: Sender<Bytes>,
    responses: BoxStream<'static, Response>,
    _place: Place,
}

/// Why a stream ends, for the log.
type End = &'static str;

const COMPLETED: End = "the operation is complete";
const GONE: End = "the client is gone";
const TOO_SLOW: End = "the client does not read";
const LAPSED: End = "the caller may be served no longer";
const STOPPED: End = "the server stops";

impl Stream {
    async fn run(mut self) {
        let Err(end) = self.serve().await;
        tracing::debug!(end, "an event stream has ended");
    }

    async fn serve(&mut self) -> Result<Infallible, End> {
        let mut stopping = self.state.places.stopping();
        let mut beat = time::interval(BEAT);
        loop {
            // In this order: no event goes out after another that took the right to it.
            tokio::select! {
                biased;
                _ = stopping.wait_for(|stop| *stop) => return Err(STOPPED),
                () = self.sender.closed() => return Err(GONE),
                heard = self.watch.hear() => self.watch.judge(heard).await.map_err(|_| LAPSED)?,
                response = self.responses.next() => {
                    self.watch.check_expiry().map_err(|_| LAPSED)?;
                    let Some(response) = response else {
                        self.send(COMPLETE).await?;
                        return Err(COMPLETED);
                    };
                    self.send(event(&response)).await?;
                }
                // At once as well: a browser waits for the first bytes before it calls the stream open.
                _ = beat.tick() => self.send(COMMENT).await?,
            }
        }
    }

    async fn send(&mut self, event: Bytes) -> Result<(), End> {
        let sent = timeout(live::patience(&self.state), self.sender.send(event)).await;
        sent.map_err(|_| TOO_SLOW)?.map_err(|_| GONE)
    }
}
