//! Reading over REST: one object, or a page of a list.

use actix_web::{
    HttpRequest, HttpResponse, guard,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, ETAG, HeaderMap, LINK, VARY},
    },
    web::{self, Data, Path, ServiceConfig},
};
use serde_json::{Map, Value, json};
use tertulia_app::engagement::contact;
use tertulia_domain::{Error, Result};
use url::form_urlencoded::Serializer;

use super::{
    query,
    resource::{CONTACTS, DIALOGUES, ELECTIONS, ELECTORAL_BODIES, MEETINGS, PLATFORMS, Resource, STATISTIC_RELEASES},
    run::{prepared, run},
    tag,
};
use crate::{auth, error::Problem, server::State};

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    let read = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    let list = |resource| read().to(move |request, state| list(resource, request, state));
    let one = |resource| read().to(move |request, id, state| one(resource, request, id, state));
    routes.service(web::resource("/v1/electoral-bodies").route(list(ELECTORAL_BODIES)));
    routes.service(web::resource("/v1/electoral-bodies/{id}").route(one(ELECTORAL_BODIES)));
    routes.service(web::resource("/v1/platforms").route(list(PLATFORMS)));
    routes.service(web::resource("/v1/platforms/{id}").route(one(PLATFORMS)));
    routes.service(web::resource("/v1/elections").route(list(ELECTIONS)));
    routes.service(web::resource("/v1/elections/{id}").route(one(ELECTIONS)));
    routes.service(web::resource("/v1/dialogues").route(list(DIALOGUES)));
    routes.service(web::resource("/v1/dialogues/{id}").route(one(DIALOGUES)));
    routes.service(web::resource("/v1/meetings").route(list(MEETINGS)));
    routes.service(web::resource("/v1/meetings/{id}").route(one(MEETINGS)));
    routes.service(web::resource("/v1/statistic-releases").route(list(STATISTIC_RELEASES)));
    routes.service(web::resource("/v1/statistic-releases/{id}").route(one(STATISTIC_RELEASES)));
    routes.service(web::resource("/v1/contacts").route(list(CONTACTS)).route(web::post().to(super::contact::log)));
    routes.service(web::resource("/v1/contacts/{id}").route(one(CONTACTS)));
}

/// One page of a list. Who: whoever may read the list's field in the schema.
async fn list(resource: Resource, request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    if resource.signed_in {
        contact::may_read(&ctx)?;
    }
    let contract = &prepared()?.contract;
    let asked = query::read(contract, contract.field("Query", resource.list)?, request.query_string())?;
    let mut page = run(&state, ctx, resource.list, asked.variables).await?;
    let links = page.get("pageInfo").map(|info| links(resource.path, &asked.pairs, info)).unwrap_or_default();
    let mut body = Map::new();
    for (name, from) in [("items", "nodes"), ("totalCount", "totalCount"), ("changes", "changes")] {
        body.extend(page.get_mut(from).map(|value| (name.to_owned(), value.take())));
    }
    Ok(answer(request.headers(), StatusCode::OK, &body.into(), &[(LINK.as_str(), links)]))
}

/// One object, by its id. Who: whoever may read it.
async fn one(resource: Resource, request: HttpRequest, id: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    if resource.signed_in {
        contact::may_read(&ctx)?;
    }
    if let Some((name, _)) =
        request.query_string().split('&').filter_map(|pair| pair.split_once('=').or(Some((pair, "")))).find(|(name, _)| !name.is_empty())
    {
        return Err(query::unknown(name).into());
    }
    let found = run(&state, ctx, resource.one, Map::from_iter([("id".to_owned(), json!(*id))])).await?;
    if found.is_null() {
        return Err(Error::not_found("id").into());
    }
    Ok(answer(request.headers(), StatusCode::OK, &found, &[]))
}

/// The body with its tag, or 304 if the client has it.
pub(super) fn answer(headers: &HeaderMap, status: StatusCode, body: &Value, more: &[(&str, String)]) -> HttpResponse {
    let text = body.to_string();
    let tag = tag::of(text.as_bytes(), body.get("version").and_then(Value::as_i64));
    let is_known = status == StatusCode::OK && tag::is_known(headers, &tag);
    let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { status });
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "private, no-cache"));
    response.insert_header((VARY, "Accept-Language, Authorization"));
    for (name, value) in more.iter().filter(|(_, value)| !value.is_empty()) {
        response.insert_header((*name, value.as_str()));
    }
    if is_known { response.finish() } else { response.content_type("application/json").body(text) }
}

/// The links to other pages (RFC 8288).
fn links(path: &str, pairs: &[(String, String)], info: &Value) -> String {
    let to = |relation: &str, cursor: Option<String>| {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(pairs).extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("<{path}{mark}{query}>; rel=\"{relation}\"")
    };
    let beyond = |there: &str, cursor: &str, way: char| {
        let cursor = info.get(cursor)?.as_str().filter(|_| info.get(there) == Some(&Value::Bool(true)))?;
        Some(format!("{way}{cursor}"))
    };
    let next = beyond("hasNextPage", "endCursor", 'a').map(|cursor| to("next", Some(cursor)));
    let previous = beyond("hasPreviousPage", "startCursor", 'b').map(|cursor| to("prev", Some(cursor)));
    [Some(to("first", None)), previous, next].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
