//! What no route answers: an unknown path, and a method that a path does not have, as problems.

use actix_web::{
    HttpResponse, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_TYPE, HeaderValue},
    },
    middleware::Next,
};
use tertulia_domain::{Error, Reason};

use super::openapi::description;
use crate::error::Problem;

/// Gives refusals of the router the form of all others.
pub async fn shaped<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> actix_web::Result<ServiceResponse<EitherBody<B>>> {
    let path = request.path().to_owned();
    let response = next.call(request).await?;
    let of_router = !response.headers().contains_key(CONTENT_TYPE);
    let shaped = match response.status() {
        StatusCode::NOT_FOUND if of_router => Problem::from(Error::not_found("")).error_response(),
        StatusCode::METHOD_NOT_ALLOWED if of_router => other_method(&path),
        _ => return Ok(response.map_into_left_body()),
    };
    Ok(response.into_response(shaped).map_into_right_body())
}

fn other_method(path: &str) -> HttpResponse {
    let methods = description().map(|description| description.methods(path)).unwrap_or_default();
    let error = Error::invalid(Reason::NotAnOption, "", "This path does not have that method.");
    let mut response = Problem::from(error).with_status(StatusCode::METHOD_NOT_ALLOWED).error_response();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}
