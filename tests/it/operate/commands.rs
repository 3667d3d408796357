//! The operator's commands as processes: what they do, what they refuse, their exit codes and sentences.

use serde_json::json;
use tertulia_tests::{
    TestApp,
    database::TestDatabase,
    process::{self, Ended},
    stories,
};

use crate::{
    BINARY,
    engagement::world::{World, done},
};

stories![
    migrate_fills_an_empty_database_once,
    the_first_coordinator_signs_in_with_the_password_from_standard_input,
    keys_are_rotated,
    the_directory_is_exported_corrected_and_imported,
    generate_marks_what_it_makes_and_refuses_real_contacts,
];
tertulia_tests::checks![the_schema_is_printed, the_settings_are_printed_and_checked];

fn run(database: &TestDatabase, arguments: &[&str]) -> Ended {
    process::command(BINARY, &database.url, arguments, "")
}

#[track_caller]
fn succeeds(ended: &Ended, sentence: &str) {
    assert_eq!((ended.code, ended.complained.as_str()), (0, ""), "{ended:?}");
    assert!(ended.said.contains(sentence), "{ended:?}");
}

/// A refusal is one exit code and sentences for a person, without the innards of an error.
#[track_caller]
fn fails(ended: &Ended, sentence: &str) {
    assert_eq!((ended.code, ended.said.as_str()), (1, ""), "{ended:?}");
    assert!(ended.complained.contains(sentence) && !ended.complained.contains("panicked"), "{ended:?}");
}

async fn migrate_fills_an_empty_database_once(app: &TestApp) {
    let empty = TestDatabase::empty(app.database.backend).await;
    let first = run(&empty, &["migrate"]);
    for sentence in ["The database was empty; its tables are made.", "entries from 9 files.", "The meeting of Madrid is loaded."] {
        succeeds(&first, sentence);
    }
    let again = run(&empty, &["migrate"]);
    assert_eq!((again.code, again.said.as_str()), (0, ""), "nothing was missing: {again:?}");
    let bodies = empty.counts("SELECT kind, count(*) FROM organisation GROUP BY kind").await;
    assert_eq!(bodies["ELECTORAL_BODY"], 188);
    empty.remove().await;
    let nowhere = match app.database.backend {
        tertulia_tests::harness::Backend::Sqlite => "sqlite:/nowhere/at/all.db",
        tertulia_tests::harness::Backend::Postgres => "postgres://nobody@127.0.0.1:1/nothing",
    };
    fails(&process::command(BINARY, nowhere, &["migrate"], ""), "Cause: ");
    assert_eq!(run(&app.database, &["migrate", "--sideways"]).code, 2, "an argument that there is not");
}

async fn the_first_coordinator_signs_in_with_the_password_from_standard_input(app: &TestApp) {
    let create = |email: &str, more: &[&str], input: &str| {
        let arguments = [&["create-admin", "--email", email, "--name", "Coordinator"], more].concat();
        process::command(BINARY, &app.database.url, &arguments, input)
    };
    run(&app.database, &["migrate"]);
    fails(&create("no address", &["--password-stdin"], "a fine long phrase\n"), "e-mail");
    fails(&create("c@desk.example", &["--password-stdin"], "short\n"), "characters");
    fails(&create("c@desk.example", &["--organisation", "x"], ""), "--organisation takes an id");
    assert_eq!(app.sign_in("c@desk.example", "short").await.status, 401, "nothing is half made");
    succeeds(&create("c@desk.example", &["--password-stdin"], "a fine long phrase\r\nand more\n"), "The coordinator can sign in.");
    let reply = app.sign_in("c@desk.example", "a fine long phrase").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    fails(&create("d@desk.example", &["--password-stdin"], "a fine long phrase\n"), "coordinator");
    succeeds(&create("d@desk.example", &["--another"], ""), "token=");
    let acts = app.database.counts("SELECT act, count(*) FROM audit_entry GROUP BY act").await;
    assert_eq!(acts["user.create"], 2, "each is in the audit log: {acts:?}");
}

async fn keys_are_rotated(app: &TestApp) {
    let keys = async || app.database.counts("SELECT 'keys', count(*) FROM signing_key").await["keys"];
    let (client, _) = app.coordinator().await;
    let before = keys().await;
    succeeds(&run(&app.database, &["keys", "rotate"]), "A new key signs access tokens from now on");
    assert_eq!(keys().await, before + 1);
    client.data("{ service { version } }", json!({})).await;
    app.signed_in("coordinator@desk.example").await.data("{ service { version } }", json!({})).await;
    let acts = app.database.counts("SELECT act, count(*) FROM audit_entry GROUP BY act").await;
    assert!(acts["key.rotate"] >= 1, "{acts:?}");
    let empty = TestDatabase::empty(app.database.backend).await;
    for arguments in [&["keys", "rotate"][..], &["directory", "export", "/nowhere/at/all"]] {
        fails(&run(&empty, arguments), "Run `tertulia migrate` first.");
    }
    empty.remove().await;
    assert_eq!(run(&app.database, &["keys"]).code, 2);
}

async fn the_directory_is_exported_corrected_and_imported(app: &TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("directory");
    let path = files.to_str().unwrap();
    succeeds(&run(&app.database, &["directory", "export", path]), "9 files are written into");
    succeeds(&run(&app.database, &["directory", "import", path]), "electoral_bodies.csv: 0 new, 0 changed, 188 unchanged.");
    let bodies = files.join("electoral_bodies.csv");
    let good = std::fs::read_to_string(&bodies).unwrap();
    let corrected = good.replacen("https://uaenec.ae/", "https://uaenec.ae/new", 1);
    let bad = corrected.replacen("https://uaenec.ae/new", "no address", 1);
    let line = bad.lines().position(|line| line.contains("no address")).unwrap() + 1;
    std::fs::write(&bodies, &bad).unwrap();
    fails(&run(&app.database, &["directory", "import", path]), &format!("electoral_bodies.csv, line {line}, column website: "));
    let found = async || {
        let query = "{ electoralBodies(filter: { search: \"uae\" }, first: 100) { nodes { website } } }";
        app.anonymous().data(query, json!({})).await.to_string().contains("https://uaenec.ae/new")
    };
    assert!(!found().await, "a fault loads nothing");
    std::fs::write(&bodies, corrected).unwrap();
    succeeds(&run(&app.database, &["directory", "import", path]), "electoral_bodies.csv: 0 new, 1 changed, 187 unchanged.");
    let websites = app.database.counts("SELECT website, count(*) FROM organisation WHERE website IS NOT NULL GROUP BY website").await;
    assert_eq!(websites.get("https://uaenec.ae/new"), Some(&1));
    fails(&run(&app.database, &["directory", "import", "/nowhere/at/all"]), "The folder /nowhere/at/all cannot be read");
}

async fn generate_marks_what_it_makes_and_refuses_real_contacts(app: &TestApp) {
    let kinds = "SELECT CASE WHEN generated THEN 'generated' ELSE 'logged' END AS kind, count(*) FROM contact GROUP BY 1";
    for (number, code, sentence) in [("0", 1, "1 to 10,000,000"), ("10000001", 1, "1 to 10,000,000"), ("many", 2, "invalid value")] {
        let refused = run(&app.database, &["generate", "--contacts", number]);
        assert_eq!(refused.code, code, "{refused:?}");
        assert!(refused.complained.contains(sentence), "{refused:?}");
    }
    assert!(app.database.counts(kinds).await.is_empty());
    let made = run(&app.database, &["generate", "--contacts", "450", "--seed", "7"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(made.said.contains("450 contacts are generated, each marked as such."), "{made:?}");
    assert_eq!(app.database.counts(kinds).await, [("generated".to_owned(), 450)].into(), "every one is marked");
    let (coordinator, _) = app.coordinator().await;
    let read = coordinator.data("{ contacts(first: 50) { nodes { generated } } }", json!({})).await;
    let nodes = read["contacts"]["nodes"].as_array().unwrap();
    assert!(!nodes.is_empty() && nodes.iter().all(|node| node["generated"] == true), "{read}");
    let other = TestApp::start(app.database.backend).await;
    run(&other.database, &["migrate"]);
    let world = World::new(&other).await;
    done(&world.officer().await, "ContactLog", world.smallest()).await;
    fails(&run(&other.database, &["generate", "--contacts", "10"]), "This database holds contacts that people logged.");
    assert_eq!(other.database.counts(kinds).await, [("logged".to_owned(), 1)].into(), "nothing was made");
    other.finish().await;
}

fn the_schema_is_printed() {
    let printed = process::command(BINARY, "sqlite:none", &["schema"], "");
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql")).unwrap();
    assert_eq!((printed.code, printed.said == kept), (0, true));
}

fn the_settings_are_printed_and_checked() {
    let printed = process::command(BINARY, "sqlite:none", &["config"], "");
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/api/config.default.toml")).unwrap();
    assert_eq!((printed.code, printed.said == kept), (0, true));
    succeeds(&process::command(BINARY, "sqlite:none", &["config", "--check"], ""), "The configuration can be used.");
    let file = tempfile::NamedTempFile::new().unwrap();
    let check = |text: &str| {
        std::fs::write(file.path(), text).unwrap();
        process::command(BINARY, "sqlite:none", &["config", "--check", "--config", file.path().to_str().unwrap()], "")
    };
    succeeds(&check("[server]\nlisten = \"127.0.0.1:9\"\n"), "listen on 127.0.0.1:9.");
    fails(&check("[server]\nlitsen = \"127.0.0.1:9\"\n"), "litsen");
    fails(&check("[server]\nlisten = \"nowhere\"\n"), "listen");
    fails(&check("[server\n"), "The configuration cannot be read");
    let bare = std::process::Command::new(BINARY).arg("migrate").env_clear().output().unwrap();
    assert_eq!(bare.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&bare.stderr).starts_with("There is no secret"), "nothing works by default");
}
