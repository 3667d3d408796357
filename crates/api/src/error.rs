//! The only map from a refusal to what the wire says: HTTP statuses, RFC 9457 problem bodies, GraphQL `extensions`.
//!
//! A fault of the server says an incident id and nothing else; the log has the rest under that id.

use std::{
    error::Error as StdError,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use serde_json::json;
use tertulia_domain::{Code, Error, Reason, error::Fault};

use crate::graphql::scalar;

/// The HTTP status of a code.
pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::InvalidInput
        | Code::InvalidDocument
        | Code::PersistedQueryNotFound
        | Code::PersistedQueryNotSupported
        | Code::DocumentNotListed
        | Code::LimitExceeded => StatusCode::BAD_REQUEST,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::Conflict | Code::InvalidTransition => StatusCode::CONFLICT,
        Code::VersionMismatch => StatusCode::PRECONDITION_FAILED,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The headers that go with a code: when to try again, how to sign in.
pub fn headers(error: &Error, response: &mut HttpResponseBuilder) {
    if let Some(wait) = error.retry_after {
        response.insert_header((header::RETRY_AFTER, wait.as_secs().max(1).to_string()));
    }
    if error.code == Code::Unauthenticated {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"tertulia\""));
    }
}

/// A refusal as a REST answer: an RFC 9457 problem body.
#[derive(Debug)]
pub struct Problem {
    error: Error,
    status: StatusCode,
    incident: Option<String>,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self { status: status(error.code), incident: incident(&error), error }
    }
}

impl Problem {
    /// The same with another status than its code's own.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The problem that an entry of a GraphQL response's `errors` tells of. Its incident was logged with the entry.
    pub fn of_entry(entry: &ServerError) -> Self {
        let of = |name: &str| entry.extensions.as_ref().and_then(|extensions| extensions.get(name)).cloned();
        let text = |name: &str| of(name).and_then(|value| value.into_json().ok()?.as_str().map(str::to_owned));
        let code = text("code").and_then(|code| Code::parse(&code)).unwrap_or(Code::Internal);
        let reason = text("reason").and_then(|reason| Reason::parse(&reason)).unwrap_or(Reason::ServerFault);
        let listed = of("faults").and_then(|faults| faults.into_json().ok()).unwrap_or_default();
        let listed: Vec<Fault> = listed.as_array().into_iter().flatten().filter_map(fault).collect();
        let mut error = if listed.is_empty() { Error::new(code, reason, "", &entry.message) } else { Error::of(code, listed) };
        let wait = of("retryAfter").and_then(|value| value.into_json().ok()?.as_u64());
        error.retry_after = wait.map(std::time::Duration::from_secs);
        Self { status: status(code), incident: text("incident"), error }
    }

    /// The problem that a payload's `userErrors` tell of, as JSON.
    pub fn of_user_errors(errors: &[serde_json::Value]) -> Self {
        let code = errors.first().and_then(|error| Code::parse(error.get("code")?.as_str()?)).unwrap_or(Code::Internal);
        Error::of(code, errors.iter().filter_map(fault).collect()).into()
    }

    /// The same with the places of a REST request instead of the arguments of the schema.
    #[must_use]
    pub fn in_rest(mut self) -> Self {
        for fault in &mut self.error.faults {
            let arguments = usize::from(fault.path.first().is_some_and(|first| first == "input" || first == "filter"));
            fault.path.drain(..arguments);
            let place = match fault.path.first().map(String::as_str) {
                Some("contactId") => "id",
                Some("version") => "If-Match",
                Some("idempotencyKey") => "Idempotency-Key",
                Some("first" | "last") => "limit",
                Some("after" | "before") => "cursor",
                _ => continue,
            };
            fault.path.splice(..1, [place.to_owned()]);
        }
        self
    }

    fn body(&self) -> serde_json::Value {
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.error.faults.first().map_or("", |fault| fault.message.as_str()),
            "code": self.error.code.as_str(),
            "errors": faults(&self.error),
        });
        if let (Some(incident), Some(body)) = (&self.incident, body.as_object_mut()) {
            body.insert("incident".to_owned(), incident.as_str().into());
        }
        body
    }
}

/// A fault as JSON has it.
fn fault(value: &serde_json::Value) -> Option<Fault> {
    let path = value.get("path")?.as_array()?.iter().filter_map(|part| part.as_str().map(str::to_owned)).collect();
    let reason = Reason::parse(value.get("reason")?.as_str()?)?;
    Some(Fault { reason, path, message: value.get("message")?.as_str()?.to_owned() })
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        headers(&self.error, &mut response);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.content_type("application/problem+json").body(self.body().to_string())
    }
}

fn faults(error: &Error) -> serde_json::Value {
    let fault = |fault: &Fault| json!({ "reason": fault.reason.as_str(), "path": fault.path, "message": fault.message });
    error.faults.iter().map(fault).collect()
}

/// Logs a fault of the server and answers its incident id; `None` for what is the caller's doing.
fn incident(error: &Error) -> Option<String> {
    if !matches!(error.code, Code::Internal | Code::Unavailable) {
        return None;
    }
    let incident = token();
    // The texts of the causes, never their `Debug` form: a driver's holds the values of the row.
    let mut causes = Vec::new();
    let mut next: Option<&dyn StdError> = error.cause().map(|cause| cause as &dyn StdError);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    let causes = causes.join(": ");
    tracing::error!(incident, code = error.code.as_str(), causes, "a fault of the server");
    Some(incident)
}

/// A new token of 16 hexadecimal digits, for incidents and requests: unlike any other of this process and, as far as
/// 64 bits go, of any other process.
pub fn token() -> String {
    static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:016x}", KEYS.hash_one(COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// A refusal as an entry of a GraphQL response's `errors`, for what happens before the schema is asked.
pub fn server_error(error: &Error) -> ServerError {
    let mut entry = ServerError::new("", None);
    describe(error, &mut entry);
    entry
}

fn describe(error: &Error, entry: &mut ServerError) {
    let mut extensions = ErrorExtensionValues::default();
    let first = error.faults.first();
    extensions.set("code", error.code.as_str());
    extensions.set("reason", first.map_or(Reason::ServerFault, |fault| fault.reason).as_str());
    if error.faults.len() > 1 || first.is_some_and(|fault| !fault.path.is_empty()) {
        extensions.set("faults", Value::from_json(faults(error)).unwrap_or_default());
    }
    if let Some(wait) = error.retry_after {
        extensions.set("retryAfter", wait.as_secs().max(1));
    }
    if let Some(incident) = incident(error) {
        extensions.set("incident", incident);
    }
    entry.message = first.map_or_else(|| error.code.as_str().to_owned(), |fault| fault.message.clone());
    entry.source = None;
    entry.extensions = Some(extensions);
}

/// A response whose every entry of `errors` has its code and reason, and lets no unknown text out.
pub fn mapped(mut response: Response) -> Response {
    response.errors.iter_mut().for_each(map);
    response
}

fn map(entry: &mut ServerError) {
    if let Some(error) = entry.source::<Error>().cloned() {
        describe(&error, entry);
    } else if entry.source.is_some() {
        describe(&Error::internal(Unmapped(entry.message.clone())), entry);
    } else if let Some(error) = of_scalar(&entry.message) {
        describe(&error, entry);
    } else if let Some((code, reason)) = of_library(entry) {
        let message = std::mem::take(&mut entry.message);
        describe(&Error::new(code, reason, "", message), entry);
    } else {
        describe(&Error::internal(Unmapped(entry.message.clone())), entry);
    }
}

/// What the library itself says of a request: these texts speak of the document and its values only.
fn of_library(entry: &ServerError) -> Option<(Code, Reason)> {
    let of_value = ["Failed to parse \"", "Expected input type \""].iter().any(|start| entry.message.starts_with(start));
    match (of_value, entry.path.is_empty()) {
        (true, _) => Some((Code::InvalidInput, Reason::Malformed)),
        (false, true) => Some((Code::InvalidDocument, Reason::Malformed)),
        (false, false) => None,
    }
}

/// The place in the input of a date or time that is not written as one.
fn of_scalar(message: &str) -> Option<Error> {
    let (path, scalar) = message.strip_prefix("Invalid value for argument \"")?.split_once("\", expected type \"")?;
    let written = scalar::written(scalar.strip_suffix('"')?)?;
    Some(Error::invalid(Reason::Malformed, path, written))
}

#[derive(Debug)]
struct Unmapped(String);

impl fmt::Display for Unmapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an error outside the closed list: {}", self.0)
    }
}

impl StdError for Unmapped {}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

    use super::*;

    struct Query;

    #[Object]
    impl Query {
        async fn refused(&self) -> Option<Result<i32, Error>> {
            Some(Err(Error::invalid(Reason::Malformed, "items.2.url", "This is no address.")))
        }
        async fn broken(&self) -> Option<Result<i32, Error>> {
            Some(Err(Error::internal(std::io::Error::other("secret detail"))))
        }
        async fn foreign(&self) -> Option<async_graphql::Result<i32>> {
            Some(Err(std::io::Error::other("secret detail").into()))
        }
        async fn text(&self) -> Option<async_graphql::Result<i32>> {
            Some(Err("secret detail".into()))
        }
        async fn number(&self, n: i32) -> i32 {
            n
        }
    }

    async fn first(query: &str) -> serde_json::Value {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
        let response = serde_json::to_value(mapped(schema.execute(query).await)).expect("a response");
        assert!(!response.to_string().contains("secret"), "{response}");
        response["errors"][0].clone()
    }

    #[actix_web::test]
    async fn gives_every_entry_a_code_and_no_foreign_text() {
        let refused = first("{ refused }").await;
        assert_eq!(refused["message"], "This is no address.");
        assert_eq!(refused["extensions"]["code"], "INVALID_INPUT");
        assert_eq!(refused["extensions"]["reason"], "MALFORMED");
        assert_eq!(refused["extensions"]["faults"][0]["path"], json!(["items", "2", "url"]));
        for query in ["{ broken }", "{ foreign }", "{ text }"] {
            let entry = first(query).await;
            assert_eq!(entry["extensions"]["code"], "INTERNAL", "{query}");
            assert_eq!(entry["extensions"]["incident"].as_str().map(str::len), Some(16), "{query}");
        }
        assert_eq!(first("{ nothing }").await["extensions"]["code"], "INVALID_DOCUMENT");
        assert_eq!(first("{ number(n: \"x\") }").await["extensions"]["code"], "INVALID_DOCUMENT");
    }

    #[test]
    fn tells_clients_when_to_come_back() {
        let error = Error::rate_limited(std::time::Duration::from_secs(7));
        let response = Problem::from(error).error_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers().get(header::RETRY_AFTER).map(header::HeaderValue::as_bytes), Some(&b"7"[..]));
        assert!(Problem::from(Error::unauthenticated("Sign in.")).error_response().headers().contains_key(header::WWW_AUTHENTICATE));
    }
}
