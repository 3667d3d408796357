//! Whether the server lives, and whether it can serve.

use actix_web::{HttpResponse, web::Data};
use serde_json::json;

use tertulia_domain::Error;

use crate::{error::Problem, server::State};

/// Why a server with a database is not ready.
#[derive(Debug, thiserror::Error)]
#[error("the database lacks migrations of this version")]
struct Behind;

/// `GET /health/live`: the process answers. Who: anyone.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// `GET /health/ready`: the database answers and has every migration; 503 otherwise. Who: anyone.
pub async fn ready(state: Data<State>) -> Result<HttpResponse, Problem> {
    state.app.ping().await?;
    if state.app.pending_migrations().await? > 0 {
        return Err(Error::unavailable(Behind).into());
    }
    Ok(HttpResponse::Ok().json(json!({ "status": "ok" })))
}
