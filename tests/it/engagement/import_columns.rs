//! Columns of imported files that name what the directory and the body have: channels, elections, instruments and incidents.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_app::{engagement::contact_import, retention::Periods};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, stories};

use super::{
    contact_import::{counts, import, read, rows},
    world::World,
};

stories![columns_name_things_as_officers_write_them, what_the_reader_may_not_read_cannot_be_named, reports_go_when_their_time_is_over,];

/// Runs a mutation, which must succeed; answers the object's id.
pub(crate) async fn made(client: &Client, mutation: &str, object: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let errors = "userErrors { code reason path message }";
    let document = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {object} {{ id }} {errors} }} }}");
    client.mutate(&document, input).await[object]["id"].clone()
}

/// A channel, an election of Peru, an instrument and an incident of the body in Peru.
async fn things(world: &World<'_>, officer: &Client) -> [Value; 4] {
    let coordinator = world.coordinator().await;
    let channel = json!({ "platformId": world.platform.to_string(), "kind": "EMAIL", "address": "desk@parley.example" });
    let election = json!({ "country": "PE", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": [{ "date": "2027-05-09" }] });
    let titles = json!([{ "language": "en", "text": "Code of ethics" }, { "language": "es", "text": "Código de ética" }]);
    let instrument = json!({ "titles": titles, "type": "CODE", "bindingness": "VOLUNTARY" });
    [
        made(&coordinator, "channelCreate", "channel", channel).await,
        made(&coordinator, "electionCreate", "election", election).await,
        made(&coordinator, "instrumentCreate", "instrument", instrument).await,
        made(officer, "incidentOpen", "incident", json!({ "title": "Fechas falsas" })).await,
    ]
}

const BEGIN: &str = "Tipo;Base legal;Plataforma;Enviado el;Enlaces";

async fn columns_name_things_as_officers_write_them(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let [channel, election, instrument, incident] = things(&world, &officer).await;
    let text = |id: &Value| id.as_str().unwrap().to_owned();
    let table = format!(
        "{BEGIN};Canal;Elección;Acuerdo;Incidente\n\
        ESCALATION;NONE;Parley Video;2026-02-01;https://a.example/1;Desk@parley.example;2027-05-09;CODIGO DE ETICA;fechas falsas\n\
        ESCALATION;NONE;Parley Video;2026-02-01;https://a.example/2;{};{};{};{}\n\
        ESCALATION;NONE;Parley Video;2026-02-01;https://a.example/3;;;;\n\
        ESCALATION;NONE;Parley Video;2026-02-01;https://a.example/4;nobody@parley.example;2027-05-10;Nothing;{}\n",
        text(&channel),
        text(&election),
        text(&instrument),
        text(&incident),
        text(&election),
    );
    let done = import(&officer, "contactos.csv", table.clone(), json!({})).await;
    assert_eq!((counts(&done), done["status"].as_str()), ((3, 1, 0), Some("DONE")), "{done}");
    let faults = ["5 Canal UNKNOWN_ID", "5 Elección UNKNOWN_ID", "5 Acuerdo UNKNOWN_ID", "5 Incidente UNKNOWN_ID"];
    assert_eq!(rows(&done), faults);
    let document = "{ contacts(first: 5) { nodes { channel { id } election { id } instrument { id } incident { id } items { url } } } }";
    let mut nodes = officer.data(document, json!({})).await["contacts"]["nodes"].as_array().unwrap().clone();
    nodes.sort_by_key(|node| node["items"][0]["url"].to_string());
    for node in &nodes[..2] {
        let named = [&node["channel"]["id"], &node["election"]["id"], &node["instrument"]["id"], &node["incident"]["id"]];
        assert_eq!(named, [&channel, &election, &instrument, &incident], "{node}");
    }
    assert_eq!((&nodes[2]["channel"], &nodes[2]["incident"]), (&Value::Null, &Value::Null));
    assert_eq!(counts(&import(&officer, "again.csv", table, json!({})).await), (0, 1, 3), "the same rows say the same again");
    let count = "query($id: ID!) { incident(id: $id) { contacts { totalCount } } }";
    assert_eq!(officer.data(count, json!({ "id": incident })).await["incident"]["contacts"]["totalCount"], 2);
    let closed = "mutation($input: IncidentCloseInput!) { incidentClose(input: $input) { incident { id } userErrors { code reason path message } } }";
    let version =
        officer.data("query($id: ID!) { incident(id: $id) { version } }", json!({ "id": incident })).await["incident"]["version"].clone();
    officer.mutate(closed, json!({ "incidentId": incident, "version": version, "reason": "Over" })).await;
    let late = format!("{BEGIN};Incidente\nESCALATION;NONE;Parley Video;2026-02-02;https://a.example/5;Fechas falsas\n");
    assert_eq!(rows(&import(&officer, "late.csv", late, json!({})).await), ["2 Incidente UNKNOWN_ID"], "it is closed");
}

async fn what_the_reader_may_not_read_cannot_be_named(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger) = (world.officer().await, world.stranger().await);
    let [_, _, _, incident] = things(&world, &officer).await;
    let own = json!({ "titles": [{ "language": "en", "text": "A proposal" }], "type": "MOU", "bindingness": "VOLUNTARY", "proposedById": world.body.to_string() });
    made(&officer, "instrumentCreate", "instrument", own).await;
    let narrow =
        json!({ "platformId": world.platform.to_string(), "kind": "EMAIL", "address": "peru@parley.example", "coverageCountries": ["PE"] });
    made(&app.member("admin@parley.example", world.platform, Role::PlatformAdministrator).await, "channelCreate", "channel", narrow).await;
    let table = format!(
        "{BEGIN};Canal;Elección;Acuerdo;Incidente\n\
        ESCALATION;NONE;Parley Video;2026-02-01;https://a.example/1;peru@parley.example;2027-05-09;A proposal;Fechas falsas\n\
        ESCALATION;NONE;Parley Video;2026-02-01;https://a.example/2;;;;{}\n",
        incident.as_str().unwrap(),
    );
    let theirs = import(&stranger, "x.csv", table.clone(), json!({})).await;
    let faults =
        ["2 Canal UNKNOWN_ID", "2 Elección UNKNOWN_ID", "2 Acuerdo UNKNOWN_ID", "2 Incidente UNKNOWN_ID", "3 Incidente UNKNOWN_ID"];
    assert_eq!((rows(&theirs), counts(&theirs)), (faults.map(str::to_owned).to_vec(), (0, 2, 0)));
    assert_eq!(counts(&import(&officer, "x.csv", table, json!({ "dryRun": true })).await), (2, 0, 0));
}

async fn reports_go_when_their_time_is_over(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let table = format!(
        "{BEGIN}\nSHOUTING;NONE;Parley Video;2026-02-01;https://a.example/1\nESCALATION;NONE;Parley Video;2026-02-01;https://a.example/2\n"
    );
    let done = import(&officer, "x.csv", table.clone(), json!({})).await;
    assert_eq!(rows(&done), ["2 Tipo NOT_AN_OPTION"]);
    // Shorter than the default one, or this server's own worker might be the first.
    let kept = Periods { import_reports: Some(TimeDelta::days(30)), ..Periods::default() };
    let forget = async || contact_import::forget(&app.app, &app.app.system(), &kept).await.unwrap();
    app.advance(TimeDelta::days(29));
    assert_eq!(forget().await, 0);
    app.advance(TimeDelta::days(2));
    assert_eq!(forget().await, 1);
    assert_eq!(forget().await, 0, "once");
    let officer = app.signed_in("olga.officer@body.example").await;
    let left = read(&officer, &done["id"]).await;
    assert_eq!((rows(&left), counts(&left)), (Vec::new(), (1, 1, 0)));
    assert_eq!(counts(&import(&officer, "x.csv", table, json!({})).await), (0, 1, 1), "which rows were imported is still known");
    let told = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await;
    assert_eq!(told.get("contacts.importForgotten"), Some(&1));
}
