//! The messages of the sub-protocol graphql-transport-ws, and the codes with which it closes a socket.

use actix_ws::{CloseCode, CloseReason};
use async_graphql::{Response, ServerError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The sub-protocol's name.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Incoming {
    /// Opens the conversation; `authorization` in the payload is read like the header of that name.
    ConnectionInit {
        /// Free for applications.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Asks for a pong.
    Ping {
        /// Comes back with the pong.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Answers a ping of ours.
    Pong {},
    /// Starts an operation.
    Subscribe {
        /// The client's name for it.
        id: String,
        /// The operation, as a request over HTTP has it.
        payload: Value,
    },
    /// Ends an operation.
    Complete {
        /// The client's name for it.
        id: String,
    },
}

/// Reads a message.
pub(super) fn parse(text: &str) -> Result<Incoming, Closing> {
    serde_json::from_str(text).map_err(|_| Closing::BadRequest("This is no message of graphql-transport-ws."))
}

pub(super) fn ack() -> Value {
    json!({ "type": "connection_ack" })
}

pub(super) fn pong(payload: Option<Map<String, Value>>) -> Value {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }),
        None => json!({ "type": "pong" }),
    }
}

pub(super) fn next(id: &str, response: &Response) -> Value {
    json!({ "type": "next", "id": id, "payload": response })
}

pub(super) fn error(id: &str, errors: &[ServerError]) -> Value {
    json!({ "type": "error", "id": id, "payload": errors })
}

pub(super) fn complete(id: &str) -> Value {
    json!({ "type": "complete", "id": id })
}

/// Why a socket is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// The client closed it, with this reason.
    Echo(Option<CloseReason>),
    /// The connection is gone.
    Gone,
    /// 1001: the server stops; connect again.
    Away,
    /// 1008: the client does not read what it asked for.
    TooSlow,
    /// 1013: there are too many sockets; try again later.
    TryLater,
    /// 4400: a message that the protocol does not know.
    BadRequest(&'static str),
    /// 4401: nothing but `connection_init` may come first; or the session has ended.
    Unauthorized(&'static str),
    /// 4403: the token is not good, has expired, or its rights have changed; connect again with a fresh one.
    Forbidden(&'static str),
    /// 4406: the client speaks another sub-protocol.
    Subprotocol,
    /// 4408: `connection_init` did not come in time.
    InitTimeout,
    /// 4409: the id is in use.
    Exists(String),
    /// 4429: `connection_init` came twice.
    InitTwice,
}

impl Closing {
    /// The close frame; none for a connection that is gone.
    pub(super) fn reason(self) -> Option<CloseReason> {
        let reason = |code: u16, text: &str| Some(CloseReason { code: CloseCode::from(code), description: Some(text.to_owned()) });
        match self {
            Self::Echo(given) => given,
            Self::Gone => None,
            Self::Away => reason(1001, "The server stops."),
            Self::TooSlow => reason(1008, "You read too slowly."),
            Self::TryLater => reason(1013, "Too many sockets; try again later."),
            Self::BadRequest(text) => reason(4400, text),
            Self::Unauthorized(text) => reason(4401, text),
            Self::Forbidden(text) => reason(4403, text),
            Self::Subprotocol => reason(4406, "Subprotocol not acceptable"),
            Self::InitTimeout => reason(4408, "Connection initialisation timeout"),
            Self::Exists(id) => reason(4409, &format!("Subscriber for {id} already exists")),
            Self::InitTwice => reason(4429, "Too many initialisation requests"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_protocols_messages_and_no_others() {
        for text in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":{"authorization":"Bearer x"}}"#,
            r#"{"type":"ping","payload":{"a":1}}"#,
            r#"{"type":"pong"}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}"}}"#,
            r#"{"type":"complete","id":"1"}"#,
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "x",
            "{}",
            "[]",
            r#"{"type":"start"}"#,
            r#"{"type":"subscribe","id":1,"payload":{}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
        ] {
            assert!(matches!(parse(text), Err(Closing::BadRequest(_))), "{text}");
        }
    }
}
