//! A client of graphql-transport-ws.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, protocol::CloseFrame},
};

/// How long a story waits for a message before it fails; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(30);

/// One open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket that offers these sub-protocols.
    pub async fn open(url: &str, protocols: &str) -> Result<Self, String> {
        let mut request = url.replacen("http", "ws", 1).into_client_request().expect("an address");
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse().expect("a header"));
        let (stream, _) = connect_async(request).await.map_err(|error| error.to_string())?;
        Ok(Self(stream))
    }

    /// Opens a socket and says `connection_init`, with a token if there is one.
    pub async fn start(url: &str, token: Option<&str>) -> Self {
        let mut socket = Self::open(url, "graphql-transport-ws").await.expect("a socket");
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") })).unwrap_or_default();
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, Ok(json!({ "type": "connection_ack" })));
        socket
    }

    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.text(message.to_string()).await;
    }

    /// Sends text.
    pub async fn text(&mut self, text: String) {
        self.0.send(Message::text(text)).await.expect("an open socket");
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": query, "variables": variables } })).await;
    }

    /// The next message, or the code with which the server closed the socket.
    pub async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.expect("a message in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |CloseFrame { code, .. }| code.into())),
                Some(Ok(_)) => {}
                None | Some(Err(_)) => return Err(1006),
            }
        }
    }

    /// Closes the socket with a code and hears what comes back.
    pub async fn close(mut self, code: u16) -> Result<Value, u16> {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.0.send(Message::Close(Some(frame))).await.expect("an open socket");
        self.hear().await
    }
}
