//! What idle subscriptions cost: opens many over sockets, or as event streams, against a demo in a process of its own, and
//! prints the server's resident memory before and after, and after one change that every one of them hears of.
//!
//! ```sh
//! cargo build --release
//! cargo run --release -p tertulia-tests --example idle_subscriptions -- target/release/tertulia 5000 sockets
//! ```
//!
//! The last word is `sockets` or `streams`. Each takes a file handle here and one in the server (`ulimit -n`).
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark says what went wrong by failing")]

use std::{env, fs, path::Path, time::Instant};

use futures::stream::{self, StreamExt};
use serde_json::{Value, json};
use tertulia_tests::{Client, events::Events, process::Process, socket::Socket};

const CHANGED: &str = "subscription { contactChanged { cursor act contact { id status } } }";
/// How many are opened at once.
const AT_ONCE: usize = 50;

/// One idle subscription.
enum Idle {
    Socket(Socket),
    Stream(Events),
}

impl Idle {
    async fn open(server: &Process, client: &Client, over: &str) -> Self {
        if over == "streams" {
            return Self::Stream(Events::open(client, CHANGED, json!({})).await);
        }
        let mut socket = Socket::start(&server.url("/graphql"), client.token.as_deref()).await;
        socket.subscribe("1", CHANGED, json!({})).await;
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
        Self::Socket(socket)
    }

    async fn hear(&mut self) {
        let change = match self {
            Self::Socket(socket) => socket.hear().await.expect("a change")["payload"].take(),
            Self::Stream(events) => events.hear().await.expect("a change").expect("a change"),
        };
        assert!(change["data"]["contactChanged"]["act"].is_string(), "{change}");
    }
}

/// The server's resident memory in MiB.
fn resident(server: &Process) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<f64>().ok()).expect("a number") / 1024.0
}

async fn officer(server: &Process, folder: &Path) -> Client {
    let accounts: Value = serde_json::from_str(&fs::read_to_string(folder.join("accounts.json")).expect("accounts")).expect("JSON");
    let found =
        accounts.as_array().expect("a list").iter().find(|account| account["role"] == "ELECTORAL_BODY_OFFICER").expect("an officer");
    let credentials = json!({ "email": found["email"], "password": found["password"] });
    let reply = server.client(None).post("/v1/session", credentials).await;
    server.client(reply.body["accessToken"].as_str().map(str::to_owned))
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [binary, count, over] = arguments.as_slice() else {
        eprintln!("idle_subscriptions BINARY COUNT sockets|streams");
        return;
    };
    let count: u32 = count.parse().expect("a count");
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo");
    let most = (count + 10).to_string();
    let limits = [("TERTULIA_LIMITS__SOCKETS", most.as_str()), ("TERTULIA_LIMITS__SOCKETS_PER_USER", &most)];
    let server = Process::demo_with(binary, &data, &limits);
    let client = officer(&server, &data).await;
    let service = client.data("{ platformServices(filter: { search: \"agora\" }, first: 1) { nodes { id } } }", json!({})).await;
    let before = resident(&server);
    let began = Instant::now();
    let open = stream::iter(0..count).map(|_| Idle::open(&server, &client, over)).buffer_unordered(AT_ONCE);
    let mut open: Vec<Idle> = open.collect().await;
    let (opened, idle) = (began.elapsed(), resident(&server));
    let input = json!({
        "platformServiceId": service["platformServices"]["nodes"][0]["id"], "kind": "ESCALATION", "legalBasis": "PLATFORM_TERMS",
        "sentAt": "2026-01-01T00:00:00Z", "items": [{ "url": "https://agora.example/post/1" }],
    });
    let log = "mutation($input: ContactLogInput!) { contactLog(input: $input) { userErrors { code reason path message } } }";
    let began = Instant::now();
    client.mutate(log, input).await;
    stream::iter(&mut open).for_each_concurrent(AT_ONCE, Idle::hear).await;
    let (heard, after) = (began.elapsed(), resident(&server));
    println!("{count} idle subscriptions over {over}, opened in {:.1} s", opened.as_secs_f64());
    println!("resident before {before:.1} MiB, idle {idle:.1} MiB: {:.1} KiB each", (idle - before) * 1024.0 / f64::from(count));
    println!("one change heard by all within {:.1} s; resident then {after:.1} MiB", heard.as_secs_f64());
}
