//! Incidents: one matter, several platforms, several bodies of one country, and nobody else's eyes.

use serde_json::{Value, json};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, TestApp, people::id, stories};

use super::world::{World, act, done, list, read, references};

stories![
    one_matter_is_put_to_several_platforms,
    what_an_incident_says_is_checked_and_its_edits_are_kept,
    bodies_of_one_country_take_part_each_with_its_own_contacts,
    no_platform_and_nobody_else_learns_of_an_incident,
    a_contact_belongs_to_one_incident_that_is_not_closed,
    an_act_under_the_same_key_is_done_once,
    incidents_are_listed_by_each_filter_and_page,
];

const FIELDS: &str = "id version title summary status closedAt closedReason issueTypes techniques languages firstSeenAt openedAt
  electoralBody { id } election { id } sharedWith { id } contacts { totalCount nodes { id } pageInfo { hasNextPage endCursor } }";

/// Sends an act on an incident; answers the payload.
async fn sent(client: &Client, mutation: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let errors = "userErrors { code reason path message }";
    let document = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ incident {{ {FIELDS} }} {errors} }} }}");
    client.data(&document, json!({ "input": input })).await[mutation].clone()
}

/// The same, which must be done; answers the incident.
pub(super) async fn kept(client: &Client, mutation: &str, input: Value) -> Value {
    let payload = sent(client, mutation, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation}");
    payload["incident"].clone()
}

/// The same, which must be refused; answers `code reason path` of each fault.
pub(super) async fn refused(client: &Client, mutation: &str, input: Value) -> Vec<String> {
    let payload = sent(client, mutation, input).await;
    assert_eq!(payload["incident"], Value::Null, "{mutation}");
    let path =
        |fault: &Value| fault["path"].as_array().unwrap().iter().skip(1).map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".");
    let told = |fault: &Value| format!("{} {} {}", fault["code"].as_str().unwrap(), fault["reason"].as_str().unwrap(), path(fault));
    payload["userErrors"].as_array().unwrap().iter().map(told).collect()
}

async fn incident(client: &Client, id: &Value) -> Value {
    client.data(&format!("query($id: ID!) {{ incident(id: $id) {{ {FIELDS} }} }}"), json!({ "id": id })).await["incident"].clone()
}

async fn incident_of(client: &Client, contact: &Value) -> Value {
    let query = "query($id: ID!) { contact(id: $id) { incident { id title } } }";
    client.data(query, json!({ "id": contact })).await["contact"]["incident"].clone()
}

/// Another body of Peru, and an officer of it.
pub(super) async fn beside(app: &TestApp) -> (OrganisationId, Client) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "The Peruvian court").await;
    (body, app.member("clara.court@court.example", body, Role::ElectoralBodyOfficer).await)
}

async fn one_matter_is_put_to_several_platforms(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let opened = kept(&officer, "incidentOpen", json!({ "title": "False dates on election day" })).await;
    assert_eq!((&opened["status"], &opened["electoralBody"]["id"]), (&json!("OPEN"), &id(world.body)));
    let first = done(&officer, "ContactLog", world.contact(&json!({ "incidentId": opened["id"] }))).await;
    let rival = json!({ "incidentId": opened["id"], "platformServiceId": id(world.rival_service), "sentAt": "2026-03-02T08:10:00Z" });
    let second = done(&officer, "ContactLog", world.contact(&rival)).await;
    let third = done(&colleague, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
    kept(&colleague, "incidentContactAdd", json!({ "incidentId": opened["id"], "contactId": third["id"] })).await;
    done(&officer, "ContactAcknowledge", json!({ "contactId": first["id"] })).await;
    let clocks =
        "query($id: ID!) { incident(id: $id) { contacts { nodes { id status platformService { id } clocks { timeToFirstResponse } } } } }";
    let nodes = colleague.data(clocks, json!({ "id": opened["id"] })).await["incident"]["contacts"]["nodes"].clone();
    let told: Vec<(&Value, &Value)> = nodes.as_array().unwrap().iter().map(|node| (&node["id"], &node["status"])).collect();
    let (acknowledged, waiting, draft) = (json!("ACKNOWLEDGED"), json!("SENT"), json!("DRAFT"));
    assert_eq!(told, [(&third["id"], &draft), (&second["id"], &waiting), (&first["id"], &acknowledged)], "one contact and one clock each");
    assert_eq!(nodes[2]["clocks"][0]["timeToFirstResponse"], "PT1H");
    assert_eq!(nodes[1]["clocks"][0]["timeToFirstResponse"], Value::Null);
    assert_eq!(incident_of(&colleague, &second["id"]).await["id"], opened["id"]);
    let filtered = list(&officer, json!({ "filter": { "incidentId": opened["id"], "status": ["SENT", "ACKNOWLEDGED"] } })).await;
    assert_eq!((&filtered["totalCount"], references(&filtered).len()), (&json!(2), 2));
    let page = "query($id: ID!, $after: String) { incident(id: $id) { contacts(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }";
    let one = officer.data(page, json!({ "id": opened["id"] })).await["incident"]["contacts"].clone();
    let variables = json!({ "id": opened["id"], "after": one["pageInfo"]["endCursor"] });
    let two = officer.data(page, variables).await["incident"]["contacts"].clone();
    assert_eq!((&one["pageInfo"]["hasNextPage"], &two["pageInfo"]["hasNextPage"]), (&json!(true), &json!(false)));
    assert_eq!((&one["nodes"][1]["id"], &two["nodes"]), (&second["id"], &json!([{ "id": first["id"] }])));
    kept(&officer, "incidentContactRemove", json!({ "incidentId": opened["id"], "contactId": third["id"] })).await;
    assert_eq!(incident(&officer, &opened["id"]).await["contacts"]["totalCount"], 2);
    assert_eq!(incident_of(&officer, &third["id"]).await, Value::Null);
}

async fn what_an_incident_says_is_checked_and_its_edits_are_kept(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let wrong = json!({ "title": "x\u{0}", "techniques": ["T0086", "86"], "languages": ["???"], "firstSeenAt": "2026-03-02T10:00:00Z" });
    let faults = ["FORBIDDEN_CHARACTER title", "MALFORMED techniques.1", "MALFORMED languages.0", "IN_FUTURE firstSeenAt"];
    assert_eq!(refused(&officer, "incidentOpen", wrong).await, faults.map(|fault| format!("INVALID_INPUT {fault}")));
    let election = json!({ "title": "x", "electionId": "election_00000000000000000000000001" });
    assert_eq!(refused(&officer, "incidentOpen", election).await, ["INVALID_INPUT UNKNOWN_ID electionId"]);
    let foreign = json!({ "title": "x", "electoralBodyId": id(world.other_body) });
    assert_eq!(refused(&officer, "incidentOpen", foreign).await, ["FORBIDDEN NOT_PERMITTED "]);
    let input = json!({ "title": " False dates ", "issueTypes": ["OTHER", "VOTING_PROCEDURE", "OTHER"], "techniques": ["t0086.002"],
        "languages": ["es", "qu"], "firstSeenAt": "2026-03-02T07:00:00Z" });
    let opened = kept(&officer, "incidentOpen", input).await;
    assert_eq!((&opened["title"], &opened["techniques"]), (&json!("False dates"), &json!(["T0086.002"])));
    assert_eq!(opened["issueTypes"], json!(["VOTING_PROCEDURE", "OTHER"]));
    let of = |version: i64, more: Value| {
        let mut input = json!({ "incidentId": opened["id"], "version": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let changed = kept(&officer, "incidentUpdate", of(1, json!({ "title": "False hours", "firstSeenAt": null }))).await;
    assert_eq!((&changed["title"], &changed["firstSeenAt"], &changed["version"]), (&json!("False hours"), &Value::Null, &json!(2)));
    assert_eq!(refused(&officer, "incidentUpdate", of(1, json!({ "title": "x" }))).await, ["VERSION_MISMATCH STALE_VERSION version"]);
    assert_eq!(refused(&officer, "incidentUpdate", of(2, json!({ "title": "" }))).await, ["INVALID_INPUT REQUIRED title"]);
    assert_eq!(kept(&officer, "incidentMonitor", of(2, json!({}))).await["status"], "MONITORING");
    assert_eq!(refused(&officer, "incidentMonitor", of(3, json!({}))).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW "]);
    assert_eq!(refused(&officer, "incidentClose", of(3, json!({ "reason": " " }))).await, ["INVALID_INPUT REQUIRED reason"]);
    let closed = kept(&officer, "incidentClose", of(3, json!({ "reason": "The posts are gone" }))).await;
    assert_eq!((&closed["status"], &closed["closedReason"]), (&json!("CLOSED"), &json!("The posts are gone")));
    assert_eq!(refused(&officer, "incidentUpdate", of(4, json!({ "title": "x" }))).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW "]);
    let reopened = kept(&officer, "incidentReopen", of(4, json!({}))).await;
    assert_eq!((&reopened["status"], &reopened["closedAt"], &reopened["closedReason"]), (&json!("OPEN"), &Value::Null, &Value::Null));
    let history = "query($id: ID!) { directoryHistory(id: $id) { version replaced { name value } replacedBy { id } } }";
    let earlier = colleague.data(history, json!({ "id": opened["id"] })).await["directoryHistory"].clone();
    let versions: Vec<&Value> = earlier.as_array().unwrap().iter().map(|state| &state["version"]).collect();
    assert_eq!(versions, [4, 3, 2, 1]);
    assert!(earlier[3].to_string().contains("False dates"), "{earlier}");
    let stranger = app.member("keeper@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    for reader in [&stranger, &world.coordinator().await] {
        assert_eq!(reader.graphql(history, json!({ "id": opened["id"] })).await.code(), "NOT_FOUND");
    }
}

async fn bodies_of_one_country_take_part_each_with_its_own_contacts(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger) = (world.officer().await, world.stranger().await);
    let (court, clerk) = beside(app).await;
    let opened = kept(&officer, "incidentOpen", json!({ "title": "False dates" })).await;
    let own = done(&officer, "ContactLog", world.contact(&json!({ "incidentId": opened["id"] }))).await;
    let share = |body: Value| json!({ "incidentId": opened["id"], "electoralBodyId": body });
    for body in [id(world.other_body), id(world.body), id(world.desk), id(world.platform)] {
        assert_eq!(refused(&officer, "incidentShare", share(body)).await, ["INVALID_INPUT NOT_AN_OPTION electoralBodyId"]);
    }
    let nobody = share(json!("organisation_00000000000000000000000001"));
    assert_eq!(refused(&officer, "incidentShare", nobody).await, ["NOT_FOUND UNKNOWN_ID electoralBodyId"]);
    assert_eq!(incident(&clerk, &opened["id"]).await, Value::Null, "not before it is shared");
    let theirs = done(&clerk, "ContactLog", world.smallest()).await;
    let place = |contact: &Value| json!({ "incidentId": opened["id"], "contactId": contact["id"] });
    assert_eq!(refused(&clerk, "incidentContactAdd", place(&theirs)).await, ["NOT_FOUND UNKNOWN_ID incidentId"]);
    let shared = kept(&officer, "incidentShare", share(id(court))).await;
    assert_eq!(shared["sharedWith"], json!([{ "id": id(court) }]));
    assert_eq!(kept(&officer, "incidentShare", share(id(court))).await["sharedWith"], shared["sharedWith"], "once is enough");
    kept(&clerk, "incidentContactAdd", place(&theirs)).await;
    let more = done(&clerk, "ContactLog", world.contact(&json!({ "incidentId": opened["id"] }))).await;
    let seen = incident(&clerk, &opened["id"]).await;
    assert_eq!(
        (&seen["title"], &seen["electoralBody"]["id"], &seen["contacts"]["totalCount"]),
        (&json!("False dates"), &id(world.body), &json!(2))
    );
    let owners = incident(&officer, &opened["id"]).await;
    assert_eq!(owners["contacts"]["nodes"], json!([{ "id": own["id"] }]), "each body reads its own contacts");
    assert_eq!(read(&officer, &theirs["id"]).await, Value::Null);
    assert_eq!(refused(&clerk, "incidentContactAdd", place(&own)).await, ["NOT_FOUND UNKNOWN_ID contactId"]);
    let late = json!({ "incidentId": opened["id"], "version": 1, "title": "Mine" });
    assert_eq!(refused(&clerk, "incidentUpdate", late).await, ["FORBIDDEN NOT_PERMITTED "], "its owner says what it is");
    assert_eq!(refused(&clerk, "incidentShare", share(id(world.other_body))).await, ["FORBIDDEN NOT_PERMITTED "]);
    assert_eq!(incident(&stranger, &opened["id"]).await, Value::Null);
    let left = kept(&clerk, "incidentUnshare", share(id(court))).await;
    assert_eq!(left, Value::Null, "who has left does not read it");
    assert_eq!(incident(&clerk, &opened["id"]).await, Value::Null);
    for contact in [&theirs, &more] {
        assert_eq!(incident_of(&clerk, &contact["id"]).await, Value::Null, "its contacts left with it");
    }
    assert_eq!(incident(&officer, &opened["id"]).await["contacts"]["totalCount"], 1);
    kept(&officer, "incidentShare", share(id(court))).await;
    assert_eq!(incident(&clerk, &opened["id"]).await["contacts"]["totalCount"], 0, "nothing comes back by itself");
    let gone = kept(&officer, "incidentUnshare", share(id(court))).await;
    assert_eq!(gone["sharedWith"], json!([]));
    assert_eq!(refused(&officer, "incidentUnshare", share(id(court))).await, ["NOT_FOUND UNKNOWN_ID electoralBodyId"]);
}

async fn no_platform_and_nobody_else_learns_of_an_incident(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative, coordinator) = (world.officer().await, world.representative().await, world.coordinator().await);
    let (stranger, auditor) = (world.stranger().await, world.auditor().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let whole = "query($id: ID!) { contact(id: $id) { version changedAt incident { id } } contacts { totalCount nodes { id version changedAt incident { title } } } }";
    let mut before = Vec::new();
    for reader in [&representative, &coordinator] {
        before.push(reader.data(whole, json!({ "id": contact["id"] })).await);
    }
    app.advance(chrono::TimeDelta::minutes(5));
    let opened = kept(&officer, "incidentOpen", json!({ "title": "Hidden matter" })).await;
    kept(&officer, "incidentContactAdd", json!({ "incidentId": opened["id"], "contactId": contact["id"] })).await;
    for (reader, before) in [&representative, &coordinator].iter().zip(&before) {
        assert_eq!(reader.data(whole, json!({ "id": contact["id"] })).await, *before, "the contact is as it was");
    }
    assert_eq!(incident_of(&officer, &contact["id"]).await["title"], "Hidden matter");
    for reader in [&representative, &coordinator, &stranger] {
        let filter = json!({ "filter": { "incidentId": opened["id"] } });
        assert_eq!(list(reader, filter).await["totalCount"], 0, "no filter tells");
        let nodes = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }";
        assert_eq!(reader.data(nodes, json!({ "id": opened["id"] })).await, json!({ "node": null, "nodes": [null] }));
    }
    let one = "query($id: ID!) { incident(id: $id) { id } }";
    for reader in [&representative, &coordinator, &auditor] {
        let unknown = reader.graphql(one, json!({ "id": "incident_00000000000000000000000001" })).await;
        let known = reader.graphql(one, json!({ "id": opened["id"] })).await;
        assert_eq!((known.code(), &known.text), ("FORBIDDEN", &unknown.text), "as if it were not there");
        assert_eq!(reader.graphql("{ incidents { totalCount } }", json!({})).await.code(), "FORBIDDEN");
    }
    assert_eq!(incident(&stranger, &opened["id"]).await, Value::Null);
    assert_eq!(
        stranger.data("{ incidents { totalCount nodes { id } } }", json!({})).await["incidents"],
        json!({ "totalCount": 0, "nodes": [] })
    );
    let warning = json!({ "electoralBodyId": id(world.body), "kind": "THREAT_WARNING", "legalBasis": "NONE", "description": "x", "incidentId": opened["id"] });
    let refused_one = act(&representative, "ContactLog", world.contact(&warning)).await;
    assert_eq!((refused_one.code(), refused_one.faults()), ("INVALID_INPUT", vec!["input.incidentId UNKNOWN_ID".to_owned()]));
    assert_eq!(act(&stranger, "ContactLog", world.contact(&json!({ "incidentId": opened["id"] }))).await.code(), "NOT_FOUND");
    let received = world.contact(&json!({ "electoralBodyId": id(world.body), "kind": "THREAT_WARNING", "legalBasis": "NONE" }));
    let received = done(&representative, "ContactLog", received).await;
    kept(&officer, "incidentContactAdd", json!({ "incidentId": opened["id"], "contactId": received["id"] })).await;
    assert_eq!(incident_of(&representative, &received["id"]).await, Value::Null, "a platform's own warning, too");
    let lines =
        auditor.data("query($id: ID!) { auditEntries(filter: { objectId: $id }) { nodes { act } } }", json!({ "id": opened["id"] })).await;
    let acts: Vec<&str> = lines["auditEntries"]["nodes"].as_array().unwrap().iter().map(|line| line["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["incident.contactAdd", "incident.contactAdd", "incident.open"], "the auditor reads acts and ids");
    assert!(!lines.to_string().contains("Hidden"));
}

async fn a_contact_belongs_to_one_incident_that_is_not_closed(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let first = kept(&officer, "incidentOpen", json!({ "title": "One" })).await;
    let second = kept(&officer, "incidentOpen", json!({ "title": "Two" })).await;
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let place = |incident: &Value| json!({ "incidentId": incident["id"], "contactId": contact["id"] });
    let (one, two) =
        tokio::join!(sent(&officer, "incidentContactAdd", place(&first)), sent(&officer, "incidentContactAdd", place(&second)));
    let won = [&one, &two].iter().filter(|payload| payload["userErrors"] == json!([])).count();
    assert_eq!(won, 1, "one of two at once: {one} {two}");
    let (taken, other) = if one["incident"].is_object() { (&first, &second) } else { (&second, &first) };
    assert_eq!(incident_of(&officer, &contact["id"]).await["id"], taken["id"]);
    assert_eq!(refused(&officer, "incidentContactAdd", place(other)).await, ["INVALID_TRANSITION ALREADY_DONE contactId"]);
    assert_eq!(refused(&officer, "incidentContactRemove", place(other)).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW contactId"]);
    kept(&officer, "incidentContactAdd", place(taken)).await;
    kept(&officer, "incidentClose", json!({ "incidentId": taken["id"], "version": 1, "reason": "Over" })).await;
    assert_eq!(refused(&officer, "incidentContactRemove", place(taken)).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW "]);
    let late = act(&officer, "ContactLog", world.contact(&json!({ "incidentId": taken["id"] }))).await;
    assert_eq!(late.code(), "INVALID_TRANSITION", "nothing is half written");
    assert_eq!(list(&officer, json!({})).await["totalCount"], 1);
    for (wrong, code) in [
        (json!("x"), "INVALID_INPUT"),
        (contact["id"].clone(), "INVALID_INPUT"),
        (json!("incident_00000000000000000000000001"), "NOT_FOUND"),
    ] {
        let reply = act(&officer, "ContactLog", world.contact(&json!({ "incidentId": wrong }))).await;
        assert_eq!(reply.code(), code, "{wrong}");
    }
    let both = json!({ "incidentId": "x", "contactId": "y" });
    assert_eq!(
        refused(&officer, "incidentContactAdd", both).await,
        ["INVALID_INPUT MALFORMED incidentId", "INVALID_INPUT MALFORMED contactId"]
    );
}

async fn an_act_under_the_same_key_is_done_once(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let open = json!({ "title": "One", "firstSeenAt": "2026-03-02T08:00:00Z", "idempotencyKey": "open-1" });
    let first = kept(&officer, "incidentOpen", open.clone()).await;
    app.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(kept(&officer, "incidentOpen", open).await["id"], first["id"]);
    let other = json!({ "title": "Another", "idempotencyKey": "open-1" });
    assert_eq!(refused(&officer, "incidentOpen", other).await, ["CONFLICT KEY_REUSED idempotencyKey"]);
    let close = json!({ "incidentId": first["id"], "version": 1, "reason": "Over", "idempotencyKey": "close-1" });
    kept(&officer, "incidentClose", close.clone()).await;
    assert_eq!(kept(&officer, "incidentClose", close).await["version"], 2);
    let count = officer.data("{ incidents { totalCount } }", json!({})).await;
    assert_eq!(count["incidents"]["totalCount"], 1);
}

async fn incidents_are_listed_by_each_filter_and_page(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let (court, clerk) = beside(app).await;
    let one = json!({ "title": "Ñandú falso", "issueTypes": ["DOXING_OR_LEAK"], "techniques": ["T0086"] });
    let one = kept(&officer, "incidentOpen", one).await;
    app.advance(chrono::TimeDelta::minutes(1));
    let two = kept(&officer, "incidentOpen", json!({ "title": "Two", "summary": "At length" })).await;
    app.advance(chrono::TimeDelta::minutes(1));
    let three = kept(&clerk, "incidentOpen", json!({ "title": "Three" })).await;
    kept(&clerk, "incidentShare", json!({ "incidentId": three["id"], "electoralBodyId": id(world.body) })).await;
    app.advance(chrono::TimeDelta::minutes(1));
    kept(&officer, "incidentMonitor", json!({ "incidentId": one["id"], "version": 1 })).await;
    let ids = async |arguments: &str| {
        let found =
            officer.data(&format!("{{ incidents{arguments} {{ totalCount nodes {{ id }} }} }}"), json!({})).await["incidents"].clone();
        let nodes: Vec<Value> = found["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect();
        (found["totalCount"].as_u64().unwrap(), nodes)
    };
    let [a, b, c] = [&one["id"], &two["id"], &three["id"]];
    for (arguments, expected) in [
        (String::new(), vec![a, c, b]),
        ("(orderBy: OPENED_AT_DESC)".to_owned(), vec![c, b, a]),
        ("(orderBy: OPENED_AT)".to_owned(), vec![a, b, c]),
        (format!("(filter: {{ electoralBodyId: \"{court}\" }})"), vec![c]),
        ("(filter: { status: [MONITORING, CLOSED] })".to_owned(), vec![a]),
        ("(filter: { issueType: [DOXING_OR_LEAK, OTHER] })".to_owned(), vec![a]),
        ("(filter: { technique: \"t0086\" })".to_owned(), vec![a]),
        ("(filter: { search: \"nandu\" })".to_owned(), vec![a]),
        ("(filter: { search: \"length\" })".to_owned(), vec![b]),
        ("(filter: { electionId: \"election_00000000000000000000000001\" })".to_owned(), vec![]),
    ] {
        let (total, found) = ids(&arguments).await;
        assert_eq!((total, found.iter().collect::<Vec<_>>()), (expected.len() as u64, expected), "{arguments}");
    }
    let wrong = officer.graphql("{ incidents(filter: { electoralBodyId: \"x\", technique: \"x\" }) { totalCount } }", json!({})).await;
    assert_eq!((wrong.code(), wrong.body["errors"][0]["extensions"]["faults"].as_array().unwrap().len()), ("INVALID_INPUT", 2));
    assert_eq!(officer.graphql("{ incidents(first: 101) { totalCount } }", json!({})).await.code(), "LIMIT_EXCEEDED");
    let mut paged = Vec::new();
    let mut after = Value::Null;
    for _ in 0..3 {
        let document = "query($after: String) { incidents(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
        let page = officer.data(document, json!({ "after": after })).await["incidents"].clone();
        paged.push(page["nodes"][0]["id"].clone());
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(paged.iter().collect::<Vec<_>>(), [a, c, b]);
    let level = async || {
        let document = "{ incidents { nodes { id sharedWith { id } electoralBody { id } contacts(first: 5) { totalCount nodes { id incident { id } } } } } }";
        officer.graphql(document, json!({})).await.statements()
    };
    done(&officer, "ContactLog", world.contact(&json!({ "incidentId": a }))).await;
    level().await;
    let few = level().await;
    for incident in [a, a, b] {
        done(&officer, "ContactLog", world.contact(&json!({ "incidentId": incident }))).await;
    }
    assert_eq!(level().await, few, "a level costs one statement");
}
