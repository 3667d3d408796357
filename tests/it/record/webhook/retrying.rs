//! When a message is tried again, what is told of that to those who watch, and how long it is kept.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tertulia_tests::{TestApp, people::id, stories};

use super::{DISABLE, Hook, PING, first, tried};
use crate::engagement::world::{World, done};

stories![an_endpoint_says_when_to_come_back, metrics_tell_how_messages_fare, messages_are_forgotten_after_thirty_days,];

const CARLA: &str = "carla.colleague@body.example";

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("an instant: {value}"))
}

async fn an_endpoint_says_when_to_come_back(app: &TestApp) {
    let world = World::new(app).await;
    let hook = Hook::new(&world.colleague().await, id(world.body), &["contact.logged"]).await;
    // Longer than planned, as seconds and as a date; shorter, which changes nothing; longer than anybody may ask; and from who may not.
    hook.receiver.asks(503, "120");
    hook.receiver.asks(429, "Mon, 02 Mar 2026 12:00:00 GMT");
    hook.receiver.asks(503, "1");
    hook.receiver.asks(429, "99999999");
    hook.receiver.asks(500, "86400");
    done(&app.signed_in(CARLA).await, "ContactLog", world.smallest()).await;
    let planned = [120, 0, 1_800, 86_400, 18_000];
    for (attempt, least) in (1..).zip(planned) {
        hook.receiver.arrived(attempt).await;
        let keeper = app.signed_in(CARLA).await;
        let read = hook.until(&keeper, |endpoint| tried(endpoint, attempt, "STATUS")).await;
        let one = first(&read);
        let (at, next) = (instant(&one["attempts"][attempt - 1]["at"]), instant(&one["nextAttemptAt"]));
        let asked = &one["attempts"][attempt - 1]["retryAfter"];
        let least = if attempt == 2 { "2026-03-02T12:00:00Z".parse::<DateTime<Utc>>().unwrap() - at } else { TimeDelta::seconds(least) };
        assert!(at + least <= next && next <= at + least + least / 5, "{attempt}: {one}");
        match attempt {
            1 => assert_eq!(asked, "2026-03-02T09:02:00Z"),
            2 => assert_eq!(asked, "2026-03-02T12:00:00Z"),
            3 | 4 => assert!(instant(asked) > at, "{one}"),
            _ => assert_eq!(asked, &Value::Null, "only who is overloaded says when"),
        }
        app.advance(next - app.app.clock.now());
    }
    hook.receiver.arrived(6).await;
    let keeper = app.signed_in(CARLA).await;
    hook.until(&keeper, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
}

/// The value of a line that begins so.
fn value(metrics: &str, line: &str) -> f64 {
    let found = metrics.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(' ')?.parse().ok());
    found.unwrap_or_else(|| panic!("no {line} in\n{metrics}"))
}

fn holds(metrics: &str, lines: &[(&str, f64)]) {
    for (line, expected) in lines {
        assert!((value(metrics, line) - expected).abs() < f64::EPSILON, "{line} is not {expected} in\n{metrics}");
    }
}

async fn metrics_tell_how_messages_fare(shared: &TestApp) {
    let watched = |config: &mut tertulia_api::config::Config| config.metrics.listen = Some(([127, 0, 0, 1], 0).into());
    let app = TestApp::start_with(shared.database.backend, watched).await;
    let world = World::new(&app).await;
    let administrator = world.colleague().await;
    let (good, bad) = (
        Hook::new(&administrator, id(world.body), &["contact.logged"]).await,
        Hook::new(&administrator, id(world.body), &["contact.logged"]).await,
    );
    bad.receiver.answers(&[500]);
    done(&administrator, "ContactLog", world.smallest()).await;
    good.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    bad.until(&administrator, |endpoint| tried(endpoint, 1, "STATUS")).await;
    app.advance(TimeDelta::seconds(3));
    let told = app.metrics().await.text;
    holds(
        &told,
        &[
            (r#"tertulia_webhook_attempts_total{outcome="delivered"}"#, 1.0),
            (r#"tertulia_webhook_attempts_total{outcome="status"}"#, 1.0),
            (r#"tertulia_webhook_attempts_total{outcome="timeout"}"#, 0.0),
            ("tertulia_webhook_deliveries_waiting", 1.0),
            ("tertulia_webhook_deliveries_waiting_oldest_seconds", 3.0),
            (r#"tertulia_webhook_endpoints_disabled{why="by_owner"}"#, 0.0),
        ],
    );
    let address = bad.receiver.url();
    assert!(!told.contains(bad.id.as_str().unwrap()) && !told.contains(&address), "{told}");
    // What waits for an endpoint that is out of use is not the operator's to bring on its way.
    administrator.mutate(DISABLE, bad.input()).await;
    let told = app.metrics().await.text;
    holds(
        &told,
        &[
            ("tertulia_webhook_deliveries_waiting", 0.0),
            ("tertulia_webhook_deliveries_waiting_oldest_seconds", 0.0),
            (r#"tertulia_webhook_endpoints_disabled{why="by_owner"}"#, 1.0),
            (r#"tertulia_webhook_endpoints_disabled{why="failing"}"#, 0.0),
        ],
    );
    app.app.close().await.unwrap();
    let away = app.metrics().await.text;
    assert!(value(&away, "tertulia_webhook_deliveries_waiting").is_nan(), "{away}");
    app.finish().await;
}

async fn messages_are_forgotten_after_thirty_days(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    administrator.mutate(PING, hook.input()).await;
    hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    app.advance(TimeDelta::days(15));
    let administrator = app.signed_in(CARLA).await;
    let kept = administrator.mutate(PING, hook.input()).await["webhookDelivery"]["id"].clone();
    hook.until(&administrator, |endpoint| {
        endpoint["deliveries"]["nodes"].as_array().unwrap().iter().all(|one| one["status"] == "DELIVERED")
    })
    .await;
    app.advance(TimeDelta::days(15) + TimeDelta::hours(2));
    let count = async || app.database.counts("SELECT 'rows', count(*) FROM webhook_delivery").await["rows"];
    while count().await > 1 {
        // Each request for a password wakes the server's worker; that of a stranger leaves nothing.
        app.anonymous().post("/v1/password-reset", json!({ "email": "nobody@elsewhere.example" })).await;
    }
    let administrator = app.signed_in(CARLA).await;
    let left = hook.read(&administrator).await;
    assert_eq!((&left["deliveries"]["totalCount"], &first(&left)["id"]), (&json!(1), &kept), "what is younger stays");
    assert_eq!(left["status"], "ACTIVE", "and so does the endpoint");
}
