//! Documents that ask for too much are refused before anything runs, over HTTP and over a socket, with the limit's name.

use serde_json::{Value, json};
use tertulia_tests::{TestApp, socket::Socket, stories};

use super::assert_up;

stories![refuses_what_asks_for_too_much, refuses_what_is_no_document, refuses_batches_and_floods_of_variables];

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

/// One past each limit, and the limit's name.
fn floods() -> Vec<(&'static str, String)> {
    let deep = |levels: usize| format!("query {}__typename{}", "{ service ".repeat(levels - 1) + "{ ", " }".repeat(levels));
    let doubling = many(25, |n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }}", m = n + 1));
    vec![
        ("bytes", format!("{{ __typename }} # {}", "x".repeat(33_000))),
        ("depth", deep(16)),
        ("nesting", deep(65)),
        ("nesting", format!("{{ a(b: {}1{}) }}", "[".repeat(20_000 / 2), "]".repeat(20_000 / 2))),
        ("fields", format!("{{ service {{ {} }} }}", many(1_001, |n| format!("f{n}")))),
        ("aliases", format!("{{ {} }}", many(31, |n| format!("a{n}: __typename")))),
        ("repeats", format!("{{ {} }}", "__typename ".repeat(11))),
        ("directives", format!("{{ __typename {} }}", "@skip(if: false) ".repeat(31))),
        ("directives", format!("{{ __typename {} }}", "@unknown ".repeat(31))),
        ("operations", many(51, |n| format!("query Q{n} {{ __typename }}"))),
        ("fragments", format!("{{ __typename }} {}", many(51, |n| format!("fragment F{n} on Query {{ __typename }}")))),
        ("fields", format!("{{ ...F0 }} fragment F25 on Query {{ __typename }} {doubling}")),
        ("introspection", "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".to_owned()),
        ("cost", "{ electoralBodies(first: 100) { nodes { elections(first: 100) { nodes { id type } } } } }".to_owned()),
    ]
}

fn limit_named(errors: &Value) -> (&str, String) {
    let error = &errors[0];
    let message = error["message"].as_str().unwrap_or_default();
    (error["extensions"]["code"].as_str().unwrap_or("none"), message.split('`').nth(1).unwrap_or_default().to_owned())
}

async fn refuses_what_asks_for_too_much(app: &TestApp) {
    let client = app.anonymous();
    for (limit, document) in floods() {
        let mut body = json!({ "query": document });
        if limit == "operations" {
            body["operationName"] = json!("Q1");
        }
        let reply = client.post("/graphql", body).await;
        assert_eq!(limit_named(&reply.body["errors"]), ("LIMIT_EXCEEDED", limit.to_owned()), "{}", reply.text);
        assert!(reply.body.get("data").is_none());
    }
    let mut socket = Socket::start(&app.url("/graphql"), None).await;
    for (limit, document) in floods().into_iter().filter(|(limit, _)| *limit != "operations") {
        socket.subscribe("1", &document, json!({})).await;
        let message = socket.hear().await.unwrap();
        assert_eq!(limit_named(&message["payload"]), ("LIMIT_EXCEEDED", limit.to_owned()), "{message}");
    }
    assert_up(app).await;
}

async fn refuses_what_is_no_document(app: &TestApp) {
    let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    for document in
        ["", "{", "}{", "\u{0}", "{ a(b: \"", "query Q { __typename } query Q { __typename }", cycle, "fragment A on Query { __typename }"]
    {
        let reply = app.anonymous().graphql(document, json!({})).await;
        assert_eq!(reply.code(), "INVALID_DOCUMENT", "{document}: {}", reply.text);
    }
    let deep = format!("{{\"query\":\"{{ __typename }}\",\"variables\":{{\"x\":{}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
    let client = app.anonymous();
    let request = client.request(reqwest::Method::POST, "/graphql").header("content-type", "application/json").body(deep);
    assert_eq!(client.send(request).await.code(), "INVALID_DOCUMENT");
    assert_up(app).await;
}

async fn refuses_batches_and_floods_of_variables(app: &TestApp) {
    let client = app.anonymous();
    let one = json!({ "query": "{ __typename }" });
    for batch in [json!([]), json!([one]), json!([one, one])] {
        let reply = client.post("/graphql", batch).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (400, "LIMIT_EXCEEDED"));
    }
    let ids: Vec<String> = (0..20_000).map(|n| format!("contact_{n:026}")).collect();
    let reply = client.graphql("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
    assert_eq!(reply.code(), "LIMIT_EXCEEDED", "{}", reply.text);
    assert_up(app).await;
}
