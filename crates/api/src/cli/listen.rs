//! `tertulia listen`: prints changes of contacts as they come, over graphql-transport-ws, as a front end would receive them.

use clap::Args;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{Failure, Outcome};

/// What is subscribed to.
const DOCUMENT: &str = "subscription { contactChanged { cursor act at contact { id reference status head { seq } } } }";

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The server's address.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// An access token, as `POST /v1/session` answers it.
    #[arg(long)]
    token: String,
    /// Stop after so many events; without it, never.
    #[arg(long)]
    events: Option<u64>,
}

pub(super) async fn run(arguments: &Arguments) -> Outcome {
    let mut listening = listen(&arguments.url, &arguments.token).await?;
    let mut heard = 0;
    while arguments.events.is_none_or(|wanted| heard < wanted) {
        println!("{}", listening.next().await?);
        heard += 1;
    }
    Ok(())
}

/// An open subscription.
pub struct Listening(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Subscribes at the server `base` with an access token. The subscription is in force when this returns.
pub async fn listen(base: &str, token: &str) -> Result<Listening, Failure> {
    let url = format!("{}/graphql", base.replacen("http", "ws", 1));
    let mut request = url.as_str().into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let unreachable = |error| Failure::new(format!("No server answers at {base}: {error}. `--url` names another address."));
    let (socket, _) = connect_async(request).await.map_err(unreachable)?;
    let mut listening = Listening(socket);
    listening.send(&json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await?;
    listening.receive("connection_ack").await?;
    listening.send(&json!({ "type": "subscribe", "id": "1", "payload": { "query": DOCUMENT } })).await?;
    // The answer to a ping shows that the server has read the subscription before it.
    listening.send(&json!({ "type": "ping" })).await?;
    listening.receive("pong").await?;
    Ok(listening)
}

impl From<tokio_tungstenite::tungstenite::Error> for Failure {
    fn from(error: tokio_tungstenite::tungstenite::Error) -> Self {
        Self::new(format!("The socket failed: {error}."))
    }
}

impl Listening {
    /// The next event.
    pub async fn next(&mut self) -> Result<Value, Failure> {
        let mut message = self.receive("next").await?;
        Ok(message.get_mut("payload").map(Value::take).unwrap_or_default())
    }

    async fn send(&mut self, message: &Value) -> Outcome {
        Ok(self.0.send(Message::text(message.to_string())).await?)
    }

    async fn receive(&mut self, kind: &str) -> Result<Value, Failure> {
        while let Some(message) = self.0.next().await {
            let Message::Text(text) = message? else { continue };
            let message: Value = serde_json::from_str(&text).map_err(|error| Failure::new(error.to_string()))?;
            match message.get("type").and_then(Value::as_str) {
                Some(found) if found == kind => return Ok(message),
                Some("error" | "complete") => return Err(Failure::new(format!("The server ended the subscription: {message}"))),
                _ => {}
            }
        }
        Err(Failure::new("The server closed the socket. Is the token still good? It lasts 15 minutes."))
    }
}
