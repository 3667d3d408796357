//! What a hostile caller sends. Each story ends with a server that still answers.

mod documents;
mod input;
mod kill;
mod unseen;
mod unseen_rooms;

use serde_json::json;
use tertulia_tests::{TestApp, harness::Story};

pub(crate) fn stories() -> Vec<Story> {
    [documents::stories(), input::stories(), kill::stories(), unseen::stories(), unseen_rooms::stories()].into_iter().flatten().collect()
}

/// The server still answers.
async fn assert_up(app: &TestApp) {
    let data = app.anonymous().data("{ service { version } }", json!({})).await;
    assert!(data["service"]["version"].is_string());
}
