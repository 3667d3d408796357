//! Files, uploaded and downloaded.

use std::path::PathBuf;

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tertulia_domain::{
    policy::{OrganisationKind, Role},
    record::audit::hex,
};
use tertulia_tests::{
    Client, Reply, TestApp,
    people::{PASSWORD, text},
    stories,
};

use super::world::World;

stories![
    a_file_comes_back_as_it_was_and_is_never_shown,
    a_form_brings_a_file_too,
    a_type_is_told_by_the_content,
    one_byte_too_many_is_refused_and_leaves_nothing,
    an_organisation_has_so_many_bytes,
    only_the_own_organisation_reads_it,
    who_has_no_part_uploads_nothing,
    what_nothing_uses_goes_with_its_content,
    uploads_and_downloads_stand_in_the_audit_log,
];

/// Uploads some bytes.
pub(crate) async fn upload(client: &Client, name: &str, content: impl Into<Vec<u8>>) -> Reply {
    let request = client.request(Method::POST, &format!("/v1/files?name={name}"));
    client.send(request.header("content-type", "application/octet-stream").body(content.into())).await
}

/// The same, which must be kept; answers the file's id.
pub(crate) async fn uploaded(client: &Client, name: &str, content: impl Into<Vec<u8>>) -> Value {
    let reply = upload(client, name, content).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    reply.body["id"].clone()
}

/// Gets a file.
pub(crate) async fn get(client: &Client, id: &Value) -> Reply {
    client.get(&format!("/v1/files/{}", id.as_str().unwrap())).await
}

/// A picture, as far as its first bytes go.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// Everything that lies in the server's folder.
fn lying(app: &TestApp) -> Vec<PathBuf> {
    let below = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    below(PathBuf::from(&app.config.files.folder)).flat_map(below).collect()
}

/// Waits until so many contents lie there. Each request wakes the server's worker; that of a stranger leaves nothing.
pub(crate) async fn until(app: &TestApp, left: usize) {
    while lying(app).len() != left {
        app.anonymous().post("/v1/password-reset", json!({ "email": "nobody@elsewhere.example" })).await;
    }
}

async fn a_file_comes_back_as_it_was_and_is_never_shown(app: &TestApp) {
    let officer = World::new(app).await.officer().await;
    let content = "Línea,1\r\n".repeat(20_000);
    let kept = upload(&officer, "..%2FContactos%202025.csv", content.as_bytes()).await;
    let sha256 = hex(&Sha256::digest(&content));
    assert_eq!((kept.status, &kept.body["name"]), (StatusCode::CREATED, &json!("Contactos 2025.csv")));
    assert_eq!((&kept.body["mediaType"], &kept.body["bytes"]), (&json!("text/csv"), &json!(content.len())));
    assert_eq!((&kept.body["sha256"], &kept.body["uploadedAt"]), (&json!(sha256), &json!("2026-03-02T09:00:00Z")));
    assert_eq!(kept.headers["location"], format!("/v1/files/{}", kept.body["id"].as_str().unwrap()));
    let reply = get(&officer, &kept.body["id"]).await;
    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, content.as_str()));
    assert_eq!(reply.headers["content-type"], "text/csv");
    assert_eq!(reply.headers["content-disposition"], "attachment; filename*=UTF-8''Contactos%202025.csv");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    assert!(reply.headers["content-security-policy"].to_str().unwrap().ends_with("sandbox"));
    assert_eq!(reply.headers["etag"], format!("\"{sha256}\""));
    assert!(reply.headers["repr-digest"].to_str().unwrap().starts_with("sha-256=:"));
    uploaded(&officer, "again.csv", content.as_bytes()).await;
    assert_eq!(lying(app).len(), 1, "one content, however often it comes");
    assert!(lying(app)[0].ends_with(&sha256));
}

async fn a_form_brings_a_file_too(app: &TestApp) {
    let officer = World::new(app).await.officer().await;
    let form = |part: &str| format!("--x\r\nContent-Disposition: form-data; {part}\r\n\r\nSome text\r\n--x--\r\n");
    let send = |body: String| {
        let request = officer.request(Method::POST, "/v1/files").header("content-type", "multipart/form-data; boundary=x").body(body);
        officer.send(request)
    };
    let kept = send(form("name=\"file\"; filename=\"note.txt\"")).await;
    assert_eq!((kept.status, &kept.body["name"]), (StatusCode::CREATED, &json!("note.txt")), "{}", kept.text);
    assert_eq!(get(&officer, &kept.body["id"]).await.text, "Some text");
    for bad in [form("name=\"file\""), "--x--\r\n".to_owned(), "nothing".to_owned()] {
        let refused = send(bad).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"), "{}", refused.text);
    }
}

async fn a_type_is_told_by_the_content(app: &TestApp) {
    let officer = World::new(app).await.officer().await;
    let mut mp4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    mp4.resize(64, 0);
    for (name, content, kind) in [
        ("picture.txt", PNG, "image/png"),
        ("x.exe", b"%PDF-1.7\n", "application/pdf"),
        ("x", b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        ("x", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("x", mp4.as_slice(), "video/mp4"),
        ("table.csv", b"\xff\xfea\0,\0b\0", "text/csv"),
        ("x.png", b"a,b", "text/plain"),
    ] {
        let kept = upload(&officer, name, content).await;
        assert_eq!((kept.status, &kept.body["mediaType"]), (StatusCode::CREATED, &json!(kind)), "{name} {}", kept.text);
    }
    for content in [
        b"<!DOCTYPE html><script>alert(1)</script>".as_slice(),
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\0\x03\0\0\0",
        b"\x7fELF\x02\x01\x01\0",
        b"PK\x03\x04 which is no archive",
        b"some text\0and more",
        b"#!/bin/sh\necho",
    ] {
        let refused = upload(&officer, "table.csv", content).await;
        assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", refused.text);
        assert_eq!(refused.body["errors"][0]["reason"], "NOT_AN_OPTION");
    }
    let empty = upload(&officer, "x.csv", "").await;
    assert_eq!((empty.status, &empty.body["errors"][0]["reason"]), (StatusCode::BAD_REQUEST, &json!("TOO_SHORT")));
    for query in ["?name=", "?name=..", "?colour=red"] {
        let request = officer.request(Method::POST, &format!("/v1/files{query}")).body("text");
        assert_eq!(officer.send(request).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

async fn one_byte_too_many_is_refused_and_leaves_nothing(app: &TestApp) {
    let small = app.beside_with(|config| config.files.bytes = 1_000).await;
    let officer = World::new(&small).await.officer().await;
    assert_eq!(upload(&officer, "x.txt", "x".repeat(1_000)).await.status, StatusCode::CREATED);
    let announced = upload(&officer, "x.txt", "x".repeat(1_001)).await;
    let pieces = futures::stream::iter([(); 2].map(|()| Ok::<_, std::io::Error>("y".repeat(600))));
    let request = officer.request(Method::POST, "/v1/files").body(reqwest::Body::wrap_stream(pieces));
    for refused in [announced, officer.send(request).await] {
        assert_eq!((refused.status, refused.code()), (StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED"), "{}", refused.text);
    }
    assert_eq!(lying(&small).len(), 1);
    small.finish().await;
}

async fn an_organisation_has_so_many_bytes(app: &TestApp) {
    let small = app.beside_with(|config| config.files.organisation_bytes = 1_000).await;
    let world = World::new(&small).await;
    let officer = world.officer().await;
    assert_eq!(upload(&officer, "x.txt", "x".repeat(600)).await.status, StatusCode::CREATED);
    let refused = upload(&officer, "x.txt", "y".repeat(401)).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["reason"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("TOO_MANY")));
    assert_eq!(upload(&officer, "x.txt", "y".repeat(400)).await.status, StatusCode::CREATED);
    assert_eq!(upload(&world.stranger().await, "x.txt", "y".repeat(401)).await.status, StatusCode::CREATED, "each its own");
    small.finish().await;
}

async fn only_the_own_organisation_reads_it(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let file = uploaded(&officer, "x.txt", "text").await;
    assert_eq!(get(&world.colleague().await, &file).await.status, StatusCode::OK);
    for client in [world.stranger().await, world.representative().await] {
        let refused = get(&client, &file).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
    }
    for client in [world.auditor().await, world.coordinator().await] {
        assert_eq!(get(&client, &file).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(get(&app.anonymous(), &file).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get(&officer, &json!("nonsense")).await.status, StatusCode::NOT_FOUND);
}

async fn who_has_no_part_uploads_nothing(app: &TestApp) {
    let world = World::new(app).await;
    let university = app.organisation(OrganisationKind::Academia, "University").await;
    let expert = app.member("ada@university.example", university, Role::Expert).await;
    for client in [expert, world.auditor().await, world.coordinator().await] {
        assert_eq!(upload(&client, "x.txt", "text").await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(upload(&app.anonymous(), "x.txt", "text").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(upload(&world.representative().await, "x.txt", "text").await.status, StatusCode::CREATED);
    let other = world.stranger().await.data("{ viewer { memberships { id } } }", json!({})).await["viewer"]["memberships"][0]["id"].clone();
    let path = format!("/v1/files?actingAs={}", other.as_str().unwrap());
    let officer = world.officer().await;
    let refused = officer.send(officer.request(Method::POST, &path).body("text")).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["path"]), (StatusCode::NOT_FOUND, &json!(["actingAs"])));
}

async fn what_nothing_uses_goes_with_its_content(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    world.stranger().await;
    let file = uploaded(&officer, "x.txt", "the same").await;
    uploaded(&officer, "y.txt", "another").await;
    app.advance(TimeDelta::hours(23));
    let again = async |email| app.with_token(text(&app.sign_in(email, PASSWORD).await, "accessToken"));
    let same = uploaded(&again("stranger@chile.example").await, "x.txt", "the same").await;
    app.advance(TimeDelta::hours(2));
    until(app, 1).await;
    assert_eq!(get(&again("olga.officer@body.example").await, &file).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&again("stranger@chile.example").await, &same).await.text, "the same", "another file has this content");
    app.advance(TimeDelta::hours(48));
    until(app, 0).await;
    let officer = again("olga.officer@body.example").await;
    let file = uploaded(&officer, "x.txt", "the same").await;
    assert_eq!(get(&officer, &file).await.text, "the same");
}

async fn uploads_and_downloads_stand_in_the_audit_log(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let file = uploaded(&officer, "x.txt", "text").await;
    get(&officer, &file).await;
    get(&world.stranger().await, &file).await;
    let auditor = world.auditor().await;
    for act in ["file.upload", "file.download"] {
        let document = "query($act: String!) { auditEntries(filter: { act: $act }, first: 5) { nodes { objectId organisation { id } } } }";
        let entries = auditor.data(document, json!({ "act": act })).await["auditEntries"]["nodes"].clone();
        assert_eq!(entries, json!([{ "objectId": file, "organisation": { "id": world.body.to_string() } }]), "{act}");
    }
}
