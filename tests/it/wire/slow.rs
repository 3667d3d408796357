//! Clients that ask and do not read: each is dropped, and what it asked for does not pile up.

use serde_json::json;
use tertulia_tests::{TestApp, socket::Socket, stories};

stories![drops_a_socket_whose_client_does_not_read];

/// Some 150 kB of answer, without a look into the database.
const LARGE: &str = "{ __schema { types { name description fields { name description args { name } } } } }";
const OPERATIONS: usize = 50;

async fn drops_a_socket_whose_client_does_not_read(app: &TestApp) {
    let strict = TestApp::start_with(app.database.backend, |config| {
        config.limits.sockets = 1;
        config.limits.slow_reader_seconds = 1;
    })
    .await;
    let mut deaf = Socket::start(&strict.url("/graphql"), None).await;
    for number in 0..OPERATIONS {
        deaf.subscribe(&number.to_string(), LARGE, json!({})).await;
    }
    // There is one place: somebody else finds it free once the deaf one was dropped.
    while Socket::open(&strict.url("/graphql"), "graphql-transport-ws").await.is_err() {}
    let mut heard = 0;
    let end = loop {
        match deaf.hear().await {
            Ok(_) => heard += 1,
            Err(code) => break code,
        }
    };
    assert!([1006, 1008].contains(&end) && heard < OPERATIONS, "{heard} answers, then {end}");
    strict.finish().await;
}
