//! A dialogue in full: from the search for a slot to what came of the meeting, each operation as a front end sends it.

use serde_json::{Value, json};
use tertulia_domain::policy::OrganisationKind;
use tertulia_tests::{Client, TestApp};

use super::{Book, Cast, document};

const FILE: &str = "dialogue-full";

const OPEN: &str = "mutation($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) {
    meeting { version } userErrors { code reason path message } } }";
const OFFER: &str = "mutation($input: InterpretationOfferInput!) { interpretationOffer(input: $input) {
    meeting { version } userErrors { code reason path message } } }";

/// The meetings of a monthly dialogue in both ways, of the desk, the body and everybody in the coalition.
async fn meetings(cast: &Cast) -> Vec<Value> {
    let create = json!({ "input": {
        "title": [{ "language": "en", "text": "Monthly" }], "kind": "GLOBAL", "conveners": [cast.desk], "members": [cast.body],
        "recurrence": { "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=MONTHLY;BYDAY=2TU" },
        "duration": "PT90M", "format": "HYBRID", "visibility": "COALITION", "joinUrl": "https://meet.example/1", "workingLanguages": ["en"],
    } });
    let mut book = Book::default();
    let created = book.run(&cast.coordinator, "dialogue", "DialogueCreate", create).await;
    created["dialogue"]["upcoming"]["nodes"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
}

/// Opens a meeting, which is as it was laid out, to registrations; answers its version.
async fn open(cast: &Cast, meeting: &Value) -> Value {
    let input = json!({ "meetingId": meeting, "mode": "OPEN", "version": 1 });
    cast.coordinator.mutate(OPEN, input).await["meeting"]["version"].clone()
}

/// A platform's promise with a measure, made at a meeting.
fn promise(cast: &Cast, meeting: &Value, due: &str) -> Value {
    json!({
        "meetingId": meeting, "committedById": cast.platform, "toWhom": [cast.body], "text": "To answer within three hours", "dueOn": due,
        "measure": {
            "description": "Answered within three hours", "kinds": ["ESCALATION"], "act": "ACKNOWLEDGE", "within": "PT3H", "target": 0.8,
            "period": { "from": "2026-02-01", "to": "2026-03-01" }, "baseline": { "from": "2026-01-01", "to": "2026-02-01" },
        },
    })
}

fn points(count: usize) -> Vec<Value> {
    let point = |number: usize| {
        json!({ "title": [{ "language": "en", "text": format!("Point {number}") }], "duration": "PT10M", "attribution": "ATTRIBUTED",
            "speakers": [{ "name": "A speaker" }] })
    };
    (1..=count).map(point).collect()
}

fn minutes(cast: &Cast, meeting: &Value, decisions: usize, version: Option<i64>) -> Value {
    let decision = json!({ "text": "Agreed", "attribution": "ATTRIBUTED", "attributedToId": cast.body });
    json!({ "meetingId": meeting, "text": "Said", "decisions": vec![decision; decisions], "version": version })
}

pub(super) async fn run(app: &TestApp, cast: &Cast, book: &mut Book) {
    let (coordinator, officer, representative) = (&cast.coordinator, &cast.officer, &cast.representative);
    let meeting = &meetings(cast).await[0];
    let search = json!({ "participants": [cast.desk, cast.body], "duration": "PT60M", "from": "2026-04-01T00:00:00Z", "to": "2026-04-08T00:00:00Z" });
    let found = book.run(coordinator, FILE, "SuggestSlots", json!({ "input": search })).await;
    assert_eq!(found["slots"].as_array().unwrap().len(), 5);
    let mut send = async |client: &Client, name: &str, input: Value| book.run(client, FILE, name, json!({ "input": input })).await;
    let invite = json!({ "meetingId": meeting, "invitees": [{ "organisationId": cast.body }, { "organisationId": cast.vacant }] });
    let invited = send(coordinator, "MeetingInvite", invite).await;
    assert_eq!(invited["results"][1]["code"], "INVITED");
    let version = open(cast, meeting).await;
    let accept = json!({ "meetingId": meeting, "response": "ACCEPTED", "mode": "ONLINE", "interpretationNeeds": ["fr"] });
    send(officer, "InvitationRespond", accept).await;
    send(representative, "MeetingRegister", json!({ "meetingId": meeting })).await;
    let agenda = send(coordinator, "AgendaRevise", json!({ "meetingId": meeting, "items": points(2), "version": version })).await;
    let offer = json!({ "meetingId": meeting, "language": "fr", "kind": "SIMULTANEOUS", "version": agenda["meeting"]["version"] });
    let version = coordinator.mutate(OFFER, offer).await["meeting"]["version"].clone();
    let confirm = json!({ "meetingId": meeting, "language": "fr", "version": version });
    send(coordinator, "InterpretationConfirm", confirm).await;
    send(coordinator, "MinutesRevise", minutes(cast, meeting, 2, None)).await;
    send(coordinator, "MinutesCirculate", json!({ "meetingId": meeting, "version": 1 })).await;
    send(coordinator, "MinutesAdopt", json!({ "meetingId": meeting, "version": 2 })).await;
    let commitment = send(representative, "CommitmentCreate", promise(cast, meeting, "2026-05-01")).await["commitment"]["id"].clone();
    let evidence = json!([{ "kind": "URL", "ref": "https://platform.example/report" }]);
    let report = json!({ "commitmentId": commitment, "note": "Done", "claim": "FULFILLED", "evidence": evidence });
    send(representative, "CommitmentReport", report).await;
    send(officer, "CommitmentConfirm", json!({ "commitmentId": commitment, "outcome": "FULFILLED" })).await;
    let room = book.run(coordinator, FILE, "MeetingRoom", json!({ "id": meeting })).await;
    assert_eq!((&room["participants"]["totalCount"], &room["interpretationGap"]), (&json!(3), &json!([])));
    let promised = book.run(officer, FILE, "Commitments", json!({})).await;
    assert_eq!(promised["nodes"][0]["status"], "FULFILLED");
    let came = room["participants"]["nodes"].as_array().unwrap().iter().find(|one| !one["person"].is_null()).unwrap()["id"].clone();
    app.advance("2026-04-14T18:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.app.clock.now());
    let coordinator = &app.signed_in("coordinator@desk.example").await;
    let attendance = json!({ "meetingId": meeting, "attendances": [{ "participationId": came, "attended": true }] });
    book.run(coordinator, FILE, "AttendanceRecord", json!({ "input": attendance })).await;
}

/// What an operation costs once everything that is kept at hand is there.
async fn cost(client: &Client, name: &str, variables: &Value) -> (Value, u32) {
    client.operation(document(FILE), name, variables.clone()).await;
    let reply = client.operation(document(FILE), name, variables.clone()).await;
    let statements = reply.statements();
    (reply.data(), statements)
}

/// Runs an operation that is done.
async fn done(client: &Client, name: &str, input: Value) {
    Book::default().run(client, FILE, name, json!({ "input": input })).await;
}

pub(super) async fn a_full_room_costs_no_more(app: &TestApp, cast: &Cast) {
    let coordinator = &cast.coordinator;
    let meetings = meetings(cast).await;
    let meeting = &meetings[0];
    let version = open(cast, meeting).await.as_i64().unwrap();
    let agenda = |count: usize, version: i64| json!({ "meetingId": meeting, "items": points(count), "version": version });
    done(&cast.officer, "MeetingRegister", json!({ "meetingId": meeting, "interpretationNeeds": ["fr"] })).await;
    done(coordinator, "AgendaRevise", agenda(1, version)).await;
    done(coordinator, "MinutesRevise", minutes(cast, meeting, 1, None)).await;
    done(coordinator, "CommitmentCreate", promise(cast, meeting, "2026-05-01")).await;
    let (id, one) = (json!({ "id": meeting }), json!({ "first": 1 }));
    let (few, room) = cost(coordinator, "MeetingRoom", &id).await;
    for client in [&cast.representative, coordinator] {
        done(client, "MeetingRegister", json!({ "meetingId": meeting, "interpretationNeeds": ["es", "ar"] })).await;
    }
    for name in ["First", "Second", "Third"] {
        let body = app.organisation(OrganisationKind::ElectoralBody, name).await.to_string();
        done(coordinator, "MeetingInvite", json!({ "meetingId": meeting, "invitees": [{ "organisationId": body }] })).await;
    }
    done(coordinator, "AgendaRevise", agenda(8, version + 1)).await;
    done(coordinator, "MinutesRevise", minutes(cast, meeting, 8, Some(1))).await;
    for meeting in meetings.iter().chain([meeting, meeting]) {
        done(coordinator, "CommitmentCreate", promise(cast, meeting, "2026-05-02")).await;
    }
    let (many, full) = cost(coordinator, "MeetingRoom", &id).await;
    let rows = |found: &Value| {
        let room = &found["meeting"];
        let lists = [&room["participants"]["nodes"], &room["agenda"], &room["minutes"]["decisions"], &room["commitments"]["nodes"]];
        lists.map(|list| list.as_array().unwrap().len())
    };
    assert_eq!((rows(&few), rows(&many)), ([1, 1, 1, 1], [6, 8, 8, 4]));
    assert_eq!(room, full, "a full room costs more than one with a row of each kind");
    for client in [coordinator, &cast.officer] {
        let ((few, small), (many, large)) = (cost(client, "Commitments", &one).await, cost(client, "Commitments", &json!({})).await);
        let count = |found: &Value| found["commitments"]["nodes"].as_array().unwrap().len();
        assert!(count(&few) == 1 && count(&many) > 3);
        assert_eq!(small, large, "many commitments cost more than one");
    }
}
