//! Previewing recurrences.

use serde_json::{Value, json};
use tertulia_tests::{Reply, TestApp, stories};

use super::{each, run};

stories![shows_the_dates_of_a_rule, cuts_and_says_so, names_the_faults_of_a_rule];

async fn preview(app: &TestApp, rule: &str, more: Value) -> Reply {
    let mut variables = json!({ "recurrence": { "localStart": "2026-10-15T19:00:00", "timeZone": "America/Los_Angeles", "rule": rule } });
    variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    run(&app.anonymous(), "RecurrencePreview", variables).await
}

async fn shows_the_dates_of_a_rule(app: &TestApp) {
    let found = preview(app, "FREQ=MONTHLY;BYDAY=2TU;COUNT=3", json!({})).await.data()["recurrencePreview"].clone();
    assert_eq!(found["truncated"], false);
    assert_eq!(each(&found["occurrences"], "startsAt"), ["2026-11-11T03:00:00Z", "2026-12-09T03:00:00Z", "2027-01-13T03:00:00Z"]);
    assert_eq!(found["occurrences"][0]["localStart"], "2026-11-10T19:00:00");
    let window = json!({ "from": "2026-12-01T00:00:00Z", "to": "2027-01-13T03:00:00Z" });
    let found = preview(app, "FREQ=MONTHLY;BYDAY=2TU", window).await.data()["recurrencePreview"].clone();
    assert_eq!(found["occurrences"].as_array().unwrap().len(), 1);
    assert_eq!(found["truncated"], false);
}

async fn cuts_and_says_so(app: &TestApp) {
    for rule in ["FREQ=DAILY", "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=7;COUNT=100000"] {
        let found = preview(app, rule, json!({ "first": 2 })).await.data()["recurrencePreview"].clone();
        assert_eq!(found["occurrences"].as_array().unwrap().len(), 2, "{rule}");
        assert_eq!(found["truncated"], true, "{rule}");
    }
    let far = preview(app, "FREQ=SECONDLY", json!({ "from": "2090-01-01T00:00:00Z" })).await.data()["recurrencePreview"].clone();
    assert_eq!(far, json!({ "occurrences": [], "truncated": true }));
    let never = preview(app, "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", json!({})).await.data()["recurrencePreview"].clone();
    assert_eq!(never, json!({ "occurrences": [], "truncated": false }));
    assert_eq!(preview(app, "FREQ=DAILY", json!({ "first": 501 })).await.code(), "LIMIT_EXCEEDED");
}

async fn names_the_faults_of_a_rule(app: &TestApp) {
    let reply = preview(app, "FREQ=DAILY;COUNT=10000000", json!({})).await;
    assert_eq!(reply.code(), "INVALID_INPUT");
    assert_eq!(reply.body["errors"][0]["extensions"]["faults"][0]["path"], json!(["recurrence", "rule"]));
    assert_eq!(preview(app, &"FREQ=DAILY;".repeat(1_000), json!({})).await.code(), "INVALID_INPUT");
}
