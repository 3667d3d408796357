//! The log, the metrics and the traces: what operators learn of each request, and nothing secret or personal.
//!
//! A line of the log names the route's pattern, never the path, which may hold a token; no address of the network, no header, no body.

mod metrics;
mod scrape;
mod traces;
mod webhooks;

use std::{io::IsTerminal, time::Instant};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Instrument, info, info_span};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

pub use self::{
    metrics::{Metrics, Outcome, Ran, Subscribed},
    scrape::serve as serve_metrics,
};
use crate::{
    auth,
    config::{Config, ConfigError, LogFormat},
    server::State,
};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What must be ended before the process ends.
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Sends what has not been sent.
    pub async fn end(self) {
        if let Some(provider) = self.0 {
            // Whoever collects traces may be away; nothing is lost with them that the log does not have.
            let _ = tokio::task::spawn_blocking(move || provider.shutdown()).await;
        }
    }
}

/// Writes the log to standard error from now on, and sends traces where the configuration says so; a second call changes nothing.
pub fn start(config: &Config) -> Result<Telemetry, ConfigError> {
    let provider = traces::provider(&config.traces)?;
    let filter = EnvFilter::builder().parse_lossy(format!("{},{}=off", config.log.filter, traces::TARGET));
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match config.log.format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let sent = provider.as_ref().map(traces::layer);
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).with(sent).try_init();
    Ok(Telemetry(provider))
}

/// Gives each request its id, in the log, in its context and in the response; logs, counts and traces how it was answered.
pub async fn record<B: MessageBody>(state: Data<State>, mut request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let id = auth::request_id(&state.app, request.headers());
    let header = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("none"));
    request.headers_mut().insert(REQUEST_ID.clone(), header.clone());
    let traced = traces::span(&request, &id);
    let span = info_span!("request", id, method = %request.method());
    let mut response = next.call(request).instrument(span.clone()).instrument(traced.clone()).await?;
    response.headers_mut().insert(REQUEST_ID.clone(), header);
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let (took, status) = (started.elapsed(), response.status());
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    info!(parent: &span, route, status = status.as_u16(), millis, "answered");
    let ran = response.response().extensions().get::<Ran>().cloned();
    state.metrics.count(ran.as_ref(), &route, of(status), took);
    traces::finish(&traced, &route, status.as_u16(), ran.as_ref());
    Ok(response)
}

fn of(status: StatusCode) -> Outcome {
    match status.as_u16() {
        500.. => Outcome::Failed,
        400.. => Outcome::Refused,
        _ => Outcome::Ok,
    }
}
