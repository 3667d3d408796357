//! Meetings that are put off until a date for them is found.

use serde_json::{Value, json};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::{Cast, run, send};

stories![
    has_no_date_until_it_is_given_one,
    stays_put_off_when_its_dialogue_goes_on,
    a_poll_finds_its_date,
    refuses_who_may_not_and_what_is_over
];

const POSTPONE: &str = "mutation($input: MeetingPostponeInput!) { meetingPostpone(input: $input) {
    meeting { id status reason startsAt sequence version } userErrors { code reason path message } } }";

async fn postpone(client: &Client, input: Value) -> Reply {
    client.graphql(POSTPONE, json!({ "input": input })).await
}

async fn calendar(app: &TestApp, dialogue: &Value) -> String {
    app.anonymous().get(&format!("/v1/dialogues/{}/calendar.ics", dialogue["id"].as_str().unwrap())).await.text
}

async fn has_no_date_until_it_is_given_one(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let meeting = &dialogue["upcoming"]["nodes"][0];
    let input = json!({ "meetingId": meeting["id"], "reason": "The host fell ill", "version": 1, "idempotencyKey": "k" });
    let postponed = postpone(&cast.coordinator, input.clone()).await.data()["meetingPostpone"]["meeting"].clone();
    let expected = json!({ "id": meeting["id"], "status": "POSTPONED", "reason": "The host fell ill", "startsAt": "2026-10-16T02:00:00Z",
        "sequence": 1, "version": 2 });
    assert_eq!(postponed, expected);
    assert_eq!(postpone(&cast.coordinator, input).await.data()["meetingPostpone"]["meeting"], expected, "once under one key");
    let shown = calendar(app, &dialogue).await;
    assert!(shown.contains("STATUS:CANCELLED") && shown.contains("SEQUENCE:1"), "nobody comes on the old date: {shown}");
    let letter = app.mails("officer@body.example").await.pop().unwrap();
    assert!(letter.contains("METHOD:CANCEL") && letter.contains("SEQUENCE:1"), "and a letter says so: {letter}");
    let ready = "query($id: ID!) { meeting(id: $id) { readiness { code } } }";
    let found = cast.coordinator.data(ready, json!({ "id": meeting["id"] })).await;
    assert_eq!(found["meeting"]["readiness"][0]["code"], "DATE_NOT_SETTLED");
    // Its old date goes by; it neither begins nor is over.
    app.advance("2026-10-20T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.app.clock.now());
    tertulia_app::dialogue::passing::pass(&app.app, &app.app.system()).await.unwrap();
    let coordinator = app.signed_in("coordinator@desk.example").await;
    let moved = json!({ "meetingId": meeting["id"], "localStart": "2026-10-28T10:00", "timeZone": "America/Lima", "version": 2 });
    let moved = send(&coordinator, "MeetingReschedule", moved).await.data()["meetingReschedule"]["meeting"].clone();
    assert_eq!((&moved["status"], &moved["sequence"], &moved["id"]), (&json!("SCHEDULED"), &json!(2), &meeting["id"]));
    let shown = calendar(app, &dialogue).await;
    assert!(!shown.contains("STATUS:CANCELLED") && shown.contains("SEQUENCE:2"), "{shown}");
}

async fn stays_put_off_when_its_dialogue_goes_on(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let nodes = &dialogue["upcoming"]["nodes"];
    postpone(&cast.coordinator, json!({ "meetingId": nodes[1]["id"], "version": 1 })).await.data();
    let course = async |name: &str, kind: &str, version: &Value| {
        let document = format!(
            "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ dialogue {{ version }} userErrors {{ code reason path message }} }} }}"
        );
        cast.coordinator.mutate(&document, json!({ "dialogueId": dialogue["id"], "version": version })).await["dialogue"]["version"].clone()
    };
    let statuses = async || {
        let found = run(&app.anonymous(), "Meetings", json!({ "from": "2026-10-01T00:00:00Z", "to": "2026-12-31T00:00:00Z" })).await.data();
        found["meetings"]["nodes"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let version = course("dialoguePause", "DialoguePause", &dialogue["version"]).await;
    assert_eq!(statuses().await, ["POSTPONED"; 3]);
    course("dialogueResume", "DialogueResume", &version).await;
    assert_eq!(statuses().await, ["SCHEDULED", "POSTPONED", "SCHEDULED"]);
}

async fn a_poll_finds_its_date(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    postpone(&cast.coordinator, json!({ "meetingId": meeting, "version": 1 })).await.data();
    let slot = |day: u32| json!({ "localStart": format!("2026-12-{day:02}T10:00:00"), "timeZone": "America/Lima" });
    let open =
        "mutation($input: SlotPollOpenInput!) { slotPollOpen(input: $input) { slotPoll { id } userErrors { code reason path message } } }";
    let about = json!({ "meetingId": meeting, "candidates": [slot(1), slot(2)], "closesAt": "2026-11-01T00:00:00Z" });
    let choose = "mutation($input: SlotPollChooseInput!) { slotPollChoose(input: $input) { meeting { status startsAt } userErrors { code reason path message } } }";
    let close = "mutation($input: SlotPollCloseInput!) { slotPollClose(input: $input) { slotPoll { status } userErrors { code reason path message } } }";
    let first = cast.coordinator.mutate(open, about.clone()).await["slotPoll"]["id"].clone();
    cast.coordinator.mutate(close, json!({ "pollId": first, "version": 1 })).await;
    let read = "query($id: ID!) { meeting(id: $id) { status } }";
    assert_eq!(app.anonymous().data(read, json!({ "id": meeting })).await["meeting"]["status"], "POSTPONED", "no date was found");
    let second = cast.coordinator.mutate(open, about).await["slotPoll"]["id"].clone();
    let chosen = cast.coordinator.mutate(choose, json!({ "pollId": second, "candidate": 1, "version": 1 })).await;
    assert_eq!(chosen["meeting"], json!({ "status": "SCHEDULED", "startsAt": "2026-12-02T15:00:00Z" }));
}

async fn refuses_who_may_not_and_what_is_over(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PARTIES")).await;
    let nodes = &dialogue["upcoming"]["nodes"];
    let of = |index: usize, version: i64| json!({ "meetingId": nodes[index]["id"], "version": version });
    assert_eq!(postpone(&app.anonymous(), of(0, 1)).await.code(), "UNAUTHENTICATED");
    assert_eq!(postpone(&cast.stranger, of(0, 1)).await.code(), "NOT_FOUND", "what he may not read does not exist");
    assert_eq!(postpone(&cast.officer, of(0, 1)).await.code(), "FORBIDDEN");
    assert_eq!(postpone(&cast.coordinator, of(0, 2)).await.code(), "VERSION_MISMATCH");
    let long = json!({ "meetingId": "x", "reason": "x".repeat(10_001), "version": 1 });
    assert_eq!(postpone(&cast.coordinator, long).await.faults(), ["input.meetingId MALFORMED", "input.reason TOO_LONG"]);
    assert_eq!(postpone(&cast.coordinator, of(0, 1)).await.code_or_none(), None);
    assert_eq!(postpone(&cast.coordinator, of(0, 2)).await.code(), "INVALID_TRANSITION", "put off before");
    send(&cast.coordinator, "MeetingCancel", of(1, 1)).await.data();
    assert_eq!(postpone(&cast.coordinator, of(1, 2)).await.code(), "INVALID_TRANSITION", "called off");
    let cancelled = send(&cast.coordinator, "MeetingCancel", of(0, 2)).await;
    assert_eq!(cancelled.data()["meetingCancel"]["meeting"]["status"], "CANCELLED", "it can be called off for good");
    app.advance("2026-12-16T03:30:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.app.clock.now());
    let coordinator = app.signed_in("coordinator@desk.example").await;
    assert_eq!(postpone(&coordinator, of(2, 1)).await.code(), "INVALID_TRANSITION", "it has begun");
}
