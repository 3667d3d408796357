//! JSON bodies of REST requests, refused as RFC 9457 has it.

use std::{future::Future, net::IpAddr, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header::CONTENT_TYPE},
    web::Bytes,
};
use serde::de::DeserializeOwned;
use tertulia_domain::{Code, Error, Reason};

use crate::{error::Problem, server::State};

/// A JSON object of at most the configured size.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json {
                let error = Error::invalid(Reason::NotAnOption, "", "The body must be application/json.");
                return Err(Problem::from(error).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
            let bytes = bytes.await.map_err(|error| unread(error.as_response_error().status_code()))?;
            // Not in the words of serde, which quote the values: this may be a password.
            let place = |error: serde_json::Error| {
                format!("The body is not the JSON that is asked for, from line {} column {} on.", error.line(), error.column())
            };
            let malformed = |error| Problem::from(Error::invalid(Reason::Malformed, "", place(error)));
            // A list would fill the members of a struct in their order.
            if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
                return Err(Error::invalid(Reason::Malformed, "", "The body must be a JSON object.").into());
            }
            serde_json::from_slice(&bytes).map(Self).map_err(malformed)
        })
    }
}

fn unread(status: StatusCode) -> Problem {
    if status != StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid(Reason::Malformed, "", "The body ended before its end.").into();
    }
    let error = Error::new(Code::LimitExceeded, Reason::TooLong, "", "The body is larger than this server takes.");
    Problem::from(error).with_status(status)
}

/// The client's address: the peer's, or behind a proxy the last one that the proxy noted.
pub fn client(state: &State, request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|address| address.ip());
    if !state.config.server.behind_proxy {
        return peer;
    }
    let forwarded = request.headers().get_all("x-forwarded-for").last().and_then(|value| value.to_str().ok());
    forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()).or(peer)
}
