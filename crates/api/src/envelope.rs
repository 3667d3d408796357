//! What goes around every response, whatever its route: security headers, compression, and which other origins may read it.

use actix_cors::Cors;
use actix_web::{
    Error,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{
            self, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
            REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    web::Data,
};

use crate::{config::Server, server::State};

/// Bodies shorter than this go out as they are: compressed, they would hardly be shorter.
const WORTH_COMPRESSING: u64 = 1_024;
/// Seconds that a browser may keep the answer to a preflight.
const PREFLIGHT_MAX_AGE: usize = 600;
/// What a page of another origin may read of a response besides its body.
const EXPOSED: [&str; 9] = [
    "accept-ranges",
    "content-disposition",
    "content-range",
    "etag",
    "link",
    "location",
    "retry-after",
    "www-authenticate",
    "x-request-id",
];
/// What a page of another origin may send.
const SENT: [&str; 9] =
    ["accept", "accept-language", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "if-range", "range"];

/// Lets the configured origins read responses: without cookies, since none are used. Without one, no other origin reads any.
pub fn cors(server: &Server) -> Cors {
    let allowed = server.allowed_origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    allowed.allowed_methods(methods).allowed_headers(SENT).allowed_header("x-request-id").expose_headers(EXPOSED).max_age(PREFLIGHT_MAX_AGE)
}

/// Sets what browsers and caches must know; a handler that has set one of these knows better.
pub async fn secure<B: MessageBody>(state: Data<State>, request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Ok(response);
    }
    let is_https = state.config.server.public_url.starts_with("https://");
    let headers = response.headers_mut();
    if headers.get(CONTENT_ENCODING).is_some_and(|value| value == "identity") {
        headers.remove(CONTENT_ENCODING);
    }
    let mut unless_set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    unless_set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    unless_set(REFERRER_POLICY, "no-referrer");
    unless_set(CACHE_CONTROL, "no-store");
    if is_https {
        unless_set(STRICT_TRANSPORT_SECURITY, "max-age=63072000");
    }
    if !varies_by_encoding(headers) {
        headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    Ok(response)
}

fn varies_by_encoding(headers: &HeaderMap) -> bool {
    let named = headers.get_all(VARY).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    named.map(str::trim).any(|name| name.eq_ignore_ascii_case(header::ACCEPT_ENCODING.as_str()))
}

/// Marks what is not to be compressed: a short body, and an event stream, whose compressor would hold a quarter of a megabyte for
/// as long as it is open. [`secure`], which stands outside of the compression, takes the mark away.
pub async fn leave_plain<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let is_short = matches!(response.response().body().size(), BodySize::Sized(bytes) if bytes < WORTH_COMPRESSING);
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    if is_short || kind.is_some_and(|kind| kind.starts_with(b"text/event-stream")) {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    Ok(response)
}
