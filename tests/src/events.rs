//! A client of GraphQL over server-sent events.

use std::time::Duration;

use reqwest::{Method, Response, header::ACCEPT};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::Client;

/// How long a story waits for an event before it fails; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(30);

/// One open stream.
pub struct Events {
    response: Response,
    read: String,
}

impl Events {
    /// Asks for a document's answer as a stream; it is in force when this returns.
    pub async fn open(client: &Client, document: &str, variables: Value) -> Self {
        let response = Self::ask(client, document, variables).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        let mut events = Self::of(response);
        // The first bytes say that the operation runs: what happens from now on is heard of.
        events.more().await.expect("the first bytes");
        events
    }

    /// The events of an answer.
    pub fn of(response: Response) -> Self {
        Self { response, read: String::new() }
    }

    /// The answer, whatever it is.
    pub async fn ask(client: &Client, document: &str, variables: Value) -> Response {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = client.request(Method::POST, "/graphql").header("content-type", "application/json");
        request.header(ACCEPT, "text/event-stream").body(body).send().await.expect("an answer")
    }

    async fn more(&mut self) -> Result<(), &'static str> {
        match timeout(PATIENCE, self.response.chunk()).await.expect("an event in time") {
            Ok(Some(chunk)) => self.read.push_str(std::str::from_utf8(&chunk).expect("UTF-8")),
            Ok(None) => return Err("the stream has ended"),
            Err(_) => return Err("the stream has broken off"),
        }
        Ok(())
    }

    /// The next `next` event; `Ok(None)` at `complete`, an error where the stream ends without one. Comments are passed over.
    pub async fn hear(&mut self) -> Result<Option<Value>, &'static str> {
        loop {
            let Some((event, rest)) = self.read.split_once("\n\n") else {
                self.more().await?;
                continue;
            };
            let (event, rest) = (event.to_owned(), rest.to_owned());
            self.read = rest;
            match event.split_once('\n') {
                Some(("event: next", data)) => {
                    let data = data.strip_prefix("data: ").expect("one line of data");
                    return Ok(Some(serde_json::from_str(data).expect("JSON")));
                }
                Some(("event: complete", "data:")) => return Ok(None),
                _ => assert!(event.starts_with(':'), "no event of the protocol: {event}"),
            }
        }
    }
}
