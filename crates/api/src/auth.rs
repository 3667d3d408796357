//! From a request to its context: who asks, in which languages, under which request id.

use actix_web::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tertulia_app::{App, Ctx, identity};
use tertulia_domain::{Error, Result, policy::Actor, text::LanguageTag, time::Instant};

/// Most languages of `Accept-Language` that are looked at.
const LANGUAGES: usize = 10;

/// The context of a request with these headers. No `Authorization` is anonymous; one that is not good is refused and never
/// taken for anonymous.
pub async fn context(app: &App, headers: &HeaderMap) -> Result<Ctx> {
    let ctx = anonymous(app, headers);
    let Some(header) = headers.get(AUTHORIZATION) else { return Ok(ctx) };
    let token = header.to_str().ok().and_then(bearer).ok_or_else(bad_scheme)?;
    identity::session::identified(app, ctx, token).await
}

/// The context of a request that shows who it is otherwise than by an access token: by a password, or a token in its body.
pub fn anonymous(app: &App, headers: &HeaderMap) -> Ctx {
    Ctx::new(Actor::Anonymous, app.clock.now(), request_id(app, headers), languages(headers))
}

/// The token of a `Bearer` header value (RFC 6750; the scheme in any case).
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// When a token that was found good expires: a socket must not outlive it. Read without checking the signature again.
pub fn expiry(token: &str) -> Option<Instant> {
    #[derive(serde::Deserialize)]
    struct Claims {
        exp: i64,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    Instant::from_timestamp(serde_json::from_slice::<Claims>(&claims).ok()?.exp, 0)
}

fn bad_scheme() -> Error {
    Error::unauthenticated("The Authorization header must be `Bearer` and an access token.")
}

/// The request's id: the caller's, if it is a short token, else a new one.
pub fn request_id(app: &App, headers: &HeaderMap) -> String {
    let sent = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    sent.filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)))
        .map_or_else(|| app.ids.request_id(), str::to_owned)
}

/// The reader's languages, best first (RFC 9110, 12.5.4); what cannot be read is passed over.
pub fn languages(headers: &HeaderMap) -> Vec<LanguageTag> {
    let Some(header) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else { return Vec::new() };
    let mut wanted: Vec<(f32, LanguageTag)> = header
        .split(',')
        .take(LANGUAGES)
        .filter_map(|part| {
            let mut parts = part.split(';');
            let tag = LanguageTag::parse(parts.next()?).ok()?;
            let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            (quality > 0.0).then_some((quality, tag))
        })
        .collect();
    wanted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    wanted.into_iter().map(|(_, tag)| tag).collect()
}
