//! Incidents, templates and the names of imported files are kept as long as the operator says, and gone for everybody then.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_app::{
    engagement::{contact, contact_import, contact_template, incident},
    retention::Periods,
};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, people::id, stories};
use uuid::Uuid;

use super::{
    contact_import::{counts, import, rows},
    contact_template as templates,
    incident::{beside, kept, refused},
    purge::{DAYS, closed, places},
    world::{World, act, done, list, read},
};

stories![
    an_incident_goes_after_its_last_contact,
    an_incident_that_waits_goes_when_who_holds_it_leaves,
    what_went_with_an_incident_is_gone_for_everybody,
    templates_that_were_put_away_go_with_their_history,
    names_of_imported_files_are_forgotten_with_the_reports,
    an_import_that_named_its_file_only_is_forgotten_too,
];

/// Two servers at once; how many incidents, templates and imports the two of them removed or forgot.
async fn keep(app: &TestApp, periods: Periods) -> (u64, u64, u64) {
    let look = async |server: u128| {
        let (app, ctx, holder) = (&app.app, app.app.system(), Uuid::from_u128(server));
        let incidents = incident::purge(app, &ctx, &periods, holder).await.unwrap();
        let templates = contact_template::purge(app, &ctx, &periods, holder).await.unwrap();
        (incidents, templates, contact_import::forget(app, &ctx, &periods).await.unwrap())
    };
    let (one, other) = futures::join!(look(1), look(2));
    (one.0 + other.0, one.1 + other.1, one.2 + other.2)
}

async fn told(app: &TestApp, topic: &str) -> i64 {
    app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await.get(topic).copied().unwrap_or(0)
}

async fn open(client: &Client, title: &str) -> Value {
    kept(client, "incidentOpen", json!({ "title": title })).await
}

async fn close(client: &Client, incident: &Value, version: i64) -> Value {
    kept(client, "incidentClose", json!({ "incidentId": incident["id"], "version": version, "reason": "Over" })).await
}

async fn an_incident_goes_after_its_last_contact(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, administrator) = (world.officer().await, world.colleague().await);
    let (court, _) = beside(app).await;
    let [full, empty, going_on, watched, again] = [
        open(&officer, "Full").await,
        open(&officer, "Empty").await,
        open(&officer, "Open").await,
        open(&officer, "Watched").await,
        open(&officer, "Again").await,
    ];
    let contact = closed(&world, &officer, json!({ "incidentId": full["id"] })).await;
    kept(&officer, "incidentShare", json!({ "incidentId": full["id"], "electoralBodyId": id(court) })).await;
    kept(&officer, "incidentUpdate", json!({ "incidentId": full["id"], "version": 1, "title": "Fuller" })).await;
    kept(&officer, "incidentMonitor", json!({ "incidentId": watched["id"], "version": 1 })).await;
    for (incident, version) in [(&full, 2), (&empty, 1), (&again, 1)] {
        close(&officer, incident, version).await;
    }
    let template = templates::done(&administrator, "ContactTemplateCreate", templates::template(&json!({}))).await;
    templates::done(&administrator, "ContactTemplateArchive", json!({ "id": template["id"], "version": 1 })).await;
    assert_eq!(places(app, &full).await, ["audit_entry", "incident", "incident_contact", "incident_share", "revision"]);
    let periods = Periods { incidents: DAYS(100), ..Periods::default() };
    app.advance(TimeDelta::days(99));
    assert_eq!(keep(app, periods).await, (0, 0, 0), "its time is not over");
    let officer = app.signed_in("olga.officer@body.example").await;
    kept(&officer, "incidentReopen", json!({ "incidentId": again["id"], "version": 2 })).await;
    close(&officer, &again, 3).await;
    app.advance(TimeDelta::days(2));
    assert_eq!(keep(app, Periods::default()).await, (0, 0, 0), "for good, where nothing is said");
    assert_eq!(keep(app, periods).await, (1, 0, 0), "two servers remove it once");
    assert_eq!(places(app, &empty).await, ["audit_entry"]);
    let officer = app.signed_in("olga.officer@body.example").await;
    let titles = async || {
        let found = officer.data("{ incidents(orderBy: OPENED_AT) { nodes { title } } }", json!({})).await["incidents"]["nodes"].clone();
        let mut titles: Vec<String> = found.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles().await, ["Again", "Fuller", "Open", "Watched"], "one with a contact stays, and what changed since");
    let contacts = Periods { closed: DAYS(100), ..periods };
    assert_eq!(contact::purge(&app.app, &app.app.system(), &contacts, Uuid::nil()).await.unwrap(), 1);
    assert_eq!(keep(app, periods).await, (1, 0, 0));
    assert_eq!(titles().await, ["Again", "Open", "Watched"]);
    assert_eq!(places(app, &full).await, ["audit_entry"]);
    assert_eq!(places(app, &contact).await, ["audit_entry", "counted_fresh", "purged_contact"]);
    assert!(places(app, &going_on).await.contains(&"incident".to_owned()));
    assert!(places(app, &template).await.contains(&"contact_template".to_owned()), "the other kinds stay");
    assert_eq!(told(app, "incident.purged").await, 2);
}

async fn an_incident_that_waits_goes_when_who_holds_it_leaves(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, (court, clerk)) = (world.officer().await, beside(app).await);
    let incident = open(&officer, "Shared").await;
    let share = json!({ "incidentId": incident["id"], "electoralBodyId": id(court) });
    kept(&officer, "incidentShare", share.clone()).await;
    let theirs = done(&clerk, "ContactLog", world.contact(&json!({ "incidentId": incident["id"] }))).await;
    close(&officer, &incident, 1).await;
    app.advance(TimeDelta::days(11));
    let periods = Periods { incidents: DAYS(10), ..Periods::default() };
    for _ in 0..2 {
        assert_eq!(keep(app, periods).await, (0, 0, 0), "a contact belongs to it");
    }
    let officer = app.signed_in("olga.officer@body.example").await;
    kept(&officer, "incidentUnshare", share).await;
    assert_eq!(keep(app, periods).await, (1, 0, 0));
    assert_eq!(places(app, &incident).await, ["audit_entry"]);
    let clerk = app.signed_in("clara.court@court.example").await;
    assert_eq!(read(&clerk, &theirs["id"]).await["id"], theirs["id"], "the contact stays with its body");
}

async fn what_went_with_an_incident_is_gone_for_everybody(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, (court, clerk)) = (world.officer().await, beside(app).await);
    for client in [world.colleague().await, world.auditor().await, clerk] {
        drop(client);
    }
    let opening = json!({ "title": "False dates", "idempotencyKey": "open" });
    let gone = kept(&officer, "incidentOpen", opening.clone()).await;
    let logging = world.contact(&json!({ "incidentId": gone["id"], "idempotencyKey": "log" }));
    let contact = done(&officer, "ContactLog", logging.clone()).await;
    let placing = json!({ "incidentId": gone["id"], "contactId": contact["id"], "idempotencyKey": "out" });
    kept(&officer, "incidentContactRemove", placing.clone()).await;
    kept(&officer, "incidentShare", json!({ "incidentId": gone["id"], "electoralBodyId": id(court) })).await;
    let closing = json!({ "incidentId": gone["id"], "version": 1, "reason": "Over", "idempotencyKey": "close" });
    kept(&officer, "incidentClose", closing.clone()).await;
    app.advance(TimeDelta::days(11));
    assert_eq!(keep(app, Periods { incidents: DAYS(10), ..Periods::default() }).await, (1, 0, 0));
    assert_eq!(places(app, &gone).await, ["audit_entry", "idempotency"], "a key is kept for 30 days, whatever becomes of its object");
    let query = "query($id: ID!) {
        incident(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } incidents { totalCount }
        contacts(filter: { incidentId: $id }) { totalCount }
    }";
    let nothing =
        json!({ "incident": null, "node": null, "nodes": [null], "incidents": { "totalCount": 0 }, "contacts": { "totalCount": 0 } });
    for email in ["olga.officer@body.example", "carla.colleague@body.example", "clara.court@court.example"] {
        assert_eq!(app.signed_in(email).await.data(query, json!({ "id": gone["id"] })).await, nothing, "{email}");
    }
    let officer = app.signed_in("olga.officer@body.example").await;
    let unknown = ["NOT_FOUND UNKNOWN_ID incidentId"];
    let of = |more: Value| {
        let mut input = json!({ "incidentId": gone["id"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    for (mutation, input) in [
        ("incidentOpen", opening),
        ("incidentClose", closing),
        ("incidentContactRemove", placing),
        ("incidentReopen", of(json!({ "version": 2 }))),
        ("incidentUpdate", of(json!({ "version": 2, "title": "x" }))),
        ("incidentContactAdd", of(json!({ "contactId": contact["id"] }))),
        ("incidentShare", of(json!({ "electoralBodyId": id(court) }))),
        ("incidentUnshare", of(json!({ "electoralBodyId": id(court) }))),
    ] {
        assert_eq!(refused(&officer, mutation, input).await, unknown, "{mutation}");
    }
    assert_eq!(done(&officer, "ContactLog", logging).await["id"], contact["id"], "the contact is there, and so is its key");
    assert_eq!(act(&officer, "ContactLog", world.contact(&json!({ "incidentId": gone["id"] }))).await.code(), "NOT_FOUND");
    assert_eq!(list(&officer, json!({ "filter": { "incidentId": gone["id"] } })).await["totalCount"], 0);
    assert_eq!(read(&officer, &contact["id"]).await["id"], contact["id"]);
    let text = gone["id"].as_str().unwrap();
    assert_eq!(officer.get(&format!("/v1/contacts.csv?incidentId={text}")).await.text.lines().count(), 1);
    let administrator = app.signed_in("carla.colleague@body.example").await;
    let history = "query($id: ID!) { directoryHistory(id: $id) { version } }";
    assert_eq!(administrator.graphql(history, json!({ "id": gone["id"] })).await.code(), "NOT_FOUND");
    let lines = "query($id: ID!) { auditEntries(filter: { objectId: $id }) { nodes { act } } }";
    let lines = app.signed_in("auditor@desk.example").await.data(lines, json!({ "id": gone["id"] })).await["auditEntries"].to_string();
    assert!(lines.contains("incident.open") && lines.contains("incident.purge"), "the audit log keeps its lines: {lines}");
}

async fn templates_that_were_put_away_go_with_their_history(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer) = (world.colleague().await, world.officer().await);
    let create = templates::template(&json!({ "idempotencyKey": "create" }));
    let gone = templates::done(&administrator, "ContactTemplateCreate", create.clone()).await;
    let stays = templates::done(&administrator, "ContactTemplateCreate", templates::template(&json!({ "name": "In use" }))).await;
    let change = templates::template(&json!({ "id": gone["id"], "version": 1, "name": "Second notice" }));
    templates::done(&administrator, "ContactTemplateUpdate", change.clone()).await;
    templates::done(&administrator, "ContactTemplateArchive", json!({ "id": gone["id"], "version": 2 })).await;
    let incident = open(&officer, "Over").await;
    close(&officer, &incident, 1).await;
    assert_eq!(places(app, &gone).await, ["audit_entry", "contact_template", "idempotency", "revision"]);
    let periods = Periods { templates: DAYS(10), ..Periods::default() };
    app.advance(TimeDelta::days(9));
    assert_eq!(keep(app, periods).await, (0, 0, 0), "its time is not over");
    app.advance(TimeDelta::days(2));
    assert_eq!(keep(app, Periods::default()).await, (0, 0, 0), "for good, where nothing is said");
    assert_eq!(keep(app, periods).await, (0, 1, 0), "two servers remove it once");
    assert_eq!(places(app, &gone).await, ["audit_entry", "idempotency"], "a key is kept for 30 days, whatever becomes of its object");
    assert!(places(app, &incident).await.contains(&"incident".to_owned()), "the other kinds stay");
    assert_eq!(told(app, "contactTemplate.purged").await, 1);
    let administrator = app.signed_in("carla.colleague@body.example").await;
    let query = "query($id: ID!) { contactTemplate(id: $id) { id } node(id: $id) { id } }";
    assert_eq!(administrator.data(query, json!({ "id": gone["id"] })).await, json!({ "contactTemplate": null, "node": null }));
    assert_eq!(templates::list(&administrator, json!({ "archived": true })).await["totalCount"], 0);
    assert_eq!(templates::list(&administrator, json!({})).await["nodes"][0]["id"], stays["id"]);
    let history = "query($id: ID!) { directoryHistory(id: $id) { version } }";
    assert_eq!(administrator.graphql(history, json!({ "id": gone["id"] })).await.code(), "NOT_FOUND");
    for (name, input) in [
        ("ContactTemplateCreate", create),
        ("ContactTemplateUpdate", change),
        ("ContactTemplateArchive", json!({ "id": gone["id"], "version": 3 })),
    ] {
        assert_eq!(templates::act(&administrator, name, input).await.code(), "NOT_FOUND", "{name}");
    }
}

const TABLE: &str = "Tipo;Base legal;Plataforma;Enviado el;Enlaces\n\
    SHOUTING;NONE;Parley Video;2026-02-01;https://a.example/1\nESCALATION;NONE;Parley Video;2026-02-01;https://a.example/2\n";

/// An import as its reader finds it, over GraphQL and in the document of what is kept about him.
async fn found(client: &Client, import: &Value) -> (Value, Value) {
    let query = "query($id: ID!) {
        contactImport(id: $id) { fileName forgottenAt accepted rejected duplicate rows(first: 5) { totalCount nodes { line column code } } }
    }";
    let own = client.get("/v1/me/data").await.body["contactImports"].clone();
    let own = own.as_array().unwrap().iter().find(|one| one["id"] == import["id"]).unwrap()["text"].clone();
    (client.data(query, json!({ "id": import["id"] })).await["contactImport"].clone(), own)
}

async fn names_of_imported_files_are_forgotten_with_the_reports(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let done = import(&officer, "Zephyrina's table.csv", TABLE, json!({})).await;
    let (before, own) = found(&officer, &done).await;
    assert_eq!(
        (&before["fileName"], &before["forgottenAt"], own),
        (&json!("Zephyrina's table.csv"), &Value::Null, json!("Zephyrina's table.csv"))
    );
    // Shorter than the default one, or this server's own worker might be the first.
    let periods = Periods { import_reports: DAYS(30), ..Periods::default() };
    app.advance(TimeDelta::days(29));
    assert_eq!(keep(app, periods).await, (0, 0, 0));
    app.advance(TimeDelta::days(2));
    let later = import(&app.signed_in("olga.officer@body.example").await, "Later.csv", "Tipo;Base legal;Plataforma\n", json!({})).await;
    assert_eq!(keep(app, Periods::default()).await, (0, 0, 0), "for good, where nothing is said");
    assert_eq!(keep(app, periods).await, (0, 0, 1), "two servers forget it once");
    assert_eq!(keep(app, periods).await, (0, 0, 0));
    let officer = app.signed_in("olga.officer@body.example").await;
    let (after, own) = found(&officer, &done).await;
    assert_eq!((&after["fileName"], own), (&json!("(erased)"), json!("(erased)")));
    assert_eq!(after["forgottenAt"], "2026-04-02T09:00:00Z");
    assert_eq!((counts(&after), rows(&after)), ((1, 1, 0), Vec::new()));
    assert_eq!(found(&officer, &later).await.0["fileName"], "Later.csv");
    let held = app.database.everything().await;
    let names = |table: &str| held[table].iter().any(|row| row.contains("Zephyrina's table"));
    assert!(!names("contact_import") && !names("contact_import_report") && !names("audit_entry"));
    assert_eq!(told(app, "contacts.importForgotten").await, 1);
}

async fn an_import_that_named_its_file_only_is_forgotten_too(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let silent = import(
        &officer,
        "Zephyrina.csv",
        "Tipo;Base legal;Plataforma;Enviado el;Enlaces\nESCALATION;NONE;Parley Video;2026-02-01;https://a.example/2\n",
        json!({}),
    )
    .await;
    let failed = import(&officer, "Not by Zephyrina.csv", "Nothing;Known\n1;2\n", json!({})).await;
    assert_eq!((counts(&silent), rows(&silent), &failed["status"]), ((1, 0, 0), Vec::new(), &json!("FAILED")));
    let person = app.member("zoe@body.example", world.body, Role::ElectoralBodyOfficer).await;
    let hers = import(&person, "Hers.csv", "Tipo;Base legal;Plataforma\n", json!({})).await;
    let erase = "mutation($input: UserEraseInput!) { userErase(input: $input) { userErrors { code reason path message } } }";
    person.mutate(erase, json!({ "password": tertulia_tests::people::PASSWORD })).await;
    let query = "{ contactImports { nodes { id fileName forgottenAt } } }";
    let imports = officer.data(query, json!({})).await["contactImports"]["nodes"].clone();
    let erased = json!({ "id": hers["id"], "fileName": "(erased)", "forgottenAt": null });
    assert!(imports.as_array().unwrap().contains(&erased), "{imports}");
    let periods = Periods { import_reports: DAYS(30), ..Periods::default() };
    app.advance(TimeDelta::days(31));
    assert_eq!(keep(app, periods).await, (0, 0, 3));
    assert_eq!(keep(app, periods).await, (0, 0, 0), "each once");
    let imports = app.signed_in("olga.officer@body.example").await.data(query, json!({})).await["contactImports"]["nodes"].clone();
    for one in imports.as_array().unwrap() {
        assert_eq!((&one["fileName"], &one["forgottenAt"]), (&json!("(erased)"), &json!("2026-04-02T09:00:00Z")));
    }
}
