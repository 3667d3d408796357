//! Documents by their hash (automatic persisted queries, as Apollo's clients send them), and servers that run listed documents only.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tertulia_tests::{Client, Reply, TestApp, events::Events, socket::Socket, stories};

stories![
    keeps_documents_by_their_hash,
    keeps_nothing_that_may_not_run,
    forgets_before_it_grows,
    keeps_nothing_where_that_is_off,
    runs_listed_documents_only,
    does_not_start_with_a_list_it_cannot_read,
];

const DOCUMENT: &str = "{ service { version } }";
/// Of [`DOCUMENT`], as `sha256sum` says.
const HASH: &str = "a18a5699763d79899b5ba947a9ce9781c256f47d3b5b029793bb6d7f2db9ce6d";

fn extensions(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

async fn by_hash(client: &Client) -> Reply {
    client.post("/graphql", json!({ "extensions": extensions(HASH) })).await
}

async fn with_hash(client: &Client, document: &str, hash: &str) -> Reply {
    client.post("/graphql", json!({ "query": document, "extensions": extensions(hash) })).await
}

async fn keeps_documents_by_their_hash(app: &TestApp) {
    let client = app.anonymous();
    let unknown = by_hash(&client).await;
    assert_eq!((unknown.status, unknown.code()), (StatusCode::OK, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(unknown.body["errors"][0]["message"], "PersistedQueryNotFound");
    let strict = client.request(Method::POST, "/graphql").header("content-type", "application/json");
    let strict = strict.header("accept", "application/graphql-response+json").body(json!({ "extensions": extensions(HASH) }).to_string());
    assert_eq!(client.send(strict).await.status, StatusCode::BAD_REQUEST);
    let sent = with_hash(&client, DOCUMENT, HASH).await;
    let version = sent.clone().data()["service"]["version"].clone();
    assert!(version.is_string());
    assert_eq!(by_hash(&client).await.body, sent.body);
    let text = extensions(&HASH.to_uppercase()).to_string().replace('"', "%22");
    assert_eq!(client.get(&format!("/graphql?extensions={text}")).await.body, sent.body, "by GET, with the hash alone");
    let mut socket = Socket::start(&app.url("/graphql"), None).await;
    socket.say(json!({ "type": "subscribe", "id": "1", "payload": { "extensions": extensions(HASH) } })).await;
    assert_eq!(socket.hear().await.unwrap()["payload"], sent.body);
}

async fn keeps_nothing_that_may_not_run(app: &TestApp) {
    let client = app.anonymous();
    let other = with_hash(&client, "{ __typename }", HASH).await;
    assert_eq!((other.code(), &other.body["errors"][0]["extensions"]["reason"]), ("INVALID_DOCUMENT", &json!("CONTRADICTION")));
    assert_eq!(by_hash(&client).await.code(), "PERSISTED_QUERY_NOT_FOUND");
    for (document, hash) in [("{", "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96"), (DEEP, DEEP_HASH)] {
        let refused = with_hash(&client, document, hash).await;
        assert!(["INVALID_DOCUMENT", "LIMIT_EXCEEDED"].contains(&refused.code()), "{}", refused.text);
        assert_eq!(client.post("/graphql", json!({ "extensions": extensions(hash) })).await.code(), "PERSISTED_QUERY_NOT_FOUND");
    }
    for wrong in
        [json!({ "version": 2, "sha256Hash": HASH }), json!({ "version": 1, "sha256Hash": "x" }), json!({ "version": 1 }), json!(7)]
    {
        let reply = client.post("/graphql", json!({ "query": DOCUMENT, "extensions": { "persistedQuery": wrong } })).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "INVALID_DOCUMENT"), "{}", reply.text);
    }
}

const DEEP: &str = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
const DEEP_HASH: &str = "84c628c4a4e808d9ae01817d93222b5f5c16c05669f940d089675d08693fb44a";

async fn forgets_before_it_grows(app: &TestApp) {
    let small = TestApp::start_with(app.database.backend, |config| config.documents.persisted_bytes = 100).await;
    let client = small.anonymous();
    with_hash(&client, DOCUMENT, HASH).await.data();
    // The cache holds less than this one document weighs.
    assert_eq!(by_hash(&client).await.code(), "PERSISTED_QUERY_NOT_FOUND");
    small.finish().await;
}

async fn keeps_nothing_where_that_is_off(app: &TestApp) {
    let off = TestApp::start_with(app.database.backend, |config| config.documents.persisted_bytes = 0).await;
    let client = off.anonymous();
    let refused = by_hash(&client).await;
    assert_eq!(refused.code(), "PERSISTED_QUERY_NOT_SUPPORTED");
    assert_eq!(refused.body["errors"][0]["message"], "PersistedQueryNotSupported");
    assert_eq!(with_hash(&client, DOCUMENT, HASH).await.code(), "PERSISTED_QUERY_NOT_SUPPORTED");
    client.data(DOCUMENT, json!({})).await;
    off.finish().await;
}

async fn runs_listed_documents_only(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.graphql"), format!("query Page {DOCUMENT} query Other {{ __typename }}")).unwrap();
    std::fs::write(folder.path().join("changes.json"), r#"{"1":"subscription Changes { contactChanged { cursor } }"}"#).unwrap();
    let path = folder.path().display().to_string();
    let listed = TestApp::start_with(app.database.backend, |config| config.documents.allowed = path).await;
    let client = listed.anonymous();
    let page = "query Page {\n  # as a client prints it\n  service { version, }\n}\n";
    client.data(page, json!({})).await;
    client.operation(&format!("{page} query Other {{ __typename }}"), "Other", json!({})).await.data();
    for document in ["query Page { service { version now } }", DOCUMENT, "{ __schema { types { name } } }"] {
        let refused = client.graphql(document, json!({})).await;
        assert_eq!(refused.code(), "DOCUMENT_NOT_LISTED", "{document}");
        let got = client.get(&format!("/graphql?query={}", document.replace(' ', "%20"))).await;
        assert_eq!(got.code(), "DOCUMENT_NOT_LISTED", "{document}");
        let mut socket = Socket::start(&listed.url("/graphql"), None).await;
        socket.subscribe("1", document, json!({})).await;
        let error = socket.hear().await.unwrap();
        assert_eq!((&error["type"], &error["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("DOCUMENT_NOT_LISTED")));
        let mut events = Events::open(&client, document, json!({})).await;
        let answer = events.hear().await.unwrap().unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "DOCUMENT_NOT_LISTED");
    }
    assert_eq!(with_hash(&client, DOCUMENT, HASH).await.code(), "DOCUMENT_NOT_LISTED");
    assert_eq!(by_hash(&client).await.code(), "PERSISTED_QUERY_NOT_FOUND", "it was not kept");
    let mut events = Events::open(&client, "subscription Changes { contactChanged { cursor } }", json!({})).await;
    let answer = events.hear().await.unwrap().unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "it runs, under the usual rights");
    listed.finish().await;
}

async fn does_not_start_with_a_list_it_cannot_read(app: &TestApp) {
    let mut config = app.config.clone();
    "/nowhere/documents".clone_into(&mut config.documents.allowed);
    let error = tertulia_api::server::start(app.app.clone(), config).await.err().expect("a refusal").to_string();
    assert!(error.contains("/nowhere/documents"), "{error}");
}
