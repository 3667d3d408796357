//! The contact log over REST: the history of a contact as a file.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Data, Path, ServiceConfig},
};
use tertulia_app::engagement::contact;
use tertulia_domain::engagement::new_contact::id;

use crate::{auth, error::Problem, server::State};

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/contacts/{id}/history").route(web::get().to(history)));
}

/// `GET /v1/contacts/{id}/history`: every fact with its hash, to keep and to check with `tertulia contact verify FILE`. Notes
/// and persons stand in it for your own side only. Who: whoever may read the contact.
async fn history(request: HttpRequest, state: Data<State>, path: Path<String>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    contact::may_read(&ctx)?;
    let file = contact::history(&state.app, &ctx, id(&path).map_err(|error| error.under("id"))?).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.json(file))
}
