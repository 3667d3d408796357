//! The contact log over REST: logging and acting. Each act is the mutation of the same name.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderMap, LOCATION},
    },
    web::{self, Data, Path, ServiceConfig},
};
use serde_json::{Map, Value, json};
use tertulia_app::engagement::contact;
use tertulia_domain::{Error, Reason, Result};

use super::{
    body::Json,
    check,
    read::answer,
    resource::{ELSEWHERE, LOG},
    run::{prepared, run},
    tag,
};
use crate::{auth, error::Problem, server::State};

/// The header under whose value the same request may be sent again.
const KEY: &str = "idempotency-key";

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/contacts/{id}/{act}").route(web::post().to(act)));
}

/// `POST /v1/contacts`: logs a contact. Who: members of a party, as the mutation `contactLog` says.
pub(super) async fn log(
    request: HttpRequest,
    state: Data<State>,
    body: Result<Json<Map<String, Value>>, Problem>,
) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    contact::may_read(&ctx)?;
    let Json(mut input) = body?;
    check::members(&prepared()?.contract, "ContactLogInput", &ELSEWHERE, &input)?;
    input.extend(key(request.headers())?);
    let done = done(run(&state, ctx, LOG, Map::from_iter([("input".to_owned(), input.into())])).await?)?;
    let place = format!("/v1/contacts/{}", done.get("id").and_then(Value::as_str).unwrap_or_default());
    Ok(answer(request.headers(), StatusCode::CREATED, &done, &[(LOCATION.as_str(), place)]))
}

/// `POST /v1/contacts/{id}/{act}`: acts on a contact. Who: as the mutation of that act says.
async fn act(
    request: HttpRequest,
    state: Data<State>,
    path: Path<(String, String)>,
    body: Result<Json<Map<String, Value>>, Problem>,
) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    contact::may_read(&ctx)?;
    let (id, name) = path.into_inner();
    let prepared = prepared()?;
    let act = prepared.acts.iter().find(|act| act.name == name).ok_or_else(|| Error::not_found(""))?;
    let Json(mut input) = body?;
    check::members(&prepared.contract, &act.input, &ELSEWHERE, &input)?;
    input.insert("contactId".to_owned(), json!(id));
    input.extend(key(request.headers())?);
    input.extend(tag::demanded(request.headers())?.map(|version| ("version".to_owned(), json!(version))));
    let done = done(run(&state, ctx, &act.mutation, Map::from_iter([("input".to_owned(), input.into())])).await?)?;
    Ok(answer(request.headers(), StatusCode::OK, &done, &[]))
}

/// The idempotency key of a request, as the member of its input.
fn key(headers: &HeaderMap) -> Result<Option<(String, Value)>> {
    let mut keys = headers.get_all(KEY);
    let Some(key) = keys.next() else { return Ok(None) };
    let text = key.to_str().ok().filter(|_| keys.next().is_none());
    let text = text.ok_or_else(|| Error::invalid(Reason::Malformed, "Idempotency-Key", "State one key of visible ASCII characters."))?;
    Ok(Some(("idempotencyKey".to_owned(), json!(text))))
}

/// The contact of a mutation's payload, or its refusal.
fn done(mut payload: Value) -> Result<Value, Problem> {
    match payload.get("userErrors").and_then(Value::as_array).filter(|errors| !errors.is_empty()) {
        Some(errors) => Err(Problem::of_user_errors(errors).in_rest()),
        None => Ok(payload.get_mut("contact").map(Value::take).unwrap_or_default()),
    }
}
