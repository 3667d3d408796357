//! Response targets: who sets them, which one binds a contact, and what is due.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, stories};

use super::world::{World, act, done};

stories![
    what_is_sent_keeps_the_target_as_it_was,
    what_is_due_first_comes_first,
    the_clock_stands_still_while_the_body_is_asked,
    the_hours_around_each_round_have_a_target_of_their_own,
    a_proposal_binds_nothing_until_it_is_confirmed,
    silence_is_closed_when_the_target_is_over,
    a_correction_moves_what_is_due,
    what_was_sent_to_a_name_is_bound_once_the_service_is_known,
    each_fault_is_named_and_nobody_else_sets_targets,
];

const FULL: &str = include_str!("../../operations/engagement-full.graphql");
const CONTACT: &str = "query ($id: ID!) { contact(id: $id) { dueAt targetState minutesOver target {
    acknowledgeWithin decideWithin clock nature instrument { title } responseTarget { id decideWithin } } } }";
const FIELDS: &str = "responseTarget { id version status decideWithin calendar { timeZone hours { weekday opensAt closesAt } holidays }
    appliesWhen { anchor before after } countries { code } platformService { id } } userErrors { code reason path message }";

fn mutation(name: &str, input: &str) -> String {
    format!("mutation ($input: {input}!) {{ {name}(input: $input) {{ {FIELDS} }} }}")
}

fn creates() -> String {
    mutation("responseTargetCreate", "ResponseTargetCreateInput")
}

/// Sets a target of the world's platform; answers it.
pub(super) async fn set(world: &World<'_>, by: &Client, change: Value) -> Value {
    let mut input = json!({ "platformId": world.platform.to_string(), "decideWithin": "PT3H", "nature": "AGREED" });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    by.mutate(&creates(), input).await["responseTarget"].clone()
}

async fn log(world: &World<'_>, officer: &Client, sent_at: &str) -> Value {
    done(officer, "ContactLog", world.contact(&json!({ "sentAt": sent_at }))).await["id"].clone()
}

async fn read(reader: &Client, id: &Value) -> Value {
    reader.data(CONTACT, json!({ "id": id })).await["contact"].clone()
}

/// State and due moment of a contact.
async fn stands(reader: &Client, id: &Value) -> (Value, Value) {
    let read = read(reader, id).await;
    (read["targetState"].clone(), read["dueAt"].clone())
}

async fn what_is_sent_keeps_the_target_as_it_was(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer, representative) = (world.coordinator().await, world.officer().await, world.representative().await);
    let code = "query { instruments(filter: { search: \"voluntary code\" }) { nodes { id title } } }";
    let code = app.anonymous().data(code, json!({})).await["instruments"]["nodes"][0].clone();
    let unbound = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    let target = set(&world, &coordinator, json!({ "acknowledgeWithin": "PT2H", "instrumentId": code["id"] })).await;
    let contact = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    let expected = json!({
        "dueAt": "2026-03-02T10:00:00Z", "targetState": "RUNNING", "minutesOver": null,
        "target": {
            "acknowledgeWithin": "PT2H", "decideWithin": "PT3H", "clock": "ELAPSED", "nature": "AGREED",
            "instrument": { "title": code["title"] }, "responseTarget": { "id": target["id"], "decideWithin": "PT3H" },
        },
    });
    assert_eq!(read(&officer, &contact).await, expected);
    assert_eq!(read(&representative, &contact).await, expected, "both sides read it");
    assert_eq!(read(&officer, &unbound).await, json!({ "dueAt": null, "targetState": "NO_TARGET", "minutesOver": null, "target": null }));
    let change = json!({ "id": target["id"], "version": 1, "decideWithin": "PT1H", "acknowledgeWithin": null });
    let changed =
        coordinator.mutate(&mutation("responseTargetUpdate", "ResponseTargetUpdateInput"), change).await["responseTarget"].clone();
    assert_eq!((&changed["decideWithin"], &changed["version"]), (&json!("PT1H"), &json!(2)));
    let kept = read(&officer, &contact).await;
    assert_eq!((&kept["target"]["decideWithin"], &kept["target"]["responseTarget"]["decideWithin"]), (&json!("PT3H"), &json!("PT1H")));
    done(&officer, "ContactAcknowledge", json!({ "contactId": contact })).await;
    assert_eq!(stands(&officer, &contact).await, (json!("RUNNING"), json!("2026-03-02T11:00:00Z")));
    // What is sent now is bound by the target as it is now. Its hour is over at nine, which it is.
    let later = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    let later = read(&officer, &later).await;
    assert_eq!((&later["targetState"], &later["minutesOver"]), (&json!("MISSED"), &json!(0)));
    let history = "query ($id: ID!) { directoryHistory(id: $id) { replaced { name value } } }";
    let replaced = coordinator.data(history, json!({ "id": target["id"] })).await["directoryHistory"][0]["replaced"].clone();
    assert_eq!(replaced, json!([{ "name": "acknowledge_within", "value": "\"PT2H\"" }, { "name": "decide_within", "value": "\"PT3H\"" }]));
    // A draft is bound when it is sent, and only what a platform is to answer is.
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await["id"].clone();
    assert_eq!(stands(&officer, &draft).await, (json!("NO_TARGET"), Value::Null));
    done(&officer, "ContactSend", json!({ "contactId": draft, "occurredAt": "2026-03-02T08:30:00Z" })).await;
    assert_eq!(stands(&officer, &draft).await, (json!("RUNNING"), json!("2026-03-02T09:30:00Z")));
    let told = world.contact(&json!({ "kind": "AUTHORITATIVE_INFO" }));
    let told = done(&officer, "ContactLog", told).await["id"].clone();
    assert_eq!(stands(&officer, &told).await, (json!("NO_TARGET"), Value::Null));
}

async fn overdue(world: &World<'_>, reader: &Client, first: i64, after: &Value) -> Value {
    let variables = json!({ "electoralBodyId": world.body.to_string(), "first": first, "after": after });
    reader.operation(FULL, "Overdue", variables).await.data()["contacts"].clone()
}

fn ids(list: &Value) -> Vec<Value> {
    list["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
}

async fn what_is_due_first_comes_first(app: &TestApp) {
    let world = World::new(app).await;
    let coordinator = world.coordinator().await;
    let officer = world.officer().await;
    app.account("rosa.representative@parley.example", world.platform, Role::PlatformRepresentative).await;
    app.account("stranger@chile.example", world.other_body, Role::ElectoralBodyOfficer).await;
    set(&world, &coordinator, json!({})).await;
    let at = async |hour: &str| log(&world, &officer, &format!("2026-03-02T{hour}:00Z")).await;
    let (early, middle, late, met, asked) = (at("03:00").await, at("07:00").await, at("08:00").await, at("06:00").await, at("04:00").await);
    let none = world.contact(&json!({ "platformServiceId": world.rival_service.to_string() }));
    let none = done(&officer, "ContactLog", none).await["id"].clone();
    let decide = |id: &Value, at: &str| json!({ "contactId": id, "occurredAt": at, "outcome": "ACTION_TAKEN" });
    done(&officer, "ContactDecide", decide(&met, "2026-03-02T08:59:59Z")).await;
    let representative = app.signed_in("rosa.representative@parley.example").await;
    done(&representative, "ContactAsk", json!({ "contactId": asked, "occurredAt": "2026-03-02T04:30:00Z" })).await;
    assert_eq!(ids(&overdue(&world, &officer, 25, &Value::Null).await), std::slice::from_ref(&early));
    app.advance(TimeDelta::minutes(80));
    let officer = app.signed_in("olga.officer@body.example").await;
    let list = overdue(&world, &officer, 25, &Value::Null).await;
    assert_eq!(ids(&list), [early.clone(), middle.clone(), late.clone()], "{list}");
    let states: Vec<&Value> = list["nodes"].as_array().unwrap().iter().map(|node| &node["targetState"]).collect();
    assert_eq!((states, &list["totalCount"]), (vec![&json!("MISSED"), &json!("MISSED"), &json!("DUE_SOON")], &json!(3)));
    // Page by page, both ways.
    let first = overdue(&world, &officer, 2, &Value::Null).await;
    assert_eq!((ids(&first), &first["pageInfo"]["hasNextPage"]), (vec![early.clone(), middle.clone()], &json!(true)));
    let rest = overdue(&world, &officer, 2, &first["pageInfo"]["endCursor"]).await;
    assert_eq!((ids(&rest), &rest["pageInfo"]["hasNextPage"]), (vec![late.clone()], &json!(false)));
    let back = "query { contacts(orderBy: DUE_AT, last: 2) { totalCount nodes { id } pageInfo { hasPreviousPage } } }";
    let back = officer.data(back, json!({})).await["contacts"].clone();
    assert_eq!((ids(&back), &back["totalCount"]), (vec![late.clone(), asked.clone()], &json!(4)), "what is paused comes last");
    done(&officer, "ContactDecide", decide(&middle, "2026-03-02T10:15:00Z")).await;
    assert_eq!(read(&officer, &middle).await["minutesOver"], 15);
    for (state, expected) in [
        ("MISSED", vec![&early]),
        ("DUE_SOON", vec![&late]),
        ("RUNNING", vec![&asked]),
        ("MET", vec![&met]),
        ("MISSED_THEN_ANSWERED", vec![&middle]),
        ("NO_TARGET", vec![&none]),
    ] {
        let document = "query ($state: [TargetState!]) { contacts(filter: { targetState: $state }) { totalCount nodes { id targetState recentTransitions { step } } } }";
        let found = officer.data(document, json!({ "state": [state] })).await["contacts"].clone();
        assert_eq!((ids(&found).iter().collect::<Vec<_>>(), &found["totalCount"]), (expected, &json!(1)), "{state}");
        assert_eq!(found["nodes"][0]["targetState"], state);
    }
    let representative = app.signed_in("rosa.representative@parley.example").await;
    assert_eq!(ids(&overdue(&world, &representative, 25, &Value::Null).await), [early, late], "the platform sees what it owes");
    let stranger = app.signed_in("stranger@chile.example").await;
    assert_eq!(overdue(&world, &stranger, 25, &Value::Null).await["totalCount"], 0);
    assert_eq!(app.anonymous().graphql("{ contacts(orderBy: DUE_AT) { totalCount } }", json!({})).await.code(), "UNAUTHENTICATED");
}

async fn the_clock_stands_still_while_the_body_is_asked(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer, representative) = (world.coordinator().await, world.officer().await, world.representative().await);
    let hours: Vec<Value> = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
        .iter()
        .map(|day| json!({ "weekday": day, "opensAt": "09:00", "closesAt": "17:00" }))
        .collect();
    let calendar = json!({ "timeZone": "America/Lima", "hours": hours, "holidays": ["2026-02-27"] });
    let target = set(&world, &coordinator, json!({ "clock": "BUSINESS", "calendar": calendar, "decideWithin": "PT8H" })).await;
    assert_eq!(target["calendar"]["holidays"], json!(["2026-02-27"]), "{target}");
    // Sent on Thursday at four in the afternoon in Lima: seven hours are left, and Friday is a holiday.
    let contact = log(&world, &officer, "2026-02-26T21:00:00Z").await;
    assert_eq!(stands(&officer, &contact).await, (json!("DUE_SOON"), json!("2026-03-02T21:00:00Z")));
    let ask = json!({ "contactId": contact, "occurredAt": "2026-02-26T21:30:00Z" });
    done(&representative, "ContactAsk", ask).await;
    assert_eq!(stands(&officer, &contact).await, (json!("RUNNING"), Value::Null));
    let reply = json!({ "contactId": contact, "occurredAt": "2026-03-02T08:30:00Z" });
    done(&officer, "ContactReply", reply).await;
    assert_eq!(stands(&officer, &contact).await, (json!("DUE_SOON"), json!("2026-03-02T21:30:00Z")));
}

async fn the_hours_around_each_round_have_a_target_of_their_own(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    let days =
        json!([{ "date": "2026-02-20", "round": 1 }, { "date": "2026-03-01", "round": 2 }, { "date": "2026-07-01", "precision": "MONTH" }]);
    let election = json!({ "country": "PE", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": days });
    let create = "mutation ($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    coordinator.mutate(create, election).await;
    set(&world, &coordinator, json!({ "decideWithin": "PT2H", "nature": "STATUTORY" })).await;
    let around = json!({ "anchor": "POLL_DAY", "before": "P2D", "after": "P3D" });
    let exception = json!({ "decideWithin": "PT1H", "nature": "STATUTORY", "countries": ["PE"], "appliesWhen": around });
    let exception = set(&world, &coordinator, exception).await;
    assert_eq!(exception["appliesWhen"], json!({ "anchor": "POLL_DAY", "before": "PT48H", "after": "PT72H" }));
    // Midnight in Lima is 05:00 UTC.
    for (sent_at, within) in [
        ("2026-02-18T04:59:59Z", "PT2H"),
        ("2026-02-18T05:00:00Z", "PT1H"),
        ("2026-02-24T04:59:59Z", "PT1H"),
        ("2026-02-24T05:00:00Z", "PT2H"),
        ("2026-02-27T05:00:00Z", "PT1H"),
        ("2026-03-02T08:00:00Z", "PT1H"),
    ] {
        let contact = log(&world, &officer, sent_at).await;
        assert_eq!(read(&officer, &contact).await["target"]["decideWithin"], within, "{sent_at}");
    }
    let stranger = world.stranger().await;
    let elsewhere = log(&world, &stranger, "2026-03-02T08:00:00Z").await;
    assert_eq!(read(&stranger, &elsewhere).await["target"]["decideWithin"], "PT2H", "Chile does not vote");
}

async fn a_proposal_binds_nothing_until_it_is_confirmed(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer, representative) = (world.coordinator().await, world.officer().await, world.representative().await);
    let proposal = set(&world, &representative, json!({ "proposedById": world.platform.to_string(), "nature": "PROMISED" })).await;
    assert_eq!(proposal["status"], "PROPOSED");
    let before = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    assert_eq!(read(&officer, &before).await["target"], Value::Null);
    let list = "query { responseTargets { totalCount nodes { id } } }";
    let count = async |reader: &Client| reader.data(list, json!({})).await["responseTargets"]["totalCount"].clone();
    assert_eq!((count(&officer).await, count(&representative).await, count(&coordinator).await), (json!(0), json!(1), json!(1)));
    let by_id = "query ($id: ID!) { responseTarget(id: $id) { id } node(id: $id) { id } }";
    let unseen = officer.data(by_id, json!({ "id": proposal["id"] })).await;
    assert_eq!(unseen, json!({ "responseTarget": null, "node": null }));
    let confirm = mutation("responseTargetConfirm", "ResponseTargetConfirmInput");
    let confirming = json!({ "id": proposal["id"], "version": 1 });
    assert_eq!(representative.graphql(&confirm, json!({ "input": confirming })).await.code(), "FORBIDDEN");
    coordinator.mutate(&confirm, confirming).await;
    let after = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    assert_eq!(read(&officer, &after).await["target"]["nature"], "PROMISED");
    assert_eq!(read(&officer, &before).await["target"], Value::Null, "what was sent before stays as it was");
    assert_eq!(count(&officer).await, 1);
    let edit = json!({ "input": { "id": proposal["id"], "version": 2, "decideWithin": "PT9H" } });
    let update = mutation("responseTargetUpdate", "ResponseTargetUpdateInput");
    assert_eq!(representative.graphql(&update, edit.clone()).await.code(), "FORBIDDEN");
    // With a last day it is retired.
    let retire = json!({ "id": proposal["id"], "version": 2, "validTo": "2026-03-01" });
    coordinator.mutate(&update, retire).await;
    let retired = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    assert_eq!(read(&officer, &retired).await["target"], Value::Null);
}

async fn silence_is_closed_when_the_target_is_over(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    let unbound = log(&world, &officer, "2026-03-02T05:00:00Z").await;
    set(&world, &coordinator, json!({})).await;
    let bound = log(&world, &officer, "2026-03-02T05:00:00Z").await;
    let close = |id: &Value, at: &str| json!({ "contactId": id, "occurredAt": at, "reason": "No answer" });
    assert_eq!(act(&officer, "ContactClose", close(&unbound, "2026-03-02T08:00:00Z")).await.code(), "INVALID_TRANSITION");
    assert_eq!(act(&officer, "ContactClose", close(&bound, "2026-03-02T07:59:59Z")).await.code(), "INVALID_TRANSITION");
    done(&officer, "ContactClose", close(&bound, "2026-03-02T08:00:00Z")).await;
    assert_eq!(stands(&officer, &bound).await, (json!("MISSED"), json!("2026-03-02T08:00:00Z")));
    let listed = "query { contacts(filter: { status: [CLOSED] }) { nodes { closure recentTransitions(limit: 1) { to } } } }";
    let of_facts = "query { contacts(filter: { status: [CLOSED] }) { nodes { recentTransitions(limit: 1) { to } } } }";
    let (whole, facts) = (officer.data(listed, json!({})).await, officer.data(of_facts, json!({})).await);
    assert_eq!(whole["contacts"]["nodes"][0]["closure"], "NO_RESPONSE");
    assert_eq!(facts["contacts"]["nodes"][0]["recentTransitions"], json!([{ "to": "CLOSED" }]));
    let withdrawn = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    done(&officer, "ContactWithdraw", json!({ "contactId": withdrawn, "reason": "Sent twice" })).await;
    assert_eq!(stands(&officer, &withdrawn).await.0, "NO_TARGET");
}

async fn a_correction_moves_what_is_due(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    set(&world, &coordinator, json!({})).await;
    let contact = log(&world, &officer, "2026-03-02T08:00:00Z").await;
    let sent = super::world::read(&officer, &contact).await["transitions"][0]["id"].clone();
    let correct = json!({ "contactId": contact, "transitionId": sent, "occurredAt": "2026-03-02T05:00:00Z", "reason": "Sent earlier" });
    done(&officer, "ContactCorrect", correct).await;
    assert_eq!(stands(&officer, &contact).await, (json!("MISSED"), json!("2026-03-02T08:00:00Z")));
    // A history that is entered afterwards comes to the same.
    let history = json!([{ "step": "DECIDED", "occurredAt": "2026-03-02T07:59:00Z", "decision": { "outcome": "ACTION_TAKEN" } }]);
    let backfilled = world.contact(&json!({ "sentAt": "2026-03-02T05:00:00Z", "history": history }));
    let backfilled = done(&officer, "ContactLog", backfilled).await["id"].clone();
    assert_eq!(stands(&officer, &backfilled).await, (json!("MET"), json!("2026-03-02T08:00:00Z")));
}

async fn what_was_sent_to_a_name_is_bound_once_the_service_is_known(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    set(&world, &coordinator, json!({ "platformServiceId": world.service.to_string() })).await;
    let named = world.contact(&json!({ "platformServiceId": null, "platformName": "Parley" }));
    let contact = done(&officer, "ContactLog", named).await["id"].clone();
    assert_eq!(stands(&officer, &contact).await, (json!("NO_TARGET"), Value::Null));
    let resolve = "mutation ($input: ContactResolvePlatformInput!) { contactResolvePlatform(input: $input) { contact { id } userErrors { code reason path message } } }";
    coordinator.mutate(resolve, json!({ "contactId": contact, "platformServiceId": world.service.to_string() })).await;
    assert_eq!(stands(&officer, &contact).await, (json!("RUNNING"), json!("2026-03-02T11:00:00Z")));
}

async fn each_fault_is_named_and_nobody_else_sets_targets(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer, representative) = (world.coordinator().await, world.officer().await, world.representative().await);
    let mut input = json!({
        "platformId": world.platform.to_string(), "nature": "AGREED", "contactKinds": ["TRAINING"], "countries": ["Peru"],
        "acknowledgeWithin": "PT3H", "decideWithin": "3 hours", "clock": "BUSINESS", "validFrom": "2026-02-01", "validTo": "2026-01-01",
        "appliesWhen": { "anchor": "POLL_CLOSE" }, "calendar": { "timeZone": "Mars/Olympus", "hours": [] },
    });
    let mut faults = coordinator.graphql(&creates(), json!({ "input": input })).await.faults();
    faults.sort();
    let expected = [
        "input.appliesWhen.before REQUIRED",
        "input.calendar.hours REQUIRED",
        "input.calendar.timeZone NOT_AN_OPTION",
        "input.contactKinds.0 NOT_AN_OPTION",
        "input.countries.0 MALFORMED",
        "input.decideWithin MALFORMED",
        "input.validTo BEFORE_PREVIOUS",
    ];
    assert_eq!(faults, expected);
    input = json!({ "platformId": world.body.to_string(), "nature": "AGREED", "decideWithin": "PT1H", "countries": ["QQ"],
        "platformServiceId": world.rival_service.to_string(), "instrumentId": "instrument_00000000000000000000000001" });
    let mut faults = coordinator.graphql(&creates(), json!({ "input": input })).await.faults();
    faults.sort();
    let expected = [
        "input.countries.0 NOT_AN_OPTION",
        "input.instrumentId UNKNOWN_ID",
        "input.platformId WRONG_KIND",
        "input.platformServiceId CONTRADICTION",
    ];
    assert_eq!(faults, expected);
    let of = |proposer: Option<String>| json!({ "input": { "platformId": world.platform.to_string(), "nature": "AGREED", "decideWithin": "PT1H", "proposedById": proposer } });
    for (client, input, code) in [
        (&officer, of(None), "FORBIDDEN"),
        (&officer, of(Some(world.platform.to_string())), "FORBIDDEN"),
        (&representative, of(Some(world.body.to_string())), "FORBIDDEN"),
        (&app.anonymous(), of(None), "UNAUTHENTICATED"),
    ] {
        assert_eq!(client.graphql(&creates(), input).await.code(), code);
    }
    assert_eq!(app.anonymous().graphql("{ responseTargets { totalCount } }", json!({})).await.code(), "UNAUTHENTICATED");
    let keyed = json!({ "platformId": world.platform.to_string(), "nature": "AGREED", "decideWithin": "PT1H", "idempotencyKey": "once" });
    let (first, again) = (coordinator.mutate(&creates(), keyed.clone()).await, coordinator.mutate(&creates(), keyed).await);
    assert_eq!(first["responseTarget"]["id"], again["responseTarget"]["id"]);
}
