//! Reading, moving and cancelling meetings.

use serde_json::json;
use tertulia_tests::{TestApp, stories};

use super::{Cast, each, run, send};

stories![
    moves_one_meeting_and_keeps_its_id,
    cancels_once,
    refuses_what_is_stale_past_or_foreign,
    lists_by_the_instant_across_zones,
    pages_through,
    one_statement_a_level,
    stated_rule_for_gaps_and_repeated_hours,
];

async fn moves_one_meeting_and_keeps_its_id(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let second = dialogue["upcoming"]["nodes"][1].clone();
    let input = json!({
        "meetingId": second["id"], "localStart": "2026-11-20T10:00:00", "timeZone": "Europe/Madrid", "duration": "PT2H",
        "reason": "A holiday", "scope": "THIS", "version": 1,
    });
    let moved = send(&cast.coordinator, "MeetingReschedule", input).await.data()["meetingReschedule"]["meeting"].clone();
    assert_eq!(
        moved,
        json!({
            "id": second["id"], "status": "SCHEDULED", "startsAt": "2026-11-20T09:00:00Z", "endsAt": "2026-11-20T11:00:00Z",
            "localStart": "2026-11-20T10:00:00", "localEnd": "2026-11-20T12:00:00", "timeZone": "Europe/Madrid", "sequence": 1, "version": 2,
        })
    );
    let document = "query($id: ID!) { meeting(id: $id) { id originalStart reason localStart(timeZone: \"Asia/Tokyo\") } }";
    let read = app.anonymous().data(document, json!({ "id": second["id"] })).await["meeting"].clone();
    assert_eq!(read["originalStart"], "2026-11-15T19:00:00");
    assert_eq!(read["reason"], "A holiday");
    assert_eq!(read["localStart"], "2026-11-20T18:00:00");
}

async fn cancels_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let id = dialogue["upcoming"]["nodes"][0]["id"].clone();
    let mut input = json!({ "meetingId": id, "version": 1, "reason": "No quorum", "idempotencyKey": "k" });
    let first = send(&cast.coordinator, "MeetingCancel", input.clone()).await.data();
    assert_eq!(first["meetingCancel"]["meeting"], json!({ "id": id, "status": "CANCELLED", "sequence": 1, "version": 2 }));
    let again = send(&cast.coordinator, "MeetingCancel", input.clone()).await.data();
    assert_eq!(again, first);
    input["idempotencyKey"] = "other".into();
    input["version"] = 2.into();
    assert_eq!(send(&cast.coordinator, "MeetingCancel", input).await.code(), "INVALID_TRANSITION");
    let next = run(&app.anonymous(), "Dialogues", json!({})).await.data()["dialogues"]["nodes"][0]["nextMeeting"].clone();
    assert_eq!(next["id"], dialogue["upcoming"]["nodes"][1]["id"]);
}

async fn refuses_what_is_stale_past_or_foreign(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let id = dialogue["upcoming"]["nodes"][0]["id"].clone();
    let input = |local: &str, version: i64| json!({ "meetingId": id, "localStart": local, "timeZone": "UTC", "version": version });
    let future = "2026-12-01T10:00:00";
    assert_eq!(send(&app.anonymous(), "MeetingReschedule", input(future, 1)).await.code(), "UNAUTHENTICATED");
    assert_eq!(send(&cast.stranger, "MeetingReschedule", input(future, 1)).await.code(), "FORBIDDEN");
    assert_eq!(send(&cast.coordinator, "MeetingReschedule", input(future, 2)).await.code(), "VERSION_MISMATCH");
    let past = send(&cast.coordinator, "MeetingReschedule", input("2025-12-01T10:00:00", 1)).await;
    assert_eq!(past.faults(), ["input.localStart IN_PAST"]);
    let stays = json!({ "meetingId": id, "localStart": "2026-10-15T19:00", "timeZone": "America/Los_Angeles", "version": 1 });
    let stays = send(&cast.coordinator, "MeetingReschedule", stays).await.faults();
    assert_eq!(stays, ["input.localStart CONTRADICTION"], "nobody is told of a change that is none");
    let mut wrong = input(future, 1);
    wrong["meetingId"] = dialogue["id"].clone();
    wrong["timeZone"] = "Nowhere".into();
    wrong["duration"] = "PT0M".into();
    let faults = send(&cast.coordinator, "MeetingReschedule", wrong).await.faults();
    assert_eq!(faults, ["input.meetingId WRONG_KIND", "input.timeZone NOT_AN_OPTION", "input.duration OUT_OF_RANGE"]);
    app.advance(chrono::TimeDelta::days(240));
    let coordinator = app.signed_in("coordinator@desk.example").await;
    assert_eq!(send(&coordinator, "MeetingReschedule", input("2026-12-30T10:00:00", 1)).await.code(), "INVALID_TRANSITION");
}

async fn lists_by_the_instant_across_zones(app: &TestApp) {
    let cast = Cast::of(app).await;
    for (zone, local) in [("Asia/Tokyo", "2026-06-01T09:00"), ("America/Lima", "2026-06-01T08:00"), ("Europe/Madrid", "2026-06-01T10:00")] {
        let mut input = cast.monthly("PUBLIC");
        input["title"] = json!([{ "language": "en", "text": zone }]);
        input["recurrence"] = json!({ "localStart": local, "timeZone": zone, "rule": "FREQ=DAILY;COUNT=1" });
        cast.create(input).await;
    }
    let variables = json!({ "from": "2026-06-01T00:00:00Z", "to": "2026-06-02T00:00:00Z", "timeZone": "Africa/Nairobi" });
    let meetings = run(&app.anonymous(), "Meetings", variables).await.data()["meetings"].clone();
    assert_eq!(meetings["totalCount"], 3);
    assert_eq!(each(&meetings["nodes"], "title"), ["Asia/Tokyo", "Europe/Madrid", "America/Lima"]);
    assert_eq!(each(&meetings["nodes"], "localStart"), ["2026-06-01T03:00:00", "2026-06-01T11:00:00", "2026-06-01T16:00:00"]);
    let edge = json!({ "from": "2026-06-01T00:00:00Z", "to": "2026-06-01T08:00:00Z" });
    assert_eq!(run(&app.anonymous(), "Meetings", edge).await.data()["meetings"]["totalCount"], 1);
    let nowhere = json!({ "from": "2026-06-01T00:00:00Z", "to": "2026-06-02T00:00:00Z", "timeZone": "Nowhere" });
    assert_eq!(run(&app.anonymous(), "Meetings", nowhere).await.code(), "INVALID_INPUT");
}

async fn pages_through(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"]["rule"] = "FREQ=DAILY;COUNT=7".into();
    let id = cast.create(input).await["id"].clone();
    let document = "query($id: ID!, $after: String, $before: String, $first: Int, $last: Int) { dialogue(id: $id) { meetings(
        first: $first, after: $after, last: $last, before: $before) { totalCount nodes { startsAt } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }";
    let page = |variables: serde_json::Value| {
        let client = app.anonymous();
        async move { client.data(document, variables).await["dialogue"]["meetings"].clone() }
    };
    let mut seen = Vec::new();
    let mut after = json!(null);
    loop {
        let found = page(json!({ "id": id, "first": 3, "after": after })).await;
        assert_eq!(found["totalCount"], 7);
        seen.extend(each(&found["nodes"], "startsAt").into_iter().map(str::to_owned));
        after = found["pageInfo"]["endCursor"].clone();
        if found["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.is_sorted());
    let back = page(json!({ "id": id, "last": 2 })).await;
    assert_eq!(each(&back["nodes"], "startsAt"), seen[5..]);
    assert_eq!(app.anonymous().graphql("{ meetings(first: 101) { totalCount } }", json!({})).await.code(), "LIMIT_EXCEEDED");
}

async fn one_statement_a_level(app: &TestApp) {
    let cast = Cast::of(app).await;
    let variables = json!({ "from": "2026-06-01T00:00:00Z", "to": "2027-06-02T00:00:00Z" });
    cast.create(cast.monthly("PUBLIC")).await;
    // What is kept at hand is there before anything is counted.
    statements(app, &variables).await;
    let (one_list, one_calendar) = statements(app, &variables).await;
    for _ in 0..4 {
        cast.create(cast.monthly("PUBLIC")).await;
    }
    assert_eq!(statements(app, &variables).await, (one_list, one_calendar));
}

async fn statements(app: &TestApp, variables: &serde_json::Value) -> (u32, u32) {
    let list = run(&app.anonymous(), "Dialogues", json!({})).await.statements();
    (list, run(&app.anonymous(), "Meetings", variables.clone()).await.statements())
}

async fn stated_rule_for_gaps_and_repeated_hours(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"] = json!({ "localStart": "2026-03-28T02:30", "timeZone": "Europe/Madrid", "rule": "FREQ=DAILY;COUNT=3" });
    let gap = cast.create(input.clone()).await["upcoming"]["nodes"].clone();
    assert_eq!(each(&gap, "localStart"), ["2026-03-28T02:30:00", "2026-03-29T03:30:00", "2026-03-30T02:30:00"]);
    input["recurrence"]["localStart"] = "2026-10-24T02:30".into();
    let fold = cast.create(input).await["upcoming"]["nodes"].clone();
    assert_eq!(each(&fold, "startsAt"), ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
}
