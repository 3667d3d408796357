//! Evidence attached to contacts: who takes it, what of it stays, and when its bytes go.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_app::{engagement::contact, retention::Periods};
use tertulia_domain::{
    identity::Cover,
    policy::{Coverage, OrganisationKind, Role},
    text::CountryCode,
};
use tertulia_tests::{Client, Reply, TestApp, stories};
use uuid::Uuid;

use super::{
    contact_import::ask,
    file::{PNG, get, until, uploaded},
    world::{World, done},
};
use crate::identity::api_client::Partner;

stories![
    both_sides_take_what_is_attached_and_nobody_else,
    of_a_restricted_contact_only_named_persons_take_it,
    what_was_said_stays_and_a_draft_forgets,
    a_contact_has_so_many_attachments_and_bytes,
    only_a_file_of_ones_own_organisation_is_attached_once,
    pages_and_single_attachments_are_read_alike,
    attached_files_stay_and_go_with_their_contact,
    files_of_the_log_and_of_a_person_name_them,
    a_program_attaches_as_far_as_its_scopes_go,
];

const DOCUMENTS: &str = include_str!("../../operations/engagement-files.graphql");
const READ: &str =
    "query($id: ID!) { contact(id: $id) { changedAt version allowedActs attachments { totalCount nodes { id fileId name mediaType
  bytes sha256 uploadedAt uploadedBy { name } attachedAt organisation { id } attachedBy { name } detachedAt detachReason canDetach } } } }";

async fn act(client: &Client, name: &str, input: Value) -> Reply {
    client.operation(DOCUMENTS, name, json!({ "input": input })).await
}

async fn attach(client: &Client, contact: &Value, file: &Value) -> Reply {
    act(client, "ContactAttach", json!({ "contactId": contact["id"], "fileId": file })).await
}

/// The same, which must be done.
async fn attached(client: &Client, contact: &Value, file: &Value) {
    let data = attach(client, contact, file).await.data();
    assert_eq!(data["contactAttach"]["userErrors"], json!([]), "{data}");
}

/// The attachments of a contact as the caller reads it; null if he does not.
async fn read(client: &Client, contact: &Value) -> Value {
    client.data(READ, json!({ "id": contact["id"] })).await["contact"]["attachments"]["nodes"].clone()
}

async fn both_sides_take_what_is_attached_and_nobody_else(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let file = uploaded(&officer, "screen.png", PNG).await;
    app.advance(TimeDelta::minutes(1));
    attached(&officer, &contact, &file).await;
    let own = read(&officer, &contact).await[0].clone();
    assert_eq!((&own["fileId"], &own["name"], &own["mediaType"]), (&file, &json!("screen.png"), &json!("image/png")));
    assert_eq!((&own["bytes"], own["sha256"].as_str().unwrap().len()), (&json!(PNG.len()), 64));
    assert_eq!((&own["uploadedAt"], &own["attachedAt"]), (&json!("2026-03-02T09:00:00Z"), &json!("2026-03-02T09:01:00Z")));
    assert!(own["attachedBy"]["name"].is_string() && own["uploadedBy"]["name"].is_string());
    assert_eq!((&own["organisation"]["id"], &own["canDetach"]), (&json!(world.body.to_string()), &json!(true)));
    let theirs = read(&representative, &contact).await[0].clone();
    assert_eq!((&theirs["sha256"], &theirs["attachedBy"], &theirs["uploadedBy"]), (&own["sha256"], &Value::Null, &Value::Null));
    assert_eq!(theirs["canDetach"], false);
    let reply = get(&representative, &file).await;
    assert_eq!(
        (reply.status, &reply.headers["content-disposition"]),
        (StatusCode::OK, &"attachment; filename*=UTF-8''screen.png".parse().unwrap())
    );
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    assert!(reply.headers["content-security-policy"].to_str().unwrap().ends_with("sandbox"));
    let answer = uploaded(&representative, "answer.txt", "Removed").await;
    attached(&representative, &contact, &answer).await;
    assert_eq!(get(&world.colleague().await, &answer).await.text, "Removed");
    let cover = Cover { countries: Coverage::Only([CountryCode::parse("CL").unwrap()].into()), services: Coverage::All };
    app.account_covering("narrow@parley.example", world.platform, Role::PlatformRepresentative, cover).await;
    for client in [world.rival().await, world.stranger().await, app.signed_in("narrow@parley.example").await] {
        assert_eq!(read(&client, &contact).await, Value::Null);
        for file in [&file, &answer] {
            let refused = get(&client, file).await;
            assert_eq!((refused.status, refused.code()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
        }
    }
    let coordinator = world.coordinator().await;
    assert_eq!(read(&coordinator, &contact).await.as_array().unwrap().len(), 2, "that they are there");
    for client in [coordinator, world.auditor().await] {
        assert_eq!(get(&client, &file).await.status, StatusCode::FORBIDDEN, "the parties only");
    }
    assert_eq!(get(&app.anonymous(), &file).await.status, StatusCode::UNAUTHORIZED);
}

async fn of_a_restricted_contact_only_named_persons_take_it(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague, representative) = (world.officer().await, world.colleague().await, world.representative().await);
    let own = done(&officer, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    let file = uploaded(&officer, "x.txt", "for us").await;
    attached(&officer, &own, &file).await;
    assert_eq!(get(&representative, &file).await.status, StatusCode::NOT_FOUND, "not shared");
    let oneself = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
    let named = done(&officer, "ContactLog", world.contact(&json!({ "visibility": "NAMED", "namedReaders": [oneself] }))).await;
    let secret = uploaded(&officer, "y.txt", "for me").await;
    assert_eq!(get(&colleague, &secret).await.status, StatusCode::OK, "an upload is the organisation's");
    attached(&officer, &named, &secret).await;
    assert_eq!(get(&officer, &secret).await.text, "for me");
    for client in [&colleague, &representative] {
        assert_eq!(get(client, &secret).await.status, StatusCode::NOT_FOUND);
    }
    let open = done(&colleague, "ContactLog", world.smallest()).await;
    let stolen = attach(&colleague, &open, &secret).await;
    assert_eq!((stolen.code(), stolen.faults()), ("NOT_FOUND", vec!["input.fileId UNKNOWN_ID".to_owned()]));
    let imported = ask(&colleague, json!({ "fileId": secret })).await;
    assert_eq!((imported.code(), imported.faults()), ("NOT_FOUND", vec!["input.fileId UNKNOWN_ID".to_owned()]));
    attached(&officer, &open, &secret).await;
    assert_eq!(get(&representative, &secret).await.text, "for me", "whoever reads it may give it on");
}

async fn what_was_said_stays_and_a_draft_forgets(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
    let (wrong, file) = (uploaded(&officer, "wrong.txt", "wrong").await, uploaded(&officer, "x.txt", "evidence").await);
    attached(&officer, &contact, &wrong).await;
    attached(&officer, &contact, &file).await;
    let known = read(&officer, &contact).await;
    let detach = async |client: &Client, attachment: &Value, reason: Value| {
        let input = json!({ "contactId": contact["id"], "attachmentId": attachment["id"], "reason": reason });
        act(client, "ContactDetach", input).await
    };
    let away = detach(&officer, &known[0], Value::Null).await.data();
    assert_eq!(away["contactDetach"]["userErrors"], json!([]));
    assert_eq!(read(&officer, &contact).await, json!([known[1]]), "nobody had seen it");
    assert_eq!(detach(&officer, &known[0], Value::Null).await.code(), "NOT_FOUND");
    done(&officer, "ContactSend", json!({ "contactId": contact["id"] })).await;
    let silent = detach(&officer, &known[1], Value::Null).await;
    assert_eq!((silent.code(), silent.faults()), ("INVALID_INPUT", vec!["input.reason REQUIRED".to_owned()]));
    assert_eq!(detach(&representative, &known[1], json!("Not ours")).await.code(), "FORBIDDEN");
    for client in [world.rival().await, world.stranger().await] {
        assert_eq!(detach(&client, &known[1], json!("x")).await.code(), "NOT_FOUND");
    }
    app.advance(TimeDelta::minutes(2));
    detach(&officer, &known[1], json!("It shows another page")).await.data();
    let left = read(&representative, &contact).await[0].clone();
    assert_eq!((&left["detachedAt"], &left["detachReason"]), (&json!("2026-03-02T09:02:00Z"), &json!("It shows another page")));
    assert_eq!(get(&representative, &file).await.text, "evidence", "what was said stays");
    let again = detach(&officer, &known[1], json!("Again")).await;
    assert_eq!((again.code(), again.faults()), ("INVALID_TRANSITION", vec!["input.attachmentId NOT_ALLOWED_NOW".to_owned()]));
    let told = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await;
    assert_eq!((told.get("contact.attached"), told.get("contact.detached")), (Some(&2), Some(&2)));
}

async fn a_contact_has_so_many_attachments_and_bytes(app: &TestApp) {
    let small = app.beside_with(|config| (config.files.attachments, config.files.attachment_bytes) = (3, 100)).await;
    let world = World::new(&small).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    attached(&officer, &contact, &uploaded(&officer, "1.txt", "x".repeat(60)).await).await;
    let over = attach(&officer, &contact, &uploaded(&officer, "2.txt", "x".repeat(41)).await).await;
    assert_eq!((over.code(), over.faults()), ("LIMIT_EXCEEDED", vec!["input.fileId TOO_LONG".to_owned()]));
    attached(&representative, &contact, &uploaded(&representative, "3.txt", "x".repeat(39)).await).await;
    attached(&officer, &contact, &uploaded(&officer, "4.txt", "x").await).await;
    let fourth = attach(&representative, &contact, &uploaded(&representative, "5.txt", "y").await).await;
    assert_eq!((fourth.code(), fourth.faults()), ("LIMIT_EXCEEDED", vec!["input.fileId TOO_MANY".to_owned()]));
    small.finish().await;
}

async fn only_a_file_of_ones_own_organisation_is_attached_once(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let (file, theirs) = (uploaded(&officer, "x.txt", "ours").await, uploaded(&representative, "x.txt", "theirs").await);
    for (file, code) in
        [(&theirs, "NOT_FOUND"), (&json!("file_00000000000000000000000001"), "NOT_FOUND"), (&json!("nonsense"), "INVALID_INPUT")]
    {
        let refused = attach(&officer, &contact, file).await;
        assert_eq!((refused.code(), refused.faults()[0].starts_with("input.fileId ")), (code, true), "{file}");
    }
    let keyed = json!({ "contactId": contact["id"], "fileId": file, "idempotencyKey": "once" });
    for _ in 0..2 {
        assert_eq!(act(&officer, "ContactAttach", keyed.clone()).await.data()["contactAttach"]["userErrors"], json!([]));
    }
    let twice = attach(&officer, &contact, &file).await;
    assert_eq!((twice.code(), twice.faults()), ("CONFLICT", vec!["input.fileId DUPLICATE".to_owned()]));
    assert_eq!(read(&officer, &contact).await.as_array().unwrap().len(), 1);
    let university = app.organisation(OrganisationKind::Academia, "University").await;
    let expert = app.member("ada@university.example", university, Role::Expert).await;
    for client in [expert, world.auditor().await, world.coordinator().await] {
        assert_eq!(attach(&client, &contact, &file).await.code(), "FORBIDDEN");
    }
    for client in [world.rival().await, world.stranger().await] {
        let own = uploaded(&client, "x.txt", "own").await;
        assert_eq!(attach(&client, &contact, &own).await.code(), "NOT_FOUND");
    }
    assert_eq!(attach(&app.anonymous(), &contact, &file).await.code(), "UNAUTHENTICATED");
    let path = format!("/v1/contacts/{}/attach", contact["id"].as_str().unwrap());
    let reply = representative.post(&path, json!({ "fileId": theirs })).await;
    assert_eq!((reply.status, reply.body["attachments"]["nodes"].as_array().unwrap().len()), (StatusCode::OK, 2), "{}", reply.text);
}

async fn pages_and_single_attachments_are_read_alike(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, rival) = (world.officer().await, world.rival().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    for name in ["1.txt", "2.txt", "3.txt"] {
        attached(&officer, &contact, &uploaded(&officer, name, name).await).await;
    }
    let all = read(&officer, &contact).await;
    let names = |list: &Value| list["nodes"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    let pages = "query($id: ID!, $first: Int, $after: String) { contact(id: $id) { attachments(first: $first, after: $after) {
        totalCount nodes { name } pageInfo { hasNextPage endCursor } } } }";
    let one = officer.data(pages, json!({ "id": contact["id"], "first": 2 })).await["contact"]["attachments"].clone();
    assert_eq!(
        (names(&one), &one["totalCount"], &one["pageInfo"]["hasNextPage"]),
        (vec![json!("1.txt"), json!("2.txt")], &json!(3), &json!(true))
    );
    let next = json!({ "id": contact["id"], "first": 2, "after": one["pageInfo"]["endCursor"] });
    let two = officer.data(pages, next).await["contact"]["attachments"].clone();
    assert_eq!((names(&two), &two["pageInfo"]["hasNextPage"]), (vec![json!("3.txt")], &json!(false)));
    assert_eq!(officer.graphql(pages, json!({ "id": contact["id"], "first": 101 })).await.code(), "LIMIT_EXCEEDED");
    let node = "query($id: ID!) { node(id: $id) { id ... on ContactAttachment { name } } }";
    let found = officer.data(node, json!({ "id": all[1]["id"] })).await["node"].clone();
    assert_eq!(found, json!({ "id": all[1]["id"], "name": "2.txt" }));
    assert_eq!(rival.data(node, json!({ "id": all[1]["id"] })).await["node"], Value::Null);
    let change = "query($after: DateTime!) { contacts(filter: { changedAfter: $after }) { totalCount } }";
    app.advance(TimeDelta::minutes(1));
    attached(&officer, &contact, &uploaded(&officer, "4.txt", "4").await).await;
    assert_eq!(officer.data(change, json!({ "after": "2026-03-02T09:00:30Z" })).await["contacts"]["totalCount"], 1);
}

async fn attached_files_stay_and_go_with_their_contact(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let kept = done(&officer, "ContactLog", world.smallest()).await;
    let gone = done(&officer, "ContactLog", world.smallest()).await;
    let (shared, own) = (uploaded(&officer, "shared.txt", "in both").await, uploaded(&officer, "own.txt", "in one").await);
    for (contact, file) in [(&kept, &shared), (&gone, &shared), (&gone, &own)] {
        attached(&officer, contact, file).await;
    }
    done(&officer, "ContactWithdraw", json!({ "contactId": gone["id"], "reason": "Done" })).await;
    uploaded(&officer, "unused.txt", "in none").await;
    app.advance(TimeDelta::days(50));
    until(app, 2).await;
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!((get(&officer, &shared).await.text.as_str(), get(&officer, &own).await.text.as_str()), ("in both", "in one"));
    let periods = Periods { closed: Some(TimeDelta::days(40)), ..Periods::default() };
    assert_eq!(contact::purge(&app.app, &app.app.system(), &periods, Uuid::nil()).await.unwrap(), 1);
    assert_eq!(get(&officer, &own).await.status, StatusCode::NOT_FOUND, "at once");
    assert_eq!(get(&officer, &shared).await.text, "in both", "another contact has it");
    app.advance(TimeDelta::hours(2));
    until(app, 1).await;
    let names = app.database.counts("SELECT name, count(*) FROM file GROUP BY name").await;
    assert_eq!(names.keys().collect::<Vec<_>>(), ["shared.txt"]);
}

async fn files_of_the_log_and_of_a_person_name_them(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    for name in ["=1.txt", "two%20words.txt"] {
        attached(&officer, &contact, &uploaded(&officer, name, name).await).await;
    }
    let mut table = csv::Reader::from_reader(std::io::Cursor::new(representative.get("/v1/contacts.csv").await.text));
    let column = table.headers().unwrap().iter().position(|name| name == "attachments").unwrap();
    assert_eq!(&table.records().next().unwrap().unwrap()[column], "'=1.txt / two words.txt");
    let line: Value = serde_json::from_str(&representative.get("/v1/contacts.ndjson").await.text).unwrap();
    let first = &line["attachments"]["nodes"][0];
    assert_eq!((&first["name"], &first["attachedBy"], first["sha256"].as_str().unwrap().len()), (&json!("=1.txt"), &Value::Null, 64));
    let about_me = officer.get("/v1/me/data").await.body;
    assert_eq!(about_me["contactAttachments"][0]["about"], contact["id"]);
    assert_eq!(about_me["files"][1]["text"], "two words.txt");
    assert_eq!(representative.get("/v1/me/data").await.body["files"], json!([]));
}

async fn a_program_attaches_as_far_as_its_scopes_go(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let writes = Partner::new(&administrator, &["contacts:write"]).await.signed_in(app).await;
    let reads = Partner::new(&administrator, &["contacts:read"]).await.signed_in(app).await;
    let nothing = Partner::new(&administrator, &["directory:read"]).await.signed_in(app).await;
    let contact = done(&writes, "ContactLog", world.smallest()).await;
    let file = uploaded(&writes, "x.txt", "by a program").await;
    attached(&writes, &contact, &file).await;
    assert_eq!(read(&administrator, &contact).await[0]["attachedBy"], Value::Null);
    assert_eq!(get(&reads, &file).await.text, "by a program");
    assert_eq!(attach(&reads, &contact, &file).await.code(), "FORBIDDEN");
    assert_eq!(get(&nothing, &file).await.status, StatusCode::FORBIDDEN);
}
