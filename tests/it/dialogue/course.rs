//! Changing what a dialogue says; pausing it, letting it go on, ending it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_tests::{TestApp, stories};

use super::{
    Cast, places,
    series::{MEETINGS, act, calendar, done, has, read},
};

stories![changes_what_a_dialogue_says, pauses_and_goes_on, ends_for_good];

async fn changes_what_a_dialogue_says(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let input = json!({
        "dialogueId": id, "title": [{ "language": "en", "text": "Another title" }], "purpose": null, "duration": "PT45M",
        "workingLanguages": ["en", "fr"], "joinUrl": null, "visibility": "COALITION", "version": 1,
    });
    done(&cast.coordinator, "DialogueUpdate", input.clone()).await;
    let (dialogue, after) = read(&cast, &id).await;
    assert_eq!((&dialogue["title"], &dialogue["duration"], &dialogue["joinUrl"]), (&json!("Another title"), &json!("PT45M"), &Value::Null));
    assert!(after.iter().all(|one| one["duration"] == "PT45M" && one["joinUrl"] == Value::Null && one["version"] == 2));
    assert_eq!(app.anonymous().data(MEETINGS, json!({ "id": id })).await["dialogue"], Value::Null);
    assert_eq!(act(&cast.coordinator, "DialogueUpdate", input).await.code(), "VERSION_MISMATCH");
    let nothing = act(&cast.coordinator, "DialogueUpdate", json!({ "dialogueId": id, "version": 2 })).await;
    assert_eq!(nothing.faults(), ["input REQUIRED"]);
    let wrong = json!({ "dialogueId": id, "title": [], "duration": "PT0M", "workingLanguages": ["?"], "version": 2 });
    let faults = act(&cast.coordinator, "DialogueUpdate", wrong).await.faults();
    assert_eq!(faults, ["input.title REQUIRED", "input.workingLanguages.0 MALFORMED", "input.duration OUT_OF_RANGE"]);
    let nowhere = json!({ "dialogueId": id, "venue": { "name": "Hall", "country": "ZZ" }, "version": 2 });
    assert_eq!(act(&cast.coordinator, "DialogueUpdate", nowhere).await.faults(), ["input.venue.country NOT_AN_OPTION"]);
    assert_eq!(act(&cast.officer, "DialogueUpdate", json!({ "dialogueId": id, "purpose": "x", "version": 2 })).await.code(), "FORBIDDEN");
    assert_eq!(act(&app.anonymous(), "DialogueUpdate", json!({ "dialogueId": id, "version": 2 })).await.code(), "UNAUTHENTICATED");
}

async fn pauses_and_goes_on(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    app.advance(TimeDelta::days(270));
    let cast = Cast { coordinator: app.signed_in("coordinator@desk.example").await, ..cast };
    let (dialogue, before) = read(&cast, &id).await;
    let version = dialogue["version"].as_i64().unwrap();
    assert_eq!(
        act(&cast.coordinator, "DialogueResume", json!({ "dialogueId": id, "version": version })).await.code(),
        "INVALID_TRANSITION"
    );
    done(&cast.coordinator, "DialoguePause", json!({ "dialogueId": id, "reason": "A review", "version": version })).await;
    let (_, paused) = read(&cast, &id).await;
    assert_eq!(places(&paused[..2]), places(&before[..2]));
    assert!(paused[2..].iter().all(|one| one["status"] == "POSTPONED" && one["reason"] == "A review"));
    has(&calendar(app, &id).await, &["RRULE:FREQ=MONTHLY;UNTIL=20261116T030000Z"]);
    let twice = act(&cast.coordinator, "DialoguePause", json!({ "dialogueId": id, "version": version + 1 })).await;
    assert_eq!(twice.code(), "INVALID_TRANSITION");
    app.advance(TimeDelta::days(45));
    let cast = Cast { coordinator: app.signed_in("coordinator@desk.example").await, ..cast };
    done(&cast.coordinator, "DialogueResume", json!({ "dialogueId": id, "version": version + 1 })).await;
    let (dialogue, after) = read(&cast, &id).await;
    assert_eq!((&dialogue["status"], &dialogue["closedFrom"]), (&json!("ACTIVE"), &Value::Null));
    assert_eq!(after[2]["status"], "CANCELLED", "December went by");
    assert!(after[3..].iter().all(|one| one["status"] == "SCHEDULED"), "{after:?}");
    let calendar = calendar(app, &id).await;
    has(&calendar, &["RRULE:FREQ=MONTHLY", "RECURRENCE-ID;TZID=America/Los_Angeles:20261215T190000", "SEQUENCE:2"]);
}

async fn ends_for_good(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    assert_eq!(act(&cast.stranger, "DialogueEnd", json!({ "dialogueId": id, "version": 1 })).await.code(), "FORBIDDEN");
    done(&cast.coordinator, "DialogueEnd", json!({ "dialogueId": id, "version": 1 })).await;
    let (dialogue, after) = read(&cast, &id).await;
    assert_eq!(dialogue["status"], "ENDED");
    assert!(after.iter().all(|one| one["status"] == "CANCELLED"));
    for name in ["DialogueEnd", "DialoguePause", "DialogueResume"] {
        assert_eq!(act(&cast.coordinator, name, json!({ "dialogueId": id, "version": 2 })).await.code(), "INVALID_TRANSITION", "{name}");
    }
}
