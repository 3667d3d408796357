//! Calendars that programs subscribe to: iCalendar over plain HTTP.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, VARY},
    web::{self, Data, Path, ServiceConfig},
};
use chrono::{NaiveDateTime, SubsecRound};
use secrecy::SecretString;
use tertulia_app::{
    Ctx,
    dialogue::feed::{self, Feed},
};
use tertulia_domain::{Error, id::read, policy::Actor, time::Instant};

use super::tag;
use crate::{auth, error::Problem, server::State};

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    let public = web::resource("/v1/dialogues/{id}/calendar.ics");
    routes.service(public.route(web::get().to(of_dialogue)).route(web::head().to(of_dialogue)));
    routes.service(web::resource("/v1/feeds/{token}.ics").route(web::get().to(of_token)).route(web::head().to(of_token)));
}

/// `GET /v1/dialogues/{id}/calendar.ics`: the calendar of a dialogue, without join links. Who: anyone, for a public dialogue.
pub async fn of_dialogue(request: HttpRequest, id: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    let id = read(&id).map_err(|_| Error::not_found(""))?;
    let feed = feed::of_dialogue(&state.app, &ctx, id).await?;
    let cache = if ctx.actor == Actor::Anonymous { "public, max-age=300" } else { "private, no-cache" };
    Ok(answer(&state, &ctx, request.headers(), &feed, cache))
}

/// `GET /v1/feeds/{token}.ics`: the calendar behind a private address. Who: whoever has the address.
pub async fn of_token(request: HttpRequest, token: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let headers = request.headers();
    let languages = auth::languages(headers);
    let ctx = Ctx::new(Actor::Anonymous, state.app.clock.now(), auth::request_id(&state.app, headers), languages);
    let feed = feed::of_token(&state.app, &ctx, &SecretString::from(token.into_inner())).await?;
    Ok(answer(&state, &ctx, headers, &feed, "private, no-cache"))
}

fn answer(state: &State, ctx: &Ctx, headers: &HeaderMap, feed: &Feed, cache: &str) -> HttpResponse {
    let tag = format!("\"{}\"", feed.digest);
    // The header counts seconds: while one goes on, another change may come in it.
    let changed_at = feed.changed_at.map(|at| at.trunc_subsecs(0)).filter(|at| *at < ctx.now.trunc_subsecs(0));
    let is_known = tag::is_known(headers, &tag) || changed_at.is_some_and(|at| is_unchanged(headers, at));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, cache)).insert_header((VARY, "Accept-Language, Authorization"));
    if let Some(at) = changed_at {
        response.insert_header((LAST_MODIFIED, at.format(HTTP_DATE).to_string()));
    }
    if state.config.server.expose_statement_count {
        response.insert_header(("server-timing", format!("sql;desc=\"{}\"", ctx.statements.count())));
    }
    if is_known {
        return response.finish();
    }
    response
        .content_type("text/calendar; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"tertulia.ics\""))
        .body(feed.text.clone())
}

/// A date as HTTP writes it (RFC 9110, 5.6.7).
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Whether the client has what was there at `at`, as far as it goes by dates; who sends a tag goes by that (RFC 9110, 13.1.3).
fn is_unchanged(headers: &HeaderMap, at: Instant) -> bool {
    let since = headers.get(IF_MODIFIED_SINCE).filter(|_| !headers.contains_key(IF_NONE_MATCH)).and_then(|value| value.to_str().ok());
    since.and_then(|text| NaiveDateTime::parse_from_str(text, HTTP_DATE).ok()).is_some_and(|since| at <= since.and_utc())
}
