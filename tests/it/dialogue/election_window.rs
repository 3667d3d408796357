//! Meetings near elections of the countries that take part.

use serde_json::{Value, json};
use tertulia_app::dialogue::election_window;
use tertulia_domain::{
    directory::organisation::OrganisationDraft,
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, TestApp, stories};

use super::{Cast, each, full};

stories![
    a_meeting_says_into_which_elections_it_falls,
    scheduling_says_so_at_once,
    an_uncertain_day_only_warns,
    an_election_that_moves_is_told_once,
    who_comes_to_one_meeting_counts_for_it_and_its_hosts,
    an_election_of_who_comes_alone_is_told_to_them,
    the_days_are_the_askers_and_checked,
    one_statement_a_level,
];

const MEETINGS: &str = "query($before: Duration, $after: Duration) { meetings(first: 3) { nodes { localStart
    electionConflicts(before: $before, after: $after) { country { code name } election { id } startsAt endsAt }
    electionWarnings { country { code } election { id } } } } }";

/// An election in Peru, as the coordinator records it; answers its id.
async fn election(coordinator: &Client, day: Value, status: &str) -> Value {
    let document = "mutation($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    let input = json!({ "country": "PE", "type": "PRESIDENTIAL", "status": status, "pollingDays": [day] });
    coordinator.mutate(document, input).await["election"]["id"].clone()
}

async fn meetings(client: &Client, variables: Value) -> Value {
    client.data(MEETINGS, variables).await["meetings"]["nodes"].clone()
}

async fn a_meeting_says_into_which_elections_it_falls(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PUBLIC")).await;
    let id = election(&cast.coordinator, json!({ "date": "2026-10-28" }), "SCHEDULED").await;
    let found = meetings(&app.anonymous(), json!({})).await;
    assert_eq!(each(&found, "localStart"), ["2026-10-15T19:00:00", "2026-11-15T19:00:00", "2026-12-15T19:00:00"]);
    // The first meeting is on the fifteenth of October in Peru, which is one day within.
    assert_eq!(
        found[0]["electionConflicts"],
        json!([{ "country": { "code": "PE", "name": "Peru" }, "election": { "id": id },
            "startsAt": "2026-10-14T05:00:00Z", "endsAt": "2026-11-05T05:00:00Z" }])
    );
    assert_eq!((&found[0]["electionWarnings"], &found[1]["electionConflicts"]), (&json!([]), &json!([])));
}

async fn scheduling_says_so_at_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = election(&cast.coordinator, json!({ "date": "2026-10-20" }), "SCHEDULED").await;
    let create = "mutation($input: DialogueCreateInput!) { dialogueCreate(input: $input) { userErrors { code reason path message }
        dialogue { meetings(first: 2) { nodes { id electionConflicts { election { id } } } } } } }";
    let created = cast.coordinator.mutate(create, cast.monthly("PUBLIC")).await["dialogue"]["meetings"]["nodes"].clone();
    assert_eq!(created[0]["electionConflicts"], json!([{ "election": { "id": id } }]));
    assert_eq!(created[1]["electionConflicts"], json!([]));
    let reschedule =
        "mutation($input: MeetingRescheduleInput!) { meetingReschedule(input: $input) { userErrors { code reason path message }
        meeting { electionConflicts { election { id } } } } }";
    let to = |local: &str| json!({ "meetingId": created[1]["id"], "localStart": local, "timeZone": "America/Lima", "version": 1 });
    let moved = cast.coordinator.mutate(reschedule, to("2026-10-27T10:00:00")).await;
    assert_eq!(moved["meeting"]["electionConflicts"], json!([{ "election": { "id": id } }]));
}

async fn an_uncertain_day_only_warns(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PUBLIC")).await;
    let month = election(&cast.coordinator, json!({ "date": "2026-10-01", "precision": "MONTH" }), "EXPECTED").await;
    let put_off = election(&cast.coordinator, json!({ "date": "2026-10-15" }), "POSTPONED").await;
    election(&cast.coordinator, json!({ "date": "2026-10-15" }), "CANCELLED").await;
    let found = meetings(&app.anonymous(), json!({})).await;
    assert_eq!(found[0]["electionConflicts"], json!([]));
    let warned: Vec<&Value> = found[0]["electionWarnings"].as_array().unwrap().iter().map(|one| &one["election"]["id"]).collect();
    assert_eq!(warned, [&month, &put_off]);
}

/// How many events of this kind there are.
async fn told(app: &TestApp) -> i64 {
    let topics = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await;
    topics.get("meeting.conflicted").copied().unwrap_or(0)
}

async fn an_election_that_moves_is_told_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PARTIES")).await;
    let id = election(&cast.coordinator, json!({ "date": "2026-09-01" }), "SCHEDULED").await;
    let ctx = app.app.system();
    let note = async || {
        // As two servers do it, whose workers run besides.
        for _ in 0..2 {
            election_window::note(&app.app, &ctx, app.app.ids.uuid()).await.unwrap();
        }
    };
    note().await;
    assert_eq!(told(app).await, 0);
    let update = "mutation($input: ElectionUpdateInput!) { electionUpdate(input: $input) { election { id } userErrors { code reason path message } } }";
    let moved = |day: &str, version: i64| json!({ "id": id, "version": version, "pollingDays": [{ "date": day }] });
    for (day, version, events) in
        [("2026-10-20", 1, 1), ("2026-10-21", 2, 1), ("2026-11-20", 3, 2), ("2027-02-01", 4, 2), ("2026-11-20", 5, 3)]
    {
        cast.coordinator.mutate(update, moved(day, version)).await;
        note().await;
        assert_eq!(told(app).await, events, "{day}");
    }
}

/// An electoral body of Chile, which belongs to no dialogue, and its officer.
async fn visitor(app: &TestApp) -> (OrganisationId, Client) {
    let draft = OrganisationDraft {
        kind: Some(OrganisationKind::ElectoralBody),
        names: vec![("en".to_owned(), "Visitor".to_owned())],
        country: Some("CL".to_owned()),
        ..OrganisationDraft::default()
    };
    let body = tertulia_app::directory::organisation::create(&app.app, &app.app.system(), Ok(draft), None).await.unwrap().id;
    (body, app.member("officer@visitor.example", body, Role::ElectoralBodyOfficer).await)
}

/// An election in Chile on a day; answers its id.
async fn abroad(coordinator: &Client, day: &str) -> Value {
    let document = "mutation($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    let input = json!({ "country": "CL", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": [{ "date": day }] });
    coordinator.mutate(document, input).await["election"]["id"].clone()
}

const INVITE: &str = "mutation($input: MeetingInviteInput!) { meetingInvite(input: $input) { userErrors { code reason path message }
    results { code participation { id } electionConflicts { country { code } election { id } } electionWarnings { election { id } } } } }";

async fn who_comes_to_one_meeting_counts_for_it_and_its_hosts(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    let (body, officer) = visitor(app).await;
    let id = abroad(&cast.coordinator, "2026-10-20").await;
    let input =
        json!({ "meetingId": meeting, "invitees": [{ "organisationId": body.to_string() }, { "organisationId": cast.body.to_string() }] });
    let invited = cast.coordinator.mutate(INVITE, input).await["results"].clone();
    let conflict = json!([{ "country": { "code": "CL" }, "election": { "id": id } }]);
    assert_eq!((&invited[0]["electionConflicts"], &invited[0]["electionWarnings"]), (&conflict, &json!([])), "it is said at once");
    assert_eq!(invited[1]["electionConflicts"], json!([]), "of the country of each alone");
    let read = async |client: &Client| {
        let document = "query($id: ID!) { meeting(id: $id) { electionConflicts { country { code } election { id } } readiness { code } } }";
        client.data(document, json!({ "id": meeting })).await["meeting"].clone()
    };
    let hosts = read(&cast.coordinator).await;
    assert_eq!(hosts["electionConflicts"], conflict);
    assert!(each(&hosts["readiness"], "code").contains(&"ELECTION_WINDOW"), "{hosts}");
    assert_eq!(read(&officer).await["electionConflicts"], conflict, "its own election it may know of");
    for client in [&cast.officer, &cast.stranger, &app.anonymous()] {
        assert_eq!(read(client).await["electionConflicts"], json!([]), "that it comes is not for others");
    }
    let search = |meeting: &Value| {
        json!({ "input": { "participants": [cast.desk.to_string()], "duration": "PT1H", "from": "2026-10-19T00:00:00Z",
            "to": "2026-10-21T00:00:00Z", "meetingId": meeting, "first": 1 } })
    };
    let slots = "query($input: SuggestSlotsInput!) { suggestSlots(input: $input) { slots { electionConflicts { country { code } election { id } } } } }";
    for (about, expected) in [(&meeting, &conflict), (&Value::Null, &json!([]))] {
        let found = cast.coordinator.data(slots, search(about)).await["suggestSlots"]["slots"].clone();
        assert_eq!(&found[0]["electionConflicts"], expected);
    }
    let decline = json!({ "input": { "meetingId": meeting, "response": "DECLINED" } });
    assert_eq!(full(&officer, "InvitationRespond", decline).await.code_or_none(), None);
    assert_eq!(read(&cast.coordinator).await["electionConflicts"], json!([]), "who declined stands in nobody's way");
}

async fn an_election_of_who_comes_alone_is_told_to_them(app: &TestApp) {
    let cast = Cast::of(app).await;
    let meeting = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    let auditor = app.member("auditor@desk.example", cast.desk, Role::Auditor).await;
    let (body, _) = visitor(app).await;
    let id = abroad(&cast.coordinator, "2026-09-01").await;
    let input = json!({ "meetingId": meeting, "invitees": [{ "organisationId": body.to_string() }] });
    let participation = cast.coordinator.mutate(INVITE, input).await["results"][0]["participation"]["id"].clone();
    let update = "mutation($input: ElectionUpdateInput!) { electionUpdate(input: $input) { election { id } userErrors { code reason path message } } }";
    for (day, version, events) in [("2026-10-20", 1, 1), ("2026-10-21", 2, 1), ("2027-02-01", 3, 1), ("2026-10-20", 4, 2)] {
        cast.coordinator.mutate(update, json!({ "id": id, "version": version, "pollingDays": [{ "date": day }] })).await;
        election_window::note(&app.app, &app.app.system(), app.app.ids.uuid()).await.unwrap();
        let lines = "{ auditEntries(filter: { act: [\"meeting.conflict\"] }) { nodes { objectId } } }";
        let told = auditor.data(lines, json!({})).await["auditEntries"]["nodes"].clone();
        assert_eq!(told, json!(vec![json!({ "objectId": participation }); events]), "{day}: of the part in it, and not of the meeting");
    }
}

async fn the_days_are_the_askers_and_checked(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PUBLIC")).await;
    election(&cast.coordinator, json!({ "date": "2026-10-28" }), "SCHEDULED").await;
    let narrow = meetings(&app.anonymous(), json!({ "before": "P1W" })).await;
    assert_eq!(narrow[0]["electionConflicts"], json!([]));
    let wide = meetings(&app.anonymous(), json!({ "before": "P13D", "after": "P18D" })).await;
    assert_eq!([&wide[0], &wide[1], &wide[2]].map(|one| one["electionConflicts"].as_array().unwrap().len()), [1, 1, 0]);
    for (before, reason) in [("P181D", "OUT_OF_RANGE"), ("PT3H", "MALFORMED")] {
        let reply = app.anonymous().graphql(MEETINGS, json!({ "before": before })).await;
        assert_eq!(reply.code(), "INVALID_INPUT");
        let fault = &reply.body["errors"][0]["extensions"];
        assert!(fault.to_string().contains(reason), "{fault}");
    }
}

async fn one_statement_a_level(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.create(cast.monthly("PUBLIC")).await;
    election(&cast.coordinator, json!({ "date": "2026-10-20" }), "SCHEDULED").await;
    meetings(&app.anonymous(), json!({})).await;
    let statements = async || app.anonymous().graphql(MEETINGS, json!({})).await.statements();
    let few = statements().await;
    for _ in 0..3 {
        cast.create(cast.monthly("PUBLIC")).await;
    }
    assert_eq!(statements().await, few);
}
