//! What those who operate a server see of it: metrics, and traces where somebody collects them.

use serde_json::json;
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, Reply, SECRET, TestApp, collector::Collector, people::PASSWORD, process::Process, socket::Socket};

use crate::{
    BINARY,
    engagement::world::{World, done, list},
};

tertulia_tests::stories![metrics_tell_what_was_done_and_nothing_of_whom, a_request_becomes_a_span_of_its_callers_trace];

async fn metrics(app: &TestApp) -> String {
    let reply = app.metrics().await;
    assert_eq!(reply.status, 200);
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    reply.text
}

/// The value of a line that begins so.
fn value(metrics: &str, line: &str) -> f64 {
    let found = metrics.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(' ')?.parse().ok());
    found.unwrap_or_else(|| panic!("no {line} in\n{metrics}"))
}

async fn metrics_tell_what_was_done_and_nothing_of_whom(first: &TestApp) {
    let app = first.beside_with(|config| config.metrics.listen = Some(([127, 0, 0, 1], 0).into())).await;
    let world = World::new(&app).await;
    let officer = world.officer().await;
    done(&officer, "ContactLog", world.smallest()).await;
    list(&officer, json!({})).await;
    list(&officer, json!({})).await;
    assert_eq!(app.anonymous().graphql("query Stranger { service { version } }", json!({})).await.code_or_none(), None);
    assert_eq!(app.anonymous().graphql("query Unfit { nothing }", json!({})).await.code(), "INVALID_DOCUMENT");
    let mut socket = Socket::start(&app.url("/graphql"), officer.token.as_deref()).await;
    socket.subscribe("1", "subscription Live { contactChanged { act } }", json!({})).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));

    let told = metrics(&app).await;
    for (line, expected) in [
        (r#"tertulia_requests_total{kind="mutation",operation="ContactLog",outcome="ok"}"#, 1.0),
        (r#"tertulia_requests_total{kind="query",operation="Contacts",outcome="ok"}"#, 2.0),
        (r#"tertulia_requests_total{kind="query",operation="other",outcome="ok"}"#, 1.0),
        (r#"tertulia_requests_total{kind="http",operation="/v1/session",outcome="ok"}"#, 1.0),
        (r#"tertulia_requests_total{kind="subscription",operation="Live",outcome="ok"}"#, 1.0),
        (r#"tertulia_request_duration_seconds_count{kind="query",operation="Contacts"}"#, 2.0),
        ("tertulia_subscriptions", 1.0),
        ("tertulia_sockets", 1.0),
        ("tertulia_database_up", 1.0),
        ("tertulia_mails_waiting", 0.0),
        ("tertulia_replica_serves", 0.0),
    ] {
        assert!((value(&told, line) - expected).abs() < f64::EPSILON, "{line} is not {expected} in\n{told}");
    }
    assert!(value(&told, "tertulia_process_resident_memory_bytes") > 1e6, "{told}");
    assert!(told.contains(r#"tertulia_database_connections{pool=""#) && told.ends_with("# EOF\n"), "{told}");
    for private in ["Stranger", "Unfit", "olga", "body.example", "parley", "contact_"] {
        assert!(!told.contains(private), "{private} in\n{told}");
    }
    // What is not served there is not served here either.
    assert_eq!(app.anonymous().get("/metrics").await.status, 404);
    app.app.close().await.unwrap();
    let away = metrics(&app).await;
    assert!(value(&away, "tertulia_database_up").abs() < f64::EPSILON && value(&away, "tertulia_mails_waiting").is_nan(), "{away}");
    app.finish().await;
}

/// Things that a caller sends and that must not come out in a span.
const SECRETS: [&str; 3] = ["olga.officer@body.example", PASSWORD, "a very private subject"];

async fn signed_in(server: &Process) -> (Client, Reply) {
    let reply = server.client(None).post("/v1/session", json!({ "email": SECRETS[0], "password": SECRETS[1] })).await;
    let token = reply.body["accessToken"].as_str().unwrap_or_else(|| panic!("{}", reply.text)).to_owned();
    (server.client(Some(token)), reply)
}

async fn a_request_becomes_a_span_of_its_callers_trace(app: &TestApp) {
    let world = World::new(app).await;
    app.account(SECRETS[0], world.body, Role::ElectoralBodyOfficer).await;
    let collector = Collector::start().await;
    let server = Process::serve_with(BINARY, &app.database.url, SECRET, &[("TERTULIA_TRACES__ENDPOINT", &collector.url("/v1/traces"))]);
    let (officer, session) = signed_in(&server).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let body = json!({ "query": "query Traced($s: String) { contacts(filter: { search: $s }) { nodes { id } } }", "variables": { "s": SECRETS[2] } });
    let request = officer.request(reqwest::Method::POST, "/graphql").header("content-type", "application/json");
    let request = request.header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01")).header("x-request-id", "trace-me-1");
    let reply = officer.send(request.body(body.to_string())).await;
    assert_eq!(reply.code_or_none(), None, "{}", reply.text);
    let id: Vec<u8> = (0..trace.len()).step_by(2).map(|at| u8::from_str_radix(&trace[at..at + 2], 16).unwrap()).collect();
    let sent =
        collector.until(|sent| ["query Traced", "trace-me-1"].iter().all(|text| holds(sent, text.as_bytes())) && holds(sent, &id)).await;
    for told in ["tertulia", "http.route", "/graphql", "graphql.operation.name", "/v1/session"] {
        assert!(holds(&sent, told.as_bytes()), "{told} is missing");
    }
    let tokens = [session.body["accessToken"].as_str().unwrap(), session.body["refreshToken"].as_str().unwrap()];
    for secret in SECRETS.iter().chain(&tokens) {
        assert!(!holds(&sent, secret.as_bytes()), "{secret} in a span");
    }
    server.terminate();
    assert!(server.ended().0.success());
}

fn holds(sent: &[u8], text: &[u8]) -> bool {
    sent.windows(text.len()).any(|window| window == text)
}
