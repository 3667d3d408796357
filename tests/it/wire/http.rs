//! GraphQL over HTTP, by the book.

use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use serde_json::json;
use tertulia_tests::{TestApp, harness::Backend, stories};

stories![
    answers_queries_both_ways,
    negotiates_media_types,
    weighs_media_types_as_the_client_does,
    says_how_to_sign_in,
    refuses_what_it_does_not_read,
    gives_up_after_the_request_time,
];

const RESPONSE: &str = "application/graphql-response+json";

async fn answers_queries_both_ways(app: &TestApp) {
    let client = app.anonymous();
    let posted = client.graphql("{ service { version } }", json!({})).await;
    assert_eq!(posted.status, StatusCode::OK);
    assert_eq!(posted.headers["content-type"], "application/json; charset=utf-8");
    assert!(posted.headers.contains_key("x-request-id"));
    let got = client.get("/graphql?query=query%20A{service{version}}%20query%20B{__typename}&operationName=A").await;
    assert_eq!(got.body, posted.body);
    let named = client.send(client.request(Method::GET, "/health/live").header("x-request-id", "abc-1")).await;
    assert_eq!(named.headers["x-request-id"], "abc-1");
    let forged = client.send(client.request(Method::GET, "/health/live").header("x-request-id", "a b")).await;
    assert_ne!(forged.headers["x-request-id"], "a b");
}

async fn negotiates_media_types(app: &TestApp) {
    let client = app.anonymous();
    let ask = async |accept: &str, document: &str| {
        let body = json!({ "query": document }).to_string();
        let request = client.request(Method::POST, "/graphql").header("content-type", "application/json").header("accept", accept);
        client.send(request.body(body)).await
    };
    assert_eq!(ask(RESPONSE, "{ __typename }").await.headers["content-type"], format!("{RESPONSE}; charset=utf-8"));
    for document in ["{", "{ nothing }", "query($id: ID!) { __typename @skip(if: $id) }", "query($id: ID!) { __typename }"] {
        let strict = ask(RESPONSE, document).await;
        assert_eq!(strict.status, StatusCode::BAD_REQUEST, "{document}");
        assert!(strict.body.get("data").is_none() && strict.code() == "INVALID_DOCUMENT", "{document}");
        let lenient = ask("application/json", document).await;
        assert_eq!(lenient.status, StatusCode::OK, "{document}");
        assert!(lenient.body.get("data").is_none(), "{document}");
    }
    let other = ask("text/html", "{ __typename }").await;
    assert_eq!((other.status, other.code()), (StatusCode::NOT_ACCEPTABLE, "INVALID_DOCUMENT"));
}

async fn weighs_media_types_as_the_client_does(app: &TestApp) {
    let client = app.anonymous();
    for (accept, kind) in [
        ("application/json;q=0.5, application/graphql-response+json;q=0.6", RESPONSE),
        ("application/json;q=0.7, application/graphql-response+json;q=0.6", "application/json"),
        ("application/json;q=0, */*;q=0.1", RESPONSE),
        ("text/html, application/graphql-response+json;q=0.001", RESPONSE),
        ("text/html, */*;q=0.8", "application/json"),
    ] {
        let request = client.request(Method::GET, "/graphql?query={__typename}").header("accept", accept);
        let reply = client.send(request).await;
        assert_eq!(reply.headers["content-type"], format!("{kind}; charset=utf-8"), "{accept}");
    }
    for accept in ["application/json;q=0", "application/*;q=0", "text/html, application/json;q=0.0", "image/*"] {
        let request = client.request(Method::GET, "/graphql?query={__typename}").header("accept", accept);
        let reply = client.send(request).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::NOT_ACCEPTABLE, "INVALID_DOCUMENT"), "{accept}");
    }
}

async fn says_how_to_sign_in(app: &TestApp) {
    for scheme in ["Bearer x.y.z", "Basic dXNlcjpwYXNz", "Bearer", ""] {
        for accept in [RESPONSE, "application/json", "text/event-stream"] {
            let client = app.anonymous();
            let request = client.request(Method::GET, "/graphql?query={__typename}").header("authorization", scheme);
            let reply = client.send(request.header("accept", accept)).await;
            assert_eq!((reply.status, reply.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "{scheme} {accept}");
            assert_eq!(reply.headers["www-authenticate"], "Bearer realm=\"tertulia\"");
            assert!(reply.body.get("data").is_none());
        }
    }
}

async fn refuses_what_it_does_not_read(app: &TestApp) {
    let client = app.anonymous();
    let body = json!({ "query": "{ __typename }" }).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16"] {
        let reply = client.send(client.request(Method::POST, "/graphql").header("content-type", kind).body(body.clone())).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "INVALID_DOCUMENT"), "{kind}");
    }
    let bare = client.send(client.request(Method::POST, "/graphql").body(body)).await;
    assert_eq!(bare.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let put = client.send(client.request(Method::PUT, "/graphql")).await;
    assert_eq!((put.status, put.headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET, POST"));
    let batch = client.post("/graphql", json!([{ "query": "{ __typename }" }])).await;
    assert_eq!((batch.status, batch.code()), (StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED"));
    for body in [json!({}), json!({ "query": 7 }), json!({ "query": "{ __typename }", "variables": [] }), json!("x")] {
        let reply = client.post("/graphql", body.clone()).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "INVALID_DOCUMENT"), "{body}");
    }
    let long = json!({ "query": "{ __typename }", "variables": { "x": "x".repeat(app.config.server.body_bytes) } });
    let large = client.post("/graphql", long).await;
    assert_eq!((large.status, large.code()), (StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED"));
    // In chunks, so that no header tells how long it is.
    let body = format!("{}{}", " ".repeat(app.config.server.body_bytes), json!({ "query": "{ __typename }" })).into_bytes();
    let chunks = body.chunks(8_000).map(<[u8]>::to_vec).map(Ok::<_, std::io::Error>).collect::<Vec<_>>();
    let request = client.request(Method::POST, "/graphql").header("content-type", "application/json");
    let large = client.send(request.body(reqwest::Body::wrap_stream(futures::stream::iter(chunks)))).await;
    assert_eq!((large.status, large.code()), (StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED"));
}

async fn gives_up_after_the_request_time(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let hasty = app.beside_with(|config| config.server.request_timeout_seconds = 0).await;
    // Nothing can be written, so that the act waits.
    let database = app.database.connect().await;
    let options = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
    let holding = database.begin_with_options(options).await.unwrap();
    if app.database.backend == Backend::Postgres {
        holding.execute_unprepared("LOCK TABLE instrument").await.unwrap();
    }
    let document = "mutation($input: InstrumentCreateInput!) { instrumentCreate(input: $input) { instrument { id } } }";
    let titles = json!([{ "language": "en", "text": "Code of ethics" }]);
    let input = json!({ "titles": titles, "type": "CODE", "bindingness": "VOLUNTARY" });
    let reply = hasty.with_token(coordinator.token.as_deref().unwrap()).graphql(document, json!({ "input": input })).await;
    holding.rollback().await.unwrap();
    database.close().await.unwrap();
    assert_eq!((reply.status, reply.code()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"));
    assert_eq!(reply.headers["retry-after"], "1");
    assert!(reply.body["errors"][0]["extensions"]["incident"].is_string() && reply.body.get("data").is_none());
    // What needs no waiting is still answered.
    hasty.anonymous().data("{ service { version } }", json!({})).await;
    hasty.finish().await;
}
