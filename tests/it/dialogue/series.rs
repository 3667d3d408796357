//! Changing a series from one of its meetings on.

use chrono::TimeDelta;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Value, json};
use tertulia_app::dialogue::{horizon, rederive};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::{Cast, calendar::lines, each, places, send};

stories![
    moves_this_and_following_and_keeps_the_ids,
    moves_all_that_lie_ahead_and_nothing_behind,
    single_exceptions_stay,
    a_weekly_series_moves_to_another_day,
    calls_off_this_and_following,
    calling_all_off_cancels_the_calendar,
    holds_a_series_elsewhere,
    refuses_what_does_not_fit_a_series,
    hosts_take_turns,
    a_changed_zone_moves_the_instant_not_the_wall_time,
];

pub(super) const MEETINGS: &str = "query($id: ID!) { dialogue(id: $id) { id version status closedFrom title duration joinUrl venue { name }
  meetings(first: 20) { nodes { id version status sequence startsAt localStart timeZone duration originalStart reason joinUrl venue { name } } } } }";

/// The dialogue with its meetings, as the coordinator reads it.
pub(super) async fn read(cast: &Cast, id: &Value) -> (Value, Vec<Value>) {
    let dialogue = cast.coordinator.data(MEETINGS, json!({ "id": id })).await["dialogue"].clone();
    let meetings = dialogue["meetings"]["nodes"].as_array().unwrap().clone();
    (dialogue, meetings)
}

/// Runs a mutation of this name.
pub(super) async fn act(client: &Client, name: &str, input: Value) -> Reply {
    let (field, rest) = name.split_at(1);
    let field = format!("{}{rest}", field.to_lowercase());
    let object = if name.starts_with("Dialogue") { "dialogue { id version status }" } else { "meeting { id version status }" };
    let document =
        format!("mutation($input: {name}Input!) {{ {field}(input: $input) {{ {object} userErrors {{ code reason path message }} }} }}");
    client.graphql(&document, json!({ "input": input })).await
}

/// The same, which must succeed; answers the object.
pub(super) async fn done(client: &Client, name: &str, input: Value) -> Value {
    let reply = act(client, name, input).await;
    assert_eq!(reply.faults(), Vec::<String>::new(), "{name}: {}", reply.text);
    let payload = reply.data().as_object().unwrap().values().next().unwrap().clone();
    payload.get("dialogue").or(payload.get("meeting")).unwrap().clone()
}

pub(super) async fn calendar(app: &TestApp, id: &Value) -> Vec<String> {
    let reply = app.anonymous().get(&format!("/v1/dialogues/{}/calendar.ics", id.as_str().unwrap())).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    lines(&reply.text)
}

pub(super) fn has(calendar: &[String], wanted: &[&str]) {
    for line in wanted {
        assert!(calendar.iter().any(|found| found == line), "{line} in\n{}", calendar.join("\n"));
    }
}

fn count(calendar: &[String], start: &str) -> usize {
    calendar.iter().filter(|line| line.starts_with(start)).count()
}

async fn moves_this_and_following_and_keeps_the_ids(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    let input = json!({
        "meetingId": before[2]["id"], "localStart": "2026-12-15T09:30:00", "timeZone": "America/Lima", "reason": "Mornings suit more",
        "scope": "THIS_AND_FOLLOWING", "version": 1, "idempotencyKey": "k",
    });
    send(&cast.coordinator, "MeetingReschedule", input.clone()).await.data();
    send(&cast.coordinator, "MeetingReschedule", input).await.data();
    let (dialogue, after) = read(&cast, &id).await;
    assert_eq!(dialogue["version"], 2, "the same request again changes nothing");
    let ids = |list: &[Value]| list.iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!((ids(&after), &after[..2]), (ids(&before), &before[..2]));
    for (was, is) in before.iter().zip(&after).skip(2) {
        let day = was["localStart"].as_str().unwrap().split_once('T').unwrap().0;
        assert_eq!((&is["localStart"], &is["timeZone"]), (&json!(format!("{day}T09:30:00")), &json!("America/Lima")));
        assert_eq!((&is["originalStart"], &is["sequence"]), (&was["originalStart"], &json!(1)));
    }
    let calendar = calendar(app, &id).await;
    let name = id.as_str().unwrap();
    has(
        &calendar,
        &[
            "RRULE:FREQ=MONTHLY;UNTIL=20261116T030000Z",
            "RRULE:FREQ=MONTHLY",
            "DTSTART;TZID=America/Lima:20261215T093000",
            &format!("UID:{name}@tertulia"),
            &format!("UID:{name}-20261215T190000@tertulia"),
            "SEQUENCE:1",
            "TZID:America/Lima",
        ],
    );
    assert_eq!(count(&calendar, "BEGIN:VEVENT"), 2, "the rule is kept, not expanded");
    // What is laid out later follows too.
    app.advance(TimeDelta::days(200));
    horizon::extend(&app.app, &app.app.system()).await.unwrap();
    let coordinator = app.signed_in("coordinator@desk.example").await;
    let found = coordinator.data(
        "query($id: ID!) { dialogue(id: $id) { meetings(orderBy: STARTS_AT_DESC, first: 1) { nodes { localStart timeZone sequence } } } }",
        json!({ "id": id }),
    );
    let last = found.await["dialogue"]["meetings"]["nodes"][0].clone();
    assert!(last["localStart"].as_str().unwrap() > "2027-06" && last["localStart"].as_str().unwrap().ends_with("T09:30:00"), "{last}");
    assert_eq!((&last["timeZone"], &last["sequence"]), (&json!("America/Lima"), &json!(0)));
}

async fn moves_all_that_lie_ahead_and_nothing_behind(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    app.advance(TimeDelta::days(270));
    let cast = Cast { coordinator: app.signed_in("coordinator@desk.example").await, ..cast };
    let (_, passed) = read(&cast, &id).await;
    let input = json!({
        "meetingId": before[4]["id"], "localStart": "2027-02-15T20:00:00", "timeZone": "America/Los_Angeles", "duration": "PT2H",
        "scope": "ALL", "version": passed[4]["version"],
    });
    send(&cast.coordinator, "MeetingReschedule", input).await.data();
    let (_, after) = read(&cast, &id).await;
    assert_eq!(places(&after[..2]), places(&passed[..2]), "October and November lie behind");
    let starts: Vec<&str> = after[2..5].iter().map(|one| one["localStart"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2026-12-15T20:00:00", "2027-01-15T20:00:00", "2027-02-15T20:00:00"]);
    assert!(after[2..].iter().all(|one| one["duration"] == "PT2H"));
    let calendar = calendar(app, &id).await;
    has(
        &calendar,
        &[
            "DTSTART;TZID=America/Los_Angeles:20261015T190000",
            "DTEND;TZID=America/Los_Angeles:20261015T203000",
            "DTSTART;TZID=America/Los_Angeles:20261215T200000",
            "DTEND;TZID=America/Los_Angeles:20261215T220000",
        ],
    );
}

async fn single_exceptions_stay(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    let alone = json!({ "meetingId": before[2]["id"], "localStart": "2026-12-10T08:00", "timeZone": "Asia/Tokyo", "version": 1 });
    send(&cast.coordinator, "MeetingReschedule", alone).await.data();
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": before[3]["id"], "version": 1 })).await.data();
    let all = json!({
        "meetingId": before[1]["id"], "localStart": "2026-11-15T18:00", "timeZone": "America/Los_Angeles", "scope": "THIS_AND_FOLLOWING", "version": 1,
    });
    send(&cast.coordinator, "MeetingReschedule", all).await.data();
    let (_, after) = read(&cast, &id).await;
    let mut by_id = after.iter().filter(|one| one["id"] == before[2]["id"] || one["id"] == before[3]["id"]);
    assert_eq!(by_id.next().unwrap()["localStart"], "2026-12-10T08:00:00");
    assert_eq!(by_id.next().unwrap()["status"], "CANCELLED");
    let calendar = calendar(app, &id).await;
    has(
        &calendar,
        &[
            // The exceptions hang on the event that goes on, by the times that it names.
            "RECURRENCE-ID;TZID=America/Los_Angeles:20261215T180000",
            "DTSTART;TZID=Asia/Tokyo:20261210T080000",
            "RECURRENCE-ID;TZID=America/Los_Angeles:20270115T180000",
            "STATUS:CANCELLED",
        ],
    );
    assert_eq!((count(&calendar, "BEGIN:VEVENT"), count(&calendar, "RRULE:FREQ=MONTHLY")), (4, 2));
}

async fn a_weekly_series_moves_to_another_day(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"] = json!({
        "localStart": "2026-03-03T23:00", "timeZone": "Europe/Madrid", "rule": "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6",
        "excludedDates": ["2026-03-12T23:00"], "additionalDates": ["2026-03-18T23:00"],
    });
    let id = cast.create(input).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    let next_day = json!({ "meetingId": before[2]["id"], "localStart": "2026-03-11T01:00", "timeZone": "Europe/Madrid", "scope": "THIS_AND_FOLLOWING", "version": 1 });
    send(&cast.coordinator, "MeetingReschedule", next_day).await.data();
    let (_, after) = read(&cast, &id).await;
    let days = each(&json!(after), "localStart").join(" ");
    assert_eq!(
        days,
        "2026-03-03T23:00:00 2026-03-05T23:00:00 2026-03-11T01:00:00 2026-03-18T01:00:00 2026-03-19T01:00:00 2026-03-20T01:00:00"
    );
    let calendar = calendar(app, &id).await;
    has(
        &calendar,
        &[
            "RRULE:FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20260305T220000Z",
            "RRULE:FREQ=WEEKLY;BYDAY=WE,FR;WKST=TU;UNTIL=20260320T000000Z",
            "EXDATE;TZID=Europe/Madrid:20260313T010000",
            "RDATE;TZID=Europe/Madrid:20260319T010000",
        ],
    );
    assert!(
        calendar.iter().filter(|line| line.starts_with("RRULE")).all(|line| line.starts_with("RRULE:FREQ=")),
        "Apple ignores another order"
    );
}

async fn calls_off_this_and_following(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    let input = json!({ "meetingId": before[2]["id"], "reason": "The project ends", "scope": "THIS_AND_FOLLOWING", "version": 1 });
    send(&cast.coordinator, "MeetingCancel", input).await.data();
    let (dialogue, after) = read(&cast, &id).await;
    assert_eq!((&dialogue["status"], &dialogue["closedFrom"]), (&json!("ENDED"), &before[2]["originalStart"]));
    assert_eq!(after[..2], before[..2]);
    assert!(after[2..].iter().all(|one| one["status"] == "CANCELLED" && one["reason"] == "The project ends"));
    let calendar = calendar(app, &id).await;
    has(&calendar, &["RRULE:FREQ=MONTHLY;UNTIL=20261116T030000Z", "SEQUENCE:1", "STATUS:CONFIRMED"]);
    assert_eq!(count(&calendar, "BEGIN:VEVENT"), 1);
}

async fn calling_all_off_cancels_the_calendar(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": before[5]["id"], "scope": "ALL", "version": 1 })).await.data();
    let calendar = calendar(app, &id).await;
    has(&calendar, &["RRULE:FREQ=MONTHLY", "STATUS:CANCELLED", "SEQUENCE:1", &format!("UID:{}@tertulia", id.as_str().unwrap())]);
    assert_eq!(count(&calendar, "STATUS:CONFIRMED"), 0);
}

async fn holds_a_series_elsewhere(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    let own = json!({ "meetingId": before[3]["id"], "venue": { "name": "Casa Árabe" }, "reason": "A visit", "version": 1 });
    done(&cast.coordinator, "MeetingRelocate", own).await;
    let all = json!({ "meetingId": before[1]["id"], "joinUrl": "https://meet.example/other", "venue": { "name": "Hall" }, "scope": "THIS_AND_FOLLOWING", "version": 1 });
    done(&cast.coordinator, "MeetingRelocate", all).await;
    let (dialogue, after) = read(&cast, &id).await;
    let shown: Vec<_> =
        after[..4].iter().map(|one| (one["venue"]["name"].clone(), one["joinUrl"].clone(), one["sequence"].clone())).collect();
    let (first, other) = (json!("https://meet.example/secret"), json!("https://meet.example/other"));
    assert_eq!(
        shown,
        [
            (Value::Null, first, json!(0)),
            (json!("Hall"), other.clone(), json!(1)),
            (json!("Hall"), other.clone(), json!(1)),
            (json!("Casa Árabe"), other, json!(2)),
        ]
    );
    assert_eq!((&dialogue["venue"]["name"], &dialogue["joinUrl"]), (&json!("Hall"), &json!("https://meet.example/other")));
    let calendar = calendar(app, &id).await;
    has(&calendar, &["LOCATION:Hall", "LOCATION:Casa Árabe"]);
    assert_eq!((count(&calendar, "RRULE:FREQ=MONTHLY"), count(&calendar, "RECURRENCE-ID")), (2, 1));
    let nothing = act(&cast.coordinator, "MeetingRelocate", json!({ "meetingId": before[1]["id"], "version": 2 })).await;
    assert_eq!(nothing.faults(), ["input REQUIRED"]);
    let malformed = json!({ "meetingId": before[1]["id"], "joinUrl": "x", "venue": { "name": " " }, "version": 2 });
    assert_eq!(
        act(&cast.coordinator, "MeetingRelocate", malformed).await.faults(),
        ["input.venue.name REQUIRED", "input.joinUrl MALFORMED"]
    );
    let nowhere = json!({ "meetingId": before[1]["id"], "venue": { "name": "Hall", "country": "ZZ" }, "version": 2 });
    assert_eq!(act(&cast.coordinator, "MeetingRelocate", nowhere).await.faults(), ["input.venue.country NOT_AN_OPTION"]);
    let foreign = json!({ "meetingId": before[1]["id"], "joinUrl": null, "version": 2 });
    assert_eq!(act(&cast.stranger, "MeetingRelocate", foreign).await.code(), "FORBIDDEN");
}

async fn refuses_what_does_not_fit_a_series(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    let input = |local: &str, scope: &str| json!({ "meetingId": before[5]["id"], "localStart": local, "timeZone": "UTC", "scope": scope, "version": 1 });
    let far = send(&cast.coordinator, "MeetingReschedule", input("2028-12-01T10:00", "THIS_AND_FOLLOWING")).await;
    assert_eq!(far.faults(), ["input.localStart OUT_OF_RANGE"]);
    // March 2027 could be moved to May 2026, but October 2026 would then lie behind.
    let behind = send(&cast.coordinator, "MeetingReschedule", input("2026-05-01T10:00", "ALL")).await;
    assert_eq!(behind.faults(), ["input.localStart IN_PAST"]);
    done(&cast.coordinator, "DialoguePause", json!({ "dialogueId": id, "version": 1 })).await;
    let mut paused = input("2027-03-16T10:00", "ALL");
    paused["version"] = 2.into();
    assert_eq!(send(&cast.coordinator, "MeetingReschedule", paused.clone()).await.code(), "INVALID_TRANSITION");
    paused["scope"] = "THIS".into();
    send(&cast.coordinator, "MeetingReschedule", paused).await.data();
    let calendar = calendar(app, &id).await;
    has(&calendar, &["DTSTART;TZID=UTC:20270316T100000", "STATUS:TENTATIVE"]);
}

async fn hosts_take_turns(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"]["zoneRotation"] = json!(["Asia/Tokyo", "America/Lima", "Africa/Nairobi"]);
    let id = cast.create(input.clone()).await["id"].clone();
    let (_, meetings) = read(&cast, &id).await;
    let zones: Vec<&str> = meetings[..4].iter().map(|one| one["timeZone"].as_str().unwrap()).collect();
    assert_eq!(zones, ["Asia/Tokyo", "America/Lima", "Africa/Nairobi", "Asia/Tokyo"]);
    assert!(meetings.iter().all(|one| one["localStart"].as_str().unwrap().ends_with("15T19:00:00")));
    let feed = calendar(app, &id).await;
    has(&feed, &["DTSTART;TZID=Asia/Tokyo:20261015T190000", "DTSTART;TZID=America/Lima:20261115T190000", "TZID:Africa/Nairobi"]);
    assert_eq!(
        (count(&feed, "BEGIN:VEVENT"), count(&feed, "RRULE:FREQ=MONTHLY"), count(&feed, "UID:meeting_")),
        (meetings.len(), 0, meetings.len())
    );
    let move_all =
        json!({ "meetingId": meetings[0]["id"], "localStart": "2026-10-15T12:00", "timeZone": "UTC", "scope": "ALL", "version": 1 });
    send(&cast.coordinator, "MeetingReschedule", move_all).await.data();
    let (_, moved) = read(&cast, &id).await;
    assert!(moved.iter().all(|one| one["timeZone"] == "UTC" && one["localStart"].as_str().unwrap().ends_with("15T12:00:00")));
    input["recurrence"]["zoneRotation"] = json!(["Asia/Tokyo", "Nowhere"]);
    assert_eq!(send(&cast.coordinator, "DialogueCreate", input).await.faults(), ["input.recurrence.zoneRotation.1 NOT_AN_OPTION"]);
    let preview = "{ recurrencePreview(recurrence: { localStart: \"2026-10-15T19:00\", timeZone: \"UTC\", rule: \"FREQ=MONTHLY;COUNT=2\",
        zoneRotation: [\"Asia/Tokyo\", \"America/Lima\"] }) { occurrences { startsAt localStart timeZone } } }";
    let shown = app.anonymous().data(preview, json!({})).await["recurrencePreview"]["occurrences"].clone();
    assert_eq!(each(&shown, "startsAt"), ["2026-10-15T10:00:00Z", "2026-11-16T00:00:00Z"]);
    assert_eq!(each(&shown, "timeZone"), ["Asia/Tokyo", "America/Lima"]);
}

async fn a_changed_zone_moves_the_instant_not_the_wall_time(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let (_, before) = read(&cast, &id).await;
    // The rows as an older release of the zone data would have written them.
    let database = app.database.connect().await;
    let stale = Query::update()
        .table("meeting")
        .value("starts_at", chrono::DateTime::<chrono::Utc>::from_timestamp(1_794_801_600, 0))
        .and_where(Expr::col("original_start").eq(chrono::NaiveDate::from_ymd_opt(2026, 11, 15).unwrap().and_hms_opt(19, 0, 0)))
        .take();
    database.execute(&stale).await.unwrap();
    let (_, wrong) = read(&cast, &id).await;
    assert_ne!(wrong[1]["startsAt"], before[1]["startsAt"]);
    app.advance(TimeDelta::hours(2));
    rederive::rederive(&app.app, &app.app.system()).await.unwrap();
    let cast = Cast { coordinator: app.signed_in("coordinator@desk.example").await, ..cast };
    let (_, after) = read(&cast, &id).await;
    assert_eq!((&after[1]["startsAt"], &after[1]["localStart"]), (&before[1]["startsAt"], &before[1]["localStart"]));
    assert_eq!((&after[1]["sequence"], &after[0]["sequence"]), (&json!(1), &json!(0)));
}
