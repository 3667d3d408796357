//! Recording who came.

use serde_json::json;
use tertulia_tests::{TestApp, stories};

use super::{Hall, done, nodes};

stories![records_who_came_once_it_has_begun, refuses_the_whole_for_one_fault];

async fn records_who_came_once_it_has_begun(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let mut ids = Vec::new();
    for name in ["rosa", "luis"] {
        ids.push(hall.register(&hall.officer(name).await, json!({ "listed": "PARTICIPANTS" })).await["id"].clone());
    }
    let record = |attended: bool| {
        json!({ "meetingId": hall.meeting, "attendances": [
            { "participationId": ids[0], "attended": true, "attendedFrom": "2026-10-16T02:05:00Z" },
            { "participationId": ids[1], "attended": attended },
        ] })
    };
    assert_eq!(hall.send(&hall.cast.coordinator, "AttendanceRecord", record(true)).await.code(), "INVALID_INPUT", "in the future");
    let mut before = record(true);
    before["attendances"][0].as_object_mut().unwrap().remove("attendedFrom");
    assert_eq!(hall.send(&hall.cast.coordinator, "AttendanceRecord", before).await.code(), "INVALID_TRANSITION");
    app.advance("2026-10-16T03:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.app.clock.now());
    let coordinator = app.signed_in("coordinator@desk.example").await;
    let officer = app.signed_in("officer@body.example").await;
    assert_eq!(hall.send(&officer, "AttendanceRecord", record(false)).await.code(), "FORBIDDEN");
    assert_eq!(done(hall.send(&coordinator, "AttendanceRecord", record(false)).await, "meeting")["id"], hall.meeting);
    let room = hall.room(&coordinator, json!({})).await;
    let statuses: Vec<_> = nodes(&room).iter().map(|one| (one["status"].as_str().unwrap(), one["attendedFrom"].as_str())).collect();
    assert_eq!(statuses, [("ATTENDED", Some("2026-10-16T02:05:00Z")), ("ABSENT", None)]);
    // The last word counts.
    done(hall.send(&coordinator, "AttendanceRecord", record(true)).await, "meeting");
    assert_eq!(nodes(&hall.room(&coordinator, json!({})).await)[1]["status"], "ATTENDED");
}

async fn refuses_the_whole_for_one_fault(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let one = hall.register(&hall.officer("rosa").await, json!({})).await["id"].clone();
    app.advance("2026-10-16T03:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.app.clock.now());
    let coordinator = app.signed_in("coordinator@desk.example").await;
    let send = async |attendances: serde_json::Value| {
        hall.send(&coordinator, "AttendanceRecord", json!({ "meetingId": hall.meeting, "attendances": attendances })).await.faults()
    };
    let nobody = "participation_00000000000000000000000001";
    let found = send(json!([{ "participationId": one, "attended": true }, { "participationId": nobody, "attended": true }])).await;
    assert_eq!(found, ["input.attendances.1.participationId UNKNOWN_ID"]);
    let turned =
        json!({ "participationId": one, "attended": true, "attendedFrom": "2026-10-16T02:30:00Z", "attendedTo": "2026-10-16T02:30:00Z" });
    assert_eq!(send(json!([turned])).await, ["input.attendances.0.attendedTo BEFORE_PREVIOUS"]);
    let elsewhere = json!({ "participationId": one, "attended": true, "attendedFrom": "2025-10-16T02:05:00Z" });
    assert_eq!(send(json!([elsewhere])).await, ["input.attendances.0.attendedFrom OUT_OF_RANGE"], "a year before");
    let absent = json!({ "participationId": one, "attended": false, "attendedTo": "2026-10-16T02:30:00Z" });
    assert_eq!(
        send(json!([absent.clone(), absent])).await[..2],
        ["input.attendances.0.attendedTo CONTRADICTION", "input.attendances.1.participationId DUPLICATE"]
    );
    assert_eq!(send(json!([])).await, ["input.attendances OUT_OF_RANGE"]);
    assert_eq!(hall.own(&app.signed_in("rosa@body.example").await).await["status"], "ACCEPTED", "nothing was recorded");
}
