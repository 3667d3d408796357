//! The log: one line a request, each with the request's id, and nothing secret or personal.
//!
//! A line names the route's pattern, never the path, which may hold a token; no address of the network, no header, no body.

use std::{io::IsTerminal, time::Instant};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use tracing::{Instrument, info, info_span};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    auth,
    config::{Log, LogFormat},
    server::State,
};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Writes the log to standard error from now on; a second call changes nothing.
pub fn start(log: &Log) {
    let filter = EnvFilter::builder().parse_lossy(&log.filter);
    let registry = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let _ = match log.format {
        LogFormat::Text => registry.with(lines.with_target(false)).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    };
}

/// Gives each request its id, in the log, in its context and in the response, and logs how it was answered.
pub async fn record<B: MessageBody>(state: Data<State>, mut request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let id = auth::request_id(&state.app, request.headers());
    let header = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("none"));
    request.headers_mut().insert(REQUEST_ID.clone(), header.clone());
    let span = info_span!("request", id, method = %request.method());
    let mut response = next.call(request).instrument(span.clone()).await?;
    response.headers_mut().insert(REQUEST_ID.clone(), header);
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    info!(parent: &span, route, status = response.status().as_u16(), millis, "answered");
    Ok(response)
}
