//! JSON bodies of REST requests, refused as RFC 9457 has it.

use std::{future::Future, net::IpAddr, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::CONTENT_TYPE, web::Bytes};
use serde::de::DeserializeOwned;
use tertulia_domain::{Code, Error, Reason};

use crate::{error::Problem, server::State};

/// A JSON body of at most the configured size.
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
                return Err(Error::invalid(Reason::Malformed, "", "The body must be application/json.").into());
            }
            let bytes = bytes.await.map_err(|_| too_large())?;
            // Not in the words of serde, which quote the values: this may be a password.
            let place = |error: serde_json::Error| {
                format!("The body is not the JSON that is asked for, from line {} column {} on.", error.line(), error.column())
            };
            let malformed = |error| Problem(Error::invalid(Reason::Malformed, "", place(error)));
            serde_json::from_slice(&bytes).map(Self).map_err(malformed)
        })
    }
}

fn too_large() -> Error {
    Error::new(Code::LimitExceeded, Reason::TooLong, "", "The body is larger than this server takes.")
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
