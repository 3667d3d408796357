//! The server as a process: health, an orderly stop, a log without secrets.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tertulia_tests::{SECRET, TestApp, process::Process, stories};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::BINARY;

stories![says_whether_it_is_ready, logs_requests_and_nothing_personal, finishes_what_runs_when_told_to_stop];

async fn says_whether_it_is_ready(app: &TestApp) {
    let client = app.anonymous();
    for path in ["/health/live", "/health/ready"] {
        let reply = client.get(path).await;
        assert_eq!((reply.status, reply.body), (StatusCode::OK, json!({ "status": "ok" })), "{path}");
    }
    app.app.close().await.unwrap();
    let gone = client.get("/health/ready").await;
    assert_eq!((gone.status, gone.code()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"));
    assert_eq!(gone.headers["content-type"], "application/problem+json");
    assert_eq!(client.get("/health/live").await.status, StatusCode::OK);
}

/// Things that a caller sends and that must not come out in the log.
const SECRETS: [&str; 5] =
    ["someone@example.org", "correct horse battery", "eyJhbGciOiJub25lIn0", "feed-token-7f3a", "a very private subject"];

async fn logs_requests_and_nothing_personal(app: &TestApp) {
    let server = Process::start(BINARY, &app.database, SECRET);
    let client = server.client(Some(SECRETS[2].to_owned()));
    let anonymous = server.client(None);
    let request = client.request(Method::GET, "/graphql?query={__typename}").header("x-request-id", "find-me-1");
    assert_eq!(client.send(request).await.status, StatusCode::UNAUTHORIZED);
    anonymous.post("/v1/session", json!({ "email": SECRETS[0], "password": SECRETS[1] })).await;
    anonymous.get(&format!("/v1/feeds/{}.ics", SECRETS[3])).await;
    anonymous.graphql("query($search: String) { __typename @include(if: $search) }", json!({ "search": SECRETS[4] })).await;
    server.terminate();
    let (status, log) = server.ended();
    assert!(status.success(), "{log}");
    for secret in SECRETS.iter().chain([&SECRET]) {
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(lines.is_empty(), "the log holds {secret}: {lines:?}");
    }
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    let mine: Vec<&Value> = lines.iter().filter(|line| line["span"]["id"] == "find-me-1").collect();
    assert!(mine.iter().any(|line| line["route"] == "/graphql" && line["status"] == 401), "{mine:?}");
}

async fn finishes_what_runs_when_told_to_stop(app: &TestApp) {
    let server = Process::start(BINARY, &app.database, SECRET);
    let mut connection = TcpStream::connect(server.url("").trim_start_matches("http://")).await.unwrap();
    let body = json!({ "query": "{ __typename }" }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    // The server says so when it begins to read the body: from here on the request runs.
    let mut said = [0_u8; 64];
    let length = connection.read(&mut said).await.unwrap();
    assert!(String::from_utf8_lossy(&said[..length]).starts_with("HTTP/1.1 100"));
    server.terminate();
    connection.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("200 OK") && answer.contains(r#""__typename":"Query""#), "{answer}");
    let (status, log) = server.ended();
    assert!(status.success() && log.contains("the server has stopped"), "{log}");
}
