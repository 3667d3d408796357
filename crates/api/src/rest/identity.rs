//! Signing in and out, and what leads there: sessions, password resets, invitations, public keys.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
    web::{self, Data, ServiceConfig},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tertulia_app::identity::{
    invitation::{self, Acceptance},
    key_ring, password_reset,
    session::{self, Tokens},
};

use super::body::{Json, client};
use crate::{auth, error::Problem, server::State};

/// Seconds that others may keep the public keys: less than a retired key goes on verifying.
const KEYS_MAX_AGE: u32 = 300;

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/session").route(web::post().to(start)).route(web::delete().to(end)));
    routes.service(web::resource("/v1/session/refresh").route(web::post().to(refresh)));
    routes.service(web::resource("/v1/password-reset").route(web::post().to(request_reset)));
    routes.service(web::resource("/v1/password-reset/confirm").route(web::post().to(confirm_reset)));
    routes.service(web::resource("/v1/invitations/accept").route(web::post().to(accept)));
    routes.service(web::resource("/.well-known/jwks.json").route(web::get().to(keys)));
}

type Answer = Result<HttpResponse, Problem>;

/// An answer that nobody may keep.
fn private(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// A new session's tokens, as its holder gets them.
pub(super) fn tokens(tokens: &Tokens) -> HttpResponse {
    private(StatusCode::OK).json(json!({
        "accessToken": tokens.access.expose_secret(),
        "refreshToken": tokens.refresh.expose_secret(),
        "expiresIn": tokens.expires_in,
        "tokenType": "Bearer",
    }))
}

/// What was left out; the use case says so with every other fault.
fn nothing() -> SecretString {
    SecretString::from("")
}

#[derive(Deserialize)]
struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default = "nothing")]
    password: SecretString,
}

/// `POST /v1/session`: signs in by e-mail address and password. Who: anyone.
async fn start(state: Data<State>, request: HttpRequest, Json(body): Json<SignIn>) -> Answer {
    let ctx = auth::anonymous(&state.app, request.headers());
    let signed_in = session::start(&state.app, &ctx, client(&state, &request), &body.email, body.password).await?;
    Ok(tokens(&signed_in))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refresh {
    #[serde(default = "nothing")]
    refresh_token: SecretString,
}

/// `POST /v1/session/refresh`: a refresh token for new tokens. Who: anyone who holds one.
async fn refresh(state: Data<State>, request: HttpRequest, Json(body): Json<Refresh>) -> Answer {
    let ctx = auth::anonymous(&state.app, request.headers());
    let next = session::refresh(&state.app, &ctx, client(&state, &request), &body.refresh_token).await?;
    Ok(tokens(&next))
}

/// `DELETE /v1/session`: signs out, at once and on every server. Who: anyone signed in.
async fn end(state: Data<State>, request: HttpRequest) -> Answer {
    let ctx = auth::context(&state.app, request.headers()).await?;
    session::end(&state.app, &ctx).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

#[derive(Deserialize)]
struct ResetRequest {
    #[serde(default)]
    email: String,
}

/// `POST /v1/password-reset`: mails a link, if there is such an account; the answer does not say. Who: anyone.
async fn request_reset(state: Data<State>, request: HttpRequest, Json(body): Json<ResetRequest>) -> Answer {
    let ctx = auth::anonymous(&state.app, request.headers());
    password_reset::request(&state.app, &ctx, client(&state, &request), &body.email).await?;
    Ok(private(StatusCode::ACCEPTED).finish())
}

#[derive(Deserialize)]
struct Reset {
    #[serde(default = "nothing")]
    token: SecretString,
    #[serde(default = "nothing")]
    password: SecretString,
}

/// `POST /v1/password-reset/confirm`: sets the password with the token of the link. Who: anyone who holds one.
async fn confirm_reset(state: Data<State>, request: HttpRequest, Json(body): Json<Reset>) -> Answer {
    let ctx = auth::anonymous(&state.app, request.headers());
    password_reset::confirm(&state.app, &ctx, client(&state, &request), &body.token, body.password).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

#[derive(Deserialize)]
struct Accept {
    #[serde(default = "nothing")]
    token: SecretString,
    #[serde(default = "nothing")]
    password: SecretString,
    name: Option<String>,
}

/// `POST /v1/invitations/accept`: takes the membership and signs in. Who: anyone who holds the link.
async fn accept(state: Data<State>, request: HttpRequest, Json(body): Json<Accept>) -> Answer {
    let ctx = auth::anonymous(&state.app, request.headers());
    let input = Acceptance { token: body.token, password: body.password, name: body.name };
    let signed_in = invitation::accept(&state.app, &ctx, client(&state, &request), input).await?;
    Ok(tokens(&signed_in))
}

/// `GET /.well-known/jwks.json`: the public keys of access tokens (RFC 7517). Who: anyone.
async fn keys(state: Data<State>, request: HttpRequest) -> Answer {
    let ctx = auth::anonymous(&state.app, request.headers());
    let keys = key_ring::jwks(&state.app, &ctx).await?;
    let cache = format!("public, max-age={KEYS_MAX_AGE}");
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, cache)).content_type("application/jwk-set+json");
    Ok(response.body(serde_json::to_string(&keys).map_err(tertulia_domain::Error::internal)?))
}
