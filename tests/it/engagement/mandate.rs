//! Mandates: who gives them, what the coordinator records under them, and what it counts for.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, people::id, stories};

use super::{
    response_target::set,
    world::{World, act, done, read},
};

stories![
    a_bodys_administrator_gives_and_takes_back_a_mandate,
    without_a_mandate_in_force_the_coordinator_records_nothing,
    what_is_recorded_under_a_mandate_is_the_coordinators_until_a_party_tells_the_same,
    under_a_mandate_what_was_sent_is_recorded_and_nothing_else_is_done,
    what_is_logged_under_a_mandate_is_bound_by_the_body_s_target,
];

const FIELDS: &str = "id kinds countries inForce grantedAt expiresAt revokedAt electoralBody { id } election { id } grantedBy { name }";

async fn sent(client: &Client, mutation: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let errors = "userErrors { code reason path message }";
    let document = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ mandate {{ {FIELDS} }} {errors} }} }}");
    client.data(&document, json!({ "input": input })).await[mutation].clone()
}

async fn kept(client: &Client, mutation: &str, input: Value) -> Value {
    let payload = sent(client, mutation, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation}");
    payload["mandate"].clone()
}

/// Why an act was refused: `code reason path` of each fault.
pub(super) async fn refused(client: &Client, mutation: &str, input: Value) -> Vec<String> {
    let payload = sent(client, mutation, input).await;
    assert_eq!(payload["mandate"], Value::Null, "{mutation}");
    let told = |fault: &Value| {
        format!(
            "{} {} {}",
            fault["code"].as_str().unwrap(),
            fault["reason"].as_str().unwrap(),
            fault["path"][1].as_str().unwrap_or_default()
        )
    };
    payload["userErrors"].as_array().unwrap().iter().map(told).collect()
}

async fn listed(client: &Client, arguments: &str) -> Vec<Value> {
    let found = client.data(&format!("{{ mandates{arguments} {{ totalCount nodes {{ id }} }} }}"), json!({})).await["mandates"].clone();
    let ids: Vec<Value> = found["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect();
    assert_eq!(found["totalCount"], ids.len());
    ids
}

/// The coordinator's call for the body in Peru.
fn for_body(world: &World<'_>, change: &Value) -> Value {
    let mut input = json!({ "electoralBodyId": id(world.body) });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    world.contact(&input)
}

async fn a_bodys_administrator_gives_and_takes_back_a_mandate(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    let wrong = json!({ "expiresAt": "2027-04-01T00:00:00Z", "countries": ["Peru"] });
    assert_eq!(
        refused(&administrator, "mandateGrant", wrong).await,
        ["INVALID_INPUT MALFORMED countries", "INVALID_INPUT OUT_OF_RANGE expiresAt"]
    );
    let over = json!({ "expiresAt": "2026-03-02T09:00:00Z" });
    assert_eq!(refused(&administrator, "mandateGrant", over).await, ["INVALID_INPUT IN_PAST expiresAt"]);
    let election = json!({ "expiresAt": "2026-04-01T00:00:00Z", "electionId": "election_00000000000000000000000001" });
    assert_eq!(refused(&administrator, "mandateGrant", election).await, ["INVALID_INPUT UNKNOWN_ID electionId"]);
    let input =
        json!({ "expiresAt": "2026-04-01T00:00:00Z", "kinds": ["ESCALATION", "ESCALATION"], "countries": ["PE"], "idempotencyKey": "m1" });
    for other in [&officer, &coordinator, &world.representative().await] {
        assert_eq!(refused(other, "mandateGrant", input.clone()).await, ["FORBIDDEN NOT_PERMITTED "], "only the body itself");
    }
    let given = kept(&administrator, "mandateGrant", input.clone()).await;
    assert_eq!(
        (&given["kinds"], &given["inForce"], &given["electoralBody"]["id"]),
        (&json!(["ESCALATION"]), &json!(true), &id(world.body))
    );
    assert_eq!(kept(&administrator, "mandateGrant", input).await["id"], given["id"], "once under a key");
    let strange = app.member("keeper@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let foreign = json!({ "electoralBodyId": id(world.body), "expiresAt": "2026-04-01T00:00:00Z" });
    assert_eq!(refused(&strange, "mandateGrant", foreign).await, ["FORBIDDEN NOT_PERMITTED "]);
    for reader in [&administrator, &officer, &coordinator] {
        assert_eq!(listed(reader, "").await, [given["id"].clone()]);
        let node = reader
            .data(
                "query($id: ID!) { node(id: $id) { ... on CoordinatorMandate { inForce grantedBy { name } } } }",
                json!({ "id": given["id"] }),
            )
            .await;
        assert_eq!(node["node"]["inForce"], true);
    }
    assert_eq!(listed(&coordinator, &format!("(electoralBodyId: \"{}\")", world.other_body)).await, Vec::<Value>::new());
    assert_eq!(listed(&strange, "(includeEnded: true)").await, Vec::<Value>::new());
    let named = "{ mandates { nodes { grantedBy { name } } } }";
    assert_eq!(officer.data(named, json!({})).await["mandates"]["nodes"][0]["grantedBy"]["name"], "carla.colleague");
    assert_eq!(coordinator.data(named, json!({})).await["mandates"]["nodes"][0]["grantedBy"], Value::Null);
    assert_eq!(world.rival().await.graphql(named, json!({})).await.code(), "FORBIDDEN");
    let revoke = json!({ "mandateId": given["id"] });
    assert_eq!(refused(&strange, "mandateRevoke", revoke.clone()).await, ["NOT_FOUND UNKNOWN_ID mandateId"]);
    assert_eq!(refused(&officer, "mandateRevoke", revoke.clone()).await, ["FORBIDDEN NOT_PERMITTED "]);
    let revoked = kept(&administrator, "mandateRevoke", revoke.clone()).await;
    assert_eq!((&revoked["inForce"], &revoked["revokedAt"]), (&json!(false), &json!("2026-03-02T09:00:00Z")));
    assert_eq!(refused(&administrator, "mandateRevoke", revoke).await, ["INVALID_TRANSITION ALREADY_DONE mandateId"]);
    assert_eq!((listed(&coordinator, "").await.len(), listed(&coordinator, "(includeEnded: true)").await.len()), (0, 1));
}

async fn without_a_mandate_in_force_the_coordinator_records_nothing(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let about = json!({ "contactId": contact["id"] });
    let allowed = async |reader: &Client| read(reader, &contact["id"]).await["allowedActs"].clone();
    let nothing = async |coordinator: &Client, why: &str| {
        assert_eq!(act(coordinator, "ContactLog", for_body(&world, &json!({}))).await.code(), "FORBIDDEN", "{why}");
        assert_eq!(act(coordinator, "ContactAcknowledge", about.clone()).await.code(), "FORBIDDEN", "{why}");
        let decide = json!({ "contactId": contact["id"], "outcome": "ACTION_TAKEN" });
        assert_eq!(act(coordinator, "ContactDecide", decide).await.code(), "FORBIDDEN", "{why}");
        assert_eq!(allowed(coordinator).await, json!([]), "{why}");
    };
    nothing(&coordinator, "no mandate").await;
    let other = app.member("keeper@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    kept(&other, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z" })).await;
    nothing(&coordinator, "another body's").await;
    kept(&administrator, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z", "kinds": ["LEGAL_ORDER"] })).await;
    nothing(&coordinator, "for another kind").await;
    kept(&administrator, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z", "countries": ["CL"] })).await;
    nothing(&coordinator, "for another country").await;
    let given = kept(&administrator, "mandateGrant", json!({ "expiresAt": "2026-03-02T09:10:00Z", "countries": ["PE"] })).await;
    assert_eq!(allowed(&coordinator).await, json!(["ACKNOWLEDGE", "DECIDE"]));
    done(&coordinator, "ContactLog", for_body(&world, &json!({}))).await;
    app.advance(TimeDelta::minutes(10));
    nothing(&coordinator, "it has expired").await;
    kept(&administrator, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z" })).await;
    done(&coordinator, "ContactAcknowledge", about.clone()).await;
    let in_force = listed(&coordinator, &format!("(electoralBodyId: \"{}\")", world.body)).await;
    for mandate in in_force {
        assert_ne!(mandate, given["id"]);
        kept(&administrator, "mandateRevoke", json!({ "mandateId": mandate })).await;
    }
    nothing(&coordinator, "they were taken back").await;
    let unsent = json!({ "electoralBodyId": null });
    assert_eq!(act(&coordinator, "ContactLog", world.contact(&unsent)).await.faults(), ["input.electoralBodyId REQUIRED"]);
}

async fn what_is_recorded_under_a_mandate_is_the_coordinators_until_a_party_tells_the_same(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    kept(&administrator, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z" })).await;
    let open = async || {
        let open = app.database.counts("SELECT 'open', count(*) FROM mandated_fact WHERE NOT confirmed").await;
        open["open"]
    };
    let told = async |reader: &Client, contact: &Value| {
        let query = "query($id: ID!) { contact(id: $id) { status transitions { step assertedBy counts recordedBy { organisation { id } person { id } } } } }";
        reader.data(query, json!({ "id": contact })).await["contact"].clone()
    };
    let logged = done(&coordinator, "ContactLog", for_body(&world, &json!({ "note": null }))).await;
    let id_of = &logged["id"];
    let noted = json!({ "contactId": id_of, "occurredAt": "2026-03-02T08:30:00Z", "note": "Told the desk by phone" });
    done(&coordinator, "ContactAcknowledge", noted).await;
    let note = async |reader: &Client| {
        let query = "query($id: ID!) { contact(id: $id) { transitions { note } } }";
        reader.data(query, json!({ "id": id_of })).await["contact"]["transitions"][1]["note"].clone()
    };
    assert_eq!(note(&coordinator).await, "Told the desk by phone");
    assert_eq!(note(&officer).await, Value::Null, "a note stays with its side");
    let known = told(&officer, id_of).await;
    assert_eq!(known["status"], "ACKNOWLEDGED");
    for fact in known["transitions"].as_array().unwrap() {
        let by = json!({ "organisation": { "id": id(world.desk) }, "person": null });
        assert_eq!((&fact["assertedBy"], &fact["counts"], &fact["recordedBy"]), (&json!("COORDINATOR"), &json!(true), &by));
    }
    assert!(read(&world.representative().await, id_of).await.is_object(), "both parties read it");
    assert_eq!(read(&world.stranger().await, id_of).await, Value::Null);
    assert_eq!(open().await, 2);
    // The body tells the same: its facts count in the place of the coordinator's.
    done(&officer, "ContactSend", json!({ "contactId": id_of, "occurredAt": "2026-03-02T08:00:00Z" })).await;
    assert_eq!(open().await, 1);
    done(
        &app.signed_in("rosa.representative@parley.example").await,
        "ContactAcknowledge",
        json!({ "contactId": id_of, "occurredAt": "2026-03-02T08:31:00Z" }),
    )
    .await;
    assert_eq!(open().await, 0);
    let counting: Vec<Value> =
        told(&officer, id_of).await["transitions"].as_array().unwrap().iter().map(|fact| fact["counts"].clone()).collect();
    assert_eq!(counting, [false, false, true, true]);
    // A statistic counts nothing that the coordinator alone tells.
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let create = "mutation ($input: ChannelCreateInput!) { channelCreate(input: $input) { channel { id } userErrors { code reason path message } } }";
    let channel = keeper.mutate(create, json!({ "platformId": id(world.platform), "kind": "EMAIL" })).await["channel"]["id"].clone();
    let own = done(&officer, "ContactLog", world.contact(&json!({ "channelId": channel }))).await;
    let answered = async || {
        let query = "query($id: ID!) { node(id: $id) { ... on Channel { lastAnsweredAt } } }";
        officer.data(query, json!({ "id": channel })).await["node"]["lastAnsweredAt"].clone()
    };
    done(&coordinator, "ContactDecide", json!({ "contactId": own["id"], "outcome": "ACTION_TAKEN", "occurredAt": "2026-03-02T08:40:00Z" }))
        .await;
    assert_eq!((answered().await, open().await), (Value::Null, 1));
    done(&officer, "ContactDecide", json!({ "contactId": own["id"], "outcome": "ACTION_TAKEN", "occurredAt": "2026-03-02T08:41:00Z" }))
        .await;
    assert_eq!((answered().await, open().await), (json!("2026-03-02T08:41:00Z"), 0));
}

async fn under_a_mandate_what_was_sent_is_recorded_and_nothing_else_is_done(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    kept(&administrator, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z" })).await;
    let draft =
        act(&coordinator, "ContactLog", for_body(&world, &json!({ "sentAt": null, "visibility": "ORGANISATION", "incidentId": "x" })))
            .await;
    assert_eq!(draft.faults(), ["input.sentAt REQUIRED", "input.visibility NOT_AN_OPTION", "input.incidentId UNKNOWN_ID"]);
    let warning = act(&coordinator, "ContactLog", for_body(&world, &json!({ "kind": "THREAT_WARNING" }))).await;
    assert_eq!(warning.faults(), ["input.kind NOT_AN_OPTION"], "it logs what bodies send");
    let history = json!([{ "step": "ACKNOWLEDGED", "occurredAt": "2026-03-02T08:10:00Z" }, { "step": "ASKED", "occurredAt": "2026-03-02T08:20:00Z" }]);
    let asked = act(&coordinator, "ContactLog", for_body(&world, &json!({ "history": history }))).await;
    assert_eq!(asked.faults(), ["input.history.1.step NOT_PERMITTED"]);
    let input =
        for_body(&world, &json!({ "history": [{ "step": "ACKNOWLEDGED", "occurredAt": "2026-03-02T08:10:00Z" }], "idempotencyKey": "c1" }));
    let contact = done(&coordinator, "ContactLog", input.clone()).await;
    assert_eq!(done(&coordinator, "ContactLog", input).await["id"], contact["id"]);
    let about = |more: Value| {
        let mut input = more;
        input["contactId"] = contact["id"].clone();
        input
    };
    for (name, input) in [
        ("ContactShare", json!({ "visibility": "PARTIES" })),
        ("ContactAsk", json!({ "text": "x" })),
        ("ContactReply", json!({})),
        ("ContactDispute", json!({ "reason": "x" })),
        ("ContactClose", json!({ "reason": "x" })),
        ("ContactWithdraw", json!({ "reason": "x" })),
        ("ContactComment", json!({ "text": "x" })),
    ] {
        assert_eq!(act(&coordinator, name, about(input)).await.code(), "FORBIDDEN", "{name}");
    }
    let hidden = done(&officer, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    assert_eq!(
        act(&coordinator, "ContactAcknowledge", json!({ "contactId": hidden["id"] })).await.code(),
        "NOT_FOUND",
        "it reads what it read before"
    );
    done(&officer, "ContactWithdraw", about(json!({ "reason": "Over" }))).await;
}

async fn what_is_logged_under_a_mandate_is_bound_by_the_body_s_target(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, coordinator, officer) = (world.colleague().await, world.coordinator().await, world.officer().await);
    let target = set(&world, &coordinator, json!({ "countries": ["PE"], "acknowledgeWithin": "PT1H" })).await;
    set(&world, &coordinator, json!({ "countries": ["CL"], "decideWithin": "PT30M" })).await;
    kept(&administrator, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z" })).await;
    let logged = done(&coordinator, "ContactLog", for_body(&world, &json!({ "sentAt": "2026-03-02T08:05:00Z" }))).await["id"].clone();
    let document = "query($id: ID!) { contact(id: $id) { dueAt targetState target { decideWithin responseTarget { id } } } }";
    let seen = async |client: &Client| client.data(document, json!({ "id": logged })).await["contact"].clone();
    let bound = json!({ "decideWithin": "PT3H", "responseTarget": { "id": target["id"] } });
    let expected = json!({ "dueAt": "2026-03-02T09:05:00Z", "targetState": "DUE_SOON", "target": bound });
    for reader in [&coordinator, &officer] {
        assert_eq!(seen(reader).await, expected, "the body's own, as if it had logged the contact");
    }
    let overdue =
        "query($id: ID!) { contacts(filter: { electoralBodyId: $id, targetState: [DUE_SOON, MISSED] }, orderBy: DUE_AT) { nodes { id } } }";
    let due = officer.data(overdue, json!({ "id": id(world.body) })).await["contacts"]["nodes"].clone();
    assert_eq!(due, json!([{ "id": logged }]));
    // What the coordinator tells under the mandate keeps the target, too.
    done(&coordinator, "ContactDecide", json!({ "contactId": logged, "outcome": "ACTION_TAKEN", "occurredAt": "2026-03-02T09:00:00Z" }))
        .await;
    assert_eq!(seen(&officer).await["targetState"], "MET");
}
