//! Texts that officers begin a contact with: written by the body's administrators, read by its people.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::world::World;
use crate::identity::api_client::Partner;

stories![
    administrators_write_and_officers_read,
    lists_are_narrowed_to_what_fits,
    every_fault_is_told_with_its_place,
    a_body_has_so_many_in_use,
    what_is_put_away_stays_as_it_is,
    what_it_said_before_is_kept,
];

const DOCUMENTS: &str = include_str!("../../operations/engagement-templates.graphql");

pub(super) async fn act(client: &Client, name: &str, input: Value) -> Reply {
    client.operation(DOCUMENTS, name, json!({ "input": input })).await
}

/// The same, which must be done; answers the template.
pub(super) async fn done(client: &Client, name: &str, input: Value) -> Value {
    let data = act(client, name, input).await.data();
    let payload = data.as_object().unwrap().values().next().unwrap();
    assert_eq!(payload["userErrors"], json!([]), "{name}: {payload}");
    payload["contactTemplate"].clone()
}

pub(super) async fn list(client: &Client, filter: Value) -> Value {
    client.operation(DOCUMENTS, "ContactTemplates", json!({ "filter": filter })).await.data()["contactTemplates"].clone()
}

fn names(list: &Value) -> Vec<&str> {
    list["nodes"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

pub(super) fn template(change: &Value) -> Value {
    let mut input = json!({
        "name": "First notice", "language": "es", "subject": "{{PLATFORM_SERVICE}}: {{CASE_NUMBER}}",
        "description": "Señores de {{PLATFORM}}:\n{{URLS}}\n{{OFFICER}}",
    });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    input
}

async fn administrators_write_and_officers_read(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer) = (world.colleague().await, world.officer().await);
    let made = done(&administrator, "ContactTemplateCreate", template(&json!({}))).await;
    assert_eq!(made["placeholders"], json!(["PLATFORM", "PLATFORM_SERVICE", "CASE_NUMBER", "URLS", "OFFICER"]));
    let read = list(&officer, json!({})).await;
    assert_eq!((&read["totalCount"], &read["nodes"][0]["id"]), (&json!(1), &made["id"]));
    assert_eq!(read["nodes"][0]["electoralBody"]["id"], world.body.to_string());
    assert_eq!(read["nodes"][0]["description"], "Señores de {{PLATFORM}}:\n{{URLS}}\n{{OFFICER}}");
    let one = "query($id: ID!) { contactTemplate(id: $id) { name } node(id: $id) { id } }";
    assert_eq!(officer.data(one, json!({ "id": made["id"] })).await["contactTemplate"]["name"], "First notice");
    let program = Partner::new(&administrator, &["contacts:read"]).await.signed_in(app).await;
    assert_eq!(list(&program, json!({})).await["totalCount"], 1);
    let which = json!({ "id": made["id"], "version": 1 });
    let change = template(&which);
    let (representative, coordinator, auditor) = (world.representative().await, world.coordinator().await, world.auditor().await);
    for (name, input) in [
        ("ContactTemplateCreate", template(&json!({}))),
        ("ContactTemplateUpdate", change.clone()),
        ("ContactTemplateArchive", which.clone()),
    ] {
        for client in [&officer, &representative, &coordinator, &auditor, &program] {
            assert_eq!(act(client, name, input.clone()).await.code(), "FORBIDDEN", "{name}");
        }
        assert_eq!(act(&app.anonymous(), name, input).await.code(), "UNAUTHENTICATED", "{name}");
    }
    let stranger = app.member("admin@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    assert_eq!(list(&stranger, json!({ "electoralBodyId": world.body.to_string() })).await["totalCount"], 0);
    assert_eq!(stranger.data(one, json!({ "id": made["id"] })).await, json!({ "contactTemplate": null, "node": null }));
    for (name, input) in [("ContactTemplateUpdate", change), ("ContactTemplateArchive", which)] {
        assert_eq!(act(&stranger, name, input).await.code(), "NOT_FOUND", "{name}");
    }
    let theirs = template(&json!({ "electoralBodyId": world.body.to_string() }));
    assert_eq!(act(&stranger, "ContactTemplateCreate", theirs).await.code(), "FORBIDDEN");
    let refused = representative.operation(DOCUMENTS, "ContactTemplates", json!({})).await;
    assert_eq!(refused.code(), "FORBIDDEN", "platforms have none");
}

async fn lists_are_narrowed_to_what_fits(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, coordinator) = (world.colleague().await, world.coordinator().await);
    let create = "mutation($input: InstrumentCreateInput!) { instrumentCreate(input: $input) { instrument { id } userErrors { code reason path message } } }";
    let code = json!({ "titles": [{ "language": "en", "text": "Code" }], "type": "CODE", "bindingness": "VOLUNTARY" });
    let instrument = coordinator.mutate(create, code).await["instrument"]["id"].clone();
    for (name, more) in [
        ("Any", json!({})),
        ("Orders", json!({ "kinds": ["LEGAL_ORDER", "LEGAL_NOTICE"] })),
        ("Under the code", json!({ "instrumentId": instrument })),
        ("In Quechua", json!({ "language": "qu-PE" })),
    ] {
        let mut input = template(&more);
        input["name"] = json!(name);
        app.advance(TimeDelta::minutes(1));
        done(&administrator, "ContactTemplateCreate", input).await;
    }
    let all = ["In Quechua", "Under the code", "Orders", "Any"];
    let other = json!("instrument_00000000000000000000000001");
    for (filter, found) in [
        (json!({}), &all[..]),
        (json!({ "kind": "ESCALATION" }), &["In Quechua", "Under the code", "Any"]),
        (json!({ "kind": "LEGAL_ORDER" }), &all[..]),
        (json!({ "instrumentId": instrument }), &all[..]),
        (json!({ "instrumentId": other }), &["In Quechua", "Orders", "Any"]),
        (json!({ "language": "qu" }), &["In Quechua"]),
        (json!({ "language": "es-MX" }), &["Under the code", "Orders", "Any"]),
        (json!({ "archived": true }), &[]),
    ] {
        let read = list(&administrator, filter.clone()).await;
        assert_eq!((names(&read), &read["totalCount"]), (found.to_vec(), &json!(found.len())), "{filter}");
    }
    let bad = administrator.operation(DOCUMENTS, "ContactTemplates", json!({ "filter": { "language": "!", "instrumentId": "x" } })).await;
    assert_eq!(bad.code(), "INVALID_INPUT", "{}", bad.text);
}

async fn every_fault_is_told_with_its_place(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let bad = json!({ "name": "", "language": "!", "subject": "{{PLATFORMS}}", "description": "x".repeat(10_001) });
    let refused = act(&administrator, "ContactTemplateCreate", bad).await;
    let mut faults = refused.faults();
    faults.sort();
    assert_eq!(
        faults,
        ["input.description TOO_LONG", "input.language MALFORMED", "input.name REQUIRED", "input.subject NOT_AN_OPTION"],
        "{}",
        refused.text
    );
    let nowhere = template(&json!({ "instrumentId": "instrument_00000000000000000000000001" }));
    assert_eq!(act(&administrator, "ContactTemplateCreate", nowhere).await.faults(), ["input.instrumentId UNKNOWN_ID"]);
    let keyed = template(&json!({ "idempotencyKey": "once" }));
    let first = done(&administrator, "ContactTemplateCreate", keyed.clone()).await;
    assert_eq!(done(&administrator, "ContactTemplateCreate", keyed).await["id"], first["id"]);
    let changed = template(&json!({ "idempotencyKey": "once", "name": "Another" }));
    assert_eq!(act(&administrator, "ContactTemplateCreate", changed).await.code(), "CONFLICT");
    let stale = template(&json!({ "id": first["id"], "version": 2 }));
    assert_eq!(act(&administrator, "ContactTemplateUpdate", stale).await.code(), "VERSION_MISMATCH");
    assert_eq!(act(&administrator, "ContactTemplateArchive", json!({ "id": "x", "version": 1 })).await.faults(), ["input.id MALFORMED"]);
}

async fn a_body_has_so_many_in_use(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let first = done(&administrator, "ContactTemplateCreate", template(&json!({}))).await;
    for _ in 1..200 {
        done(&administrator, "ContactTemplateCreate", template(&json!({}))).await;
    }
    let over = act(&administrator, "ContactTemplateCreate", template(&json!({}))).await;
    assert_eq!((over.code(), over.faults()), ("LIMIT_EXCEEDED", vec!["input TOO_MANY".to_owned()]));
    done(&administrator, "ContactTemplateArchive", json!({ "id": first["id"], "version": 1 })).await;
    done(&administrator, "ContactTemplateCreate", template(&json!({}))).await;
}

async fn what_is_put_away_stays_as_it_is(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let made = done(&administrator, "ContactTemplateCreate", template(&json!({}))).await;
    let again = template(&json!({ "id": made["id"], "version": 1, "name": "Second notice", "subject": null }));
    let changed = done(&administrator, "ContactTemplateUpdate", again).await;
    assert_eq!((&changed["name"], &changed["version"]), (&json!("Second notice"), &json!(2)));
    assert_eq!(list(&administrator, json!({})).await["nodes"][0]["subject"], Value::Null, "everything is said anew");
    app.advance(TimeDelta::minutes(1));
    let which = json!({ "id": made["id"], "version": 2 });
    let away = done(&administrator, "ContactTemplateArchive", which).await;
    assert_eq!(away["archivedAt"], "2026-03-02T09:01:00Z");
    assert_eq!(list(&administrator, json!({})).await["totalCount"], 0);
    assert_eq!(names(&list(&administrator, json!({ "archived": true })).await), ["Second notice"]);
    let which = json!({ "id": made["id"], "version": 3 });
    for (name, input) in [("ContactTemplateArchive", which.clone()), ("ContactTemplateUpdate", template(&which))] {
        let refused = act(&administrator, name, input).await;
        assert_eq!((refused.code(), refused.faults()), ("INVALID_TRANSITION", vec!["input.id ALREADY_DONE".to_owned()]), "{name}");
    }
    let told = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await;
    for topic in ["contactTemplate.created", "contactTemplate.updated", "contactTemplate.archived"] {
        assert_eq!(told.get(topic), Some(&1), "{topic}");
    }
}

async fn what_it_said_before_is_kept(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer) = (world.colleague().await, world.officer().await);
    let made = done(&administrator, "ContactTemplateCreate", template(&json!({}))).await;
    let change = |version: i64| template(&json!({ "id": made["id"], "version": version, "name": "Second notice", "subject": null }));
    app.advance(TimeDelta::minutes(1));
    done(&administrator, "ContactTemplateUpdate", change(1)).await;
    app.advance(TimeDelta::minutes(1));
    let same = done(&administrator, "ContactTemplateUpdate", change(2)).await;
    assert_eq!(same["version"], 2, "a change that changes nothing writes nothing");
    done(&administrator, "ContactTemplateArchive", json!({ "id": made["id"], "version": 2 })).await;
    let query = "query($id: ID!) { directoryHistory(id: $id) { version replacedAt replaced { name value } replacedBy { id } } }";
    let of = json!({ "id": made["id"] });
    let earlier = administrator.data(query, of.clone()).await["directoryHistory"].clone();
    let by = json!({ "id": world.body.to_string() });
    let away = json!({
        "version": 2, "replacedAt": "2026-03-02T09:02:00Z", "replaced": [{ "name": "archived_at", "value": "null" }], "replacedBy": by,
    });
    assert_eq!(earlier[0], away);
    let first = earlier[1].clone();
    assert_eq!((&first["version"], &first["replacedAt"], &earlier[2]), (&json!(1), &json!("2026-03-02T09:01:00Z"), &Value::Null));
    let subject = "\"{{PLATFORM_SERVICE}}: {{CASE_NUMBER}}\"";
    let said = json!([{ "name": "name", "value": "\"First notice\"" }, { "name": "subject", "value": subject }]);
    assert_eq!(first["replaced"], said);
    // The same people read it as of other things that the body keeps.
    let stranger = app.member("keeper@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let platform = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    for (reader, code) in [
        (&app.anonymous(), "UNAUTHENTICATED"),
        (&officer, "FORBIDDEN"),
        (&world.auditor().await, "FORBIDDEN"),
        (&stranger, "NOT_FOUND"),
        (&platform, "NOT_FOUND"),
        (&world.coordinator().await, "NOT_FOUND"),
    ] {
        assert_eq!(reader.graphql(query, of.clone()).await.code(), code);
    }
    let lines = "{ auditEntries(filter: { act: [\"contactTemplate.update\"] }) { nodes { fields } } }";
    let lines = administrator.data(lines, json!({})).await["auditEntries"]["nodes"].clone();
    assert_eq!(lines, json!([{ "fields": ["name", "subject"] }]));
}
