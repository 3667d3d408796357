//! A reader of the OpenAPI description, bundled: its page loads nothing from another host.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, LOCATION},
    web::{self, Path, ServiceConfig},
};
use tertulia_domain::Error;
use utoipa_swagger_ui::{Config, serve};

use crate::error::Problem;

/// What the page may load and ask: this server, and the pictures that stand in its style sheet.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/docs").route(web::get().to(enter)));
    routes.service(web::resource("/docs/{file:.*}").route(web::get().to(file)));
}

/// `GET /docs`: leads to the page. Who: anyone.
async fn enter() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

/// `GET /docs/{file}`: the page and its parts. Who: anyone.
async fn file(path: Path<String>) -> Result<HttpResponse, Problem> {
    let config = Config::from("/v1/openapi.json").validator_url("none");
    let found = serve(&path, Arc::new(config)).map_err(|_| Error::broken("the reader's page cannot be made"))?;
    let found = found.ok_or_else(|| Error::not_found(""))?;
    let mut response = HttpResponse::Ok();
    response.content_type(found.content_type).insert_header((CONTENT_SECURITY_POLICY, POLICY));
    response.insert_header((CACHE_CONTROL, "public, max-age=3600"));
    if found.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(response.body(found.bytes.into_owned()))
}
