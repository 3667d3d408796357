//! A person is taken out of his account, and the record stays whole.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, Query},
};
use secrecy::SecretString;
use serde_json::{Value, json};
use tertulia_app::{
    identity::user::{self, NewAccount},
    record,
};
use tertulia_domain::{
    engagement::history,
    id::OrganisationId,
    identity::{Cover, Person},
    page::{self, PageRequest},
    policy::{OrganisationKind, Role},
    record::audit::{RawAuditFilter, seal},
};
use tertulia_tests::{
    Client, Reply, TestApp,
    people::{PASSWORD, id, token_of},
    socket::Socket,
    stories,
};

use uuid::Uuid;

use super::{INVITE, REVOKE, VIEWER};
use crate::{
    directory::channel::liaison,
    engagement::{
        contact_import::import,
        file::uploaded,
        world::{World, done, operation},
    },
};

stories![
    nothing_of_the_person_is_left_in_any_table,
    the_record_stays_whole,
    ends_everything_at_once,
    mail_on_its_way_is_dropped,
    is_confirmed_by_ones_password,
    who_has_left_is_erased_by_the_administrator,
    the_last_administrator_is_not_erased,
];

const ERASE: &str = "mutation($input: UserEraseInput!) { userErase(input: $input) { user { id name email erasedAt } userErrors { code reason path message } } }";
const EMAIL: &str = "zt@body.example";
/// What can be found of the person: names, address, and what only he said of himself.
const MARKS: [&str; 6] = ["zephyrina", "testperson", EMAIL, "ramp at door 77", "0000-0002-1825-0097", "mornings of zephyr"];

/// An officer with a name that occurs nowhere else, signed in.
async fn zephyrina(app: &TestApp, organisation: OrganisationId, role: Role) -> Client {
    let person = Person::parse(EMAIL, "Zephyrina Testperson").unwrap();
    let password = SecretString::from(PASSWORD);
    let account = NewAccount { person, organisation, role, cover: Cover::default(), password, generated: false };
    user::create(&app.app, &app.app.system(), account).await.unwrap();
    app.signed_in(EMAIL).await
}

async fn erase(client: &Client, input: Value) -> Reply {
    client.graphql(ERASE, json!({ "input": input })).await
}

async fn erase_oneself(client: &Client) {
    let left = erase(client, json!({ "password": PASSWORD })).await.data()["userErase"]["user"].clone();
    assert_eq!((&left["name"], &left["email"]), (&json!("(erased)"), &Value::Null));
    assert!(left["erasedAt"].is_string());
}

/// The tables that hold one of [`MARKS`], however it is written.
fn holding(all: &BTreeMap<String, Vec<String>>) -> Vec<&str> {
    let bytes = |mark: &str| mark.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let marks: Vec<String> = MARKS.iter().flat_map(|mark| [(*mark).to_owned(), bytes(mark)]).collect();
    let holds = |rows: &Vec<String>| rows.iter().any(|row| marks.iter().any(|mark| row.to_lowercase().contains(mark)));
    all.iter().filter(|(_, rows)| holds(rows)).map(|(table, _)| table.as_str()).collect()
}

/// Leaves the person in every table that knows more of people than their ids.
async fn spread(app: &TestApp, world: &World<'_>, person: &Client, coordinator: &Client, administrator: &Client) -> Value {
    let record =
        "mutation($input: ExpertRecordInput!) { expertRecord(input: $input) { expert { id } userErrors { code reason path message } } }";
    let consent = "mutation($input: ExpertConsentInput!) { expertConsent(input: $input) { expert { id version } userErrors { code reason path message } } }";
    let update = "mutation($input: ExpertUpdateInput!) { expertUpdate(input: $input) { expert { id version } userErrors { code reason path message } } }";
    let profile = json!({
        "name": "Prof. Zephyrina Testperson", "email": EMAIL, "topics": ["Ballots"], "languages": ["es"], "orcid": "0000-0002-1825-0097",
        "availabilityNotes": "Mornings of Zephyr", "bio": [{ "language": "en", "text": "Zephyrina counts ballots." }],
    });
    let expert = coordinator.mutate(record, profile).await["expert"]["id"].clone();
    let consented = person.mutate(consent, json!({ "listed": "PUBLIC", "until": "2027-01-01T00:00:00Z" })).await["expert"].clone();
    let edit = json!({ "id": expert, "version": consented["version"], "name": "Zephyrina B. Testperson" });
    person.mutate(update, edit).await;
    let other = id(world.body);
    let invited = json!({ "email": EMAIL, "name": "Z. Testperson", "organisationId": other, "role": "ELECTORAL_BODY_ADMINISTRATOR" });
    administrator.mutate(INVITE, invited).await;
    let dialogue = crate::dialogue::monthly_of(coordinator, world.desk, world.body).await;
    let meeting = dialogue["upcoming"]["nodes"][0]["id"].clone();
    let speakers = json!([
        { "name": "Zephyrina B. Testperson", "role": "Speaks for Zephyrina", "expertId": expert },
        { "name": "Zephyrina Testperson", "organisationId": other },
        { "name": "Somebody else", "organisationId": other },
    ]);
    let agenda = json!([{ "title": [{ "language": "en", "text": "Counting" }], "kind": "REPORT", "speakers": speakers }]);
    crate::dialogue::done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": meeting, "items": agenda, "version": 1 })).await;
    let open = "mutation($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) { meeting { id } userErrors { code reason path message } } }";
    coordinator.mutate(open, json!({ "meetingId": meeting, "version": 2, "mode": "OPEN" })).await;
    let register = "mutation($input: MeetingRegisterInput!) { meetingRegister(input: $input) { participation { id } userErrors { code reason path message } } }";
    person
        .mutate(
            register,
            json!({ "meetingId": meeting, "accessNeeds": "Ramp at door 77", "interpretationNeeds": ["fr"], "listed": "PUBLIC" }),
        )
        .await;
    let attached = uploaded(person, "Notes of Zephyrina.csv", "a\n").await;
    let other_attached = uploaded(person, "Post of the campaign.csv", "b\n").await;
    let contact = done(person, "ContactLog", world.smallest()).await["id"].clone();
    for file in [&attached, &other_attached] {
        let attach = "mutation($input: ContactAttachInput!) { contactAttach(input: $input) { userErrors { code reason path message } } }";
        person.mutate(attach, json!({ "contactId": contact, "fileId": file })).await;
    }
    import(person, "Zephyrina's table.csv", "Kind,Legal basis,Platform\n", json!({})).await;
    let client = "mutation($input: ApiClientCreateInput!) { apiClientCreate(input: $input) { userErrors { code reason path message } } }";
    let own =
        json!({ "organisationId": other, "name": "Laptop of Zephyrina", "scopes": ["contacts:read"], "expiresAt": "2026-12-01T00:00:00Z" });
    administrator.mutate(client, own).await;
    // As if he had been an administrator when it was made.
    let database = app.database.connect().await;
    let made = format!("UPDATE api_client SET created_by = (SELECT id FROM user_account WHERE email = '{EMAIL}')");
    database.execute_unprepared(&made).await.unwrap();
    database.close().await.unwrap();
    liaison(coordinator, world.platform, "ZT@body.example").await;
    app.anonymous().post("/v1/password-reset", json!({ "email": EMAIL })).await;
    meeting
}

async fn nothing_of_the_person_is_left_in_any_table(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, coordinator) = (world.colleague().await, world.coordinator().await);
    let person = zephyrina(app, world.body, Role::ElectoralBodyOfficer).await;
    let meeting = spread(app, &world, &person, &coordinator, &administrator).await;
    let contact = done(&person, "ContactLog", world.smallest()).await["id"].clone();
    app.mails(EMAIL).await;
    let before = app.database.everything().await;
    let found = "agenda_item api_client channel contact_import expert file invitation participation revision user_account";
    assert_eq!(holding(&before).join(" "), found);
    erase_oneself(&person).await;
    app.mails(EMAIL).await;
    let after = app.database.everything().await;
    assert_eq!(holding(&after), [] as [&str; 0]);
    assert_eq!(after["file"].iter().filter(|row| row.contains("Post of the campaign.csv")).count(), 1, "it is attached and names nobody");
    assert_eq!(after["agenda_item"].iter().filter(|row| row.contains("Somebody else")).count(), 1, "nobody else is touched");
    // What the parties told each other still is there, and names nobody.
    let read = operation(&administrator, "Contact", json!({ "id": contact })).await;
    assert!(!read.text.to_lowercase().contains("zephyrina"));
    let document = "query($id: ID!) { meeting(id: $id) { agenda { speakers { name } } } }";
    let names = app.anonymous().data(document, json!({ "id": meeting })).await["meeting"]["agenda"][0]["speakers"].clone();
    assert_eq!(names, json!([{ "name": "(erased)" }, { "name": "(erased)" }, { "name": "Somebody else" }]));
}

/// Lines of tables that no erasure may change: facts whole, and of the audit log what does not depend on when it was sealed.
fn kept(all: &BTreeMap<String, Vec<String>>) -> Vec<&String> {
    all["fact"].iter().chain(&all["comment"]).chain(&all["minutes_revision"]).collect()
}

/// Seals every line of the audit log anew, and says how many there are.
async fn chained(app: &TestApp) -> i64 {
    let (mut lines, mut request) = (Vec::new(), PageRequest { limit: page::MAX, ..PageRequest::default() });
    loop {
        let found = record::audit::list(&app.app, &app.app.system(), &RawAuditFilter::default(), &request).await.unwrap();
        request.after = found.edges.last().map(|edge| edge.position.clone());
        lines.extend(found.edges.into_iter().map(|edge| edge.item));
        if !found.has_next {
            break;
        }
    }
    lines.sort_by_key(|line| line.seq);
    let mut previous = String::new();
    for (place, line) in (1..).zip(&lines) {
        assert_eq!(line.seq, Some(place));
        previous = seal(line, place, &previous);
        assert_eq!(line.hash.as_ref(), Some(&previous), "line {place}");
    }
    i64::try_from(lines.len()).unwrap()
}

async fn the_record_stays_whole(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, auditor) = (world.colleague().await, world.auditor().await);
    let person = zephyrina(app, world.body, Role::ElectoralBodyOfficer).await;
    let contact = done(&person, "ContactLog", world.smallest()).await["id"].clone();
    done(&world.representative().await, "ContactAcknowledge", json!({ "contactId": contact })).await;
    done(
        &person,
        "ContactDecide",
        json!({ "contactId": contact, "outcome": "ACTION_TAKEN", "actions": ["CONTENT_REMOVED"], "note": "By phone" }),
    )
    .await;
    operation(&person, "ContactComment", json!({ "input": { "contactId": contact, "text": "Thank you" } })).await;
    let file = format!("/v1/contacts/{}/history", contact.as_str().unwrap());
    let own = person.data(VIEWER, json!({})).await["viewer"]["user"]["id"].clone();
    record::drain(&app.app).await.unwrap();
    let (before, history_before) = (app.database.everything().await, administrator.get(&file).await);
    erase_oneself(&person).await;
    record::drain(&app.app).await.unwrap();
    let after = app.database.everything().await;
    assert_eq!(kept(&after), kept(&before));
    assert!(before["audit_entry"].iter().all(|line| after["audit_entry"].contains(line)), "each line and its seal");
    let history_after = administrator.get(&file).await;
    assert_eq!(history_after.text, history_before.text);
    assert_eq!(history::verify(&history_after.text).unwrap().head.unwrap().seq, 3);
    assert!(chained(app).await > 10);
    let lines = "{ auditEntries(filter: { act: [\"user.erase\", \"contact.log\"] }, first: 10) { nodes { act objectId actorId } } }";
    let lines = auditor.data(lines, json!({})).await["auditEntries"]["nodes"].clone();
    let lines = lines.as_array().unwrap();
    assert!(lines.iter().all(|line| line["actorId"] == own), "the id stays: {lines:?}");
    assert!(lines.iter().any(|line| line["act"] == "user.erase" && line["objectId"] == own));
    let persons = "query($id: ID!) { contact(id: $id) { comments { text person { name } organisation { id } } } }";
    let comment = administrator.graphql(persons, json!({ "id": contact })).await;
    assert!(comment.text.contains("Thank you") && !comment.text.to_lowercase().contains("zephyrina"), "{}", comment.text);
}

async fn ends_everything_at_once(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let person = zephyrina(app, world.body, Role::ElectoralBodyOfficer).await;
    let second = app.sign_in(EMAIL, PASSWORD).await;
    let feed = "mutation($input: FeedTokenCreateInput!) { feedTokenCreate(input: $input) { url userErrors { code reason path message } } }";
    let url = person.mutate(feed, json!({ "scope": "MY_MEETINGS" })).await["url"].as_str().unwrap().to_owned();
    let (_, path) = url.split_once("/v1/").unwrap();
    let input = json!({ "email": EMAIL, "name": "Z", "organisationId": id(world.body), "role": "ELECTORAL_BODY_ADMINISTRATOR" });
    administrator.mutate(INVITE, input).await;
    let invitation = token_of(app.mails(EMAIL).await.last().unwrap());
    let mut socket = Socket::start(&app.url("/graphql"), person.token.as_deref()).await;
    erase_oneself(&person).await;
    assert_eq!(socket.hear().await, Err(4401), "the session has ended");
    assert_eq!(person.graphql(VIEWER, json!({})).await.code(), "UNAUTHENTICATED");
    let refresh = app.anonymous().post("/v1/session/refresh", json!({ "refreshToken": second.body["refreshToken"] })).await;
    assert_eq!(refresh.status, 401);
    assert_eq!(app.sign_in(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(app.anonymous().get(&format!("/v1/{path}")).await.status, 404);
    let accept = json!({ "token": invitation, "password": "another long phrase" });
    assert_eq!(app.anonymous().post("/v1/invitations/accept", accept).await.code(), "INVALID_INPUT");
    let members = "query($id: ID!) { memberships(organisationId: $id, ended: true) { nodes { endedAt user { name } } } }";
    let members = administrator.data(members, json!({ "id": id(world.body) })).await["memberships"]["nodes"].clone();
    assert!(members.as_array().unwrap().iter().any(|one| one["endedAt"].is_string() && one["user"].is_null()), "{members}");
    let told = app.mails("carla.colleague@body.example").await;
    let last = told.last().unwrap();
    assert!(last.contains("Somebody whose account was erased is no longer") && !last.to_lowercase().contains("zephyrina"), "{last}");
    // The address is free for who comes anew.
    let input = json!({ "email": EMAIL, "name": "Z", "organisationId": id(world.body), "role": "ELECTORAL_BODY_OFFICER" });
    administrator.mutate(INVITE, input).await;
}

async fn mail_on_its_way_is_dropped(app: &TestApp) {
    use sea_orm::sea_query::ExprTrait;

    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.account("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let person = zephyrina(app, body, Role::ElectoralBodyOfficer).await;
    // For as long as there is no folder, no mail leaves.
    let folder = std::path::PathBuf::from(&app.config.mail.directory);
    let away = folder.with_extension("away");
    std::fs::rename(&folder, &away).unwrap();
    std::fs::write(&folder, "no folder").unwrap();
    // One that was sealed under a secret that is no more opens for nobody, and stands in nobody's way.
    app.anonymous().post("/v1/password-reset", json!({ "email": "a@body.example" })).await;
    let database = app.database.connect().await;
    let sealed_otherwise = Query::update().table("mail").value("id", Uuid::from_u128(7)).to_owned();
    database.execute(&sealed_otherwise).await.unwrap();
    assert_eq!(person.get("/v1/me/data").await.status, 200);
    for email in [EMAIL, "a@body.example"] {
        app.anonymous().post("/v1/password-reset", json!({ "email": email })).await;
    }
    let waiting = async || app.database.counts("SELECT 'rows', count(*) FROM mail").await["rows"];
    assert_eq!(waiting().await, 3);
    erase_oneself(&person).await;
    assert_eq!(waiting().await, 3, "the administrator's, and one that tells him of the membership");
    database.execute(&Query::delete().from_table("mail").and_where(Expr::col("id").eq(Uuid::from_u128(7))).to_owned()).await.unwrap();
    database.close().await.unwrap();
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    app.advance(TimeDelta::hours(5));
    assert_eq!((app.mails(EMAIL).await.len(), app.mails("a@body.example").await.len()), (0, 2));
}

async fn is_confirmed_by_ones_password(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.account("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let person = zephyrina(app, body, Role::ElectoralBodyOfficer).await;
    for (input, code, fault) in [
        (json!({}), "INVALID_INPUT", "input.password REQUIRED"),
        (json!({ "password": "" }), "INVALID_INPUT", "input.password REQUIRED"),
        (json!({ "password": "a guess that is wrong" }), "FORBIDDEN", "input.password NOT_PERMITTED"),
        (json!({ "userId": "x", "password": PASSWORD }), "INVALID_INPUT", "input.userId MALFORMED"),
        (json!({ "userId": "user_00000000000000000000000001" }), "NOT_FOUND", "input.userId UNKNOWN_ID"),
    ] {
        let refused = erase(&person, input.clone()).await;
        assert_eq!((refused.code(), refused.faults()), (code, vec![fault.to_owned()]), "{input}");
    }
    assert_eq!(erase(&app.anonymous(), json!({ "password": PASSWORD })).await.code(), "UNAUTHENTICATED");
    assert_eq!(person.data(VIEWER, json!({})).await["viewer"]["user"]["email"], EMAIL, "nothing was done");
}

async fn who_has_left_is_erased_by_the_administrator(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let elsewhere = app.organisation(OrganisationKind::ElectoralBody, "Another body").await;
    let administrator = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let officer = app.member("o@body.example", body, Role::ElectoralBodyOfficer).await;
    let stranger = app.member("a@elsewhere.example", elsewhere, Role::ElectoralBodyAdministrator).await;
    let person = zephyrina(app, body, Role::ElectoralBodyOfficer).await;
    let viewer = person.data(VIEWER, json!({})).await["viewer"].clone();
    let who = json!({ "userId": viewer["user"]["id"] });
    for other in [&coordinator, &officer, &stranger] {
        let refused = erase(other, who.clone()).await;
        assert_eq!((refused.code(), refused.faults()), ("NOT_FOUND", vec!["input.userId UNKNOWN_ID".to_owned()]));
    }
    let early = erase(&administrator, who.clone()).await;
    let refused = ("INVALID_TRANSITION", vec!["input.userId NOT_ALLOWED_NOW".to_owned()]);
    assert_eq!((early.code(), early.faults()), refused, "still a member");
    administrator.mutate(REVOKE, json!({ "membershipId": viewer["memberships"][0]["id"] })).await;
    assert_eq!(erase(&stranger, who.clone()).await.code(), "NOT_FOUND");
    assert!(erase(&administrator, who.clone()).await.data()["userErase"]["user"]["erasedAt"].is_string());
    let again = erase(&administrator, who).await;
    assert_eq!((again.code(), again.faults()), ("INVALID_TRANSITION", vec!["input.userId ALREADY_DONE".to_owned()]));
    assert_eq!(holding(&app.database.everything().await), [] as [&str; 0]);
}

async fn the_last_administrator_is_not_erased(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let person = zephyrina(app, body, Role::ElectoralBodyAdministrator).await;
    let refused = erase(&person, json!({ "password": PASSWORD })).await;
    assert_eq!((refused.code(), refused.faults()), ("INVALID_TRANSITION", vec!["input.userId NOT_ALLOWED_NOW".to_owned()]));
    app.account("b@body.example", body, Role::ElectoralBodyAdministrator).await;
    erase_oneself(&person).await;
}
