//! Calendars that programs subscribe to: iCalendar over plain HTTP.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, HeaderMap, VARY},
    web::{self, Data, Path, ServiceConfig},
};
use secrecy::SecretString;
use tertulia_app::{
    Ctx,
    dialogue::feed::{self, Feed},
};
use tertulia_domain::{Error, id::read, policy::Actor};

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
    Ok(answer(request.headers(), &feed, cache))
}

/// `GET /v1/feeds/{token}.ics`: the calendar behind a private address. Who: whoever has the address.
pub async fn of_token(request: HttpRequest, token: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let headers = request.headers();
    let languages = auth::languages(headers);
    let ctx = Ctx::new(Actor::Anonymous, state.app.clock.now(), auth::request_id(&state.app, headers), languages);
    let feed = feed::of_token(&state.app, &ctx, &SecretString::from(token.into_inner())).await?;
    Ok(answer(headers, &feed, "private, no-cache"))
}

fn answer(headers: &HeaderMap, feed: &Feed, cache: &str) -> HttpResponse {
    let tag = format!("\"{}\"", feed.digest);
    let is_known = tag::is_known(headers, &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, cache)).insert_header((VARY, "Accept-Language, Authorization"));
    if is_known {
        return response.finish();
    }
    response
        .content_type("text/calendar; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"tertulia.ics\""))
        .body(feed.text.clone())
}
