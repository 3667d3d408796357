//! Polls about slots: opened and decided by organisers, answered by who takes part.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::{Cast, each, full};

stories![
    a_choice_becomes_the_meetings_slot,
    a_choice_becomes_a_further_meeting_of_a_dialogue,
    a_poll_closed_gives_the_status_back,
    each_sees_the_tallies_and_ones_own_answers,
    answers_are_replaced_until_the_deadline,
    refuses_who_may_not,
    a_guest_of_one_meeting_answers_for_it,
    names_every_fault_at_once,
    decides_once_by_version,
];

const POLL: &str = "slotPoll { id status chosen version meeting { id status startsAt }
    candidates { position localStart timeZone startsAt available ifNeeded unavailable } answers { isOwn organisation { id } answers } }";

async fn act(client: &Client, name: &str, input: Value) -> Reply {
    let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let meeting = if name == "slotPollChoose" { "meeting { id status startsAt localStart timeZone duration }" } else { "" };
    let document = format!(
        "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {POLL} {meeting} userErrors {{ code reason path message }} }} }}"
    );
    client.graphql(&document, json!({ "input": input })).await
}

async fn done(client: &Client, name: &str, input: Value) -> Value {
    let reply = act(client, name, input).await;
    assert_eq!(reply.faults(), Vec::<String>::new(), "{}", reply.text);
    reply.data()[name].clone()
}

async fn read(client: &Client, id: &Value) -> Value {
    client.data(&format!("query($id: ID!) {{ {} }}", POLL.replacen("slotPoll", "slotPoll(id: $id)", 1)), json!({ "id": id })).await["slotPoll"].clone()
}

fn candidates() -> Value {
    json!([
        { "localStart": "2026-10-20T10:00:00", "timeZone": "America/Lima" },
        { "localStart": "2026-10-21T09:00:00", "timeZone": "Europe/Madrid" },
    ])
}

/// A poll about the first meeting of the monthly dialogue, until the first of October.
fn about(meeting: &Value) -> Value {
    json!({ "meetingId": meeting["id"], "candidates": candidates(), "closesAt": "2026-10-01T00:00:00Z" })
}

async fn a_choice_becomes_the_meetings_slot(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let meeting = dialogue["upcoming"]["nodes"][0].clone();
    let mut input = about(&meeting);
    input["idempotencyKey"] = json!("once");
    let opened = done(&cast.coordinator, "slotPollOpen", input.clone()).await["slotPoll"].clone();
    assert_eq!((&opened["status"], &opened["meeting"]["status"]), (&json!("OPEN"), &json!("POLLING")));
    assert_eq!(each(&opened["candidates"], "startsAt"), ["2026-10-20T15:00:00Z", "2026-10-21T07:00:00Z"]);
    assert_eq!(done(&cast.coordinator, "slotPollOpen", input).await["slotPoll"]["id"], opened["id"]);
    // The meeting shows its poll to those who may read it, and to nobody else.
    let document = "query($id: ID!) { meeting(id: $id) { status slotPoll { id } } }";
    let shown = async |client: &Client| client.data(document, json!({ "id": meeting["id"] })).await["meeting"]["slotPoll"].clone();
    assert_eq!(shown(&cast.officer).await["id"], opened["id"]);
    assert_eq!((shown(&cast.stranger).await, shown(&app.anonymous()).await), (Value::Null, Value::Null));
    let chosen = done(&cast.coordinator, "slotPollChoose", json!({ "pollId": opened["id"], "candidate": 1, "version": 1 })).await;
    assert_eq!(
        chosen["meeting"],
        json!({ "id": meeting["id"], "status": "SCHEDULED", "startsAt": "2026-10-21T07:00:00Z", "localStart": "2026-10-21T09:00:00",
            "timeZone": "Europe/Madrid", "duration": "PT1H30M" })
    );
    assert_eq!((&chosen["slotPoll"]["status"], &chosen["slotPoll"]["chosen"]), (&json!("CHOSEN"), &json!(1)));
    assert_eq!(shown(&cast.officer).await, Value::Null);
}

async fn a_choice_becomes_a_further_meeting_of_a_dialogue(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let input =
        json!({ "dialogueId": dialogue["id"], "candidates": candidates(), "duration": "PT45M", "closesAt": "2026-10-01T00:00:00Z" });
    let opened = done(&cast.coordinator, "slotPollOpen", input).await["slotPoll"].clone();
    assert_eq!(opened["meeting"], Value::Null);
    let chosen = done(&cast.coordinator, "slotPollChoose", json!({ "pollId": opened["id"], "candidate": 0, "version": 1 })).await;
    let meeting = &chosen["meeting"];
    assert_eq!(
        (&meeting["status"], &meeting["startsAt"], &meeting["duration"]),
        (&json!("SCHEDULED"), &json!("2026-10-20T15:00:00Z"), &json!("PT45M"))
    );
    assert_eq!((&meeting["localStart"], &meeting["timeZone"]), (&json!("2026-10-20T10:00:00"), &json!("America/Lima")));
    assert_eq!(chosen["slotPoll"]["meeting"]["id"], meeting["id"]);
    let document = "query($id: ID!) { dialogue(id: $id) { recurrence { additionalDates } meetings(first: 3) { nodes { startsAt } } } }";
    let read = app.anonymous().data(document, json!({ "id": dialogue["id"] })).await["dialogue"].clone();
    assert_eq!(read["recurrence"]["additionalDates"], json!(["2026-10-20T08:00:00"]));
    assert_eq!(each(&read["meetings"]["nodes"], "startsAt"), ["2026-10-16T02:00:00Z", "2026-10-20T15:00:00Z", "2026-11-16T03:00:00Z"]);
    let calendar = app.anonymous().get(&format!("/v1/dialogues/{}/calendar.ics", dialogue["id"].as_str().unwrap())).await.text;
    assert!(calendar.contains("RDATE;TZID=America/Los_Angeles:20261020T080000"), "{calendar}");
    // The date of a meeting that is there cannot be chosen for a further one.
    let taken = json!([{ "localStart": "2026-11-15T19:00:00", "timeZone": "America/Los_Angeles" }, { "localStart": "2026-11-16T19:00:00", "timeZone": "UTC" }]);
    let input = json!({ "dialogueId": dialogue["id"], "candidates": taken, "closesAt": "2026-10-01T00:00:00Z" });
    let opened = done(&cast.coordinator, "slotPollOpen", input).await["slotPoll"].clone();
    let reply = act(&cast.coordinator, "slotPollChoose", json!({ "pollId": opened["id"], "candidate": 0, "version": 1 })).await;
    assert_eq!((reply.code(), reply.faults()), ("CONFLICT", vec!["input.candidate DUPLICATE".to_owned()]));
}

async fn a_poll_closed_gives_the_status_back(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    let opened = done(&cast.coordinator, "slotPollOpen", about(&meeting)).await["slotPoll"].clone();
    assert_eq!(act(&cast.coordinator, "slotPollOpen", about(&meeting)).await.code(), "INVALID_TRANSITION");
    let closed = done(&cast.coordinator, "slotPollClose", json!({ "pollId": opened["id"], "version": 1 })).await["slotPoll"].clone();
    assert_eq!((&closed["status"], &closed["chosen"], &closed["meeting"]["status"]), (&json!("CLOSED"), &Value::Null, &json!("SCHEDULED")));
    assert_eq!(closed["meeting"]["startsAt"], meeting["startsAt"]);
    // A meeting that was called off in between stays so, whatever becomes of the poll.
    let opened = done(&cast.coordinator, "slotPollOpen", about(&meeting)).await["slotPoll"].clone();
    let cancel = "mutation($input: MeetingCancelInput!) { meetingCancel(input: $input) { meeting { status } userErrors { code reason path message } } }";
    cast.coordinator.mutate(cancel, json!({ "meetingId": meeting["id"], "version": 4 })).await;
    let choose = json!({ "pollId": opened["id"], "candidate": 0, "version": 1 });
    assert_eq!(act(&cast.coordinator, "slotPollChoose", choose).await.code(), "INVALID_TRANSITION");
    let closed = done(&cast.coordinator, "slotPollClose", json!({ "pollId": opened["id"], "version": 1 })).await["slotPoll"].clone();
    assert_eq!(closed["meeting"]["status"], "CANCELLED");
}

async fn each_sees_the_tallies_and_ones_own_answers(app: &TestApp) {
    let cast = Cast::of(app).await;
    let other = app.organisation(OrganisationKind::ElectoralBody, "Tribunal").await;
    let third = app.member("officer@tribunal.example", other, Role::ElectoralBodyOfficer).await;
    let mut input = cast.monthly("PARTIES");
    input["members"] = json!([cast.body.to_string(), other.to_string()]);
    let meeting = cast.create(input).await["upcoming"]["nodes"][0].clone();
    let opened = done(&cast.coordinator, "slotPollOpen", about(&meeting)).await["slotPoll"].clone();
    done(&cast.officer, "slotPollAnswer", json!({ "pollId": opened["id"], "answers": ["AVAILABLE", "IF_NEEDED"] })).await;
    done(&third, "slotPollAnswer", json!({ "pollId": opened["id"], "answers": ["AVAILABLE", "UNAVAILABLE"] })).await;
    let counts = |poll: &Value, place: usize| {
        let candidate = &poll["candidates"][place];
        ["available", "ifNeeded", "unavailable"].map(|name| candidate[name].as_i64().unwrap())
    };
    for (client, shown) in [(&cast.coordinator, 2), (&cast.officer, 1), (&third, 1)] {
        let poll = read(client, &opened["id"]).await;
        assert_eq!((counts(&poll, 0), counts(&poll, 1)), ([2, 0, 0], [0, 1, 1]));
        assert_eq!(poll["answers"].as_array().unwrap().len(), shown, "{poll}");
    }
    let own = read(&third, &opened["id"]).await["answers"][0].clone();
    assert_eq!(own, json!({ "isOwn": true, "organisation": { "id": other.to_string() }, "answers": ["AVAILABLE", "UNAVAILABLE"] }));
    assert_eq!(read(&cast.stranger, &opened["id"]).await, Value::Null);
    let list = "{ slotPolls { totalCount nodes { id } } }";
    let counted = async |client: &Client| client.data(list, json!({})).await["slotPolls"]["totalCount"].clone();
    assert_eq!((counted(&third).await, counted(&cast.stranger).await), (json!(1), json!(0)));
    let node = "query($id: ID!) { node(id: $id) { __typename id } }";
    let found = async |client: &Client| client.data(node, json!({ "id": opened["id"] })).await["node"]["__typename"].clone();
    assert_eq!((found(&third).await, found(&cast.stranger).await), (json!("SlotPoll"), Value::Null));
}

async fn answers_are_replaced_until_the_deadline(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PARTIES")).await["upcoming"]["nodes"][0].clone();
    let mut input = about(&meeting);
    input["closesAt"] = json!("2026-03-03T09:00:00Z");
    let opened = done(&cast.coordinator, "slotPollOpen", input).await["slotPoll"].clone();
    let answer = |answers: Value| json!({ "pollId": opened["id"], "answers": answers });
    done(&cast.officer, "slotPollAnswer", answer(json!(["AVAILABLE", "AVAILABLE"]))).await;
    let again = done(&cast.officer, "slotPollAnswer", answer(json!(["UNAVAILABLE", "AVAILABLE"]))).await["slotPoll"].clone();
    assert_eq!((&again["candidates"][0]["available"], &again["candidates"][0]["unavailable"]), (&json!(0), &json!(1)));
    assert_eq!(again["answers"].as_array().unwrap().len(), 1);
    let short = act(&cast.officer, "slotPollAnswer", answer(json!(["AVAILABLE"]))).await;
    assert_eq!(short.faults(), ["input.answers CONTRADICTION"]);
    app.advance(chrono::TimeDelta::days(1));
    let officer = app.signed_in("officer@body.example").await;
    assert_eq!(act(&officer, "slotPollAnswer", answer(json!(["AVAILABLE", "AVAILABLE"]))).await.code(), "INVALID_TRANSITION");
    let coordinator = app.signed_in("coordinator@desk.example").await;
    done(&coordinator, "slotPollChoose", json!({ "pollId": opened["id"], "candidate": 1, "version": 1 })).await;
}

async fn a_guest_of_one_meeting_answers_for_it(app: &TestApp) {
    let cast = Cast::of(app).await;
    let nodes = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"].clone();
    let colleague = app.member("other@platform.example", cast.platform, Role::PlatformRepresentative).await;
    let user = |client: Client| async move { client.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone() };
    let (guest, elsewhere) = (user(cast.stranger.clone()).await, user(colleague.clone()).await);
    // The colleague is invited to another meeting of the same dialogue.
    for (meeting, person) in [(&nodes[0], guest), (&nodes[1], elsewhere)] {
        let invitees = json!([{ "organisationId": cast.platform.to_string(), "personId": person }]);
        full(&cast.coordinator, "MeetingInvite", json!({ "input": { "meetingId": meeting["id"], "invitees": invitees } })).await.data();
    }
    let opened = done(&cast.coordinator, "slotPollOpen", about(&nodes[0])).await["slotPoll"].clone();
    let answer = json!({ "pollId": opened["id"], "answers": ["IF_NEEDED", "AVAILABLE"] });
    let answered = done(&cast.stranger, "slotPollAnswer", answer.clone()).await["slotPoll"].clone();
    let own = json!({ "isOwn": true, "organisation": { "id": cast.platform.to_string() }, "answers": ["IF_NEEDED", "AVAILABLE"] });
    assert_eq!(answered["answers"], json!([own]));
    let counted = read(&cast.coordinator, &opened["id"]).await;
    assert_eq!((&counted["candidates"][0]["ifNeeded"], &counted["candidates"][1]["available"]), (&json!(1), &json!(1)));
    assert_eq!(act(&colleague, "slotPollAnswer", answer.clone()).await.code(), "NOT_FOUND");
    assert_eq!(read(&colleague, &opened["id"]).await, Value::Null);
    for (name, input) in [
        ("slotPollChoose", json!({ "pollId": opened["id"], "candidate": 0, "version": 1 })),
        ("slotPollClose", json!({ "pollId": opened["id"], "version": 1 })),
    ] {
        assert_eq!(act(&cast.stranger, name, input).await.code(), "FORBIDDEN", "{name}");
    }
    // Who takes part no longer is not asked any more.
    let declined = json!({ "input": { "meetingId": nodes[0]["id"], "response": "DECLINED" } });
    full(&cast.stranger, "InvitationRespond", declined).await.data();
    assert_eq!(act(&cast.stranger, "slotPollAnswer", answer).await.code(), "NOT_FOUND");
}

async fn refuses_who_may_not(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    assert_eq!(act(&app.anonymous(), "slotPollOpen", about(&meeting)).await.code(), "UNAUTHENTICATED");
    assert_eq!(act(&cast.officer, "slotPollOpen", about(&meeting)).await.code(), "FORBIDDEN");
    let opened = done(&cast.coordinator, "slotPollOpen", about(&meeting)).await["slotPoll"].clone();
    let answer = json!({ "pollId": opened["id"], "answers": ["AVAILABLE", "AVAILABLE"] });
    assert_eq!(act(&cast.stranger, "slotPollAnswer", answer.clone()).await.code(), "NOT_FOUND");
    let auditor = app.member("auditor@desk.example", cast.desk, Role::Auditor).await;
    assert_eq!(act(&auditor, "slotPollAnswer", answer.clone()).await.code(), "NOT_FOUND");
    // The coordinator's desk convenes, so that he answers for it; a coordinator elsewhere reads and does not answer.
    done(&cast.coordinator, "slotPollAnswer", answer.clone()).await;
    let elsewhere = app.organisation(OrganisationKind::UnEntity, "Another desk").await;
    let other = app.member("other@desk.example", elsewhere, Role::Coordinator).await;
    assert_eq!(act(&other, "slotPollAnswer", answer).await.code(), "FORBIDDEN");
    for (name, input) in [
        ("slotPollChoose", json!({ "pollId": opened["id"], "candidate": 0, "version": 1 })),
        ("slotPollClose", json!({ "pollId": opened["id"], "version": 1 })),
    ] {
        assert_eq!(act(&cast.officer, name, input.clone()).await.code(), "FORBIDDEN", "{name}");
        assert_eq!(act(&cast.stranger, name, input).await.code(), "NOT_FOUND", "{name}");
    }
    let list = app.anonymous().graphql("{ slotPolls { totalCount } }", json!({})).await;
    assert_eq!(list.code(), "UNAUTHENTICATED");
}

async fn names_every_fault_at_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    let dialogue = cast.create(cast.monthly("PUBLIC")).await;
    let faults = async |input: Value| act(&cast.coordinator, "slotPollOpen", input).await.faults();
    let one = json!([{ "localStart": "2026-01-01T10:00:00", "timeZone": "Mars/Olympus" }]);
    let wrong = json!({ "meetingId": dialogue["id"], "dialogueId": "x", "candidates": one, "duration": "PT0M", "closesAt": "2026-03-01T00:00:00Z" });
    assert_eq!(
        faults(wrong).await,
        [
            "input.meetingId WRONG_KIND",
            "input.dialogueId MALFORMED",
            "input.dialogueId CONTRADICTION",
            "input.duration OUT_OF_RANGE",
            "input.closesAt IN_PAST",
            "input.candidates TOO_SHORT",
            "input.candidates.0.timeZone NOT_AN_OPTION",
        ]
    );
    let nothing = json!({ "candidates": candidates(), "closesAt": "2026-10-01T00:00:00Z" });
    assert_eq!(faults(nothing).await, ["input.meetingId REQUIRED"]);
    let late = json!({ "dialogueId": dialogue["id"], "candidates": candidates(), "closesAt": "2026-10-21T00:00:00Z" });
    assert_eq!(faults(late).await, ["input.candidates.0.localStart BEFORE_PREVIOUS"]);
    let many: Vec<Value> = (1..22).map(|day| json!({ "localStart": format!("2026-10-{day:02}T10:00:00"), "timeZone": "UTC" })).collect();
    let many = json!({ "dialogueId": dialogue["id"], "candidates": many, "closesAt": "2026-09-01T00:00:00Z" });
    assert_eq!(faults(many).await, ["input.candidates TOO_LONG"]);
    let unknown =
        json!({ "meetingId": "meeting_00000000000000000000000000", "candidates": candidates(), "closesAt": "2026-10-01T00:00:00Z" });
    assert_eq!(faults(unknown).await, ["input.meetingId UNKNOWN_ID"]);
}

async fn decides_once_by_version(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    let opened = done(&cast.coordinator, "slotPollOpen", about(&meeting)).await["slotPoll"].clone();
    let choose = |candidate: i64, version: i64| json!({ "pollId": opened["id"], "candidate": candidate, "version": version });
    assert_eq!(act(&cast.coordinator, "slotPollChoose", choose(0, 2)).await.code(), "VERSION_MISMATCH");
    for out in [-1, 2] {
        assert_eq!(act(&cast.coordinator, "slotPollChoose", choose(out, 1)).await.faults(), ["input.candidate NOT_AN_OPTION"]);
    }
    let mut keyed = choose(0, 1);
    keyed["idempotencyKey"] = json!("k");
    let first = done(&cast.coordinator, "slotPollChoose", keyed.clone()).await;
    assert_eq!(done(&cast.coordinator, "slotPollChoose", keyed).await, first);
    assert_eq!(act(&cast.coordinator, "slotPollChoose", choose(1, 2)).await.code(), "INVALID_TRANSITION");
    assert_eq!(act(&cast.coordinator, "slotPollClose", json!({ "pollId": opened["id"], "version": 2 })).await.code(), "INVALID_TRANSITION");
    let late = act(&cast.officer, "slotPollAnswer", json!({ "pollId": opened["id"], "answers": ["AVAILABLE", "AVAILABLE"] })).await;
    assert_eq!(late.code(), "INVALID_TRANSITION");
}
