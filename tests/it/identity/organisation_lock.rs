//! Locking an organisation at once, and unlocking it by two persons.

use chrono::TimeDelta;
use futures::SinkExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{
    Client, TestApp,
    events::Events,
    people::{PASSWORD, id, text},
    socket::Socket,
    stories,
};

use super::{INVITE, REVOKE, api_client::Partner};
use crate::engagement::{
    contact_import::{contacts, hold_elsewhere, import, table},
    world::{World, act, done, list, read},
};

stories![
    a_lock_ends_everything_at_once_on_every_server,
    two_persons_unlock_and_nothing_from_before_comes_back,
    refuses_who_may_not_and_what_does_not_fit,
    nothing_is_done_for_a_locked_organisation,
    a_file_that_was_on_its_way_is_not_kept,
    who_belongs_to_two_keeps_the_other,
    a_locked_platform_finds_what_was_logged_meanwhile,
];

/// Bytes that come slowly: the lock falls between them.
async fn a_file_that_was_on_its_way_is_not_kept(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer) = (world.colleague().await, world.officer().await);
    let (mut pieces, body) = futures::channel::mpsc::channel::<Result<&[u8], std::io::Error>>(1);
    let request = officer.request(Method::POST, "/v1/files?name=list.txt").header("content-type", "application/octet-stream");
    let upload = officer.send(request.body(reqwest::Body::wrap_stream(body)));
    let lock = async {
        pieces.send(Ok(b"The first half of a list, ")).await.unwrap();
        let incoming = std::path::Path::new(&app.config.files.folder).join("incoming");
        while std::fs::read_dir(&incoming).map_or(0, Iterator::count) == 0 {
            tokio::task::yield_now().await;
        }
        administrator.mutate(LOCK, of(world.body)).await;
        pieces.send(Ok(b"and the other")).await.unwrap();
        drop(pieces);
    };
    let (reply, ()) = futures::join!(upload, lock);
    let why = &reply.body["errors"][0]["reason"];
    assert_eq!((reply.status, why), (StatusCode::FORBIDDEN, &json!("LOCKED")), "{}", reply.text);
    assert_eq!(app.database.counts("SELECT 'files', count(*) FROM file").await.get("files"), Some(&0));
}

pub(crate) const LOCK: &str = "mutation($input: OrganisationLockInput!) { organisationLock(input: $input) {
  organisation { id lock { lockedAt } } lock { lockedAt reason unlockProposedAt unlockedAt } userErrors { code reason path message } } }";
pub(crate) const UNLOCK: &str = "mutation($input: OrganisationUnlockInput!) { organisationUnlock(input: $input) {
  organisation { id } lock { lockedAt reason unlockProposedAt unlockedAt } userErrors { code reason path message } } }";
const SEEN: &str = "query($id: ID!) { node(id: $id) { ... on Organisation { lock { lockedAt reason unlockProposedAt } } } }";
const CHANGED: &str = "subscription { contactChanged { act contact { id } } }";

pub(crate) fn of(organisation: OrganisationId) -> Value {
    json!({ "organisationId": organisation.to_string(), "reason": "The building was entered" })
}

/// `code reason path` of each fault.
async fn refused(client: &Client, document: &str, input: Value) -> Vec<String> {
    let data = client.data(document, json!({ "input": input })).await;
    let payload = data.as_object().unwrap().values().next().unwrap().clone();
    assert_eq!((&payload["lock"], &payload["organisation"]), (&Value::Null, &Value::Null), "{payload}");
    let word = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    let told = |fault: &Value| format!("{} {} {}", word(fault, "code"), word(fault, "reason"), fault["path"][1].as_str().unwrap_or("-"));
    payload["userErrors"].as_array().unwrap().iter().map(told).collect()
}

/// The status of whatever a caller asks.
async fn standing(client: &Client) -> StatusCode {
    client.graphql("{ service { version } }", json!({})).await.status
}

async fn listen(app: &TestApp, client: &Client) -> Socket {
    let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
    socket.subscribe("1", CHANGED, json!({})).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    socket
}

pub(crate) async fn unlock(world: &World<'_>, organisation: OrganisationId) {
    let second = world.app.member("second@desk.example", world.desk, Role::Coordinator).await;
    for coordinator in [world.app.signed_in("coordinator@desk.example").await, second] {
        coordinator.mutate(UNLOCK, of(organisation)).await;
    }
}

async fn a_lock_ends_everything_at_once_on_every_server(app: &TestApp) {
    let world = World::new(app).await;
    let second = app.beside().await;
    let (administrator, officer, representative) = (world.colleague().await, world.officer().await, world.representative().await);
    let coordinator = world.coordinator().await;
    let partner = Partner::new(&administrator, &["contacts:read"]).await;
    let program = partner.signed_in(app).await;
    let refresh = text(&app.sign_in("olga.officer@body.example", PASSWORD).await, "refreshToken");
    let feed = "mutation($input: FeedTokenCreateInput!) { feedTokenCreate(input: $input) { url userErrors { code reason path message } } }";
    let feed = officer.mutate(feed, json!({ "scope": "MY_MEETINGS" })).await["url"].as_str().unwrap().to_owned();
    let feed = format!("/v1/{}", feed.split_once("/v1/").unwrap().1);
    assert_eq!(app.anonymous().get(&feed).await.status, 200);
    let mut cut = vec![listen(app, &officer).await, listen(&second, &officer).await, listen(app, &program).await];
    let mut stream = Events::open(&officer, CHANGED, json!({})).await;
    let mut other = listen(app, &representative).await;
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    for socket in cut.iter_mut().chain([&mut other]) {
        assert_eq!(socket.hear().await.unwrap()["payload"]["data"]["contactChanged"]["act"], "LOG");
    }
    assert_eq!(stream.hear().await.unwrap().unwrap()["data"]["contactChanged"]["act"], "LOG");

    let locked = administrator.mutate(LOCK, of(world.body)).await;
    assert_eq!(locked["lock"]["lockedAt"], "2026-03-02T09:00:00Z");
    for client in [&officer, &administrator, &program, &second.with_token(officer.token.clone().unwrap())] {
        assert_eq!(standing(client).await, StatusCode::UNAUTHORIZED, "tokens from before are good no longer");
    }
    for socket in &mut cut {
        assert_eq!(socket.hear().await, Err(4401), "no message after the lock");
    }
    assert_eq!(stream.hear().await, Err("the stream has ended"));
    assert_eq!(app.anonymous().post("/v1/session/refresh", json!({ "refreshToken": refresh })).await.status, StatusCode::UNAUTHORIZED);
    let again = app.sign_in("olga.officer@body.example", PASSWORD).await;
    assert_eq!((again.status, again.code()), (StatusCode::FORBIDDEN, "FORBIDDEN"), "{}", again.text);
    assert_eq!(again.body["errors"][0]["reason"], "LOCKED");
    assert_eq!(app.sign_in("olga.officer@body.example", "a wrong password").await.status, StatusCode::UNAUTHORIZED, "told to none else");
    assert_eq!(partner.ask(app, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.anonymous().get(&feed).await.status, StatusCode::NOT_FOUND);

    // The other party reads, hears and records as before, and so does the coordinator.
    assert_eq!(read(&representative, &contact["id"]).await["id"], contact["id"]);
    done(&representative, "ContactAcknowledge", json!({ "contactId": contact["id"] })).await;
    while other.hear().await.unwrap()["payload"]["data"]["contactChanged"]["act"] != "ACKNOWLEDGE" {}
    assert_eq!(read(&coordinator, &contact["id"]).await["status"], "ACKNOWLEDGED");
    // Who has a role knows of it, the coordinator why.
    let seen = async |client: &Client| client.data(SEEN, json!({ "id": id(world.body) })).await["node"]["lock"].clone();
    assert_eq!(seen(&app.anonymous()).await, Value::Null);
    let told = json!({ "lockedAt": "2026-03-02T09:00:00Z", "reason": null, "unlockProposedAt": null });
    assert_eq!(seen(&representative).await, told);
    assert_eq!(seen(&coordinator).await["reason"], "The building was entered");
    for reader in ["carla.colleague@body.example", "coordinator@desk.example"] {
        let mail = app.mails(reader).await.pop().expect("a letter");
        assert!(mail.contains("The building was entered"), "{mail}");
    }
    assert_eq!(app.mails("olga.officer@body.example").await.len(), 0);
    second.finish().await;
}

async fn two_persons_unlock_and_nothing_from_before_comes_back(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    let colleague = app.member("second@desk.example", world.desk, Role::Coordinator).await;
    let partner = Partner::new(&administrator, &["contacts:read"]).await;
    let program = partner.signed_in(app).await;
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    let key = json!({ "organisationId": id(world.body), "reason": "A laptop was lost", "idempotencyKey": "l1" });
    let first = coordinator.mutate(LOCK, key.clone()).await;
    assert_eq!(coordinator.mutate(LOCK, key.clone()).await, first, "the same act sent again");
    let proposed = coordinator.mutate(UNLOCK, of(world.body)).await["lock"].clone();
    assert_eq!((&proposed["unlockProposedAt"], &proposed["unlockedAt"]), (&json!("2026-03-02T09:00:00Z"), &Value::Null));
    assert_eq!(refused(&coordinator, UNLOCK, of(world.body)).await, ["INVALID_TRANSITION NOT_PERMITTED organisationId"]);
    assert_eq!(app.sign_in("olga.officer@body.example", PASSWORD).await.status, StatusCode::FORBIDDEN, "one person opens nothing");
    assert!(app.mails("second@desk.example").await.pop().unwrap().contains("is to be unlocked"));
    let unlocked = colleague.mutate(UNLOCK, of(world.body)).await["lock"].clone();
    assert_eq!(unlocked["unlockedAt"], "2026-03-02T09:00:00Z");
    assert_eq!(colleague.data(SEEN, json!({ "id": id(world.body) })).await["node"]["lock"], Value::Null);
    for client in [&officer, &administrator, &program] {
        assert_eq!(standing(client).await, StatusCode::UNAUTHORIZED, "tokens from before stay dead");
    }
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!(read(&officer, &contact["id"]).await["id"], contact["id"], "everything is there");
    assert_eq!(standing(&partner.signed_in(app).await).await, StatusCode::OK);
    assert!(app.mails("carla.colleague@body.example").await.pop().unwrap().contains("is unlocked"));
    let lines = "{ auditEntries(filter: { act: [\"organisation.lock\", \"organisation.unlock\"] }) { nodes { act objectId } } }";
    let lines = world.auditor().await.data(lines, json!({})).await["auditEntries"]["nodes"].clone();
    let line = |act: &str| json!({ "act": act, "objectId": id(world.body) });
    assert_eq!(lines, json!([line("organisation.unlock"), line("organisation.unlock"), line("organisation.lock")]));
    // It can be locked again, as another lock.
    coordinator.mutate(LOCK, of(world.body)).await;
    assert_eq!(standing(&officer).await, StatusCode::UNAUTHORIZED);
}

async fn refuses_who_may_not_and_what_does_not_fit(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, representative) = (world.colleague().await, world.officer().await, world.representative().await);
    let (coordinator, auditor) = (world.coordinator().await, world.auditor().await);
    for client in [&officer, &representative, &auditor, &world.stranger().await] {
        assert_eq!(refused(client, LOCK, of(world.body)).await, ["FORBIDDEN NOT_PERMITTED -"]);
        assert_eq!(refused(client, UNLOCK, of(world.body)).await, ["FORBIDDEN NOT_PERMITTED -"]);
    }
    assert_eq!(refused(&administrator, LOCK, of(world.other_body)).await, ["FORBIDDEN NOT_PERMITTED -"], "the own one only");
    assert_eq!(refused(&administrator, UNLOCK, of(world.body)).await, ["FORBIDDEN NOT_PERMITTED -"]);
    let stranger = app.anonymous().graphql(LOCK, json!({ "input": of(world.body) })).await;
    assert_eq!(stranger.code(), "UNAUTHENTICATED");
    let wrong = json!({ "organisationId": id(world.service), "reason": "x".repeat(1_001) });
    assert_eq!(refused(&coordinator, LOCK, wrong).await, ["INVALID_INPUT WRONG_KIND organisationId", "INVALID_INPUT TOO_LONG reason"]);
    let unknown = json!({ "organisationId": "organisation_00000000000000000000000001", "reason": "Why" });
    assert_eq!(refused(&coordinator, LOCK, unknown).await, ["NOT_FOUND UNKNOWN_ID organisationId"]);
    assert_eq!(refused(&coordinator, LOCK, of(world.desk)).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW organisationId"]);
    assert_eq!(refused(&coordinator, UNLOCK, of(world.body)).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW organisationId"]);
    let longest = json!({ "organisationId": id(world.body), "reason": "x".repeat(1_000) });
    coordinator.mutate(LOCK, longest).await;
    assert_eq!(refused(&coordinator, LOCK, of(world.body)).await, ["INVALID_TRANSITION ALREADY_DONE organisationId"]);
}

async fn nothing_is_done_for_a_locked_organisation(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    let mandate = "mutation($input: MandateGrantInput!) { mandateGrant(input: $input) { userErrors { code reason path message } } }";
    administrator.mutate(mandate, json!({ "expiresAt": "2026-04-01T00:00:00Z" })).await;
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let theirs = world.contact(&json!({ "electoralBodyId": id(world.body) }));
    done(&coordinator, "ContactLog", theirs.clone()).await;
    let imported = import(&officer, "contacts.csv", table(2), json!({})).await;
    hold_elsewhere(app, &imported["id"], "2026-03-02T09:01:00Z", (2, 1)).await;
    let before = contacts(app).await;
    coordinator.mutate(LOCK, of(world.body)).await;
    for (name, input) in [("ContactLog", theirs), ("ContactAcknowledge", json!({ "contactId": contact["id"] }))] {
        let payload = act(&coordinator, name, input).await.data();
        let fault = &payload.as_object().unwrap().values().next().unwrap()["userErrors"][0];
        assert_eq!((&fault["code"], &fault["reason"]), (&json!("FORBIDDEN"), &json!("LOCKED")), "{name}");
    }
    assert_eq!(read(&coordinator, &contact["id"]).await["allowedActs"], json!([]));
    // What was under way for it stops.
    app.advance(TimeDelta::minutes(2));
    while app.database.counts("SELECT status, count(*) FROM contact_import GROUP BY status").await.contains_key("RUNNING") {
        tokio::task::yield_now().await;
    }
    assert_eq!(contacts(app).await, before);
    // Nobody comes to act for it meanwhile, where nobody did before either.
    let empty = app.organisation(OrganisationKind::ElectoralBody, "Another body").await;
    coordinator.mutate(LOCK, of(empty)).await;
    let person =
        json!({ "email": "new@another.example", "name": "A", "organisationId": id(empty), "role": "ELECTORAL_BODY_ADMINISTRATOR" });
    let fault = coordinator.data(INVITE, json!({ "input": person })).await["userInvite"]["userErrors"][0].clone();
    assert_eq!((&fault["code"], &fault["reason"]), (&json!("FORBIDDEN"), &json!("LOCKED")));
}

async fn who_belongs_to_two_keeps_the_other(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, coordinator) = (world.officer().await, world.coordinator().await);
    let other = app.member("keeper@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let grant = json!({ "email": "olga.officer@body.example", "name": "Olga", "organisationId": id(world.other_body), "role": "ELECTORAL_BODY_OFFICER" });
    let membership = other.mutate(super::GRANT, grant).await["membership"]["id"].clone();
    let hers = done(&officer, "ContactLog", world.contact(&json!({ "electoralBodyId": id(world.body) }))).await;
    coordinator.mutate(LOCK, of(world.body)).await;
    assert_eq!(standing(&officer).await, StatusCode::UNAUTHORIZED, "signed out all the same");
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!(read(&officer, &hers["id"]).await, Value::Null);
    let elsewhere = done(&officer, "ContactLog", world.smallest()).await;
    assert_eq!(list(&officer, json!({})).await["nodes"][0]["id"], elsewhere["id"]);
    let mut socket = listen(app, &officer).await;
    other.mutate(REVOKE, json!({ "membershipId": membership })).await;
    assert_eq!(socket.hear().await, Err(4401), "what is left is locked");
    assert_eq!(standing(&officer).await, StatusCode::UNAUTHORIZED);
    assert_eq!(officer.send(officer.request(Method::DELETE, "/v1/session")).await.status, StatusCode::UNAUTHORIZED);
}

async fn a_locked_platform_finds_what_was_logged_meanwhile(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    world.coordinator().await;
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    keeper.mutate(LOCK, of(world.platform)).await;
    assert_eq!(standing(&representative).await, StatusCode::UNAUTHORIZED);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    done(&officer, "ContactAcknowledge", json!({ "contactId": contact["id"], "note": "By phone" })).await;
    let lock = "query($id: ID!) { contact(id: $id) { platformService { platform { lock { lockedAt } } } } }";
    let lock = officer.data(lock, json!({ "id": contact["id"] })).await["contact"]["platformService"]["platform"]["lock"].clone();
    assert_eq!(lock, json!({ "lockedAt": "2026-03-02T09:00:00Z" }), "the body sees that nobody reads it");
    unlock(&world, world.platform).await;
    let representative = app.signed_in("rosa.representative@parley.example").await;
    assert_eq!(read(&representative, &contact["id"]).await["status"], "ACKNOWLEDGED");
}
