//! How platforms answer, as numbers.

mod fixtures;
mod kept;
mod responsiveness;

use serde_json::{Value, json};
use tertulia_tests::{Client, harness::Story};

/// The stories of numbers.
pub(crate) fn stories() -> Vec<Story> {
    [fixtures::stories(), kept::stories(), responsiveness::stories()].concat()
}

const FULL: &str = include_str!("../../../operations/engagement-full.graphql");

/// The cells of one's own figures.
async fn figures(reader: &Client, filter: Value, group_by: &[&str]) -> Vec<Value> {
    let answer = reader.operation(FULL, "Responsiveness", json!({ "filter": filter, "groupBy": group_by })).await.data();
    answer["responsiveness"]["cells"].as_array().unwrap().clone()
}

/// The only cell of the figures of escalations.
async fn escalations(reader: &Client) -> Value {
    let mut cells = figures(reader, json!({ "kind": ["ESCALATION"] }), &[]).await;
    assert!(cells.len() <= 1, "{cells:?}");
    cells.pop().unwrap_or_else(|| json!({ "sent": 0 }))
}

/// How many have an outcome.
fn outcome(cell: &Value, outcome: &str) -> u64 {
    let found = cell["outcomes"].as_array().unwrap().iter().find(|one| one["outcome"] == outcome);
    found.map_or(0, |one| one["count"].as_u64().unwrap())
}

/// The cell whose first dimension has this value.
fn at<'a>(cells: &'a [Value], value: &str) -> &'a Value {
    cells.iter().find(|cell| cell["dimensions"][0]["value"] == value).unwrap_or_else(|| panic!("no {value}: {cells:?}"))
}
