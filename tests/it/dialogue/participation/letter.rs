//! Letters to who is invited to one meeting, waits for a seat of it or asked to be admitted.

use serde_json::{Value, json};
use tertulia_domain::{id::OrganisationId, policy::Role};
use tertulia_tests::{Client, TestApp, people::id, stories};

use super::{Hall, done, more_of, user};
use crate::dialogue::{
    calendar_letter::{has, letters},
    feed::make,
    send, series,
};

stories![
    a_guest_is_invited_and_told_of_each_change,
    who_is_not_invited_any_more_has_it_taken_out,
    a_party_keeps_its_series,
    a_changed_series_gives_the_entry_its_new_name,
    a_new_title_reaches_the_guests,
    a_paused_dialogue_takes_the_entry_out_until_it_goes_on,
    an_ended_dialogue_takes_the_entry_out,
    who_sends_somebody_else_hands_the_entry_on,
    an_organisation_is_asked_who_comes,
    an_offered_seat_is_told_with_its_end,
    a_lapsed_seat_goes_to_the_next_once,
    a_decision_is_told_once,
];

/// A guest: an officer of a body that does not belong to the dialogue, whose people read Spanish by the clocks of Lima.
async fn guest(hall: &Hall<'_>, name: &str) -> (Client, OrganisationId) {
    let (client, body) = hall.stranger(name).await;
    let habits = "mutation($input: ElectoralBodyUpdateInput!) { electoralBodyUpdate(input: $input) { electoralBody { id } userErrors { code reason path message } } }";
    let input = json!({ "id": body.to_string(), "version": 1, "languages": ["es"], "timeZone": "America/Lima" });
    hall.cast.coordinator.mutate(habits, input).await;
    (client, body)
}

fn address(name: &str) -> String {
    format!("{name}@elsewhere.example")
}

async fn invited(hall: &Hall<'_>, client: &Client, body: OrganisationId) -> Value {
    hall.invite(json!([{ "organisationId": id(body), "personId": user(client).await }])).await[0]["participation"]["id"].clone()
}

async fn dialogue(hall: &Hall<'_>) -> String {
    let query = "query($id: ID!) { meeting(id: $id) { dialogue { id } } }";
    let found = hall.cast.coordinator.data(query, json!({ "id": hall.meeting })).await;
    found["meeting"]["dialogue"]["id"].as_str().unwrap().to_owned()
}

/// The name of the hall's meeting in calendars, before its series changes.
async fn uid(hall: &Hall<'_>) -> String {
    format!("UID:{}@tertulia", dialogue(hall).await)
}

const DATE: &str = "RECURRENCE-ID;TZID=America/Los_Angeles:20261015T190000";

async fn a_guest_is_invited_and_told_of_each_change(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (client, body) = guest(&hall, "visita").await;
    for _ in 0..2 {
        invited(&hall, &client, body).await;
    }
    let (to, uid) = (address("visita"), uid(&hall).await);
    let all = letters(app, &to).await;
    let [first] = &all[..] else { panic!("one letter: {all:?}") };
    let attendee = "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:visita@elsewhere.example";
    has(first, &["method=REQUEST", &uid, DATE, "SEQUENCE:0", attendee, "SUMMARY:Mensual", "Fecha: 2026-10-15, 21:00-22:30 (America/Lima)"]);
    assert!(!first.contains("meet.example") && !first.contains("RRULE:FREQ=MONTHLY"), "{first}");
    hall.respond(&client, "ACCEPTED", json!({})).await;
    let coordinator = &hall.cast.coordinator;
    let moved = json!({ "meetingId": hall.meeting, "localStart": "2026-10-16T10:00", "timeZone": "Europe/Madrid", "version": 1, "idempotencyKey": "k" });
    for _ in 0..2 {
        send(coordinator, "MeetingReschedule", moved.clone()).await.data();
    }
    let relocated = json!({ "meetingId": hall.meeting, "venue": { "name": "Casa" }, "version": 2 });
    series::done(coordinator, "MeetingRelocate", relocated).await;
    series::done(coordinator, "MeetingPostpone", json!({ "meetingId": hall.meeting, "version": 3 })).await;
    let again = json!({ "meetingId": hall.meeting, "localStart": "2026-10-20T10:00", "timeZone": "Europe/Madrid", "version": 4 });
    send(coordinator, "MeetingReschedule", again).await.data();
    send(coordinator, "MeetingCancel", json!({ "meetingId": hall.meeting, "version": 5 })).await.data();
    let all = letters(app, &to).await;
    let accepted = attendee.replace("NEEDS-ACTION", "ACCEPTED");
    for (letter, wanted) in all.iter().skip(1).zip([
        ["METHOD:REQUEST", "SEQUENCE:1", "DTSTART;TZID=Europe/Madrid:20261016T100000", "Fecha: 2026-10-16, 03:00-04:30 (America/Lima)"],
        ["METHOD:REQUEST", "SEQUENCE:2", "LOCATION:Casa", "STATUS:CONFIRMED"],
        ["METHOD:CANCEL", "SEQUENCE:3", "STATUS:CANCELLED", "method=CANCEL"],
        ["METHOD:REQUEST", "SEQUENCE:4", "DTSTART;TZID=Europe/Madrid:20261020T100000", "STATUS:CONFIRMED"],
        ["METHOD:CANCEL", "SEQUENCE:5", "STATUS:CANCELLED", "method=CANCEL"],
    ]) {
        has(letter, &wanted);
        has(letter, &[&uid, DATE, &accepted]);
    }
    assert_eq!(all.len(), 6);
    assert_eq!(letters(app, "officer@body.example").await.len(), 6, "the party: the series, and each change once");
}

async fn who_is_not_invited_any_more_has_it_taken_out(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (client, body) = guest(&hall, "visita").await;
    let participation = invited(&hall, &client, body).await;
    hall.withdraw(&hall.cast.coordinator, &participation).await;
    let moved = json!({ "meetingId": hall.meeting, "localStart": "2026-10-16T10:00", "timeZone": "Europe/Madrid", "version": 1 });
    send(&hall.cast.coordinator, "MeetingReschedule", moved).await.data();
    let all = letters(app, &address("visita")).await;
    assert_eq!(all.len(), 2, "and no word of what comes after");
    has(&all[1], &["METHOD:CANCEL", &uid(&hall).await, DATE, "STATUS:CANCELLED", "Ya no participa"]);
    invited(&hall, &client, body).await;
    let all = letters(app, &address("visita")).await;
    has(&all[2], &["METHOD:REQUEST", "SEQUENCE:1", "DTSTART;TZID=Europe/Madrid:20261016T100000"]);
}

async fn a_party_keeps_its_series(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let rosa = hall.officer("rosa").await;
    let participation = invited(&hall, &rosa, hall.cast.body).await;
    hall.withdraw(&hall.cast.coordinator, &participation).await;
    let all = letters(app, "rosa@body.example").await;
    let [invitation] = &all[..] else { panic!("one entry: {all:?}") };
    has(invitation, &["METHOD:REQUEST", &uid(&hall).await, DATE, "https://meet.example/secret", "You are invited."]);
    let mails = app.mails("rosa@body.example").await;
    has(mails.last().unwrap(), &["Subject: You no longer take part: Monthly", "Date: 2026-10-15, 21:00-22:30 (America/Lima)"]);
}

async fn a_changed_series_gives_the_entry_its_new_name(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let query = "{ meetings(first: 3) { nodes { id dialogue { id } } } }";
    let nodes = hall.cast.coordinator.data(query, json!({})).await["meetings"]["nodes"].clone();
    let (client, body) = guest(&hall, "visita").await;
    let input = json!({ "meetingId": nodes[2]["id"], "invitees": [{ "organisationId": id(body), "personId": user(&client).await }] });
    done(hall.send(&hall.cast.coordinator, "MeetingInvite", input).await, "results");
    // The series changes from the meeting before on.
    let moved = json!({ "meetingId": nodes[1]["id"], "localStart": "2026-11-16T18:00", "timeZone": "America/Los_Angeles", "scope": "THIS_AND_FOLLOWING", "version": 1 });
    send(&hall.cast.coordinator, "MeetingReschedule", moved).await.data();
    let all = letters(app, &address("visita")).await;
    assert_eq!(all.len(), 3);
    let dialogue = nodes[0]["dialogue"]["id"].as_str().unwrap();
    has(
        &all[1],
        &["METHOD:CANCEL", &format!("UID:{dialogue}@tertulia"), "RECURRENCE-ID;TZID=America/Los_Angeles:20261215T190000", "SEQUENCE:1"],
    );
    let feed = make(&client, json!({ "scope": "DIALOGUE", "dialogueId": dialogue })).await.0;
    let feed = app.anonymous().get(&feed).await.text.replace("\r\n ", "");
    let named = feed.split("BEGIN:VEVENT").find(|event| event.contains("ATTENDEE")).unwrap_or_else(|| panic!("{feed}"));
    for key in ["UID", "RECURRENCE-ID", "DTSTART", "SEQUENCE"] {
        let line = named.lines().find(|line| line.starts_with(key)).unwrap();
        has(&all[2], &["METHOD:REQUEST", line]);
    }
    has(&all[2], &[&format!("UID:{dialogue}-20261115T190000@tertulia"), "RECURRENCE-ID;TZID=America/Los_Angeles:20261216T180000"]);
}

async fn a_new_title_reaches_the_guests(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (client, body) = guest(&hall, "visita").await;
    invited(&hall, &client, body).await;
    let dialogue = dialogue(&hall).await;
    let title = json!([{ "language": "es", "text": "Tertulia mensual" }]);
    series::done(&hall.cast.coordinator, "DialogueUpdate", json!({ "dialogueId": dialogue, "title": title, "version": 1 })).await;
    let all = letters(app, &address("visita")).await;
    assert_eq!(all.len(), 2);
    has(&all[1], &["METHOD:REQUEST", &uid(&hall).await, DATE, "SUMMARY:Tertulia mensual", "SEQUENCE:0"]);
    // Who belongs to the dialogue is nothing that its entries show.
    let input = json!({ "dialogueId": dialogue, "members": [], "version": 2 });
    send(&hall.cast.coordinator, "DialogueMembersSet", input).await.data();
    assert_eq!(letters(app, &address("visita")).await.len(), 2);
}

async fn a_paused_dialogue_takes_the_entry_out_until_it_goes_on(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (client, body) = guest(&hall, "visita").await;
    invited(&hall, &client, body).await;
    let dialogue = dialogue(&hall).await;
    series::done(&hall.cast.coordinator, "DialoguePause", json!({ "dialogueId": dialogue, "version": 1 })).await;
    series::done(&hall.cast.coordinator, "DialogueResume", json!({ "dialogueId": dialogue, "version": 2 })).await;
    let all = letters(app, &address("visita")).await;
    assert_eq!(all.len(), 3);
    for (letter, wanted) in all[1..].iter().zip([["METHOD:CANCEL", "SEQUENCE:1"], ["METHOD:REQUEST", "SEQUENCE:2"]]) {
        has(letter, &wanted);
        has(letter, &[&uid(&hall).await, DATE]);
    }
}

async fn an_ended_dialogue_takes_the_entry_out(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (client, body) = guest(&hall, "visita").await;
    invited(&hall, &client, body).await;
    let uid = uid(&hall).await;
    series::done(&hall.cast.coordinator, "DialogueEnd", json!({ "dialogueId": dialogue(&hall).await, "version": 1 })).await;
    let all = letters(app, &address("visita")).await;
    assert_eq!(all.len(), 2);
    has(&all[1], &["METHOD:CANCEL", &uid, DATE, "SEQUENCE:1", "STATUS:CANCELLED"]);
}

async fn who_sends_somebody_else_hands_the_entry_on(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (client, body) = guest(&hall, "visita").await;
    app.member("otra@elsewhere.example", body, Role::ElectoralBodyOfficer).await;
    invited(&hall, &client, body).await;
    hall.respond(&client, "DELEGATED", json!({ "delegateEmail": "otra@elsewhere.example" })).await;
    let (from, to) = (letters(app, &address("visita")).await, letters(app, &address("otra")).await);
    assert_eq!((from.len(), to.len()), (2, 1));
    has(&from[1], &["METHOD:CANCEL", DATE, "PARTSTAT=DELEGATED"]);
    has(&to[0], &["METHOD:REQUEST", DATE, "PARTSTAT=NEEDS-ACTION", "mailto:otra@elsewhere.example"]);
}

async fn an_organisation_is_asked_who_comes(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (client, body) = guest(&hall, "visita").await;
    app.member("otra@elsewhere.example", body, Role::ElectoralBodyOfficer).await;
    hall.invite(json!([{ "organisationId": id(body) }])).await;
    for name in ["visita", "otra"] {
        let mails = app.mails(&address(name)).await;
        assert_eq!((mails.len(), letters(app, &address(name)).await.len()), (1, 0), "{name}");
    }
    hall.respond(&client, "TENTATIVE", json!({})).await;
    let all = letters(app, &address("visita")).await;
    assert_eq!(all.len(), 1);
    has(&all[0], &["METHOD:REQUEST", DATE, "PARTSTAT=TENTATIVE"]);
    assert_eq!(app.mails(&address("otra")).await.len(), 1);
}

/// A hall with one seat in the room, taken by an officer of the body, and two guests who wait for it.
async fn full_hall(app: &TestApp) -> (Hall<'_>, Client, [Client; 2]) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let rosa = hall.officer("rosa").await;
    let (first, second) = (guest(&hall, "una").await.0, guest(&hall, "dos").await.0);
    for client in [&rosa, &first, &second] {
        hall.register(client, json!({ "mode": "IN_PERSON" })).await;
    }
    (hall, rosa, [first, second])
}

async fn an_offered_seat_is_told_with_its_end(app: &TestApp) {
    let (hall, rosa, [first, _]) = full_hall(app).await;
    has(&letters(app, "rosa@body.example").await[0], &["METHOD:REQUEST", DATE, "PARTSTAT=ACCEPTED", "You take part in this meeting."]);
    assert_eq!(app.mails(&address("una")).await, Vec::<String>::new(), "who waits has nothing to write down yet");
    let own = hall.own(&rosa).await;
    hall.withdraw(&rosa, &own["id"]).await;
    let mails = app.mails(&address("una")).await;
    let [offer] = &mails[..] else { panic!("one letter: {mails:?}") };
    has(
        offer,
        &["Subject: Un lugar para usted: Mensual", "2026-03-03, 04:00 (America/Lima)", "Fecha: 2026-10-15, 21:00-22:30 (America/Lima)"],
    );
    assert!(!offer.contains("text/calendar") && !offer.contains("meet.example"), "{offer}");
    hall.respond(&first, "ACCEPTED", json!({})).await;
    let taken = letters(app, &address("una")).await;
    assert_eq!((taken.len(), app.mails(&address("una")).await.len()), (1, 2));
    has(&taken[0], &["METHOD:REQUEST", &uid(&hall).await, DATE, "PARTSTAT=ACCEPTED", "https://meet.example/secret"]);
    assert_eq!(app.mails(&address("dos")).await, Vec::<String>::new());
}

async fn a_lapsed_seat_goes_to_the_next_once(app: &TestApp) {
    let (hall, rosa, _) = full_hall(app).await;
    let own = hall.own(&rosa).await;
    hall.withdraw(&rosa, &own["id"]).await;
    app.advance(chrono::TimeDelta::hours(24));
    // The worker or whoever acts first finds it lapsed: the next is told once.
    let again = app.signed_in("rosa@body.example").await;
    hall.register(&again, json!({ "mode": "IN_PERSON" })).await;
    let offers = app.mails(&address("dos")).await;
    assert_eq!(offers.len(), 1);
    has(&offers[0], &["Subject: Un lugar para usted", "2026-03-04, 04:00 (America/Lima)"]);
    let told = app.mails(&address("una")).await;
    assert_eq!(told.len(), 2, "the offer, and that it is over");
    has(&told[1], &["Subject: El lugar ya no se le reserva: Mensual", "Fecha: 2026-10-15, 21:00-22:30 (America/Lima)"]);
    assert!(!told[1].contains("text/calendar"), "{}", told[1]);
}

async fn a_decision_is_told_once(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("APPROVAL").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let mut asked = Vec::new();
    for name in ["una", "dos", "tres"] {
        let client = guest(&hall, name).await.0;
        asked.push(hall.register(&client, json!({ "mode": "IN_PERSON" })).await["id"].clone());
        assert_eq!(app.mails(&address(name)).await, Vec::<String>::new());
    }
    for (one, decision) in asked.iter().zip(["APPROVED", "APPROVED", "REJECTED"]) {
        for _ in 0..2 {
            let input = json!({ "participationId": one, "decision": decision, "idempotencyKey": one });
            done(more_of(&hall.cast.coordinator, "RegistrationDecide", json!({ "input": input })).await, "participation");
        }
    }
    let mut all = Vec::new();
    for name in ["una", "dos", "tres"] {
        let mails = app.mails(&address(name)).await;
        assert_eq!(mails.len(), 1, "{name}");
        all.extend(mails.into_iter().map(|mail| mail.replace("\r\n ", "")));
    }
    has(&all[0], &["Subject: Solicitud admitida: Mensual", "METHOD:REQUEST", &uid(&hall).await, DATE, "PARTSTAT=ACCEPTED"]);
    has(&all[1], &["lista de espera: Mensual", "Fecha: 2026-10-15, 21:00-22:30 (America/Lima)"]);
    has(&all[2], &["Subject: Su solicitud: Mensual"]);
    assert!(all[1..].iter().all(|mail| !mail.contains("text/calendar")));
}
