//! Published tables, as contacts that nobody sent: the counts before any release (DOMAIN.md 8).

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};

use super::{at, escalations, figures, outcome};
use crate::engagement::world::{World, done};

stories![the_european_election_of_2024, the_gap_between_two_countries, the_fortnight_of_a_partnership];

/// A contact that was sent and, after so many days, decided in this way.
async fn decided(world: &World<'_>, officer: &Client, service: &str, (format, decision): (&str, Value), hours: i64) {
    let sent: chrono::DateTime<chrono::Utc> = "2025-06-01T08:00:00Z".parse().unwrap();
    let at = (sent + chrono::TimeDelta::hours(hours)).to_rfc3339();
    let history = json!([{ "step": "DECIDED", "occurredAt": at, "format": format, "decision": decision }]);
    let input = json!({ "platformServiceId": service, "sentAt": sent.to_rfc3339(), "history": history });
    done(officer, "ContactLog", world.contact(&input)).await;
}

fn acted(actions: &[&str]) -> Value {
    json!({ "outcome": "ACTION_TAKEN", "actions": actions })
}

/// Reported by EDMO: 18 notifications before the vote, all answered, 9 by voice, 5 in writing, 4 both; 12 removed or banned, 3 no
/// breach, 2 labelled, 1 label and other. X, outside the Code: 4 sent, 2 answered.
async fn the_european_election_of_2024(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let services = [(world.service, 7), (world.second_service, 6), (world.rival_service, 5)];
    let services: Vec<String> = services.iter().flat_map(|(service, many)| vec![service.to_string(); *many]).collect();
    let formats = [("ORAL", 9), ("WRITTEN", 5), ("BOTH", 4)];
    let formats: Vec<&str> = formats.iter().flat_map(|(format, many)| vec![*format; *many]).collect();
    let mut answers = vec![acted(&["CONTENT_REMOVED"]); 12];
    answers.extend(vec![json!({ "outcome": "NO_ACTION_NOT_VIOLATING" }); 3]);
    answers.extend(vec![acted(&["LABELLED"]); 2]);
    answers.push(acted(&["LABELLED", "DEMOTED"]));
    for (index, answer) in answers.iter().enumerate() {
        decided(&world, &officer, &services[index], (formats[index], answer.clone()), 24).await;
    }
    let total = escalations(&officer).await;
    assert_eq!((&total["sent"], &total["answered"], &total["unansweredShare"]), (&json!(18), &json!(18), &json!(0.0)));
    assert_eq!((outcome(&total, "ACTION_TAKEN"), outcome(&total, "NO_ACTION_NOT_VIOLATING")), (15, 3));
    let cells = figures(&officer, json!({ "kind": ["ESCALATION"] }), &["PLATFORM_SERVICE"]).await;
    for (service, many) in [(world.service, 7), (world.second_service, 6), (world.rival_service, 5)] {
        assert_eq!(at(&cells, &service.to_string())["sent"], many);
    }
    // X, as another body's contacts with the rival platform, so that they stand apart.
    let stranger = world.stranger().await;
    for hours in [48, 96] {
        let answer = json!({ "outcome": "NO_ACTION_NOT_VIOLATING" });
        decided(&world, &stranger, &world.rival_service.to_string(), ("WRITTEN", answer), hours).await;
    }
    for _ in 0..2 {
        let silent = json!({ "platformServiceId": world.rival_service.to_string(), "sentAt": "2025-06-01T08:00:00Z" });
        done(&stranger, "ContactLog", world.contact(&silent)).await;
    }
    let x = escalations(&stranger).await;
    assert_eq!((&x["sent"], &x["answered"], &x["unansweredShare"]), (&json!(4), &json!(2), &json!(0.5)));
    let wait = json!({ "median": x["timeToFirstResponse"]["median"], "p90": null, "reached": 0.5, "censoredShare": 0.5 });
    assert_eq!(x["timeToFirstResponse"], wait, "half of four got one within four days; nine tenths never did");
    assert!(wait["median"].as_str().unwrap().starts_with("P3DT23H") || wait["median"].as_str().unwrap().starts_with("P4D"), "{wait}");
}

/// The same platform answers one country within 72 hours and another after months, or not yet.
async fn the_gap_between_two_countries(app: &TestApp) {
    let world = World::new(app).await;
    let (near, far) = (world.officer().await, world.stranger().await);
    let answer = || ("WRITTEN", acted(&["CONTENT_REMOVED"]));
    for hours in [60, 70, 72, 74, 80] {
        decided(&world, &near, &world.service.to_string(), answer(), hours).await;
    }
    for hours in [90 * 24, 120 * 24] {
        decided(&world, &far, &world.service.to_string(), answer(), hours).await;
    }
    for _ in 0..3 {
        done(&far, "ContactLog", world.contact(&json!({ "sentAt": "2025-06-01T08:00:00Z" }))).await;
    }
    let cells = figures(&world.representative().await, json!({ "kind": ["ESCALATION"] }), &["ELECTORAL_BODY"]).await;
    let (near, far) = (at(&cells, &world.body.to_string()), at(&cells, &world.other_body.to_string()));
    let median = near["timeToFirstResponse"]["median"].as_str().unwrap();
    assert!(median.starts_with("P2DT23H") || median.starts_with("P3D"), "72 hours, give or take 1/64: {median}");
    assert_eq!(
        (&far["timeToFirstResponse"]["median"], &far["unansweredShare"]),
        (&Value::Null, &json!(0.6)),
        "the curve never comes to a half"
    );
    assert_eq!(far["timeToFirstResponse"]["reached"].as_f64().map(|reached| (reached * 100.0).round()), Some(40.0));
}

/// Published by the Election Integrity Partnership: of 87 incidents of a fortnight 12 were escalated, and action was seen on 9 (75 %).
async fn the_fortnight_of_a_partnership(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    for index in 0..12 {
        let answer = if index < 9 { acted(&["LABELLED"]) } else { json!({ "outcome": "NO_ACTION_NOT_VIOLATING" }) };
        decided(&world, &officer, &world.service.to_string(), ("WRITTEN", answer), 5).await;
    }
    for step in ["ContactDiscard", "ContactRefer", "ContactDiscard"] {
        let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
        done(&officer, step, json!({ "contactId": draft["id"], "reason": "Not for a platform" })).await;
    }
    let total = escalations(&officer).await;
    assert_eq!((&total["sent"], outcome(&total, "ACTION_TAKEN")), (&json!(12), 9), "what was never escalated is in no number");
}
