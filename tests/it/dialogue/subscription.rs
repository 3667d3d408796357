//! Changes of meetings as they come.

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, socket::Socket, stories};

use super::{Cast, FULL, full, send};

stories![
    tells_who_may_read_it_what_changed,
    tells_of_minutes_who_reads_them,
    the_agreed_operation_runs_as_it_is,
    a_cursor_brings_what_was_missed,
    refuses_strangers,
];

const CHANGED: &str = "subscription($dialogueId: ID, $after: String) {
  meetingChanged(dialogueId: $dialogueId, after: $after) { cursor kind at meeting { id status startsAt sequence } }
}";

async fn listen(app: &TestApp, client: &Client, variables: Value) -> Socket {
    let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
    socket.subscribe("1", CHANGED, variables).await;
    // Messages are taken in order: once this is answered, the subscription listens.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    socket
}

async fn change(socket: &mut Socket) -> Value {
    let message = socket.hear().await.expect("an open socket");
    assert_eq!((&message["type"], message["payload"].get("errors")), (&json!("next"), None), "{message}");
    message["payload"]["data"]["meetingChanged"].clone()
}

async fn tells_who_may_read_it_what_changed(app: &TestApp) {
    let cast = Cast::of(app).await;
    let closed = cast.create(cast.monthly("PARTIES")).await;
    let open = cast.create(cast.monthly("PUBLIC")).await;
    let mut party = listen(app, &cast.officer, json!({})).await;
    let mut one = listen(app, &cast.officer, json!({ "dialogueId": open["id"] })).await;
    let mut stranger = listen(app, &cast.stranger, json!({})).await;
    let (hidden, shown) = (&closed["upcoming"]["nodes"][0]["id"], &open["upcoming"]["nodes"][0]["id"]);
    let moved = json!({ "meetingId": hidden, "localStart": "2026-10-16T10:00", "timeZone": "UTC", "version": 1 });
    send(&cast.coordinator, "MeetingReschedule", moved).await.data();
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": shown, "version": 1 })).await.data();
    let first = change(&mut party).await;
    assert_eq!(first["meeting"], json!({ "id": hidden, "status": "SCHEDULED", "startsAt": "2026-10-16T10:00:00Z", "sequence": 1 }));
    assert_eq!(first["kind"], "RESCHEDULED");
    for socket in [&mut party, &mut one, &mut stranger] {
        let heard = change(socket).await;
        assert_eq!(
            (&heard["kind"], &heard["meeting"]["id"], &heard["meeting"]["status"]),
            (&json!("CANCELLED"), shown, &json!("CANCELLED"))
        );
    }
}

async fn tells_of_minutes_who_reads_them(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let meeting = &dialogue["upcoming"]["nodes"][0]["id"];
    let mut party = listen(app, &cast.officer, json!({})).await;
    let mut stranger = listen(app, &cast.stranger, json!({})).await;
    for (act, input) in [
        ("MinutesRevise", json!({ "meetingId": meeting, "text": "We met.", "summaryPublic": "They met." })),
        ("MinutesCirculate", json!({ "meetingId": meeting, "version": 1 })),
        ("MinutesAdopt", json!({ "meetingId": meeting, "version": 2 })),
    ] {
        assert_eq!(full(&cast.coordinator, act, json!({ "input": input })).await.faults(), Vec::<String>::new(), "{act}");
    }
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": meeting, "version": 1 })).await.data();
    for (socket, wanted) in [(&mut party, &["MINUTES", "MINUTES", "CANCELLED"][..]), (&mut stranger, &["MINUTES", "CANCELLED"])] {
        for kind in wanted {
            let heard = change(socket).await;
            assert_eq!(
                (&heard["kind"], &heard["meeting"]["id"]),
                (&json!(kind), meeting),
                "no draft is told, and to strangers what was adopted"
            );
        }
    }
}

/// The whole document, as front ends hold it, with the name of the operation.
async fn the_agreed_operation_runs_as_it_is(app: &TestApp) {
    let cast = Cast::of(app).await;
    let open = cast.create(cast.monthly("PUBLIC")).await;
    let other = cast.create(cast.monthly("PUBLIC")).await;
    let mut socket = Socket::start(&app.url("/graphql"), cast.officer.token.as_deref()).await;
    let payload = json!({ "query": FULL, "operationName": "MeetingChanged", "variables": { "dialogueId": open["id"] } });
    socket.say(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    let (unheard, meeting) = (&other["upcoming"]["nodes"][0]["id"], &open["upcoming"]["nodes"][0]["id"]);
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": unheard, "version": 1 })).await.data();
    let moved = json!({ "meetingId": meeting, "localStart": "2026-10-16T10:00", "timeZone": "UTC", "version": 1 });
    send(&cast.coordinator, "MeetingReschedule", moved).await.data();
    let heard = change(&mut socket).await;
    assert!(heard["cursor"].is_string(), "{heard}");
    assert_eq!(heard["kind"], "RESCHEDULED");
    assert_eq!(heard["meeting"], json!({ "id": meeting, "status": "SCHEDULED", "startsAt": "2026-10-16T10:00:00Z", "sequence": 1 }));
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })), "nothing else was said");
}

async fn a_cursor_brings_what_was_missed(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let nodes = &dialogue["upcoming"]["nodes"];
    let mut socket = listen(app, &cast.officer, json!({})).await;
    send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": nodes[0]["id"], "version": 1 })).await.data();
    let cursor = change(&mut socket).await["cursor"].clone();
    drop(socket);
    // A change of a series is a change of each of its meetings.
    let series = json!({ "meetingId": nodes[4]["id"], "scope": "THIS_AND_FOLLOWING", "version": 1 });
    send(&cast.coordinator, "MeetingCancel", series).await.data();
    let mut socket = Socket::start(&app.url("/graphql"), cast.officer.token.as_deref()).await;
    socket.subscribe("1", CHANGED, json!({ "after": cursor })).await;
    let heard = [change(&mut socket).await, change(&mut socket).await].map(|heard| heard["meeting"]["id"].clone());
    assert!(heard.iter().all(|id| nodes.as_array().unwrap()[4..].iter().any(|node| node["id"] == *id)), "{heard:?}");
}

async fn refuses_strangers(app: &TestApp) {
    for (token, variables, code) in [
        (None, json!({}), "UNAUTHENTICATED"),
        (Some(app.coordinator().await.0), json!({ "after": "x" }), "INVALID_INPUT"),
        (Some(app.signed_in("coordinator@desk.example").await), json!({ "dialogueId": "x" }), "INVALID_INPUT"),
    ] {
        let mut socket = Socket::start(&app.url("/graphql"), token.as_ref().and_then(|client| client.token.as_deref())).await;
        socket.subscribe("1", CHANGED, variables).await;
        let refused = socket.hear().await.expect("an answer");
        assert_eq!(refused["payload"][0]["extensions"]["code"], code, "{refused}");
    }
}
