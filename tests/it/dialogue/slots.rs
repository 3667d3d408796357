//! The search for slots.

use serde_json::{Value, json};
use tertulia_domain::{
    directory::organisation::OrganisationDraft,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::{Cast, each};

stories![
    finds_hours_and_says_what_they_cost,
    spares_who_bore_the_night,
    other_meetings_stand_in_the_way_of_who_may_read_them,
    keeps_elections_weekends_and_holidays_free,
    elections_of_who_is_invited_count_for_the_organisers,
    names_every_fault_at_once,
    is_for_those_who_create_meetings,
];

const FULL: &str = include_str!("../../operations/dialogue-full.graphql");

async fn suggest(client: &Client, input: Value) -> Reply {
    // The operation as the file has it, which has no fragments.
    let begin = FULL.find("query SuggestSlots").unwrap();
    let operation = FULL[begin..].split_inclusive("\n}\n").next().unwrap();
    client.graphql(operation, json!({ "input": input })).await
}

async fn found(client: &Client, input: Value) -> Value {
    suggest(client, input).await.data()["suggestSlots"].clone()
}

/// An organisation with a zone of its own, or in a country; answers its id.
async fn organisation(app: &TestApp, name: &str, zone: Option<&str>, country: Option<&str>) -> Value {
    let draft = OrganisationDraft {
        kind: Some(OrganisationKind::Cso),
        names: vec![("en".to_owned(), name.to_owned())],
        time_zone: zone.map(str::to_owned),
        country: country.map(str::to_owned),
        ..OrganisationDraft::default()
    };
    let system = app.app.system();
    json!(tertulia_app::directory::organisation::create(&app.app, &system, Ok(draft), None).await.unwrap().id.to_string())
}

/// A search on Wednesday, 7 October 2026.
fn on_wednesday(participants: &[&Value]) -> Value {
    json!({ "participants": participants, "duration": "PT1H", "from": "2026-10-07T00:00:00Z", "to": "2026-10-08T00:00:00Z" })
}

/// The codes of the reasons of each participant of a slot.
fn reasons(slot: &Value) -> Vec<Vec<&str>> {
    slot["participants"].as_array().unwrap().iter().map(|one| each(&one["reasons"], "code")).collect()
}

async fn finds_hours_and_says_what_they_cost(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let madrid = organisation(app, "Madrid", Some("Europe/Madrid"), None).await;
    let nairobi = organisation(app, "Nairobi", None, Some("KE")).await;
    let nowhere = organisation(app, "Nowhere", None, None).await;
    let input = on_wednesday(&[&nairobi, &madrid, &nowhere]);
    let answer = found(&coordinator, input.clone()).await;
    let best = &answer["slots"][0];
    assert_eq!(
        (&best["startsAt"], &best["endsAt"], &best["score"]),
        (&json!("2026-10-07T07:00:00Z"), &json!("2026-10-07T08:00:00Z"), &json!(100.0))
    );
    let ids: Vec<&Value> = best["participants"].as_array().unwrap().iter().map(|one| &one["organisation"]["id"]).collect();
    assert_eq!(ids, [&madrid, &nairobi, &nowhere]);
    let local: Vec<&Value> = best["participants"].as_array().unwrap().iter().map(|one| &one["localStart"]).collect();
    assert_eq!(local, [&json!("2026-10-07T09:00:00"), &json!("2026-10-07T10:00:00"), &Value::Null]);
    assert_eq!(answer["fairness"].as_array().unwrap().iter().map(|one| &one["burden"]).collect::<Vec<_>>(), [0, 0, 0]);
    // Whoever asks again, and in another order, hears the same.
    assert_eq!(found(&coordinator, on_wednesday(&[&nowhere, &madrid, &nairobi])).await, answer);
    let mut night = input;
    (night["from"], night["to"], night["first"]) = (json!("2026-10-07T01:00:00Z"), json!("2026-10-07T02:00:00Z"), json!(1));
    let night = found(&coordinator, night).await["slots"][0].clone();
    let costs: Vec<(Value, Value)> =
        night["participants"].as_array().unwrap().iter().map(|one| (one["cost"].clone(), one["reasons"].clone())).collect();
    let words = json!([{ "code": "NIGHT", "message": "It falls into the night there, between 22:00 and 7:00." }]);
    assert_eq!((&costs[0], &costs[1]), (&(json!(60), words.clone()), &(json!(60), words)));
    assert_eq!((&costs[2].0, &costs[2].1[0]["code"]), (&json!(0), &json!("ZONE_UNKNOWN")));
}

async fn spares_who_bore_the_night(app: &TestApp) {
    let cast = Cast::of(app).await;
    let lima = organisation(app, "Lima", Some("America/Lima"), None).await;
    let tokyo = organisation(app, "Tokyo", Some("Asia/Tokyo"), None).await;
    let mut input = cast.monthly("PARTIES");
    // At ten in Lima it is midnight in Tokyo.
    input["members"] = json!([lima, tokyo]);
    input["recurrence"] = json!({ "localStart": "2026-04-07T10:00", "timeZone": "America/Lima", "rule": "FREQ=WEEKLY;COUNT=3" });
    let dialogue = cast.create(input).await;
    let plain = found(&cast.coordinator, on_wednesday(&[&lima, &tokyo])).await;
    let mut fair = on_wednesday(&[&lima, &tokyo]);
    fair["dialogueId"] = dialogue["id"].clone();
    let fair = found(&cast.coordinator, fair).await;
    assert_eq!(
        fair["fairness"],
        json!([{ "organisation": { "id": lima }, "burden": 0 }, { "organisation": { "id": tokyo }, "burden": 180 }])
    );
    let points = |answer: &Value| answer["slots"][0]["participants"][1]["cost"].as_i64().unwrap();
    assert!(points(&fair) < points(&plain), "{fair} {plain}");
    assert_eq!(points(&fair), 0);
}

async fn other_meetings_stand_in_the_way_of_who_may_read_them(app: &TestApp) {
    let cast = Cast::of(app).await;
    let (body, platform) = (json!(cast.body.to_string()), json!(cast.platform.to_string()));
    let mut input = cast.monthly("PARTIES");
    input["recurrence"] = json!({ "localStart": "2026-10-07T10:00", "timeZone": "America/Lima", "rule": "FREQ=MONTHLY;COUNT=1" });
    let meeting = cast.create(input).await["upcoming"]["nodes"][0]["id"].clone();
    let mut search = on_wednesday(&[&body, &platform]);
    (search["from"], search["to"], search["first"]) = (json!("2026-10-07T15:30:00Z"), json!("2026-10-07T16:30:00Z"), json!(1));
    let slot = found(&cast.coordinator, search.clone()).await["slots"][0].clone();
    assert_eq!(reasons(&slot)[0], ["BUSY"]);
    // The platform may not read that dialogue, and does not learn of the meeting from a search.
    let slot = found(&cast.stranger, search.clone()).await["slots"][0].clone();
    assert_eq!(reasons(&slot)[0], Vec::<&str>::new());
    search["meetingId"] = meeting;
    assert_eq!(suggest(&cast.stranger, search.clone()).await.code(), "NOT_FOUND");
    let slot = found(&cast.coordinator, search).await["slots"][0].clone();
    assert_eq!(reasons(&slot)[0], Vec::<&str>::new());
}

async fn keeps_elections_weekends_and_holidays_free(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let holiday = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20001009\r\nRRULE:FREQ=YEARLY\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";
    std::fs::write(folder.path().join("PE.ics"), holiday).unwrap();
    let server = app.beside_with(|config| config.dialogue.holidays = folder.path().display().to_string()).await;
    let (coordinator, _) = server.coordinator().await;
    let lima = organisation(&server, "Lima", None, Some("PE")).await;
    let cairo = organisation(&server, "Cairo", None, Some("EG")).await;
    let document = "mutation($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    let input = json!({ "country": "EG", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": [{ "date": "2026-10-20" }] });
    let election = coordinator.mutate(document, input).await["election"]["id"].clone();
    // Friday, 9 October, at ten in Lima: a holiday there, a weekend in Cairo, where the election is near.
    let mut search = on_wednesday(&[&lima, &cairo]);
    (search["from"], search["to"], search["first"]) = (json!("2026-10-09T15:00:00Z"), json!("2026-10-09T16:00:00Z"), json!(1));
    let slot = found(&coordinator, search.clone()).await["slots"][0].clone();
    assert_eq!(reasons(&slot), [vec!["HOLIDAY"], vec!["LATE", "WEEKEND", "ELECTION_WINDOW"]]);
    assert_eq!(slot["electionConflicts"], json!([{ "country": { "code": "EG" }, "election": { "id": election } }]));
    search["avoidElectionWindow"] = json!({ "before": "P7D", "after": "P7D" });
    let slot = found(&coordinator, search).await["slots"][0].clone();
    assert_eq!((reasons(&slot)[1].clone(), &slot["electionConflicts"]), (vec!["LATE", "WEEKEND"], &json!([])));
    server.finish().await;
}

async fn elections_of_who_is_invited_count_for_the_organisers(app: &TestApp) {
    let cast = Cast::of(app).await;
    let (body, platform) = (json!(cast.body.to_string()), json!(cast.platform.to_string()));
    let mut input = cast.monthly("PUBLIC");
    (input["conveners"], input["members"]) = (json!([cast.desk.to_string(), body]), json!([platform]));
    let meeting = cast.create(input).await["upcoming"]["nodes"][0]["id"].clone();
    let cairo = organisation(app, "Cairo", None, Some("EG")).await;
    let invite = "mutation($input: MeetingInviteInput!) { meetingInvite(input: $input) { results { code } userErrors { code reason path message } } }";
    cast.coordinator.mutate(invite, json!({ "meetingId": meeting, "invitees": [{ "organisationId": cairo }] })).await;
    let document = "mutation($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    let voting = json!({ "country": "EG", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": [{ "date": "2026-10-20" }] });
    let election = cast.coordinator.mutate(document, voting).await["election"]["id"].clone();
    // The body is at work from nine in Lima, and nobody knows the platform's hours: the first slot is the earliest that is free.
    let mut search = on_wednesday(&[&body, &platform]);
    (search["from"], search["to"], search["first"]) = (json!("2026-10-26T00:00:00Z"), json!("2026-10-30T00:00:00Z"), json!(1));
    let best = async |client: &Client, search: &Value| {
        let slot = found(client, search.clone()).await["slots"][0].clone();
        (slot["startsAt"].as_str().unwrap().to_owned(), slot["electionConflicts"].clone(), slot["participants"].as_array().unwrap().len())
    };
    let early = ("2026-10-26T14:00:00Z".to_owned(), json!([]), 2);
    assert_eq!(best(&cast.coordinator, &search).await, early, "a slot for those two alone");
    search["meetingId"] = meeting;
    // The seventh day after the vote ends in Cairo at 21:00 in UTC.
    let free = ("2026-10-27T21:00:00Z".to_owned(), json!([]), 2);
    for client in [&cast.coordinator, &cast.officer] {
        assert_eq!(best(client, &search).await, free, "whoever organises, and nobody is named beside those two");
    }
    assert_eq!(best(&cast.stranger, &search).await, early, "a member does not learn of it from the order of slots");
    // Where every slot falls into those days, the organisers are told so.
    search["to"] = json!("2026-10-27T00:00:00Z");
    let conflicts = json!([{ "country": { "code": "EG" }, "election": { "id": election } }]);
    for (client, conflicts, is_spared) in
        [(&cast.coordinator, &conflicts, false), (&cast.officer, &conflicts, false), (&cast.stranger, &json!([]), true)]
    {
        let slot = found(client, search.clone()).await["slots"][0].clone();
        assert_eq!((&slot["electionConflicts"], slot["score"] == json!(100.0)), (conflicts, is_spared), "{slot}");
    }
}

async fn names_every_fault_at_once(app: &TestApp) {
    let cast = Cast::of(app).await;
    let body = json!(cast.body.to_string());
    let faults = async |input: Value| {
        let reply = suggest(&cast.coordinator, input).await;
        let faults = reply.body["errors"][0]["extensions"]["faults"].clone();
        let one = |fault: &Value| {
            let path: Vec<&str> = fault["path"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
            format!("{} {}", path.join("."), fault["reason"].as_str().unwrap())
        };
        faults.as_array().unwrap_or_else(|| panic!("{}", reply.text)).iter().map(one).collect::<Vec<_>>()
    };
    let wrong = json!({
        "participants": [body, body, "x"], "duration": "PT0M", "from": "2026-10-07T00:00:00Z", "to": "2026-10-08T00:00:00Z",
        "timeZone": "Mars/Olympus", "avoidElectionWindow": { "before": "P1Y" }, "dialogueId": body,
    });
    assert_eq!(
        faults(wrong).await,
        [
            "input.participants.1 DUPLICATE",
            "input.participants.2 MALFORMED",
            "input.duration OUT_OF_RANGE",
            "input.timeZone NOT_AN_OPTION",
            "input.avoidElectionWindow.before MALFORMED",
            "input.dialogueId WRONG_KIND",
        ]
    );
    let mut range = on_wednesday(&[]);
    (range["to"], range["stepMinutes"], range["first"]) = (json!("2026-10-07T00:30:00Z"), json!(20), json!(21));
    assert_eq!(
        faults(range).await,
        ["input.participants REQUIRED", "input.to BEFORE_PREVIOUS", "input.stepMinutes NOT_AN_OPTION", "input.first OUT_OF_RANGE"]
    );
    let mut long = on_wednesday(&[&body]);
    long["to"] = json!("2027-10-09T00:00:00Z");
    assert_eq!(faults(long).await, ["input.to OUT_OF_RANGE"]);
    let mut past = on_wednesday(&[&body]);
    (past["from"], past["to"]) = (json!("2025-10-07T00:00:00Z"), json!("2025-10-08T00:00:00Z"));
    assert_eq!(faults(past).await, ["input.to IN_PAST"]);
    let nobody = json!("organisation_00000000000000000000000000");
    assert_eq!(faults(on_wednesday(&[&body, &nobody])).await, ["input.participants.1 UNKNOWN_ID"]);
    let many: Vec<Value> = (0..501).map(|_| body.clone()).collect();
    assert_eq!(faults(on_wednesday(&many.iter().collect::<Vec<_>>())).await, ["input.participants TOO_LONG"]);
}

async fn is_for_those_who_create_meetings(app: &TestApp) {
    let cast = Cast::of(app).await;
    let (body, platform) = (json!(cast.body.to_string()), json!(cast.platform.to_string()));
    assert_eq!(suggest(&app.anonymous(), on_wednesday(&[&body])).await.code(), "UNAUTHENTICATED");
    assert_eq!(suggest(&cast.stranger, on_wednesday(&[&body])).await.code(), "FORBIDDEN");
    assert_eq!(found(&cast.stranger, on_wednesday(&[&body, &platform])).await["slots"].as_array().unwrap().len(), 5);
    let auditor = app.member("auditor@desk.example", cast.desk, Role::Auditor).await;
    assert_eq!(suggest(&auditor, on_wednesday(&[&json!(cast.desk.to_string())])).await.code(), "FORBIDDEN");
    let dialogue = cast.create(cast.monthly("PARTIES")).await["id"].clone();
    let mut foreign = on_wednesday(&[&platform]);
    foreign["dialogueId"] = dialogue;
    assert_eq!(suggest(&cast.stranger, foreign).await.code(), "NOT_FOUND");
}
