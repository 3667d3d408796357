//! What stands between now and a meeting, for its organisers.

use serde_json::{Value, json};
use tertulia_app::dialogue::passing::pass;
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, stories};

use super::{Cast, done, each};

stories![
    one_list_says_what_is_missing,
    is_for_organisers_only,
    an_election_and_an_open_poll_stand_in_it,
    the_agenda_is_held_against_the_meeting,
    replies_and_languages_come_and_go,
    minutes_of_the_last_meeting_are_waited_for,
    who_settles_a_date_is_told_what_stands_against_it,
    one_statement_a_kind,
];

const READINESS: &str = "query($id: ID!) { meeting(id: $id) { readiness { code severity message dueAt } } }";

async fn readiness(client: &Client, meeting: &Value) -> Value {
    client.data(READINESS, json!({ "id": meeting["id"] })).await["meeting"]["readiness"].clone()
}

async fn one_list_says_what_is_missing(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    (input["format"], input["joinUrl"]) = (json!("HYBRID"), Value::Null);
    let meeting = cast.create(input).await["upcoming"]["nodes"][0].clone();
    let found = readiness(&cast.coordinator, &meeting).await;
    assert_eq!(each(&found, "code"), ["JOIN_LINK_MISSING", "VENUE_MISSING", "NOBODY_INVITED", "AGENDA_MISSING"]);
    assert_eq!(each(&found, "severity"), ["BLOCKING", "BLOCKING", "WARNING", "WARNING"]);
    assert_eq!(
        found[0],
        json!({ "code": "JOIN_LINK_MISSING", "severity": "BLOCKING", "message": "It has no link to join by.", "dueAt": "2026-10-15T02:00:00Z" })
    );
    // Nothing stands before a meeting that does not take place.
    let cancel = "mutation($input: MeetingCancelInput!) { meetingCancel(input: $input) { meeting { readiness { code } } userErrors { code reason path message } } }";
    let cancelled = cast.coordinator.mutate(cancel, json!({ "meetingId": meeting["id"], "version": 1 })).await;
    assert_eq!(cancelled["meeting"]["readiness"], json!([]));
}

async fn is_for_organisers_only(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    let colleague = app.member("colleague@desk.example", cast.desk, Role::Expert).await;
    assert_eq!(each(&readiness(&colleague, &meeting).await, "code"), ["NOBODY_INVITED", "AGENDA_MISSING"]);
    for client in [&cast.officer, &cast.stranger, &app.anonymous()] {
        assert_eq!(readiness(client, &meeting).await, Value::Null);
    }
}

async fn an_election_and_an_open_poll_stand_in_it(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    let election = "mutation($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    for day in [json!({ "date": "2026-10-20" }), json!({ "date": "2026-10-01", "precision": "MONTH" })] {
        let input = json!({ "country": "PE", "type": "LOCAL", "status": "EXPECTED", "pollingDays": [day] });
        cast.coordinator.mutate(election, input).await;
    }
    let open =
        "mutation($input: SlotPollOpenInput!) { slotPollOpen(input: $input) { slotPoll { id } userErrors { code reason path message } } }";
    let slot = |day: u32| json!({ "localStart": format!("2026-12-{day:02}T10:00:00"), "timeZone": "America/Lima" });
    let input = json!({ "meetingId": meeting["id"], "candidates": [slot(1), slot(2)], "closesAt": "2026-10-01T00:00:00Z" });
    cast.coordinator.mutate(open, input).await;
    let found = readiness(&cast.coordinator, &meeting).await;
    assert_eq!(each(&found, "code"), ["DATE_NOT_SETTLED", "ELECTION_WINDOW", "NOBODY_INVITED", "AGENDA_MISSING", "ELECTION_POSSIBLE"]);
    assert_eq!(found[1]["message"], "It falls into the days around 1 election of a country.");
}

async fn the_agenda_is_held_against_the_meeting(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    let revise = "mutation($input: AgendaReviseInput!) { agendaRevise(input: $input) { meeting { version readiness { code message } } userErrors { code reason path message } } }";
    let agenda = |version: i64, lengths: &[&str]| {
        let item = |length: &&str| json!({ "title": [{ "language": "en", "text": "Point" }], "duration": length });
        json!({ "meetingId": meeting["id"], "version": version, "items": lengths.iter().map(item).collect::<Vec<_>>() })
    };
    let long = cast.coordinator.mutate(revise, agenda(1, &["PT60M", "PT45M"])).await["meeting"].clone();
    assert_eq!(each(&long["readiness"], "code"), ["NOBODY_INVITED", "AGENDA_TOO_LONG"]);
    assert_eq!(long["readiness"][1]["message"], "Its agenda takes 105 minutes, and it has 90.");
    let fits = cast.coordinator.mutate(revise, agenda(2, &["PT60M", "PT30M"])).await["meeting"].clone();
    assert_eq!(each(&fits["readiness"], "code"), ["NOBODY_INVITED"]);
}

async fn replies_and_languages_come_and_go(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    let codes = async || {
        let found = readiness(&cast.coordinator, &meeting).await;
        let all = each(&found, "code").into_iter().filter(|code| *code != "AGENDA_MISSING").map(str::to_owned).collect::<Vec<_>>();
        (all, found[0]["message"].clone())
    };
    let invite = json!({ "meetingId": meeting["id"], "invitees": [{ "organisationId": cast.body.to_string() }] });
    done(&cast.coordinator, "MeetingInvite", "results", invite).await;
    assert_eq!(codes().await, (vec!["NO_REPLY".to_owned()], json!("No reply from 1 organisation.")));
    let accept = json!({ "meetingId": meeting["id"], "response": "ACCEPTED", "interpretationNeeds": ["fr"] });
    done(&cast.officer, "InvitationRespond", "participation", accept).await;
    assert_eq!(codes().await, (vec!["LANGUAGE_MISSING".to_owned()], json!("Needed and neither spoken nor confirmed: fr (1).")));
    interpret(&cast, &meeting, 1).await;
    assert_eq!(codes().await.0, Vec::<String>::new());
}

/// Offers French at a meeting of that version, and confirms it.
async fn interpret(cast: &Cast, meeting: &Value, version: i64) {
    let offer = "mutation($input: InterpretationOfferInput!) { interpretationOffer(input: $input) { meeting { id } userErrors { code reason path message } } }";
    let input = json!({ "meetingId": meeting["id"], "language": "fr", "kind": "SIMULTANEOUS", "version": version });
    cast.coordinator.mutate(offer, input).await;
    let confirm = json!({ "meetingId": meeting["id"], "language": "fr", "version": version + 1 });
    done(&cast.coordinator, "InterpretationConfirm", "meeting", confirm).await;
}

async fn minutes_of_the_last_meeting_are_waited_for(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"]["localStart"] = "2026-02-15T19:00".into();
    let dialogue = cast.create(input).await;
    pass(&app.app, &app.app.system()).await.unwrap();
    let held = "query($ids: [ID!]) { meetings(filter: { dialogueIds: $ids }, first: 2) { nodes { id status } } }";
    let found = cast.coordinator.data(held, json!({ "ids": [dialogue["id"]] })).await["meetings"]["nodes"].clone();
    assert_eq!((&found[0]["status"], &found[1]["status"]), (&json!("HELD"), &json!("SCHEDULED")));
    let waited = async || {
        let list = readiness(&cast.coordinator, &found[1]).await;
        list.as_array().unwrap().iter().find(|one| one["code"] == "MINUTES_NOT_ADOPTED").map(|one| one["message"].clone())
    };
    assert_eq!(waited().await, Some(json!("The minutes of the meeting of 2026-02-15 are not adopted.")));
    let of_it = |version: i64| json!({ "meetingId": found[0]["id"], "version": version });
    done(&cast.coordinator, "MinutesRevise", "minutes", json!({ "meetingId": found[0]["id"], "text": "Said" })).await;
    done(&cast.coordinator, "MinutesCirculate", "minutes", of_it(1)).await;
    assert!(waited().await.is_some(), "circulated is not adopted");
    done(&cast.coordinator, "MinutesAdopt", "minutes", of_it(2)).await;
    assert_eq!(waited().await, None);
}

async fn who_settles_a_date_is_told_what_stands_against_it(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0].clone();
    let invite = json!({ "meetingId": meeting["id"], "invitees": [{ "organisationId": cast.body.to_string() }] });
    done(&cast.coordinator, "MeetingInvite", "results", invite).await;
    let accept = json!({ "meetingId": meeting["id"], "response": "ACCEPTED", "interpretationNeeds": ["fr"] });
    done(&cast.officer, "InvitationRespond", "participation", accept).await;
    let open =
        "mutation($input: SlotPollOpenInput!) { slotPollOpen(input: $input) { slotPoll { id } userErrors { code reason path message } } }";
    let slot = |day: u32| json!({ "localStart": format!("2026-12-{day:02}T10:00:00"), "timeZone": "America/Lima" });
    let input = json!({ "meetingId": meeting["id"], "candidates": [slot(1), slot(2)], "closesAt": "2026-10-01T00:00:00Z" });
    let poll = cast.coordinator.mutate(open, input).await["slotPoll"]["id"].clone();
    let choose = "mutation($input: SlotPollChooseInput!) { slotPollChoose(input: $input) { meeting { status version }
        warnings { code severity message } userErrors { code reason path message } } }";
    let refused = cast.coordinator.graphql(choose, json!({ "input": { "pollId": poll, "candidate": 7, "version": 1 } })).await;
    assert_eq!(refused.body["data"]["slotPollChoose"]["warnings"], json!([]));
    let chosen = cast.coordinator.mutate(choose, json!({ "pollId": poll, "candidate": 0, "version": 1 })).await;
    let gap = json!({ "code": "LANGUAGE_MISSING", "severity": "WARNING", "message": "Needed and neither spoken nor confirmed: fr (1)." });
    assert_eq!((&chosen["meeting"]["status"], &chosen["warnings"]), (&json!("SCHEDULED"), &json!([gap])));
    let version = chosen["meeting"]["version"].as_i64().unwrap();
    interpret(&cast, &meeting, version).await;
    let election = "mutation($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    let day = json!({ "country": "PE", "type": "LOCAL", "status": "EXPECTED", "pollingDays": [{ "date": "2026-12-20" }] });
    cast.coordinator.mutate(election, day).await;
    let reschedule = "mutation($input: MeetingRescheduleInput!) { meetingReschedule(input: $input) { warnings { code }
        userErrors { code reason path message } } }";
    let input = json!({ "meetingId": meeting["id"], "localStart": "2026-12-18T10:00", "timeZone": "America/Lima", "version": version + 2 });
    assert_eq!(cast.coordinator.mutate(reschedule, input).await["warnings"], json!([{ "code": "ELECTION_WINDOW" }]));
}

async fn one_statement_a_kind(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PUBLIC")).await;
    let statements = async |first: u32| {
        let document = "query($first: Int) { meetings(first: $first) { nodes { readiness { code } } } }";
        cast.coordinator.graphql(document, json!({ "first": first })).await.statements()
    };
    // What is kept at hand is there before anything is counted.
    statements(1).await;
    let few = statements(1).await;
    assert_eq!(statements(12).await, few);
}
