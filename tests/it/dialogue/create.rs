//! Creating a dialogue and setting its members.

use serde_json::{Value, json};
use tertulia_tests::{TestApp, stories};

use super::{Cast, each, run, send};

stories![
    keeps_its_time_of_day_when_the_clocks_change,
    leaves_out_and_adds_dates,
    names_every_fault_at_once,
    refuses_hostile_rules,
    creates_once_under_one_key,
    bilateral_dialogues_belong_to_their_conveners,
    sets_members_by_version,
    the_worker_moves_the_horizon_and_keeps_ids,
];

async fn keeps_its_time_of_day_when_the_clocks_change(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    assert_eq!(dialogue["title"], "Monthly");
    assert_eq!(dialogue["timeZone"], "America/Los_Angeles");
    assert_eq!(dialogue["members"], json!([{ "id": cast.body.to_string(), "name": "Junta" }]));
    assert_eq!(dialogue["recurrence"]["rule"], "FREQ=MONTHLY");
    let upcoming = &dialogue["upcoming"]["nodes"];
    assert_eq!(each(upcoming, "startsAt")[..3], ["2026-10-16T02:00:00Z", "2026-11-16T03:00:00Z", "2026-12-16T03:00:00Z"]);
    assert!(each(upcoming, "localStart").iter().all(|local| local.ends_with("15T19:00:00")), "{upcoming}");
    assert!(each(upcoming, "localEnd").iter().all(|local| local.ends_with("15T20:30:00")), "{upcoming}");
}

async fn leaves_out_and_adds_dates(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PARTIES");
    input["recurrence"]["excludedDates"] = json!(["2026-11-15T19:00:00"]);
    input["recurrence"]["additionalDates"] = json!(["2026-11-20T08:00"]);
    let dialogue = cast.create(input).await;
    assert_eq!(dialogue["recurrence"]["excludedDates"], json!(["2026-11-15T19:00:00"]));
    let local = each(&dialogue["upcoming"]["nodes"], "localStart");
    assert_eq!(local[..3], ["2026-10-15T19:00:00", "2026-11-20T08:00:00", "2026-12-15T19:00:00"]);
}

async fn names_every_fault_at_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    let input = json!({
        "title": [{ "language": "en", "text": "a\u{202e}b" }],
        "kind": "GLOBAL",
        "conveners": ["contact_00000000000000000000000000"],
        "recurrence": { "localStart": "2026-10-15T19:00", "timeZone": "Mars/Olympus", "rule": "FREQ=SOMETIMES", "excludedDates": [] },
        "duration": "90",
        "format": "ONLINE",
        "visibility": "PUBLIC",
        "workingLanguages": ["en", "??"],
        "joinUrl": "javascript:alert(1)",
        "venue": { "name": "", "country": "Peru" },
    });
    let reply = send(&cast.coordinator, "DialogueCreate", input).await;
    let mut faults = reply.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "input.conveners.0 WRONG_KIND",
            "input.duration MALFORMED",
            "input.joinUrl MALFORMED",
            "input.recurrence.rule MALFORMED",
            "input.recurrence.timeZone NOT_AN_OPTION",
            "input.title.0.text FORBIDDEN_CHARACTER",
            "input.venue.country MALFORMED",
            "input.venue.name REQUIRED",
            "input.workingLanguages.1 MALFORMED",
        ]
    );
    let mut unknown = cast.monthly("PUBLIC");
    unknown["members"] = json!(["organisation_00000000000000000000000000"]);
    unknown["venue"] = json!({ "name": "Hall", "country": "ZZ" });
    let faults = send(&cast.coordinator, "DialogueCreate", unknown).await.faults();
    assert_eq!(faults, ["input.members.0 UNKNOWN_ID", "input.venue.country NOT_AN_OPTION"]);
}

async fn refuses_hostile_rules(app: &TestApp) {
    let cast = Cast::of(app).await;
    for (rule, reason) in [
        ("FREQ=SECONDLY", "TOO_MANY"),
        ("FREQ=DAILY;COUNT=10000000", "OUT_OF_RANGE"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "CONTRADICTION"),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "CONTRADICTION"),
        ("FREQ=DAILY;UNTIL=20200101", "CONTRADICTION"),
        ("FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4", "TOO_MANY"),
    ] {
        let mut input = cast.monthly("PUBLIC");
        input["recurrence"]["rule"] = rule.into();
        let reply = send(&cast.coordinator, "DialogueCreate", input).await;
        assert_eq!(reply.faults(), [format!("input.recurrence.rule {reason}")], "{rule}");
    }
}

async fn creates_once_under_one_key(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["idempotencyKey"] = "once".into();
    let first = cast.create(input.clone()).await;
    let again = cast.create(input.clone()).await;
    assert_eq!(first["id"], again["id"]);
    input["duration"] = "PT2H".into();
    assert_eq!(send(&cast.coordinator, "DialogueCreate", input).await.code(), "CONFLICT");
    let count = run(&cast.coordinator, "Dialogues", json!({})).await.data();
    assert_eq!(count["dialogues"]["totalCount"], 1);
}

async fn bilateral_dialogues_belong_to_their_conveners(app: &TestApp) {
    let cast = Cast::of(app).await;
    assert_eq!(send(&app.anonymous(), "DialogueCreate", cast.monthly("PUBLIC")).await.code(), "UNAUTHENTICATED");
    assert_eq!(send(&cast.officer, "DialogueCreate", cast.monthly("PUBLIC")).await.code(), "FORBIDDEN");
    let bilateral = |conveners: Value, members: Value| {
        let mut input = cast.monthly("PARTIES");
        input["kind"] = "BILATERAL".into();
        input["conveners"] = conveners;
        input["members"] = members;
        input
    };
    let (body, platform, desk) = (cast.body.to_string(), cast.platform.to_string(), cast.desk.to_string());
    let foreign = bilateral(json!([platform]), json!([body]));
    assert_eq!(send(&cast.officer, "DialogueCreate", foreign).await.code(), "FORBIDDEN");
    let three = bilateral(json!([body]), json!([platform, desk]));
    assert_eq!(send(&cast.officer, "DialogueCreate", three).await.faults(), ["input.members CONTRADICTION"]);
    let reply = send(&cast.officer, "DialogueCreate", bilateral(json!([body]), json!([platform]))).await;
    assert_eq!(reply.faults(), Vec::<String>::new());
    let dialogue = reply.data()["dialogueCreate"]["dialogue"].clone();
    // The other side reads it and cannot change it; its convener can.
    let first = &dialogue["upcoming"]["nodes"][0]["id"];
    let cancel = json!({ "meetingId": first, "version": 1 });
    assert_eq!(send(&cast.stranger, "MeetingCancel", cancel.clone()).await.code(), "FORBIDDEN");
    let cancelled = send(&cast.officer, "MeetingCancel", cancel).await.data();
    assert_eq!(cancelled["meetingCancel"]["meeting"]["status"], "CANCELLED");
}

async fn sets_members_by_version(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PARTIES")).await;
    let read = |client: tertulia_tests::Client| async move {
        run(&client, "Dialogues", json!({})).await.data()["dialogues"]["totalCount"].clone()
    };
    assert_eq!(read(cast.stranger.clone()).await, 0);
    let set = |version: i64| json!({ "dialogueId": dialogue["id"], "members": [cast.platform.to_string()], "version": version });
    assert_eq!(send(&cast.stranger, "DialogueMembersSet", set(1)).await.code(), "NOT_FOUND");
    assert_eq!(send(&cast.officer, "DialogueMembersSet", set(1)).await.code(), "FORBIDDEN");
    assert_eq!(send(&cast.coordinator, "DialogueMembersSet", set(7)).await.faults(), ["input.version STALE_VERSION"]);
    let changed = send(&cast.coordinator, "DialogueMembersSet", set(1)).await.data()["dialogueMembersSet"]["dialogue"].clone();
    assert_eq!(changed["members"], json!([{ "id": cast.platform.to_string(), "name": "Platform" }]));
    assert_eq!(changed["version"], 2);
    assert_eq!(read(cast.stranger.clone()).await, 1);
    assert_eq!(read(cast.officer.clone()).await, 0);
    let twice = json!({ "dialogueId": dialogue["id"], "members": [cast.desk.to_string()], "version": 2 });
    assert_eq!(send(&cast.coordinator, "DialogueMembersSet", twice).await.faults(), ["input.members.0 DUPLICATE"]);
}

async fn the_worker_moves_the_horizon_and_keeps_ids(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PUBLIC")).await;
    let document = "{ meetings(first: 100) { totalCount nodes { id localStart } } }";
    let before = app.anonymous().data(document, json!({})).await["meetings"].clone();
    app.advance(chrono::TimeDelta::days(100));
    let ctx = app.app.system();
    assert_eq!(tertulia_app::dialogue::horizon::extend(&app.app, &ctx).await.unwrap(), 1);
    assert_eq!(tertulia_app::dialogue::horizon::extend(&app.app, &ctx).await.unwrap(), 0);
    let after = app.anonymous().data(document, json!({})).await["meetings"].clone();
    let known = before["nodes"].as_array().unwrap();
    assert!(after["totalCount"].as_i64() > before["totalCount"].as_i64(), "{after}");
    assert_eq!(after["nodes"].as_array().unwrap()[..known.len()], known[..]);
}
