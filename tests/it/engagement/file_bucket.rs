//! Files in a bucket of an S3-compatible service.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_tests::{
    Client, TestApp,
    bucket::Bucket,
    people::{PASSWORD, text},
    process, stories,
};
use tokio::net::TcpListener;

use super::{
    contact_import::{ask, counts, ended},
    file::{get, upload, uploaded},
    world::{World, done},
};
use crate::BINARY;

stories![
    a_content_lies_in_the_bucket_and_the_parties_read_it,
    a_large_content_goes_and_comes_in_parts,
    contacts_are_imported_from_the_bucket,
    what_nothing_uses_leaves_the_bucket,
    a_service_that_is_away_keeps_no_half_file_and_loses_no_import,
    a_service_that_says_nothing_is_not_waited_for,
    a_wrong_secret_keeps_nothing_and_the_operator_is_told,
    servers_share_the_bucket,
    what_was_damaged_is_told_to_nobody_as_whole,
];

const ATTACH: &str = "mutation($input: ContactAttachInput!) { contactAttach(input: $input) { userErrors { code message } } }";

/// A server of its own whose files are in the bucket.
async fn server(app: &TestApp, bucket: &Bucket) -> TestApp {
    TestApp::start_with(app.database.backend, |config| bucket.configure(config)).await
}

async fn files(app: &TestApp) -> i64 {
    app.database.counts("SELECT 'rows', count(*) FROM file").await["rows"]
}

/// Waits until so many objects are in the bucket. Each request wakes the server's worker.
async fn until(app: &TestApp, bucket: &Bucket, left: usize) {
    while bucket.objects().len() != left {
        app.anonymous().post("/v1/password-reset", json!({ "email": "nobody@elsewhere.example" })).await;
    }
}

/// What somebody is told of a fault of the server.
async fn refused(client: &Client, file: &Value) -> (StatusCode, String) {
    let reply = get(client, file).await;
    (reply.status, reply.code().to_owned())
}

async fn a_content_lies_in_the_bucket_and_the_parties_read_it(app: &TestApp) {
    let bucket = Bucket::start().await;
    let own = server(app, &bucket).await;
    let world = World::new(&own).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let kept = upload(&officer, "note.txt", "What was said").await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text);
    let objects = bucket.objects();
    assert!(objects.len() == 1 && objects[0].ends_with(kept.body["sha256"].as_str().unwrap()), "{objects:?}");
    let file = kept.body["id"].clone();
    assert_eq!(get(&officer, &file).await.text, "What was said");
    assert_eq!(refused(&representative, &file).await, (StatusCode::NOT_FOUND, "NOT_FOUND".to_owned()));
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let attached = officer.mutate(ATTACH, json!({ "contactId": contact["id"], "fileId": file })).await;
    assert_eq!(attached["userErrors"], json!([]));
    let reply = get(&representative, &file).await;
    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, "What was said"));
    assert_eq!(reply.headers["content-disposition"], "attachment; filename*=UTF-8''note.txt");
    assert_eq!(refused(&world.rival().await, &file).await.0, StatusCode::NOT_FOUND);
    uploaded(&officer, "again.txt", "What was said").await;
    assert_eq!(bucket.objects().len(), 1, "one content, however often it comes");
    own.finish().await;
}

async fn a_large_content_goes_and_comes_in_parts(app: &TestApp) {
    let bucket = Bucket::start().await;
    let own = server(app, &bucket).await;
    let officer = World::new(&own).await.officer().await;
    let content = (0..600_000).map(|line| format!("{line:09}\n")).collect::<Vec<_>>().concat();
    let file = uploaded(&officer, "long.txt", content.as_bytes()).await;
    assert_eq!(std::fs::metadata(&bucket.objects()[0]).unwrap().len(), content.len() as u64);
    assert!(get(&officer, &file).await.text == content);
    own.finish().await;
}

async fn contacts_are_imported_from_the_bucket(app: &TestApp) {
    let bucket = Bucket::start().await;
    let own = server(app, &bucket).await;
    let officer = World::new(&own).await.officer().await;
    let table = "Kind,Legal basis,Platform,Subject\nESCALATION,NONE,Parley Video,A rumour\nNONSENSE,NONE,Parley Video,Another\n";
    let file = uploaded(&officer, "contacts.csv", table).await;
    let asked = ask(&officer, json!({ "fileId": file, "timeZone": "America/Lima" })).await.data()["contactsImport"].clone();
    assert_eq!(asked["userErrors"], json!([]));
    assert_eq!(counts(&ended(&officer, &asked["import"]["id"]).await), (1, 1, 0));
    own.finish().await;
}

async fn what_nothing_uses_leaves_the_bucket(app: &TestApp) {
    let mut bucket = Bucket::start().await;
    let own = server(app, &bucket).await;
    let officer = World::new(&own).await.officer().await;
    uploaded(&officer, "x.txt", "text").await;
    uploaded(&officer, "y.txt", "another").await;
    own.advance(TimeDelta::hours(23));
    until(&own, &bucket, 2).await;
    bucket.stop().await;
    own.advance(TimeDelta::hours(30));
    while files(&own).await > 0 {
        own.anonymous().post("/v1/password-reset", json!({ "email": "nobody@elsewhere.example" })).await;
    }
    assert_eq!(bucket.objects().len(), 2, "the service was away");
    bucket.restart().await;
    own.advance(TimeDelta::hours(2));
    until(&own, &bucket, 0).await;
    own.finish().await;
}

async fn a_service_that_is_away_keeps_no_half_file_and_loses_no_import(app: &TestApp) {
    let mut bucket = Bucket::start().await;
    let own = server(app, &bucket).await;
    let officer = World::new(&own).await.officer().await;
    let file = uploaded(&officer, "contacts.csv", "Kind,Legal basis,Platform,Subject\nESCALATION,NONE,Parley Video,A rumour\n").await;
    bucket.stop().await;
    let away = upload(&officer, "note.txt", "What was said").await;
    assert_eq!((away.status, away.code()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"), "{}", away.text);
    assert!(away.headers.contains_key("retry-after") && away.body["incident"].is_string());
    assert_eq!(files(&own).await, 1, "no file without its content");
    assert_eq!(refused(&officer, &file).await, (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE".to_owned()));
    let asked = ask(&officer, json!({ "fileId": file, "timeZone": "America/Lima" })).await.data()["contactsImport"].clone();
    assert_eq!(asked["userErrors"], json!([]));
    let rounds = async || own.database.counts("SELECT status, attempts FROM contact_import").await.into_iter().next().unwrap();
    while rounds().await != ("RUNNING".to_owned(), 0) {}
    bucket.restart().await;
    assert_eq!(counts(&ended(&officer, &asked["import"]["id"]).await), (1, 0, 0));
    assert_eq!(upload(&officer, "note.txt", "What was said").await.status, StatusCode::CREATED);
    assert_eq!(bucket.objects().len(), 2);
    own.finish().await;
}

async fn a_service_that_says_nothing_is_not_waited_for(app: &TestApp) {
    let bucket = Bucket::start().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let silence = tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok(connection) = silent.accept().await {
            open.push(connection);
        }
    });
    let own = TestApp::start_with(app.database.backend, |config| {
        bucket.configure(config);
        config.files.s3.endpoint = format!("http://{address}");
        config.files.s3.timeout_seconds = 1;
    });
    let own = own.await;
    let officer = World::new(&own).await.officer().await;
    let refused = upload(&officer, "note.txt", "What was said").await;
    assert_eq!((refused.status, refused.code()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"), "{}", refused.text);
    assert_eq!(files(&own).await, 0);
    silence.abort();
    own.finish().await;
}

async fn a_wrong_secret_keeps_nothing_and_the_operator_is_told(app: &TestApp) {
    let mut bucket = Bucket::start().await;
    let own = TestApp::start_with(app.database.backend, |config| {
        bucket.configure(config);
        config.files.s3.secret_key = "another".into();
    });
    let own = own.await;
    let officer = World::new(&own).await.officer().await;
    let refused = upload(&officer, "note.txt", "What was said").await;
    assert_eq!((refused.status, refused.code()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"), "{}", refused.text);
    assert_eq!((files(&own).await, bucket.objects().len()), (0, 0));
    let settings = tempfile::NamedTempFile::new().unwrap();
    let (url, path) = (own.database.url.clone(), settings.path().to_str().unwrap().to_owned());
    let check = async |text: String| {
        std::fs::write(&path, text).unwrap();
        let (url, path) = (url.clone(), path.clone());
        let run = move || process::command(BINARY, &url, &["files", "check", "--config", &path], "");
        tokio::task::spawn_blocking(run).await.unwrap()
    };
    let (name, secret) = Bucket::RIGHT;
    let fine = check(bucket.settings(name, secret)).await;
    assert_eq!((fine.code, fine.said.as_str()), (0, "Files can be kept and read.\n"), "{fine:?}");
    for (settings, sentence) in [
        (bucket.settings(name, "a-wrong-secret"), "refuses the access key for the bucket evidence. Check files.s3.access_key"),
        (bucket.settings(name, ""), "files.s3.secret_key is empty"),
        (format!("{}[files]\nfolder = \"/files\"\n", bucket.settings(name, secret)), "empty one of them"),
        ("[files]\nfolder = \"/proc/nothing\"\n".to_owned(), "Let the server's user write into the folder /proc/nothing"),
    ] {
        let told = check(settings).await;
        assert_eq!((told.code, told.said.as_str()), (1, ""), "{sentence}: {told:?}");
        assert!(told.complained.contains(sentence) && !told.complained.contains("a-wrong-secret"), "{sentence}: {told:?}");
    }
    bucket.stop().await;
    let told = check(bucket.settings(name, secret)).await;
    assert!(told.code == 1 && told.complained.contains("does not answer as it should. Check files.s3.endpoint"), "{told:?}");
    own.finish().await;
}

async fn servers_share_the_bucket(app: &TestApp) {
    let bucket = Bucket::start().await;
    let own = server(app, &bucket).await;
    let other = own.beside().await;
    let officer = World::new(&own).await.officer().await;
    let elsewhere = other.with_token(officer.token.clone().unwrap());
    let file = uploaded(&officer, "note.txt", "What was said").await;
    assert_eq!(get(&elsewhere, &file).await.text, "What was said");
    let theirs = uploaded(&elsewhere, "other.txt", "What was answered").await;
    assert_eq!(get(&officer, &theirs).await.text, "What was answered");
    for server in [&own, &other] {
        server.advance(TimeDelta::hours(60));
    }
    until(&own, &bucket, 0).await;
    let again = other.with_token(text(&other.sign_in("olga.officer@body.example", PASSWORD).await, "accessToken"));
    assert_eq!(get(&again, &file).await.status, StatusCode::NOT_FOUND);
    other.finish().await;
    own.finish().await;
}

async fn what_was_damaged_is_told_to_nobody_as_whole(app: &TestApp) {
    let bucket = Bucket::start().await;
    let own = server(app, &bucket).await;
    let officer = World::new(&own).await.officer().await;
    let file = uploaded(&officer, "note.txt", "What was said").await;
    let object = bucket.objects().pop().unwrap();
    std::fs::write(&object, "What").unwrap();
    assert_eq!(refused(&officer, &file).await, (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL".to_owned()));
    std::fs::remove_file(object).unwrap();
    assert_eq!(refused(&officer, &file).await, (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL".to_owned()));
    uploaded(&officer, "again.txt", "What was said").await;
    assert_eq!(get(&officer, &file).await.text, "What was said", "whoever brings it again mends it");
    own.finish().await;
}
