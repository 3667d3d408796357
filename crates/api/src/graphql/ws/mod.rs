//! GraphQL over a WebSocket, sub-protocol graphql-transport-ws.
//!
//! One task holds one socket. It reads messages, runs the operations as streams side by side and writes what they yield; a
//! client that does not read holds up its own streams and is dropped after `limits.slow_reader_seconds`. A socket lives as long as its access
//! token: then, and when the session ends or a membership changes, it is closed, and the client connects again.

mod message;
mod socket;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    guard::GuardContext,
    http::header::{SEC_WEBSOCKET_PROTOCOL, UPGRADE},
    rt,
    web::{Data, Payload},
};
use tracing::Instrument;

use self::{
    message::{Closing, PROTOCOL},
    socket::Socket,
};
use super::live;
use crate::{error::Problem, server::State};

/// Whether a request asks for a WebSocket.
pub fn wanted(request: &GuardContext<'_>) -> bool {
    let upgrade = request.head().headers().get(UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.split(',').any(|name| name.trim().eq_ignore_ascii_case("websocket")))
}

/// Opens a socket.
pub async fn open(request: HttpRequest, payload: Payload, state: Data<State>) -> actix_web::Result<HttpResponse> {
    let place = live::enter(&state).map_err(Problem::from)?;
    let (response, session, messages) = actix_ws::handle_with_protocols(&request, payload, &[PROTOCOL])?;
    let most = state.config.server.body_bytes;
    let messages = messages.max_frame_size(most).aggregate_continuations().max_continuation_size(most);
    if !response.headers().contains_key(SEC_WEBSOCKET_PROTOCOL) {
        rt::spawn(async move { session.close(Closing::Subprotocol.reason()).await });
        return Ok(response);
    }
    let socket = Socket::new(Arc::clone(&state), request.headers().clone(), session, place);
    rt::spawn(socket.run(messages).in_current_span());
    Ok(response)
}
