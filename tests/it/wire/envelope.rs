//! What goes around every response: headers for browsers and caches, compression, other origins.

use reqwest::{
    Method, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, ORIGIN},
};
use serde_json::json;
use tertulia_tests::{Reply, TestApp, stories};

stories![
    tells_browsers_to_be_careful,
    says_strict_transport_where_it_is_so,
    compresses_what_is_worth_it,
    lets_no_other_origin_read_by_default,
    lets_configured_origins_read,
    no_simple_request_of_a_page_does_anything,
];

const FRONT: &str = "https://front.example";

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// All values of `Vary`, in lower case.
fn vary(headers: &HeaderMap) -> String {
    headers.get_all("vary").iter().map(|value| value.to_str().unwrap().to_ascii_lowercase()).collect::<Vec<_>>().join(", ")
}

async fn tells_browsers_to_be_careful(app: &TestApp) {
    let client = app.anonymous();
    let graphql = client.graphql("{ __typename }", json!({})).await;
    assert!(vary(&graphql.headers).contains("accept,"), "{}", vary(&graphql.headers));
    for reply in [graphql, client.get("/health/live").await, client.get("/v1/feeds/none.ics").await, client.get("/nothing").await] {
        assert_eq!(header(&reply.headers, "x-content-type-options"), "nosniff");
        assert_eq!(header(&reply.headers, "content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(header(&reply.headers, "referrer-policy"), "no-referrer");
        assert_eq!(header(&reply.headers, "cache-control"), "no-store");
        assert!(vary(&reply.headers).contains("accept-encoding"));
        assert!(!reply.headers.contains_key("strict-transport-security"), "the address is http");
    }
    let keys = client.get("/.well-known/jwks.json").await;
    assert_eq!(header(&keys.headers, "cache-control"), "public, max-age=300", "a handler knows better");
}

async fn says_strict_transport_where_it_is_so(app: &TestApp) {
    let over = |config: &mut tertulia_api::config::Config| "https://tertulia.example".clone_into(&mut config.server.public_url);
    let secure = TestApp::start_with(app.database.backend, over).await;
    assert_eq!(header(&secure.anonymous().get("/health/live").await.headers, "strict-transport-security"), "max-age=63072000");
    secure.finish().await;
}

async fn compresses_what_is_worth_it(app: &TestApp) {
    let client = app.anonymous();
    let plain = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
    let ask = async |document: &str, encodings: &str| {
        let body = json!({ "query": document }).to_string();
        let request = plain.post(app.url("/graphql")).header("content-type", "application/json").header(ACCEPT_ENCODING, encodings);
        let response = request.body(body).send().await.unwrap();
        assert!(vary(response.headers()).contains("accept-encoding"));
        let encoding = response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned());
        (encoding, response.bytes().await.unwrap())
    };
    let long = "{ countries(first: 100) { nodes { code alpha3 name formalName } } }";
    let (encoding, whole) = ask(long, "identity").await;
    assert_eq!(encoding, None);
    for name in ["gzip", "br"] {
        let (encoding, compressed) = ask(long, name).await;
        assert_eq!(encoding.as_deref(), Some(name));
        assert!(compressed.len() * 2 < whole.len(), "{name}: {} of {}", compressed.len(), whole.len());
    }
    assert_eq!(ask(long, "br;q=0.1, gzip").await.0.as_deref(), Some("gzip"), "what the client weighs higher");
    assert_eq!(ask("{ __typename }", "gzip, br").await.0, None, "a short answer goes out as it is");
    // This client asks for gzip and unpacks it.
    assert_eq!(client.graphql(long, json!({})).await.text.as_bytes(), whole);
}

async fn preflight(app: &TestApp, origin: &str, method: &str, headers: &str) -> Reply {
    let client = app.anonymous();
    let request = client.request(Method::OPTIONS, "/graphql").header(ORIGIN, origin);
    client.send(request.header("access-control-request-method", method).header("access-control-request-headers", headers)).await
}

async fn lets_no_other_origin_read_by_default(app: &TestApp) {
    let reply = preflight(app, FRONT, "POST", "content-type").await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    let client = app.anonymous();
    let simple = client.send(client.request(Method::GET, "/graphql?query={__typename}").header(ORIGIN, FRONT)).await;
    for reply in [reply, simple] {
        assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{:?}", reply.headers);
    }
}

async fn lets_configured_origins_read(app: &TestApp) {
    let open = TestApp::start_with(app.database.backend, |config| config.server.allowed_origins = vec![FRONT.to_owned()]).await;
    let reply = preflight(&open, FRONT, "POST", "authorization, content-type, idempotency-key").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(header(&reply.headers, "access-control-allow-origin"), FRONT);
    assert_eq!(header(&reply.headers, "access-control-max-age"), "600");
    assert!(header(&reply.headers, "access-control-allow-methods").contains("DELETE"));
    assert!(!reply.headers.contains_key("access-control-allow-credentials"));
    assert!(vary(&reply.headers).contains("origin"));
    for (origin, method, headers) in
        [("https://evil.example", "POST", "content-type"), ("null", "POST", ""), (FRONT, "TRACE", ""), (FRONT, "POST", "x-unknown")]
    {
        let refused = preflight(&open, origin, method, headers).await;
        assert!(refused.status.is_client_error() && !refused.headers.contains_key("access-control-allow-origin"), "{origin} {method}");
    }
    let client = open.anonymous();
    let from = async |origin: &str| client.send(client.request(Method::GET, "/graphql?query={__typename}").header(ORIGIN, origin)).await;
    let read = from(FRONT).await;
    assert_eq!((read.status, header(&read.headers, "access-control-allow-origin")), (StatusCode::OK, FRONT));
    assert!(header(&read.headers, "access-control-expose-headers").contains("retry-after"));
    let other = from("https://evil.example").await;
    assert!(!other.headers.contains_key("access-control-allow-origin") && vary(&other.headers).contains("origin"));
    open.finish().await;
}

/// A page of any origin can make its visitor's browser send these without asking: none may change anything.
async fn no_simple_request_of_a_page_does_anything(app: &TestApp) {
    let (client, _) = app.coordinator().await;
    let mutation = "mutation { feedTokenCreate(input: { scope: MY_MEETINGS }) { userErrors { code } } }";
    let count = async || client.data("{ auditEntries(first: 1) { totalCount } }", json!({})).await;
    let auditor = count().await;
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; charset=application/json"]
    {
        let body = json!({ "query": mutation }).to_string();
        let request = client.request(Method::POST, "/graphql").header("content-type", kind).header(ORIGIN, "https://evil.example");
        assert_eq!(client.send(request.body(body)).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        let body = json!({ "email": "coordinator@desk.example" }).to_string();
        for path in ["/v1/session", "/v1/session/refresh", "/v1/password-reset", "/v1/password-reset/confirm", "/v1/invitations/accept"] {
            let request = app.anonymous().request(Method::POST, path).header("content-type", kind);
            assert!(client.send(request.body(body.clone())).await.status.is_client_error(), "{kind} {path}");
        }
    }
    let got = client.get(&format!("/graphql?query={}", mutation.replace(' ', "%20"))).await;
    assert_eq!((got.status, header(&got.headers, "allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    let form = client.request(Method::POST, "/graphql?query=mutation{x}").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(client.send(form.body("query=mutation{x}")).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let head = client.send(client.request(Method::HEAD, "/graphql?query={__typename}")).await;
    assert_eq!(head.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(count().await, auditor, "nothing was done");
    assert_eq!(app.mails("coordinator@desk.example").await.len(), 0);
}
