//! Time passes: meetings begin and end by themselves, once, however many servers there are.

use serde_json::json;
use tertulia_app::dialogue::passing::pass;
use tertulia_tests::{TestApp, stories};

use super::Cast;

stories![a_meeting_begins_and_ends, past_meetings_are_held, three_servers_tell_it_once];

const ONE: &str = "query($id: ID!) { meeting(id: $id) { status version sequence } }";

async fn a_meeting_begins_and_ends(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    let status = async || app.anonymous().data(ONE, json!({ "id": id })).await["meeting"].clone();
    for (at, expected) in [("01:59", "SCHEDULED"), ("02:00", "IN_PROGRESS"), ("03:29", "IN_PROGRESS"), ("03:30", "HELD")] {
        let at = format!("2026-10-16T{at}:00Z").parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        app.advance(at - app.app.clock.now());
        pass(&app.app, &app.app.system()).await.unwrap();
        assert_eq!(status().await, json!({ "status": expected, "version": 1, "sequence": 0 }), "nobody edited it");
    }
    let coordinator = app.signed_in("coordinator@desk.example").await;
    let cancel = super::send(&coordinator, "MeetingCancel", json!({ "meetingId": id, "version": 1 })).await;
    assert_eq!(cancel.code(), "INVALID_TRANSITION");
}

async fn past_meetings_are_held(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"]["localStart"] = "2025-12-15T19:00".into();
    cast.create(input).await;
    pass(&app.app, &app.app.system()).await.unwrap();
    let document = "{ held: meetings(filter: { statuses: [HELD] }) { totalCount }
        left: meetings(filter: { statuses: [SCHEDULED], startsTo: \"2026-03-02T09:00:00Z\" }) { totalCount } }";
    let found = app.anonymous().data(document, json!({})).await;
    assert_eq!(found, json!({ "held": { "totalCount": 3 }, "left": { "totalCount": 0 } }));
}

async fn three_servers_tell_it_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    let (second, third) = (app.beside().await, app.beside().await);
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"] = json!({ "localStart": "2026-03-02T01:00", "timeZone": "UTC", "rule": "FREQ=HOURLY;COUNT=8" });
    cast.create(input).await;
    let here = app.app.system();
    let (one, two, three) = tokio::join!(pass(&app.app, &here), pass(&second.app, &here), pass(&third.app, &here));
    assert!(one.is_ok() && two.is_ok() && three.is_ok(), "{one:?} {two:?} {three:?}");
    let topics = app.database.counts("SELECT topic, count(*) FROM audit_entry WHERE topic IS NOT NULL GROUP BY topic").await;
    assert_eq!((topics["meeting.held"], topics.get("meeting.started")), (7, Some(&1)), "{topics:?}");
    second.finish().await;
    third.finish().await;
}
