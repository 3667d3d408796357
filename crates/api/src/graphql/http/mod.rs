//! GraphQL over HTTP, as its specification has it (stage 2 draft, 2025): one operation a request, `POST` with JSON or `GET`
//! for queries. A client that reads event streams gets one instead of a body (see `sse`).
//!
//! A request is read, its document is parsed once and counted by the pre-check, then the schema runs it.

mod negotiate;
mod read;

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{Method, StatusCode, header},
    web::{Data, Payload},
};
use async_graphql::{
    Request, Response, Value,
    parser::types::{ExecutableDocument, OperationType},
};
use serde_json::json;
use tertulia_app::Ctx;
use tertulia_domain::{Code, Error, Reason, Result};

use self::negotiate::{Accepted, Media};
pub use self::read::{Parameters, from_value};
use super::{live::Watch, loader::Loader, precheck, sse};
use crate::{auth, error, server::State, telemetry::Ran};

/// Why a request was not run.
struct Refusal {
    error: Error,
    /// Where the code's own status does not fit.
    status: Option<StatusCode>,
    allow: Option<&'static str>,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self { error, status: None, allow: None }
    }
}

fn refuse(status: StatusCode, code: Code, reason: Reason, message: &str) -> Refusal {
    Refusal { error: Error::new(code, reason, "", message), status: Some(status), allow: None }
}

/// Answers one request to `/graphql`.
pub async fn answer(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let Some(accepted) = Accepted::of(request.headers()) else {
        let message = "Answers are application/graphql-response+json, application/json or text/event-stream.";
        return refused(Media::Json, &refuse(StatusCode::NOT_ACCEPTABLE, Code::InvalidDocument, Reason::NotAnOption, message));
    };
    match run(&request, payload, &state, accepted).await {
        Ok(response) => response,
        Err(refusal) => refused(accepted.media(), &refusal),
    }
}

async fn run(request: &HttpRequest, payload: Payload, state: &Data<State>, accepted: Accepted) -> Result<HttpResponse, Refusal> {
    let parameters = parameters(request, payload, state).await?;
    if accepted.may_stream() {
        return streamed(request, state, accepted, parameters).await;
    }
    let ctx = Arc::new(auth::context(&state.app, request.headers()).await?);
    let prepared = prepare(state, &ctx, parameters);
    answered(request, state, accepted.media(), &ctx, prepared).await
}

/// Answers a client that reads event streams, or either form.
async fn streamed(request: &HttpRequest, state: &Data<State>, accepted: Accepted, parameters: Parameters) -> Result<HttpResponse, Refusal> {
    let watch = Watch::begin(&state.app, request.headers()).await?;
    let ctx = watch.context();
    match prepare(state, &ctx, parameters) {
        Err(error) if accepted.streams(OperationType::Query) => Ok(sse::refused(&error)),
        Ok((prepared, operation)) if accepted.streams(operation.kind) => {
            refuse_by_get(request, &operation)?;
            Ok(sse::open(state, watch, prepared, operation)?)
        }
        prepared => answered(request, state, accepted.media(), &ctx, prepared).await,
    }
}

/// A page can make its visitor's browser send any `GET`: none may change anything.
fn refuse_by_get(request: &HttpRequest, operation: &precheck::Operation) -> Result<(), Refusal> {
    if operation.kind != OperationType::Mutation || *request.method() != Method::GET {
        return Ok(());
    }
    let message = "A mutation is sent by POST.";
    let refusal = refuse(StatusCode::METHOD_NOT_ALLOWED, Code::InvalidDocument, Reason::NotAnOption, message);
    Err(Refusal { allow: Some("POST"), ..refusal })
}

/// Runs a query or mutation and answers with a body.
async fn answered(
    request: &HttpRequest,
    state: &State,
    media: Media,
    ctx: &Ctx,
    prepared: Result<(Request, precheck::Operation)>,
) -> Result<HttpResponse, Refusal> {
    let (prepared, operation) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return Ok(request_error(media, &error)),
    };
    refuse_by_get(request, &operation)?;
    if operation.kind == OperationType::Subscription {
        let message = "A subscription is answered as text/event-stream, or over a WebSocket with the sub-protocol graphql-transport-ws, \
                       both at this address.";
        return Err(refuse(StatusCode::BAD_REQUEST, Code::InvalidDocument, Reason::NotAnOption, message));
    }
    let timeout = Duration::from_secs(state.config.server.request_timeout_seconds);
    let response = tokio::time::timeout(timeout, state.schema.execute(prepared)).await.map_err(Error::unavailable)?;
    let ran = Ran::new(operation, ctx.actor.is_signed_in(), &response);
    Ok(executed(media, state, ctx, &response, ran))
}

async fn parameters(request: &HttpRequest, mut payload: Payload, state: &State) -> Result<Parameters, Refusal> {
    if *request.method() == Method::GET {
        return Ok(read::from_query_string(request.query_string())?);
    }
    if !negotiate::body_is_json(request.headers()) {
        let message = "The body must be application/json in UTF-8.";
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidDocument, Reason::NotAnOption, message));
    }
    let body = read::body(request, &mut payload, state.config.server.body_bytes).await.map_err(|unread| match unread {
        read::Unread::TooLarge(error) => Refusal { error, status: Some(StatusCode::PAYLOAD_TOO_LARGE), allow: None },
        read::Unread::Malformed(error) => error.into(),
    })?;
    Ok(read::from_json(&body)?)
}

/// Finds, parses and counts a document and gives the request what resolvers look for.
pub(super) fn prepare(state: &State, ctx: &Arc<Ctx>, parameters: Parameters) -> Result<(Request, precheck::Operation)> {
    let limits = &state.config.limits.document;
    let found = state.documents.find(parameters.query, parameters.hash)?;
    let document = match state.documents.parsed(&found) {
        Some(document) => document,
        None => Arc::new(precheck::parse(limits, &found.text)?),
    };
    state.documents.admit(&found)?;
    let operation = precheck::check(limits, &document, parameters.operation_name.as_deref(), &parameters.variables)?;
    if operation.introspects && !state.config.graphql.introspection {
        let message = "This server does not tell its schema; it is published as the file `schema.graphql`.";
        return Err(Error::new(Code::InvalidDocument, Reason::NotAnOption, "", message));
    }
    // A query may read from a replica; a mutation decides by what is true now, and a subscription follows the primary.
    let ctx = &if operation.kind == OperationType::Query { Arc::new(Ctx::clone(ctx).reading()) } else { Arc::clone(ctx) };
    state.documents.keep(&found, &document);
    let mut request = Request::new(&*found.text).variables(parameters.variables);
    request.operation_name = parameters.operation_name;
    request.set_parsed_query(ExecutableDocument::clone(&document));
    let loaders = Loader::for_request(Arc::clone(&state.app), Arc::clone(ctx));
    Ok((request.data(Arc::clone(ctx)).data(loaders), operation))
}

fn executed(media: Media, state: &State, ctx: &Ctx, response: &Response, ran: Ran) -> HttpResponse {
    let failed_before =
        response.data == Value::Null && response.errors.iter().all(|error| error.path.is_empty()) && !response.errors.is_empty();
    if failed_before {
        return written(
            media,
            &mut HttpResponse::build(of_request_error(media, StatusCode::BAD_REQUEST)),
            &json!({ "errors": response.errors }),
        );
    }
    let mut builder = HttpResponse::Ok();
    if state.config.server.expose_statement_count {
        builder.insert_header(("server-timing", format!("sql;desc=\"{}\"", ctx.statements.count())));
    }
    let mut answer = written(media, &mut builder, response);
    answer.extensions_mut().insert(ran);
    answer
}

/// A document that cannot run.
fn request_error(media: Media, error: &Error) -> HttpResponse {
    let status = of_request_error(media, error::status(error.code));
    written(media, &mut HttpResponse::build(status), &json!({ "errors": [error::server_error(error)] }))
}

const fn of_request_error(media: Media, status: StatusCode) -> StatusCode {
    match media {
        Media::Response => status,
        Media::Json => StatusCode::OK,
    }
}

fn refused(media: Media, refusal: &Refusal) -> HttpResponse {
    let status = refusal.status.unwrap_or_else(|| error::status(refusal.error.code));
    let mut builder = HttpResponse::build(status);
    error::headers(&refusal.error, &mut builder);
    if let Some(allow) = refusal.allow {
        builder.insert_header((header::ALLOW, allow));
    }
    written(media, &mut builder, &json!({ "errors": [error::server_error(&refusal.error)] }))
}

fn written(media: Media, builder: &mut HttpResponseBuilder, body: &impl serde::Serialize) -> HttpResponse {
    let body = serde_json::to_vec(body).unwrap_or_default();
    builder.insert_header((header::CONTENT_TYPE, media.content_type()));
    builder.insert_header((header::VARY, "Accept, Accept-Language, Authorization")).body(body)
}

/// Any other method.
pub async fn other_method() -> HttpResponse {
    let message = "Send GraphQL by POST, or queries by GET.";
    let refusal = refuse(StatusCode::METHOD_NOT_ALLOWED, Code::InvalidDocument, Reason::NotAnOption, message);
    refused(Media::Json, &Refusal { allow: Some("GET, POST"), ..refusal })
}
