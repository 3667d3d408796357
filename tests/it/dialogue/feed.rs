//! Private calendar addresses.

use serde_json::{Value, json};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::{Cast, calendar::lines, send};

stories![
    carries_ones_own_meetings_with_their_links,
    shows_one_dialogue,
    shows_the_dialogues_of_one_organisation,
    rights_are_those_of_the_moment,
    ends_when_revoked,
    notes_the_day_of_use_only,
    gives_the_address_once,
    refuses_what_does_not_fit,
];

/// Makes an address and answers its path and its id.
pub(super) async fn make(client: &Client, input: Value) -> (String, Value) {
    let made = send(client, "FeedTokenCreate", input).await.data()["feedTokenCreate"].clone();
    let url = made["url"].as_str().unwrap_or_else(|| panic!("no address: {made}"));
    let path = url.split_once("/v1/").map(|(_, path)| format!("/v1/{path}")).unwrap();
    (path, made["feedToken"]["id"].clone())
}

fn events(reply: &Reply) -> usize {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.text.matches("BEGIN:VEVENT").count()
}

async fn carries_ones_own_meetings_with_their_links(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PARTIES")).await;
    let mut foreign = cast.monthly("PUBLIC");
    foreign["members"] = json!([]);
    cast.create(foreign).await;
    let (path, _) = make(&cast.officer, json!({ "scope": "MY_MEETINGS" })).await;
    let feed = app.anonymous().get(&path).await;
    assert_eq!(events(&feed), 1);
    assert_eq!(feed.headers["cache-control"], "private, no-cache");
    assert_eq!(feed.headers["content-type"], "text/calendar; charset=utf-8");
    for line in ["URL:https://meet.example/secret", "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://meet.example/secret"] {
        assert!(lines(&feed.text).iter().any(|found| found == line), "{}", feed.text);
    }
    let (path, _) = make(&cast.stranger, json!({ "kind": "ICS", "scope": "MY_MEETINGS" })).await;
    let empty = app.anonymous().get(&path).await;
    assert_eq!(events(&empty), 0);
    assert!(empty.text.contains("BEGIN:VTIMEZONE"));
}

async fn shows_one_dialogue(app: &TestApp) {
    let cast = Cast::of(app).await;
    let public = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    // A stranger subscribes to a public dialogue and has no link in it.
    let (path, _) = make(&cast.stranger, json!({ "scope": "DIALOGUE", "dialogueId": public })).await;
    let feed = app.anonymous().get(&path).await;
    assert_eq!(events(&feed), 1);
    assert!(!feed.text.contains("meet.example"));
    let closed = cast.create(cast.monthly("PARTIES")).await["id"].clone();
    let refused = send(&cast.stranger, "FeedTokenCreate", json!({ "scope": "DIALOGUE", "dialogueId": closed })).await;
    assert_eq!(refused.code(), "NOT_FOUND");
}

async fn shows_the_dialogues_of_one_organisation(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PARTIES")).await;
    let mut foreign = cast.monthly("PUBLIC");
    foreign["members"] = json!([]);
    cast.create(foreign).await;
    let input = json!({ "scope": "ORGANISATION", "organisationId": cast.body.to_string() });
    let (path, _) = make(&cast.officer, input.clone()).await;
    assert_eq!(events(&app.anonymous().get(&path).await), 1);
    assert_eq!(send(&cast.stranger, "FeedTokenCreate", input.clone()).await.faults(), ["input.organisationId UNKNOWN_ID"]);
    let missing = send(&cast.officer, "FeedTokenCreate", json!({ "scope": "ORGANISATION" })).await;
    assert_eq!(missing.faults(), ["input.organisationId REQUIRED"]);
    // The coordinator keeps the calendars of all.
    let (path, _) = make(&cast.coordinator, input).await;
    assert_eq!(events(&app.anonymous().get(&path).await), 1);
}

async fn rights_are_those_of_the_moment(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PARTIES")).await["id"].clone();
    let (mine, _) = make(&cast.officer, json!({ "scope": "MY_MEETINGS" })).await;
    let (one, _) = make(&cast.officer, json!({ "scope": "DIALOGUE", "dialogueId": id })).await;
    assert_eq!(events(&app.anonymous().get(&one).await), 1);
    send(&cast.coordinator, "DialogueMembersSet", json!({ "dialogueId": id, "members": [], "version": 1 })).await.data();
    assert_eq!(events(&app.anonymous().get(&mine).await), 0);
    assert_eq!(app.anonymous().get(&one).await.status, 404);
}

async fn ends_when_revoked(app: &TestApp) {
    let cast = Cast::of(app).await;
    let (path, id) = make(&cast.officer, json!({ "scope": "MY_MEETINGS" })).await;
    assert_eq!(send(&cast.stranger, "FeedTokenRevoke", json!({ "feedTokenId": id })).await.code(), "NOT_FOUND");
    let revoked = send(&cast.officer, "FeedTokenRevoke", json!({ "feedTokenId": id })).await.data();
    assert_eq!(revoked["feedTokenRevoke"]["feedToken"]["revokedAt"], "2026-03-02T09:00:00Z");
    let reply = app.anonymous().get(&path).await;
    assert_eq!((reply.status.as_u16(), reply.code()), (404, "NOT_FOUND"));
    assert_eq!(send(&cast.officer, "FeedTokenRevoke", json!({ "feedTokenId": id })).await.faults(), ["input ALREADY_DONE"]);
    for token in ["x", &"A".repeat(43), "%00", "..%2f"] {
        assert_eq!(app.anonymous().get(&format!("/v1/feeds/{token}.ics")).await.status, 404, "{token}");
    }
}

async fn notes_the_day_of_use_only(app: &TestApp) {
    let cast = Cast::of(app).await;
    let (path, _) = make(&cast.officer, json!({ "scope": "MY_MEETINGS" })).await;
    let used = || async { cast.officer.data("{ feedTokens { lastUsedAt } }", json!({})).await["feedTokens"][0]["lastUsedAt"].clone() };
    assert_eq!(used().await, json!(null));
    let first = app.anonymous().get(&path).await;
    assert_eq!(used().await, "2026-03-02T00:00:00Z");
    app.advance(chrono::TimeDelta::minutes(10));
    let again = app.anonymous().get(&path).await;
    assert_eq!(first.headers["etag"], again.headers["etag"]);
    app.advance(chrono::TimeDelta::minutes(15 * 60));
    app.anonymous().get(&path).await;
    let officer = app.signed_in("officer@body.example").await;
    let list = officer.data("{ feedTokens { lastUsedAt } }", json!({})).await;
    assert_eq!(list["feedTokens"][0]["lastUsedAt"], "2026-03-03T00:00:00Z");
}

async fn gives_the_address_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    let input = json!({ "scope": "MY_MEETINGS", "idempotencyKey": "once" });
    let (_, id) = make(&cast.officer, input.clone()).await;
    let again = send(&cast.officer, "FeedTokenCreate", input).await.data()["feedTokenCreate"].clone();
    assert_eq!((&again["url"], &again["feedToken"]["id"]), (&Value::Null, &id));
}

async fn refuses_what_does_not_fit(app: &TestApp) {
    let cast = Cast::of(app).await;
    assert_eq!(send(&app.anonymous(), "FeedTokenCreate", json!({ "scope": "MY_MEETINGS" })).await.code(), "UNAUTHENTICATED");
    let missing = send(&cast.officer, "FeedTokenCreate", json!({ "scope": "DIALOGUE" })).await;
    assert_eq!(missing.faults(), ["input.dialogueId REQUIRED"]);
    let wrong = json!({ "scope": "MY_MEETINGS", "dialogueId": cast.body.to_string() });
    assert_eq!(
        send(&cast.officer, "FeedTokenCreate", wrong).await.faults(),
        ["input.dialogueId WRONG_KIND", "input.dialogueId CONTRADICTION"]
    );
}
