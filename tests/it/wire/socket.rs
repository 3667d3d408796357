//! graphql-transport-ws, by the book.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use tertulia_tests::{TestApp, socket::Socket, stories};

stories![
    runs_operations_side_by_side,
    closes_with_the_protocols_codes,
    closes_a_socket_that_says_nothing,
    refuses_documents_over_the_limits,
    takes_so_many_sockets_and_no_more,
    stops_with_open_sockets,
    ends_with_the_session,
    ends_when_the_token_expires,
];

async fn runs_operations_side_by_side(app: &TestApp) {
    let mut socket = Socket::start(&app.url("/graphql"), None).await;
    socket.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong", "payload": { "n": 1 } })));
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    socket.say(json!({ "type": "pong" })).await;
    for id in ["a", "b"] {
        socket.subscribe(id, "{ __typename }", json!({})).await;
        assert_eq!(socket.hear().await, Ok(json!({ "type": "next", "id": id, "payload": { "data": { "__typename": "Query" } } })));
        assert_eq!(socket.hear().await, Ok(json!({ "type": "complete", "id": id })));
    }
    socket.subscribe("a", "{ nothing }", json!({})).await;
    let error = socket.hear().await.unwrap();
    assert_eq!((error["type"].as_str(), error["payload"][0]["extensions"]["code"].as_str()), (Some("error"), Some("INVALID_DOCUMENT")));
    socket.say(json!({ "type": "complete", "id": "never" })).await;
    assert_eq!(socket.close(1000).await, Err(1000));
}

async fn closes_with_the_protocols_codes(app: &TestApp) {
    let url = app.url("/graphql");
    let init = json!({ "type": "connection_init" });
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ __typename }" } });
    let bad_token = json!({ "type": "connection_init", "payload": { "authorization": "Bearer x.y.z" } });
    let no_request = json!({ "type": "subscribe", "id": "1", "payload": { "query": 7 } });
    for (messages, code) in [
        (vec![json!("x")], 4400),
        (vec![json!({ "type": "start" })], 4400),
        (vec![subscribe], 4401),
        (vec![bad_token], 4403),
        (vec![init.clone(), init.clone()], 4429),
        (vec![init, no_request], 4400),
    ] {
        let mut socket = Socket::open(&url, "graphql-transport-ws").await.unwrap();
        for message in &messages {
            socket.say(message.clone()).await;
        }
        let closed = loop {
            match socket.hear().await {
                Ok(message) => assert_eq!(message["type"], "connection_ack"),
                Err(closed) => break closed,
            }
        };
        assert_eq!(closed, code, "{messages:?}");
    }
    let mut other = Socket::open(&url, "graphql-ws").await;
    // A client may refuse the handshake by itself when no sub-protocol was chosen.
    if let Ok(other) = &mut other {
        assert_eq!(other.hear().await, Err(4406));
    }
}

async fn closes_a_socket_that_says_nothing(app: &TestApp) {
    let hasty = TestApp::start_with(app.database.backend, |config| config.limits.slow_reader_seconds = 1).await;
    let mut silent = Socket::open(&hasty.url("/graphql"), "graphql-transport-ws").await.unwrap();
    assert_eq!(silent.hear().await, Err(4408));
    hasty.finish().await;
}

async fn refuses_documents_over_the_limits(app: &TestApp) {
    let mut socket = Socket::start(&app.url("/graphql"), None).await;
    let deep = format!("{}a{}", "{ a ".repeat(20) + "{", "}".repeat(21));
    socket.subscribe("1", &deep, json!({})).await;
    let error = socket.hear().await.unwrap();
    assert_eq!(error["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
    socket.text("x".repeat(app.config.server.body_bytes + 1)).await;
    assert_eq!(socket.hear().await, Err(4400));
}

async fn takes_so_many_sockets_and_no_more(app: &TestApp) {
    let few = TestApp::start_with(app.database.backend, |config| config.limits.sockets = 1).await;
    let url = few.url("/graphql");
    let first = Socket::start(&url, None).await;
    let refused = Socket::open(&url, "graphql-transport-ws").await.err();
    assert!(refused.as_ref().is_some_and(|error| error.contains("503")), "{refused:?}");
    assert_eq!(first.close(1000).await, Err(1000));
    few.finish().await;
}

async fn stops_with_open_sockets(app: &TestApp) {
    let other = TestApp::start(app.database.backend).await;
    let mut socket = Socket::start(&other.url("/graphql"), None).await;
    let (closed, ()) = futures::join!(socket.hear(), other.finish());
    assert_eq!(closed, Err(1001));
}

async fn ends_with_the_session(app: &TestApp) {
    let (client, _) = app.coordinator().await;
    let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
    let out = client.send(client.request(Method::DELETE, "/v1/session")).await;
    assert!(out.status.is_success(), "{}", out.text);
    assert_eq!(socket.hear().await, Err(4401));
}

async fn ends_when_the_token_expires(app: &TestApp) {
    let (client, _) = app.coordinator().await;
    let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
    app.advance(TimeDelta::minutes(16));
    socket.subscribe("1", "{ __typename }", json!({})).await;
    assert_eq!(socket.hear().await, Err(4403));
}
