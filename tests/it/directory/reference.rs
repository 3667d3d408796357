//! Loading reference data, writing it, and what a fault in it does.

use serde_json::json;
use tertulia_app::directory::reference::{self, File};
use tertulia_domain::Error;
use tertulia_tests::{TestApp, stories};

stories![
    loads_once_and_then_changes_nothing,
    what_is_written_is_read_again,
    a_faulty_row_loads_nothing,
    every_fault_of_every_file_is_named,
    an_edit_by_a_person_is_kept_unless_overwritten,
    a_corrected_file_changes_its_rows_and_keeps_history,
];

async fn loads_once_and_then_changes_nothing(app: &TestApp) {
    let system = app.app.system();
    assert_eq!(reference::load_new(&app.app, &system).await.unwrap(), None, "the directory is not empty");
    let files = reference::export(&app.app, &system).await.unwrap();
    let again = reference::import(&app.app, &system, &files, true).await.unwrap();
    assert!(again.iter().all(|loaded| loaded.new + loaded.changed == 0 && loaded.kept.is_empty()), "{again:?}");
    let counts: Vec<(&str, usize)> = again.iter().map(|loaded| (loaded.file, loaded.unchanged)).collect();
    let expected = [
        ("regions.csv", 29),
        ("countries.csv", 250),
        ("organisations.csv", 50),
        ("electoral_bodies.csv", 188),
        ("platform_services.csv", 49),
        ("elections.csv", 422),
        ("reporting_programmes.csv", 8),
        ("instruments.csv", 10),
        ("publications.csv", 3),
    ];
    assert_eq!(counts, expected);
}

async fn what_is_written_is_read_again(app: &TestApp) {
    let system = app.app.system();
    let files = reference::export(&app.app, &system).await.unwrap();
    let fresh = reference::export(&app.app, &system).await.unwrap();
    for (one, other) in files.iter().zip(&fresh) {
        assert_eq!((&one.name, &one.bytes), (&other.name, &other.bytes));
    }
    let countries = text(&files, "countries.csv");
    assert!(countries.lines().any(|line| line.starts_with("NA,NAM,516,OFFICIAL,en=Namibia|")), "Namibia's code is the text NA");
}

async fn a_faulty_row_loads_nothing(app: &TestApp) {
    let system = app.app.system();
    let files = reference::export(&app.app, &system).await.unwrap();
    let bodies =
        text(&files, "electoral_bodies.csv").replacen("https://uaenec.ae/", "no address", 1).replacen("Junta Electoral", "Changed", 1);
    let line = bodies.lines().position(|line| line.contains("no address")).unwrap() + 1;
    let error = reference::import(&app.app, &system, &[file("electoral_bodies.csv", &bodies)], true).await.unwrap_err();
    assert_eq!(places(&error), [format!("electoral_bodies.csv/{line}/website")]);
    assert!(error.faults[0].message.starts_with(&format!("electoral_bodies.csv, line {line}, column website: ")), "{error}");
    let unchanged = reference::export(&app.app, &system).await.unwrap();
    assert_eq!(text(&unchanged, "electoral_bodies.csv"), text(&files, "electoral_bodies.csv"));
}

async fn every_fault_of_every_file_is_named(app: &TestApp) {
    let elections = "key,version,country,jurisdiction,type,status,polling_days,silence_periods,campaign_from,campaign_to,responsible_bodies,provenance_state,source_url,source_note,as_of\n\
        one,,QQ,,PRESIDENTIAL,EXPECTED,tomorrow,,,,,UNVERIFIED,,,\n\
        one,x,PE,,COUP,EXPECTED,2027,,,,nobody,UNVERIFIED,,,\n";
    let services = "key,name\na,b\n";
    let files = [file("elections.csv", elections), file("platform_services.csv", services), file("weather.csv", "")];
    let error = reference::import(&app.app, &app.app.system(), &files, false).await.unwrap_err();
    let mut places = places(&error);
    places.sort();
    let expected = [
        "elections.csv/2/country",
        "elections.csv/2/polling_days",
        "elections.csv/3/key",
        "elections.csv/3/responsible_bodies",
        "elections.csv/3/type",
        "elections.csv/3/version",
        "platform_services.csv/1/",
        "weather.csv/0/",
    ];
    let named: Vec<&str> = places.iter().map(String::as_str).filter(|place| expected.contains(place)).collect();
    assert_eq!(named.len(), places.iter().filter(|place| expected.contains(&place.as_str())).count());
    for place in expected {
        assert!(places.iter().any(|known| known == place), "{place} is missing of {places:?}");
    }
}

async fn an_edit_by_a_person_is_kept_unless_overwritten(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let body = peru(app).await;
    let input = json!({ "id": body["id"], "version": body["version"], "shortName": "EDITED" });
    coordinator.mutate(UPDATE, input).await;
    let system = app.app.system();
    // The files as they ship carry no versions.
    let exported = text(&reference::export(&app.app, &system).await.unwrap(), "electoral_bodies.csv");
    let shipped = exported.replacen("EDITED", "SHIPPED", 1).replacen(",2,PE,", ",,PE,", 1);
    let kept = reference::import(&app.app, &system, &[file("electoral_bodies.csv", &shipped)], false).await.unwrap();
    assert_eq!((kept[0].changed, kept[0].kept.len()), (0, 1), "{kept:?}");
    assert_eq!(peru(app).await["shortName"], "EDITED");
    let replaced = reference::import(&app.app, &system, &[file("electoral_bodies.csv", &shipped)], true).await.unwrap();
    assert_eq!((replaced[0].changed, replaced[0].overwritten.len()), (1, 1), "{replaced:?}");
    assert_eq!(peru(app).await["shortName"], "SHIPPED");
}

async fn a_corrected_file_changes_its_rows_and_keeps_history(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let system = app.app.system();
    let exported = text(&reference::export(&app.app, &system).await.unwrap(), "electoral_bodies.csv");
    let corrected = exported.replacen("en=Electoral Board|ca=Junta Electoral", "en=Corrected|ca=Junta Electoral", 1);
    let report = reference::import(&app.app, &system, &[file("electoral_bodies.csv", &corrected)], false).await.unwrap();
    assert_eq!((report[0].changed, report[0].unchanged), (1, 187), "{report:?}");
    let found = app.anonymous().data("{ electoralBodies(filter: { country: \"AD\" }) { nodes { id name } } }", json!({})).await;
    let body = &found["electoralBodies"]["nodes"][0];
    assert_eq!(body["name"], "Corrected");
    let history = coordinator.data(HISTORY, json!({ "id": body["id"] })).await;
    let replaced = &history["directoryHistory"][0];
    assert_eq!((&replaced["version"], &replaced["replacedBy"]), (&json!(1), &json!(null)));
    assert!(replaced["replaced"][0]["value"].as_str().unwrap().contains("Electoral Board"), "{history}");
}

const HISTORY: &str = "query ($id: ID!) { directoryHistory(id: $id) { version replacedBy { id } replaced { name value } } }";
const UPDATE: &str = "mutation ($input: ElectoralBodyUpdateInput!) { electoralBodyUpdate(input: $input) { electoralBody { id } userErrors { code reason path message } } }";

/// One of Perú's bodies.
async fn peru(app: &TestApp) -> serde_json::Value {
    let document = "{ electoralBodies(filter: { country: \"PE\" }, first: 1) { nodes { id version shortName } } }";
    app.anonymous().data(document, json!({})).await["electoralBodies"]["nodes"][0].clone()
}

fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn text(files: &[File], name: &str) -> String {
    let file = files.iter().find(|file| file.name == name).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

fn places(error: &Error) -> Vec<String> {
    error.faults.iter().map(|fault| fault.path.join("/")).collect()
}
