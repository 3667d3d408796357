//! What is kept about a person, over REST: one document for him alone.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderMap},
    web::{self, Bytes, Data, ServiceConfig},
};
use futures::{Stream, stream};
use tertulia_app::person::{Document, data_export};

use crate::{auth, error::Problem, server::State};

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/me/data").route(web::get().to(data)));
}

/// `GET /v1/me/data`: everything that is kept about the caller. Who: anyone signed in, about oneself.
async fn data(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    let mut document = data_export(&state.app, &ctx).await?;
    // Refusals have their status only before the first byte is sent.
    let first = document.next(&state.app, &ctx).await?.map(Bytes::from);
    let name = format!("attachment; filename=\"tertulia-my-data-{}.json\"", ctx.now.format("%Y-%m-%d"));
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((CONTENT_DISPOSITION, name)).content_type("application/json");
    Ok(response.streaming(pieces(first, document, state, request.headers().clone())))
}

/// What was read first, and then piece after piece; breaks off where one cannot be read, so that nobody takes a part for the whole.
fn pieces(first: Option<Bytes>, document: Document, state: Data<State>, headers: HeaderMap) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold((first, document, state, headers), |(first, mut document, state, headers)| async move {
        let piece = match first {
            Some(first) => Some(first),
            None => next(&mut document, &state, &headers).await?,
        };
        Ok(piece.map(|piece| (piece, (None, document, state, headers))))
    })
}

async fn next(document: &mut Document, state: &State, headers: &HeaderMap) -> std::io::Result<Option<Bytes>> {
    let broken = |_| std::io::Error::other("the rest of the document could not be read");
    let ctx = auth::context(&state.app, headers).await.map_err(broken)?;
    Ok(document.next(&state.app, &ctx).await.map_err(broken)?.map(Bytes::from))
}
