//! What only the demo has: a first page, and links that open `GraphiQL` signed in as one of its accounts.

use std::fmt::Write;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Data, ServiceConfig},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tertulia_app::identity::session;
use tertulia_domain::Error;

use super::{
    body::{Json, client},
    identity::tokens,
};
use crate::{auth, error::Problem, server::State};

/// A link that signs in as one account of the demo, as long as this process runs.
#[derive(Clone, Debug)]
pub struct Link {
    /// The account's role.
    pub role: String,
    /// What the link proves itself with.
    pub secret: SecretString,
    /// The account's address.
    pub email: String,
    /// The account's password.
    pub password: SecretString,
}

impl Link {
    /// Where the link leads. The secret stands in the fragment, which browsers send to nobody.
    pub fn path(&self) -> String {
        format!("/graphiql#link={}", self.secret.expose_secret())
    }
}

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/").route(web::get().to(index)));
    routes.service(web::resource("/demo/session").route(web::post().to(start)));
}

/// `GET /`: the demo's first page. Its links are shown to readers on the same machine alone. Who: anyone.
async fn index(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    if !state.config.demo {
        return Err(Error::not_found("").into());
    }
    let here = request.peer_addr().is_some_and(|address| address.ip().is_loopback());
    let mut links = String::new();
    for link in state.config.demo_links.iter().filter(|_| here) {
        let _ = writeln!(links, "<li><a href=\"{}\">{}</a></li>", link.path(), link.role);
    }
    let what = if here { "Open GraphiQL as" } else { "The links that sign in stand in the demo's terminal." };
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Tertulia's demo</title>\n<h1>Tertulia's demo</h1>\n<p>{what}</p>\n\
         <ul>\n{links}</ul>\n<p><a href=\"/graphiql\">GraphiQL without signing in</a></p>\n</html>\n"
    );
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(page))
}

#[derive(Deserialize)]
struct Proof {
    link: SecretString,
}

/// `POST /demo/session`: signs in with the secret of a link. Who: anyone who holds a link of the running demo.
async fn start(state: Data<State>, request: HttpRequest, Json(body): Json<Proof>) -> Result<HttpResponse, Problem> {
    let held = |link: &&Link| state.config.demo && link.secret.expose_secret() == body.link.expose_secret();
    let unknown = || Error::unauthenticated("This is no link of the running demo.");
    let link = state.config.demo_links.iter().find(held).ok_or_else(unknown)?;
    let ctx = auth::anonymous(&state.app, request.headers());
    let signed_in = session::start(&state.app, &ctx, client(&state, &request), &link.email, link.password.clone()).await?;
    Ok(tokens(&signed_in))
}
