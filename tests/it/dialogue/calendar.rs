//! The calendar of a public dialogue.

use reqwest::{
    Method,
    header::{IF_MODIFIED_SINCE, IF_NONE_MATCH},
};
use serde_json::json;
use tertulia_tests::{TestApp, stories};

use super::{Cast, run, send};

stories![
    anyone_subscribes_to_a_public_dialogue,
    a_change_reaches_the_calendar,
    an_unchanged_calendar_is_not_sent_again,
    tells_when_it_was_changed,
    hides_what_is_not_public
];

/// The lines of a calendar, unfolded.
pub(super) fn lines(text: &str) -> Vec<String> {
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "a line over 75 octets in\n{text}");
    text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

fn has(text: &str, line: &str) -> bool {
    lines(text).iter().any(|found| found == line)
}

fn path(id: &serde_json::Value) -> String {
    format!("/v1/dialogues/{}/calendar.ics", id.as_str().unwrap())
}

async fn anyone_subscribes_to_a_public_dialogue(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let node = run(&app.anonymous(), "Dialogues", json!({})).await.data()["dialogues"]["nodes"][0].clone();
    assert!(node["calendarUrl"].as_str().unwrap().ends_with(&path(&dialogue["id"])), "{node}");
    let reply = app.anonymous().get(&path(&dialogue["id"])).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(reply.headers["cache-control"], "public, max-age=300");
    for line in [
        "METHOD:PUBLISH",
        "TZID:America/Los_Angeles",
        "DTSTART;TZID=America/Los_Angeles:20261015T190000",
        "RRULE:FREQ=MONTHLY",
        "STATUS:CONFIRMED",
        "SEQUENCE:0",
        "DTSTAMP:20260302T090000Z",
    ] {
        assert!(has(&reply.text, line), "{line}\n{}", reply.text);
    }
    assert!(has(&reply.text, &format!("UID:{}@tertulia", dialogue["id"].as_str().unwrap())));
    assert!(!reply.text.contains("meet.example"));
    let signed_in = cast.officer.get(&path(&dialogue["id"])).await;
    assert!(!signed_in.text.contains("meet.example") && signed_in.headers["cache-control"] == "private, no-cache");
}

async fn a_change_reaches_the_calendar(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let nodes = &dialogue["upcoming"]["nodes"];
    app.advance(chrono::TimeDelta::minutes(5));
    let moved = json!({ "meetingId": nodes[1]["id"], "localStart": "2026-11-20T10:00:00", "timeZone": "Europe/Madrid", "version": 1 });
    send(&cast.coordinator, "MeetingReschedule", moved).await.data();
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": nodes[2]["id"], "version": 1 })).await.data();
    let text = app.anonymous().get(&path(&dialogue["id"])).await.text;
    for line in [
        "RECURRENCE-ID;TZID=America/Los_Angeles:20261115T190000",
        "DTSTART;TZID=Europe/Madrid:20261120T100000",
        "DTEND;TZID=Europe/Madrid:20261120T113000",
        "RECURRENCE-ID;TZID=America/Los_Angeles:20261215T190000",
        "STATUS:CANCELLED",
        "SEQUENCE:1",
        "TZID:Europe/Madrid",
        "LAST-MODIFIED:20260302T090500Z",
    ] {
        assert!(has(&text, line), "{line}\n{text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 3);
    assert_eq!(text.matches("UID:dialogue_").count(), 3);
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": nodes[1]["id"], "version": 2 })).await.data();
    let text = app.anonymous().get(&path(&dialogue["id"])).await.text;
    assert!(has(&text, "SEQUENCE:2"), "{text}");
}

async fn an_unchanged_calendar_is_not_sent_again(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let client = app.anonymous();
    let tag = client.get(&path(&dialogue["id"])).await.headers["etag"].clone();
    app.advance(chrono::TimeDelta::minutes(5));
    let ask = || client.send(client.request(Method::GET, &path(&dialogue["id"])).header(IF_NONE_MATCH, tag.clone()));
    let reply = ask().await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str(), &reply.headers["etag"]), (304, "", &tag));
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": dialogue["upcoming"]["nodes"][0]["id"], "version": 1 })).await.data();
    let reply = ask().await;
    assert_eq!(reply.status, 200);
    assert_ne!(reply.headers["etag"], tag);
    let head = client.send(client.request(Method::HEAD, &path(&dialogue["id"]))).await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
}

async fn tells_when_it_was_changed(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let client = app.anonymous();
    let fresh = client.get(&path(&dialogue["id"])).await;
    assert!(!fresh.headers.contains_key("last-modified"), "another change may come in the same second");
    app.advance(chrono::TimeDelta::minutes(5));
    let first = client.get(&path(&dialogue["id"])).await;
    assert_eq!(first.headers["last-modified"], "Mon, 02 Mar 2026 09:00:00 GMT");
    let since = |at: &'static str| {
        let request = client.request(Method::GET, &path(&dialogue["id"])).header(IF_MODIFIED_SINCE, at);
        client.send(request)
    };
    for (at, status) in [
        ("Mon, 02 Mar 2026 09:00:00 GMT", 304),
        ("Mon, 02 Mar 2026 09:04:00 GMT", 304),
        ("Mon, 02 Mar 2026 08:59:59 GMT", 200),
        ("yesterday", 200),
    ] {
        assert_eq!(since(at).await.status.as_u16(), status, "{at}");
    }
    // A tag that is not the calendar's any more counts before the date.
    let both = client.request(Method::GET, &path(&dialogue["id"])).header(IF_MODIFIED_SINCE, "Mon, 02 Mar 2026 09:00:00 GMT");
    assert_eq!(client.send(both.header(IF_NONE_MATCH, "\"other\"")).await.status, 200);
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": dialogue["upcoming"]["nodes"][0]["id"], "version": 1 })).await.data();
    app.advance(chrono::TimeDelta::minutes(1));
    let changed = since("Mon, 02 Mar 2026 09:00:00 GMT").await;
    assert_eq!((changed.status.as_u16(), &changed.headers["last-modified"]), (200, &"Mon, 02 Mar 2026 09:05:00 GMT".parse().unwrap()));
}

async fn hides_what_is_not_public(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("COALITION")).await;
    let node = run(&cast.officer, "Dialogues", json!({})).await.data()["dialogues"]["nodes"][0].clone();
    assert_eq!(node["calendarUrl"], json!(null));
    let reply = app.anonymous().get(&path(&dialogue["id"])).await;
    assert_eq!((reply.status.as_u16(), reply.code()), (404, "NOT_FOUND"));
    assert_eq!(reply.headers["content-type"], "application/problem+json");
    assert_eq!(cast.stranger.get(&path(&dialogue["id"])).await.status, 200);
    for id in ["dialogue_00000000000000000000000000", "x", "contact_00000000000000000000000000", "%00"] {
        assert_eq!(app.anonymous().get(&format!("/v1/dialogues/{id}/calendar.ics")).await.status, 404, "{id}");
    }
}
