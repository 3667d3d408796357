//! GraphQL over server-sent events, by the graphql-sse protocol.

use chrono::TimeDelta;
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE},
};
use serde_json::{Value, json};
use tertulia_tests::{TestApp, events::Events, stories};

stories![
    answers_queries_and_mutations_as_streams,
    answers_what_cannot_run_as_an_event,
    refuses_requests_as_without_a_stream,
    chooses_the_form_by_the_operation,
    ends_with_the_session,
    ends_when_the_token_expires,
    ends_when_the_server_stops,
    takes_so_many_streams_and_no_more,
    passes_events_on_as_they_are,
];

const CHANGED: &str = "subscription { contactChanged { act contact { id } } }";
const ISSUE: &str = "mutation { feedTokenCreate(input: { scope: MY_MEETINGS }) { userErrors { code } } }";

async fn answers_queries_and_mutations_as_streams(app: &TestApp) {
    let (client, _) = app.coordinator().await;
    let mut query = Events::open(&client, "{ __typename }", json!({})).await;
    assert_eq!(query.hear().await, Ok(Some(json!({ "data": { "__typename": "Query" } }))));
    assert_eq!(query.hear().await, Ok(None));
    assert_eq!(query.hear().await, Err("the stream has ended"));
    let mut mutation = Events::open(&client, ISSUE, json!({})).await;
    assert_eq!(mutation.hear().await.unwrap().unwrap()["data"]["feedTokenCreate"]["userErrors"], json!([]));
    assert_eq!(mutation.hear().await, Ok(None));
    let got = client.request(Method::GET, "/graphql?query={__typename}").header(ACCEPT, "text/event-stream").send().await.unwrap();
    assert_eq!(
        (&got.headers()["cache-control"], &got.headers()["x-accel-buffering"]),
        (&"no-store".parse().unwrap(), &"no".parse().unwrap())
    );
    assert_eq!(Events::of(got).hear().await, Ok(Some(json!({ "data": { "__typename": "Query" } }))));
}

async fn answers_what_cannot_run_as_an_event(app: &TestApp) {
    let client = app.anonymous();
    let deep = format!("{}a{}", "{ a ".repeat(20) + "{", "}".repeat(21));
    for (document, code) in
        [("{", "INVALID_DOCUMENT"), ("{ nothing }", "INVALID_DOCUMENT"), (&deep, "LIMIT_EXCEEDED"), (CHANGED, "UNAUTHENTICATED")]
    {
        let mut events = Events::open(&client, document, json!({})).await;
        let answer = events.hear().await.unwrap().unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{document}");
        assert_eq!(events.hear().await, Ok(None), "{document}");
    }
}

async fn refuses_requests_as_without_a_stream(app: &TestApp) {
    let client = app.anonymous();
    let ask = |method: Method, path: &str| client.request(method, path).header(ACCEPT, "text/event-stream");
    let json = |body: Value| ask(Method::POST, "/graphql").header(CONTENT_TYPE, "application/json").body(body.to_string());
    let bad = app.with_token("x.y.z");
    let bad = bad.request(Method::GET, "/graphql?query={__typename}").header(ACCEPT, "text/event-stream");
    let mutation = format!("/graphql?query={}", ISSUE.replace(' ', "%20"));
    let large = json!({ "query": "{ __typename }", "variables": { "x": "x".repeat(app.config.server.body_bytes) } });
    for (request, status) in [
        (bad, StatusCode::UNAUTHORIZED),
        (ask(Method::GET, &mutation), StatusCode::METHOD_NOT_ALLOWED),
        (ask(Method::POST, "/graphql").header(CONTENT_TYPE, "text/plain").body("{}"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (json(json!({ "query": 7 })), StatusCode::BAD_REQUEST),
        (json(large), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let reply = client.send(request).await;
        assert_eq!(reply.status, status, "{}", reply.text);
        assert!(reply.body["errors"][0]["extensions"]["code"].is_string(), "{}", reply.text);
    }
}

async fn chooses_the_form_by_the_operation(app: &TestApp) {
    let client = app.anonymous();
    let ask = async |accept: &str, document: &str| {
        let request = client.request(Method::POST, "/graphql").header(CONTENT_TYPE, "application/json").header(ACCEPT, accept);
        let response = request.body(json!({ "query": document }).to_string()).send().await.unwrap();
        (response.status().as_u16(), response.headers()[CONTENT_TYPE].to_str().unwrap().split(';').next().unwrap().to_owned())
    };
    let all = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed";
    assert_eq!(ask(all, "{ __typename }").await, (200, "application/graphql-response+json".to_owned()));
    assert_eq!(ask(all, CHANGED).await, (200, "text/event-stream".to_owned()));
    assert_eq!(ask(all, "{ nothing }").await, (400, "application/graphql-response+json".to_owned()));
    assert_eq!(ask("text/event-stream, application/json;q=0.5", "{ __typename }").await, (200, "text/event-stream".to_owned()));
    assert_eq!(ask("application/json", CHANGED).await, (400, "application/json".to_owned()));
}

async fn ends_with_the_session(app: &TestApp) {
    let (client, _) = app.coordinator().await;
    let mut events = Events::open(&client, CHANGED, json!({})).await;
    let out = client.send(client.request(Method::DELETE, "/v1/session")).await;
    assert!(out.status.is_success(), "{}", out.text);
    assert_eq!(events.hear().await, Err("the stream has ended"), "without `complete`: the client asks again");
    assert_eq!(Events::ask(&client, CHANGED, json!({})).await.status(), StatusCode::UNAUTHORIZED);
}

async fn ends_when_the_token_expires(app: &TestApp) {
    let (client, _) = app.coordinator().await;
    let mut events = Events::open(&client, CHANGED, json!({})).await;
    app.advance(TimeDelta::minutes(16));
    // Anything that happens makes the server look at the time.
    app.signed_in("coordinator@desk.example").await;
    assert_eq!(events.hear().await, Err("the stream has ended"));
}

async fn ends_when_the_server_stops(app: &TestApp) {
    let other = TestApp::start(app.database.backend).await;
    let (client, _) = other.coordinator().await;
    let mut events = Events::open(&client, CHANGED, json!({})).await;
    let (heard, ()) = futures::join!(events.hear(), other.finish());
    assert_eq!(heard, Err("the stream has ended"));
}

async fn takes_so_many_streams_and_no_more(app: &TestApp) {
    let few = TestApp::start_with(app.database.backend, |config| {
        config.limits.sockets = 3;
        config.limits.sockets_per_user = 1;
    })
    .await;
    let (client, _) = few.coordinator().await;
    let refused = async |response: reqwest::Response| {
        assert_eq!((response.status(), &response.headers()["retry-after"]), (StatusCode::SERVICE_UNAVAILABLE, &"5".parse().unwrap()));
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    };
    let mine = Events::open(&client, CHANGED, json!({})).await;
    refused(Events::ask(&client, CHANGED, json!({})).await).await;
    let desk = few.organisation(tertulia_domain::policy::OrganisationKind::UnEntity, "Another desk").await;
    let mut others = Vec::new();
    for name in ["a@desk.example", "b@desk.example"] {
        let other = few.member(name, desk, tertulia_domain::policy::Role::Coordinator).await;
        others.push(Events::open(&other, CHANGED, json!({})).await);
    }
    let last = few.member("c@desk.example", desk, tertulia_domain::policy::Role::Coordinator).await;
    refused(Events::ask(&last, CHANGED, json!({})).await).await;
    drop((mine, others));
    few.finish().await;
}

/// Packing a stream would cost the server memory for as long as it is open, and hold events up.
async fn passes_events_on_as_they_are(app: &TestApp) {
    let client = app.anonymous();
    let body = json!({ "query": "{ countries(first: 100) { nodes { code alpha3 name formalName } } }" }).to_string();
    let request = client.request(Method::POST, "/graphql").header(CONTENT_TYPE, "application/json").header(ACCEPT, "text/event-stream");
    let response = request.header(ACCEPT_ENCODING, "br, gzip").body(body).send().await.unwrap();
    assert!(!response.headers().contains_key("content-encoding"));
    let answer = Events::of(response).hear().await.unwrap().unwrap();
    assert_eq!(answer["data"]["countries"]["nodes"].as_array().unwrap().len(), 100);
}
