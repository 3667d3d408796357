//! Letters that bring an entry for a calendar.

use serde_json::json;
use tertulia_domain::policy::Role;
use tertulia_tests::{TestApp, stories};

use super::{Cast, run, send, series};

stories![
    invites_the_parties_in_their_language_and_zone,
    a_change_and_a_cancellation_follow_once_each,
    a_changed_series_is_told_as_a_whole,
    who_joins_is_invited_and_who_leaves_is_told,
];

/// The letters with an entry to an address, the lines of the entry unfolded.
pub(super) async fn letters(app: &TestApp, to: &str) -> Vec<String> {
    let mails = app.mails(to).await;
    mails.into_iter().filter(|mail| mail.contains("text/calendar")).map(|mail| mail.replace("\r\n ", "")).collect()
}

pub(super) fn has(letter: &str, wanted: &[&str]) {
    for part in wanted {
        assert!(letter.contains(part), "{part} in\n{letter}");
    }
}

async fn invites_the_parties_in_their_language_and_zone(app: &TestApp) {
    let cast = Cast::of(app).await;
    app.member("auditor@desk.example", cast.desk, Role::Auditor).await;
    let habits = "mutation($input: ElectoralBodyUpdateInput!) { electoralBodyUpdate(input: $input) { electoralBody { id } userErrors { code reason path message } } }";
    cast.coordinator
        .mutate(habits, json!({ "id": cast.body.to_string(), "version": 1, "languages": ["qu", "es"], "timeZone": "America/Lima" }))
        .await;
    let dialogue = cast.create(cast.monthly("PARTIES")).await;
    let officer = letters(app, "officer@body.example").await;
    let [letter] = &officer[..] else { panic!("one letter: {officer:?}") };
    has(
        letter,
        &[
            "multipart/alternative",
            "text/calendar; charset=utf-8; method=REQUEST",
            "Fecha: 2026-10-15, 21:00-22:30 (America/Lima)",
            "METHOD:REQUEST",
            &format!("UID:{}@tertulia", dialogue["id"].as_str().unwrap()),
            "DTSTART;TZID=America/Los_Angeles:20261015T190000",
            "RRULE:FREQ=MONTHLY",
            "SUMMARY:Mensual",
            "SEQUENCE:0",
            "ORGANIZER;CN=Tertulia:mailto:",
            "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:officer@body.example",
            "TZID:America/Los_Angeles",
            "https://meet.example/secret",
        ],
    );
    assert!(!letter.contains("coordinator@desk.example"), "nobody reads who else is invited");
    assert_eq!(letters(app, "coordinator@desk.example").await.len(), 1);
    for other in ["auditor@desk.example", "rep@platform.example"] {
        assert_eq!(letters(app, other).await, Vec::<String>::new(), "{other}");
    }
}

async fn a_change_and_a_cancellation_follow_once_each(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PARTIES")).await;
    let meeting = dialogue["upcoming"]["nodes"][1]["id"].clone();
    let moved = json!({
        "meetingId": meeting, "localStart": "2026-11-20T10:00", "timeZone": "Europe/Madrid", "reason": "A holiday", "version": 1, "idempotencyKey": "k",
    });
    for _ in 0..2 {
        send(&cast.coordinator, "MeetingReschedule", moved.clone()).await.data();
    }
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": meeting, "version": 2 })).await.data();
    let refused = send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": meeting, "version": 3 })).await;
    assert_eq!(refused.code(), "INVALID_TRANSITION");
    let all = letters(app, "officer@body.example").await;
    let with = |method: &str| all.iter().filter(|letter| letter.contains(&format!("METHOD:{method}\r\n"))).collect::<Vec<_>>();
    assert_eq!((all.len(), with("REQUEST").len(), with("CANCEL").len()), (3, 2, 1));
    let uid = format!("UID:{}@tertulia", dialogue["id"].as_str().unwrap());
    let update = with("REQUEST").into_iter().find(|letter| letter.contains("RECURRENCE-ID")).unwrap();
    has(
        update,
        &[
            &uid,
            "RECURRENCE-ID;TZID=America/Los_Angeles:20261115T190000",
            "DTSTART;TZID=Europe/Madrid:20261120T100000",
            "SEQUENCE:1",
            "Reason: A holiday",
        ],
    );
    has(
        with("CANCEL")[0],
        &[&uid, "RECURRENCE-ID;TZID=America/Los_Angeles:20261115T190000", "SEQUENCE:2", "STATUS:CANCELLED", "method=CANCEL"],
    );
}

async fn a_changed_series_is_told_as_a_whole(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PARTIES")).await;
    let meeting = dialogue["upcoming"]["nodes"][2]["id"].clone();
    let moved = json!({ "meetingId": meeting, "localStart": "2026-12-15T18:00", "timeZone": "America/Los_Angeles", "scope": "THIS_AND_FOLLOWING", "version": 1 });
    send(&cast.coordinator, "MeetingReschedule", moved).await.data();
    let all = letters(app, "officer@body.example").await;
    let name = dialogue["id"].as_str().unwrap();
    assert_eq!(all.len(), 3, "the invitation, the rule that ends and the one that goes on");
    assert!(all.iter().any(|letter| letter.contains("RRULE:FREQ=MONTHLY;UNTIL=20261116T030000Z") && letter.contains("SEQUENCE:1")));
    assert!(all.iter().any(|letter| letter.contains(&format!("UID:{name}-20261215T190000@tertulia"))));
    series::done(&cast.coordinator, "DialogueEnd", json!({ "dialogueId": name, "version": 2 })).await;
    let all = letters(app, "officer@body.example").await;
    assert_eq!(all.iter().filter(|letter| letter.contains("METHOD:CANCEL") && letter.contains("SEQUENCE:2")).count(), 2);
}

async fn who_joins_is_invited_and_who_leaves_is_told(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PARTIES")).await;
    let members = json!({ "dialogueId": dialogue["id"], "members": [cast.platform.to_string()], "version": 1 });
    run(&cast.coordinator, "DialogueMembersSet", json!({ "input": members })).await.data();
    let joined = letters(app, "rep@platform.example").await;
    assert_eq!(joined.len(), 1);
    has(&joined[0], &["METHOD:REQUEST", "SEQUENCE:1"]);
    let left = letters(app, "officer@body.example").await;
    assert_eq!(left.len(), 2);
    assert!(left.iter().any(|letter| letter.contains("METHOD:CANCEL") && letter.contains("STATUS:CANCELLED")));
    assert_eq!(letters(app, "coordinator@desk.example").await.len(), 1, "nothing changed for those who stay");
}
