//! What stands between now and a meeting, for its organisers.

use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, stories};

use super::{Cast, each};

stories![
    one_list_says_what_is_missing,
    is_for_organisers_only,
    an_election_and_an_open_poll_stand_in_it,
    the_agenda_is_held_against_the_meeting,
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
