//! `GraphiQL`, an editor for documents, from this binary alone: the page and what it needs come from this server, and the
//! page may load nothing from anywhere else. `crates/api/assets/graphiql/source` bundles it.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Data, Path, ServiceConfig},
};
use tertulia_domain::Error;

use crate::{error::Problem, server::State};

/// What the page may do: run this server's scripts and talk to this server. `GraphiQL`'s menus write a style sheet of their own
/// into the page, hence `'unsafe-inline'` for styles.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files beside the page: name, type, content.
const FILES: [(&str, &str, &[u8]); 4] = [
    ("graphiql.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/graphiql/graphiql.js")),
    ("graphiql.css", "text/css; charset=utf-8", include_bytes!("../../assets/graphiql/graphiql.css")),
    ("page.css", "text/css; charset=utf-8", include_bytes!("../../assets/graphiql/page.css")),
    ("LICENCES.txt", "text/plain; charset=utf-8", include_bytes!("../../assets/graphiql/LICENCES.txt")),
];

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/graphiql").route(web::get().to(page)));
    routes.service(web::resource("/graphiql/{file}").route(web::get().to(file)));
}

/// `GET /graphiql`: the page, where the configuration has it. Who: anyone.
async fn page(state: Data<State>) -> Result<HttpResponse, Problem> {
    served(&state, "text/html; charset=utf-8", include_bytes!("../../assets/graphiql/index.html"))
}

/// `GET /graphiql/{file}`: what the page loads. Who: anyone.
async fn file(state: Data<State>, name: Path<String>) -> Result<HttpResponse, Problem> {
    let (_, kind, content) = FILES.iter().find(|(known, ..)| *known == name.as_str()).ok_or_else(|| Error::not_found(""))?;
    served(&state, kind, content)
}

fn served(state: &State, kind: &'static str, content: &'static [u8]) -> Result<HttpResponse, Problem> {
    if !state.config.graphql.graphiql {
        return Err(Error::not_found("").into());
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(content))
}
