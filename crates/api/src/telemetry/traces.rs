//! Traces for OpenTelemetry, if they are configured: one span a request, with its route, operation, request id and status, as part
//! of the caller's trace where he sent `traceparent` (W3C). No path, no query, no header, no variable.

use std::time::Duration;

use actix_web::{dev::ServiceRequest, http::header::HeaderMap};
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::{Status, TraceContextExt, TracerProvider},
};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use tracing::{Span, field::Empty, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

use super::metrics::Ran;
use crate::config::{ConfigError, Traces};

/// The target of the spans that are sent, and of nothing else.
pub(super) const TARGET: &str = "tertulia::trace";
/// How long sending may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What sends the spans; `None` if nobody is to have them.
pub(super) fn provider(traces: &Traces) -> Result<Option<SdkTracerProvider>, ConfigError> {
    if traces.endpoint.is_empty() {
        return Ok(None);
    }
    let unusable = |_| ConfigError::Unusable("traces.endpoint is no http address that spans can be sent to.");
    let exporter = SpanExporter::builder().with_http().with_endpoint(&traces.endpoint).with_timeout(PATIENCE).build().map_err(unusable)?;
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(traces.sample_ratio)));
    let resource = Resource::builder_empty().with_service_name("tertulia").build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_sampler(sampler).with_resource(resource);
    Ok(Some(provider.build()))
}

/// The part of the log's machinery that hands spans on.
pub(super) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("tertulia"));
    let bare = layer.with_location(false).with_threads(false).with_target(false).with_tracked_inactivity(false);
    bare.with_filter(Targets::new().with_target(TARGET, tracing::Level::INFO))
}

/// The span of a request, below the caller's.
pub(super) fn span(request: &ServiceRequest, id: &str) -> Span {
    let span = info_span!(
        target: TARGET,
        "request",
        otel.kind = "server",
        http.request.method = %request.method(),
        http.route = Empty,
        http.response.status_code = Empty,
        graphql.operation.type = Empty,
        graphql.operation.name = Empty,
        tertulia.request_id = id,
    );
    if !span.is_disabled() {
        // A span whose parent cannot be set begins a trace of its own.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(request.headers())));
    }
    span
}

/// Says in the span what the request was and how it went.
pub(super) fn finish(span: &Span, route: &str, status: u16, ran: Option<&Ran>) {
    if span.is_disabled() {
        return;
    }
    span.record("http.route", route);
    span.record("http.response.status_code", status);
    let mut name = route.to_owned();
    if let Some(ran) = ran {
        span.record("graphql.operation.type", ran.kind);
        ran.kind.clone_into(&mut name);
        if let Some(operation) = &ran.name {
            span.record("graphql.operation.name", operation);
            name = format!("{} {operation}", ran.kind);
        }
    }
    span.context().span().update_name(name);
    if status >= 500 || ran.is_some_and(|ran| ran.outcome == super::Outcome::Failed) {
        span.set_status(Status::error(""));
    }
}

/// The headers as the library reads them.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(actix_web::http::header::HeaderName::as_str).collect()
    }
}
