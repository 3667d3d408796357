//! `POST /oauth/token`: access tokens for API clients by the client credentials grant (RFC 6749, 4.4). Requests and refusals have
//! the form of that RFC, so that every OAuth 2.0 library can ask.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, AUTHORIZATION, CONTENT_TYPE},
    },
    web::{self, Bytes, Data, ServiceConfig},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tertulia_app::identity::api_client::{self, Presented};
use tertulia_domain::{Code, Error};
use url::form_urlencoded;

use super::body::client;
use crate::{auth, error::Problem, server::State};

/// The route.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/oauth/token").route(web::post().to(token)));
}

/// A refusal as RFC 6749, 5.2 has it.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Refusal {
    fn new(status: StatusCode, error: &'static str, description: &str) -> Self {
        Self { status, error, description: description.to_owned() }
    }

    fn request(description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    fn answer(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"tertulia\", charset=\"UTF-8\""));
        }
        response.json(json!({ "error": self.error, "error_description": self.description }))
    }
}

/// `POST /oauth/token`. Who: an API client with its secret.
async fn token(state: Data<State>, request: HttpRequest, body: Result<Bytes, actix_web::Error>) -> Result<HttpResponse, Problem> {
    let presented = match read(&request, body) {
        Ok(presented) => presented,
        Err(refusal) => return Ok(refusal.answer()),
    };
    let ctx = auth::anonymous(&state.app, request.headers());
    let access = match api_client::authenticate(&state.app, &ctx, client(&state, &request), &presented).await {
        Ok(access) => access,
        Err(error) => return refused(error),
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    Ok(response.json(json!({
        "access_token": access.token.expose_secret(),
        "token_type": "Bearer",
        "expires_in": access.expires_in,
        "scope": access.scopes.to_string(),
    })))
}

/// What the RFC has a word for in its form, and the rest as everywhere: rate limits and faults of the server.
fn refused(error: Error) -> Result<HttpResponse, Problem> {
    let (status, word) = match error.code {
        Code::Unauthenticated => (StatusCode::UNAUTHORIZED, "invalid_client"),
        Code::InvalidInput => (StatusCode::BAD_REQUEST, "invalid_scope"),
        _ => return Err(error.into()),
    };
    let description = error.faults.first().map_or("", |fault| fault.message.as_str());
    Ok(Refusal::new(status, word, description).answer())
}

fn read(request: &HttpRequest, body: Result<Bytes, actix_web::Error>) -> Result<Presented, Refusal> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Refusal::request("The body must be application/x-www-form-urlencoded."));
    }
    let body = body.map_err(|_| Refusal::request("The body cannot be read."))?;
    let authorization = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    presented(authorization, &body)
}

fn presented(authorization: Option<&str>, body: &[u8]) -> Result<Presented, Refusal> {
    let mut parameters = parameters(body)?;
    match parameters.get("grant_type").map(String::as_str) {
        None => return Err(Refusal::request("grant_type is missing.")),
        Some("client_credentials") => {}
        Some(_) => {
            let only = "The only grant here is client_credentials.";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", only));
        }
    }
    let in_body = parameters.remove("client_secret");
    let named = parameters.remove("client_id");
    let (client_id, secret) = match (authorization, in_body) {
        (Some(_), Some(_)) => return Err(Refusal::request("The client authenticates itself in two ways at once.")),
        (Some(header), None) => {
            let both = basic(header).ok_or_else(|| {
                Refusal::new(
                    StatusCode::UNAUTHORIZED,
                    "invalid_client",
                    "The Authorization header must be Basic, with client_id and client_secret.",
                )
            })?;
            if named.is_some_and(|named| named != both.0) {
                return Err(Refusal::request("client_id is not that of the Authorization header."));
            }
            both
        }
        (None, Some(secret)) => (named.ok_or_else(|| Refusal::request("client_id is missing."))?, secret),
        (None, None) => {
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, "invalid_client", "The client does not authenticate itself."));
        }
    };
    Ok(Presented { client_id, secret: SecretString::from(secret), scope: parameters.remove("scope") })
}

/// The parameters, none of which stands twice (RFC 6749, 3.2); those without a value count as left out.
fn parameters(body: &[u8]) -> Result<HashMap<String, String>, Refusal> {
    let mut parameters = HashMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        if !value.is_empty() && parameters.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(Refusal::request("A parameter stands twice."));
        }
    }
    Ok(parameters)
}

/// Identifier and secret of a `Basic` header, each form-encoded first (RFC 6749, 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.trim().split_once(' ')?;
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let plain = |text: &str| form_urlencoded::parse(format!("x={text}").as_bytes()).next().map(|(_, value)| value.into_owned());
    Some((plain(id)?, plain(secret)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(authorization: Option<&str>, body: &str) -> Result<(String, String, Option<String>), &'static str> {
        let read = presented(authorization, body.as_bytes());
        read.map(|read| (read.client_id, read.secret.expose_secret().to_owned(), read.scope)).map_err(|refusal| refusal.error)
    }

    #[test]
    fn reads_both_ways_of_authentication() {
        let both = Ok(("client_1".to_owned(), "s:%".to_owned(), Some("a b".to_owned())));
        let header = format!("basic {}", STANDARD.encode("client_1:s%3A%25"));
        assert_eq!(word(Some(&header), "grant_type=client_credentials&scope=a+b"), both);
        assert_eq!(word(None, "grant_type=client_credentials&scope=a%20b&client_id=client_1&client_secret=s%3A%25"), both);
        assert_eq!(word(Some(&header), "grant_type=client_credentials&scope=a+b&client_id=client_1"), both);
    }

    #[test]
    fn refuses_in_the_words_of_the_rfc() {
        let header = format!("Basic {}", STANDARD.encode("client_1:secret"));
        for (authorization, body, error) in [
            (None, "", "invalid_request"),
            (None, "grant_type=", "invalid_request"),
            (None, "grant_type=password&username=a", "unsupported_grant_type"),
            (None, "grant_type=client_credentials", "invalid_client"),
            (None, "grant_type=client_credentials&client_secret=x", "invalid_request"),
            (None, "grant_type=client_credentials&client_id=client_1", "invalid_client"),
            (Some("Bearer x"), "grant_type=client_credentials", "invalid_client"),
            (Some("Basic !"), "grant_type=client_credentials", "invalid_client"),
            (Some(header.as_str()), "grant_type=client_credentials&client_secret=secret", "invalid_request"),
            (Some(&header), "grant_type=client_credentials&client_id=client_2", "invalid_request"),
            (Some(&header), "grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ] {
            assert_eq!(word(authorization, body), Err(error), "{body}");
        }
    }
}
