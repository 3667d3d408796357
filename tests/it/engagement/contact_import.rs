//! Contacts imported from files.

use chrono::TimeDelta;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Value, json};
use tertulia_tests::{Client, Reply, TestApp, stories};
use uuid::Uuid;

use super::{
    file::{PNG, until, uploaded},
    world::{World, list},
};

stories![
    a_table_in_spanish_becomes_contacts_with_their_history,
    a_dry_run_keeps_nothing_and_tells_every_fault,
    a_row_is_imported_once_however_often_it_comes,
    only_the_bodys_own_people_import,
    faults_of_a_request_are_told_at_once,
    an_import_can_be_stopped,
    another_server_goes_on_after_what_was_kept,
    several_servers_double_nothing,
    an_import_that_ends_servers_is_given_up,
    no_batch_of_a_dry_run_is_a_step_ahead,
];

const DOCUMENTS: &str = include_str!("../../operations/engagement-full.graphql");

/// Asks for an import.
pub(crate) async fn ask(client: &Client, input: Value) -> Reply {
    client.operation(DOCUMENTS, "ContactsImport", json!({ "input": input })).await
}

/// An import as the caller reads it; null if he may not.
pub(crate) async fn read(client: &Client, id: &Value) -> Value {
    client.operation(DOCUMENTS, "ContactImport", json!({ "id": id })).await.data()["contactImport"].clone()
}

/// Waits until an import is at its end.
pub(crate) async fn ended(client: &Client, id: &Value) -> Value {
    loop {
        let import = read(client, id).await;
        if !["QUEUED", "RUNNING"].contains(&import["status"].as_str().unwrap()) {
            return import;
        }
        tokio::task::yield_now().await;
    }
}

/// Uploads a file and imports it, with more said in the input.
pub(crate) async fn import(client: &Client, name: &str, content: impl Into<Vec<u8>>, more: Value) -> Value {
    let mut input = json!({ "fileId": uploaded(client, name, content).await, "timeZone": "America/Lima" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let payload = ask(client, input).await.data()["contactsImport"].clone();
    assert_eq!(payload["userErrors"], json!([]));
    ended(client, &payload["import"]["id"]).await
}

/// How many rows became contacts, had faults, were imported before.
pub(crate) fn counts(import: &Value) -> (i64, i64, i64) {
    let count = |name: &str| import[name].as_i64().unwrap();
    (count("accepted"), count("rejected"), count("duplicate"))
}

/// What is reported of rows, as `line column code`.
pub(crate) fn rows(import: &Value) -> Vec<String> {
    let row = |row: &Value| format!("{} {} {}", row["line"], row["column"].as_str().unwrap_or("-"), row["code"].as_str().unwrap());
    import["rows"]["nodes"].as_array().unwrap().iter().map(row).collect()
}

pub(crate) async fn contacts(app: &TestApp) -> i64 {
    app.database.counts("SELECT 'rows', count(*) FROM contact").await["rows"]
}

const SPANISH: &str = "Tipo;Base legal;Plataforma;Asunto;Enviado el;Acuse de recibo;Fecha de respuesta;Resultado;Acciones;Enlaces;Expediente\r\n\
    Escalation;PLATFORM_TERMS;Parley Video;Fecha falsa;2026-02-01 10:00;2026-02-01 12:30;2026-02-03;ACTION_TAKEN;CONTENT_REMOVED;\
    https://parley.example/1 https://parley.example/2;EXP-1\r\n\
    POLICY_QUESTION;NONE;Una red pequeña;¿Qué dice la regla 7?;2026-02-02T15:00:00Z;;;;;;EXP-2\r\n\
    ESCALATION;NATIONAL_LAW;Parley Video;Borrador;;;;;;;EXP-3\r\n";

async fn a_table_in_spanish_becomes_contacts_with_their_history(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let done = import(&officer, "contactos.csv", SPANISH, json!({})).await;
    assert_eq!((&done["status"], &done["progress"], counts(&done)), (&json!("DONE"), &json!(1.0), (3, 0, 0)), "{done}");
    assert!(rows(&done).is_empty());
    let listed = list(&officer, json!({ "orderBy": "SENT_AT_DESC" })).await;
    assert_eq!(listed["nodes"].as_array().unwrap().len(), 3);
    let document = "{ contacts(first: 5, orderBy: SENT_AT) { nodes { subject status sentAt acknowledgedAt decidedAt caseNumber platformName
        platformService { id } decision { outcome actions } items { url } transitions { step occurredPrecision } visibility } } }";
    let nodes = officer.data(document, json!({})).await["contacts"]["nodes"].clone();
    let find = |number: &str| nodes.as_array().unwrap().iter().find(|node| node["caseNumber"] == number).unwrap().clone();
    let first = find("EXP-1");
    assert_eq!((&first["status"], &first["sentAt"]), (&json!("DECIDED"), &json!("2026-02-01T15:00:00Z")), "in the zone that was said");
    assert_eq!((&first["acknowledgedAt"], &first["decidedAt"]), (&json!("2026-02-01T17:30:00Z"), &json!("2026-02-03T05:00:00Z")));
    assert_eq!(first["decision"], json!({ "outcome": "ACTION_TAKEN", "actions": ["CONTENT_REMOVED"] }));
    assert_eq!((first["items"].as_array().unwrap().len(), &first["visibility"]), (2, &json!("PARTIES")));
    assert_eq!(first["platformService"]["id"], world.service.to_string());
    let precisions: Vec<&Value> = first["transitions"].as_array().unwrap().iter().map(|fact| &fact["occurredPrecision"]).collect();
    assert_eq!(precisions, ["MINUTE", "MINUTE", "DAY"]);
    assert_eq!((&find("EXP-2")["platformName"], &find("EXP-2")["sentAt"]), (&json!("Una red pequeña"), &json!("2026-02-02T15:00:00Z")));
    assert_eq!((&find("EXP-3")["status"], &find("EXP-3")["visibility"]), (&json!("DRAFT"), &json!("ORGANISATION")));
    let auditor = world.auditor().await;
    for (act, many) in [("contacts.import", 1), ("contact.log", 3), ("contacts.importEnd", 1)] {
        let document = "query($act: String!) { auditEntries(filter: { act: $act }, first: 5) { totalCount } }";
        assert_eq!(auditor.data(document, json!({ "act": act })).await["auditEntries"]["totalCount"], many, "{act}");
    }
}

const FAULTY: &str = "Kind,Legal basis,Platform service,Sent at,Decided at,Outcome,URLs,Description,Remarks\n\
    ESCALATION,NONE,Parley Video,2026-02-01,,,https://parley.example/1,,x\n\
    SHOUTING,,Nowhere,31/12/2025,2026-02-01,,not an address,,x\n\
    \n\
    ESCALATION,NONE,Parley Video,2026-02-01 10:00,2026-01-01 10:00,ACTION_TAKEN,https://parley.example/1,,x\n\
    THREAT_WARNING,NONE,Parley Video,2027-01-01,,,https://parley.example/1,,x\n\
    ESCALATION,NONE,Parley Video,2026-02-01,,,,,x\n";

async fn a_dry_run_keeps_nothing_and_tells_every_fault(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let long = format!("{FAULTY}ESCALATION,NONE,Parley Video,2026-02-01,,,,{},x\n", "x".repeat(10_001));
    let told = [
        "3 Kind NOT_AN_OPTION",
        "3 Legal basis REQUIRED",
        "3 Platform service UNKNOWN_ID",
        "3 Sent at MALFORMED",
        "3 Outcome REQUIRED",
        "3 URLs MALFORMED",
        "5 Decided at BEFORE_PREVIOUS",
        "6 Kind NOT_AN_OPTION",
        "6 Sent at IN_FUTURE",
        "7 URLs REQUIRED",
        "8 Description TOO_LONG",
    ];
    let dry = import(&officer, "x.csv", long.clone(), json!({ "dryRun": true })).await;
    assert_eq!((&dry["status"], counts(&dry)), (&json!("DONE"), (1, 5, 0)), "{dry}");
    assert_eq!(rows(&dry), told);
    assert_eq!(contacts(app).await, 0, "nothing is kept");
    let done = import(&officer, "x.csv", long, json!({})).await;
    assert_eq!((counts(&done), rows(&done)), ((1, 5, 0), told.map(str::to_owned).to_vec()), "as the dry run told");
    let more =
        "query($id: ID!) { contactImport(id: $id) { dryRun total timeZone ignoredColumns fileName failure { code } electoralBody { id }
        rows(first: 2) { totalCount pageInfo { hasNextPage } nodes { id line message } } } }";
    let more = officer.data(more, json!({ "id": done["id"] })).await["contactImport"].clone();
    assert_eq!((&more["ignoredColumns"], &more["total"], &more["timeZone"]), (&json!(["Remarks"]), &json!(6), &json!("America/Lima")));
    assert_eq!((&more["rows"]["totalCount"], &more["rows"]["pageInfo"]["hasNextPage"]), (&json!(11), &json!(true)));
    let row = &more["rows"]["nodes"][0];
    let again = "query($id: ID!) { node(id: $id) { ... on ContactImportRow { id line message } } }";
    assert_eq!(officer.data(again, json!({ "id": row["id"] })).await["node"], *row, "one object, one rule");
    assert_eq!(world.stranger().await.data(again, json!({ "id": row["id"] })).await["node"], Value::Null);
}

async fn a_row_is_imported_once_however_often_it_comes(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    assert_eq!(counts(&import(&officer, "a.csv", SPANISH, json!({})).await), (3, 0, 0));
    let again = import(&officer, "b.csv", SPANISH, json!({})).await;
    assert_eq!(
        (counts(&again), rows(&again)),
        ((0, 0, 3), ["2 - DUPLICATE", "3 - DUPLICATE", "4 - DUPLICATE"].map(str::to_owned).to_vec())
    );
    let corrected = SPANISH.replace("EXP-2", "EXP-2b");
    let last = corrected.lines().last().unwrap().to_owned();
    let dry = import(&officer, "c.csv", format!("{corrected}{last}\r\n"), json!({ "dryRun": true })).await;
    assert_eq!(counts(&dry), (1, 0, 3));
    let twice = corrected.replace("EXP-3", "EXP-4");
    let last = twice.lines().last().unwrap().to_owned();
    assert_eq!(
        counts(&import(&officer, "c.csv", format!("{twice}{last}\r\n"), json!({})).await),
        (2, 0, 2),
        "the same row twice in one file"
    );
    assert_eq!(contacts(app).await, 5);
    let other = import(&world.stranger().await, "a.csv", SPANISH, json!({})).await;
    assert_eq!(counts(&other), (3, 0, 0), "another body's rows are its own");
}

async fn only_the_bodys_own_people_import(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger) = (world.officer().await, world.stranger().await);
    let file = uploaded(&officer, "x.csv", SPANISH).await;
    let input = json!({ "fileId": file, "timeZone": "America/Lima" });
    assert_eq!(ask(&app.anonymous(), input.clone()).await.code(), "UNAUTHENTICATED");
    for client in [world.representative().await, world.coordinator().await, world.auditor().await] {
        assert_eq!(ask(&client, input.clone()).await.code(), "FORBIDDEN");
    }
    assert_eq!(ask(&stranger, input.clone()).await.faults(), ["input.fileId UNKNOWN_ID"], "another body's file is not there");
    let mut foreign = input.clone();
    foreign["electoralBodyId"] = json!(world.other_body.to_string());
    assert_eq!(ask(&officer, foreign).await.code(), "FORBIDDEN");
    let import = ask(&officer, input).await.data()["contactsImport"]["import"]["id"].clone();
    assert_eq!(counts(&ended(&world.colleague().await, &import).await), (3, 0, 0));
    assert_eq!(read(&stranger, &import).await, Value::Null);
    let node = "query($id: ID!) { node(id: $id) { id } contactImports(first: 5) { totalCount nodes { id } } }";
    let of_stranger = stranger.data(node, json!({ "id": import })).await;
    assert_eq!(of_stranger, json!({ "node": null, "contactImports": { "totalCount": 0, "nodes": [] } }));
    let own = officer.data(node, json!({ "id": import })).await;
    assert_eq!(own, json!({ "node": { "id": import }, "contactImports": { "totalCount": 1, "nodes": [{ "id": import }] } }));
    let cancel = "mutation($input: ContactsImportCancelInput!) { contactsImportCancel(input: $input) { userErrors { code reason path } } }";
    let refused = stranger.graphql(cancel, json!({ "input": { "contactImportId": import } })).await;
    assert_eq!((refused.code(), refused.faults()), ("NOT_FOUND", vec!["input.contactImportId UNKNOWN_ID".to_owned()]));
}

async fn faults_of_a_request_are_told_at_once(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let column = |header: &str| json!({ "header": header, "field": "KIND" });
    let bad = json!({ "fileId": "x", "electoralBodyId": "y", "timeZone": "Mars/Olympus", "columns": [column(""), column("ok")] });
    let told =
        ["input.fileId MALFORMED", "input.electoralBodyId MALFORMED", "input.timeZone NOT_AN_OPTION", "input.columns.0.header REQUIRED"];
    assert_eq!(ask(&officer, bad).await.faults(), told);
    let picture = uploaded(&officer, "x.csv", PNG).await;
    assert_eq!(ask(&officer, json!({ "fileId": picture, "timeZone": "UTC" })).await.faults(), ["input.fileId NOT_AN_OPTION"]);
    let table = uploaded(&officer, "x.csv", SPANISH).await;
    let theirs = uploaded(&world.stranger().await, "x.csv", SPANISH).await;
    let stranger = app.signed_in("stranger@chile.example").await;
    assert_eq!(ask(&stranger, json!({ "fileId": theirs })).await.faults(), ["input.timeZone REQUIRED"], "Chile has several");
    let many = json!({ "fileId": table, "timeZone": "UTC", "columns": vec![column("x"); 101] });
    assert_eq!(ask(&officer, many).await.faults(), ["input.columns TOO_LONG"]);
    let keyed = json!({ "fileId": table, "timeZone": "UTC", "idempotencyKey": "once" });
    let first = ask(&officer, keyed.clone()).await.data()["contactsImport"]["import"]["id"].clone();
    assert_eq!(ask(&officer, keyed.clone()).await.data()["contactsImport"]["import"]["id"], first);
    ended(&officer, &first).await;
    app.advance(TimeDelta::days(2));
    until(app, 0).await;
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!(ask(&officer, keyed).await.data()["contactsImport"]["import"]["id"], first, "the file is gone by now");
}

/// Makes an import one that another server holds until a moment, as far as line `line`.
pub(crate) async fn hold_elsewhere(app: &TestApp, import: &Value, until: &str, (line, accepted): (i64, i64)) {
    let database = app.database.connect().await;
    let id: tertulia_domain::id::ContactImportId = import.as_str().unwrap().parse().unwrap();
    let until: chrono::DateTime<chrono::Utc> = until.parse().unwrap();
    let update = Query::update()
        .table("contact_import")
        .value("status", "RUNNING")
        .value("holder", Uuid::from_u128(7))
        .value("held_until", until)
        .value("line", line)
        .value("accepted", accepted)
        .value("duplicate", 0)
        .value("finished_at", None::<chrono::DateTime<chrono::Utc>>)
        .and_where(Expr::col("id").eq(id.uuid()))
        .to_owned();
    database.execute(&update).await.unwrap();
    database.close().await.unwrap();
}

/// A table of so many contacts.
pub(crate) fn table(rows: usize) -> String {
    let row = |number: usize| format!("ESCALATION,NONE,Parley Video,2026-02-01 10:00,Number {number}\n");
    std::iter::once("Kind,Legal basis,Platform,Sent at,Subject\n".to_owned()).chain((0..rows).map(row)).collect()
}

async fn an_import_can_be_stopped(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let id = import(&officer, "x.csv", table(3), json!({})).await["id"].clone();
    hold_elsewhere(app, &id, "2026-03-02T09:02:00Z", (4, 3)).await;
    let cancel = "mutation($input: ContactsImportCancelInput!) {
        contactsImportCancel(input: $input) { import { id status accepted } userErrors { code reason path message } } }";
    let stopped = officer.mutate(cancel, json!({ "contactImportId": id })).await;
    assert_eq!(stopped["import"], json!({ "id": id, "status": "CANCELLED", "accepted": 3 }));
    let again = officer.graphql(cancel, json!({ "input": { "contactImportId": id } })).await;
    assert_eq!((again.code(), again.faults()), ("INVALID_TRANSITION", vec!["input.contactImportId NOT_ALLOWED_NOW".to_owned()]));
    app.advance(TimeDelta::minutes(3));
    let next = import(&officer, "y.csv", table(4), json!({})).await;
    assert_eq!(counts(&next), (1, 0, 3), "what was imported before stays");
    assert_eq!(read(&officer, &id).await["status"], "CANCELLED");
}

async fn another_server_goes_on_after_what_was_kept(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let done = import(&officer, "x.csv", table(450), json!({})).await;
    assert_eq!(counts(&done), (450, 0, 0));
    // As if the server had died after its first batch; what it had written meanwhile was never committed.
    hold_elsewhere(app, &done["id"], "2026-03-02T09:02:00Z", (201, 200)).await;
    let beside = import(&officer, "y.csv", table(1), json!({})).await;
    assert_eq!((counts(&beside), &read(&officer, &done["id"]).await["status"]), ((0, 0, 1), &json!("RUNNING")), "as long as it is held");
    app.advance(TimeDelta::minutes(2));
    assert_eq!(read(&officer, &done["id"]).await["progress"], json!(200.0 / 450.0));
    app.advance(TimeDelta::seconds(1));
    let done = ended(&officer, &done["id"]).await;
    assert_eq!((&done["status"], counts(&done)), (&json!("DONE"), (200, 0, 250)), "the first batch was not looked at again");
    assert_eq!(contacts(app).await, 450);
}

async fn an_import_that_ends_servers_is_given_up(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let id = import(&officer, "x.csv", table(450), json!({})).await["id"].clone();
    for died in 1..=4 {
        // Each keeps a batch before it dies, so that what is tried anew was always a step ahead.
        hold_elsewhere(app, &id, "2026-03-02T08:00:00Z", (201, 200)).await;
        let end = ended(&officer, &id).await;
        assert_eq!(end["status"], if died < 4 { "DONE" } else { "FAILED" }, "{died}");
    }
}

async fn no_batch_of_a_dry_run_is_a_step_ahead(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    import(&officer, "x.csv", table(450), json!({ "dryRun": true })).await;
    let attempts = "SELECT 'attempts', CAST(sum(attempts) AS bigint) FROM contact_import";
    assert_eq!(app.database.counts(attempts).await["attempts"], 1);
    import(&officer, "x.csv", table(450), json!({})).await;
    assert_eq!(app.database.counts(attempts).await["attempts"], 1, "what is kept is one");
}

async fn several_servers_double_nothing(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let (second, third) = (app.beside().await, app.beside().await);
    let mut asked = Vec::new();
    for (number, server) in [app, &second, &third, app].into_iter().enumerate() {
        let client = server.with_token(officer.token.clone().unwrap());
        let file = uploaded(&client, "x.csv", table(300 + number)).await;
        let input = json!({ "fileId": file, "timeZone": "America/Lima" });
        asked.push(ask(&client, input).await.data()["contactsImport"]["import"]["id"].clone());
    }
    let (mut accepted, mut duplicate) = (0, 0);
    for id in &asked {
        let done = ended(&officer, id).await;
        assert_eq!(done["status"], "DONE");
        accepted += counts(&done).0;
        duplicate += counts(&done).2;
    }
    assert_eq!((accepted, duplicate, contacts(app).await), (303, 903, 303));
    let logged = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await["contact.logged"];
    assert_eq!(logged, 303, "one event of each contact");
    second.finish().await;
    third.finish().await;
}
