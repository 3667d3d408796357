//! Several servers on one database: what one commits the others tell, what is to be done is done once, and the loss of one, or
//! of the database for a while, is survived.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};
use tertulia_api::config::MailKind;
use tertulia_domain::policy::Role;
use tertulia_tests::{
    Client, SECRET, TestApp, database::TestDatabase, harness::Backend, people::PASSWORD, postgres::Cluster, process::Process,
    smtp::MailServer, socket::Socket,
};
use tokio::sync::Semaphore;

use crate::{
    BINARY,
    engagement::world::{DOCUMENTS, World, done},
};

tertulia_tests::deployments![
    an_event_of_one_reaches_the_subscriber_of_the_other,
    fifty_mails_are_sent_once_each,
    the_loss_of_one_leaves_the_other_working,
    the_database_restarts_under_load,
];

const CHANGED: &str = "subscription { contactChanged { act contact { id } } }";
const INVITE: &str = "mutation($input: UserInviteInput!) { userInvite(input: $input) { userErrors { code reason path message } } }";

/// Subscribes and waits until the subscription listens.
async fn listen(url: &str, token: Option<&str>) -> Socket {
    let mut socket = Socket::start(url, token).await;
    socket.subscribe("1", CHANGED, json!({})).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    socket
}

/// The contact of the next change.
async fn changed(socket: &mut Socket) -> Value {
    let message = socket.hear().await.expect("an open socket");
    assert_eq!((&message["type"], message["payload"].get("errors")), (&json!("next"), None), "{message}");
    message["payload"]["data"]["contactChanged"]["contact"]["id"].clone()
}

/// Waits until so many servers listen to the others on this database.
async fn listeners(url: &str, count: i64) {
    let connection = Database::connect(url).await.unwrap();
    let asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN %'";
    let listening = async || {
        let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, asked)).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };
    while listening().await < count {}
    connection.close().await.unwrap();
}

async fn sign_in(server: &Process, email: &str) -> Client {
    let reply = server.client(None).post("/v1/session", json!({ "email": email, "password": PASSWORD })).await;
    server.client(Some(reply.body["accessToken"].as_str().unwrap_or_else(|| panic!("{}", reply.text)).to_owned()))
}

async fn an_event_of_one_reaches_the_subscriber_of_the_other() {
    let first = TestApp::start(Backend::Postgres).await;
    let second = first.beside().await;
    let world = World::new(&first).await;
    let officer = world.officer().await;
    let elsewhere = second.with_token(officer.token.clone().unwrap());
    listeners(&first.database.url, 2).await;
    let mut here = listen(&first.url("/graphql"), officer.token.as_deref()).await;
    let mut there = listen(&second.url("/graphql"), officer.token.as_deref()).await;
    for by in [&officer, &elsewhere, &officer] {
        let logged = done(by, "ContactLog", world.smallest()).await["id"].clone();
        assert_eq!((changed(&mut here).await, changed(&mut there).await), (logged.clone(), logged));
    }
    // Signed out at one, the socket at the other is closed.
    assert_eq!(officer.send(officer.request(reqwest::Method::DELETE, "/v1/session")).await.status, 204);
    assert_eq!(there.hear().await, Err(4401));
    second.finish().await;
    first.finish().await;
}

async fn fifty_mails_are_sent_once_each() {
    let post = MailServer::start().await;
    let database = TestDatabase::new(Backend::Postgres).await;
    let change = |config: &mut tertulia_api::config::Config| {
        config.mail.kind = MailKind::Smtp;
        config.mail.smtp_url = post.url().into();
    };
    let first = TestApp::on(database, change).await;
    let second = first.beside().await;
    let world = World::new(&first).await;
    let colleague = world.colleague().await;
    let elsewhere = second.with_token(colleague.token.clone().unwrap());
    let invite = async |number: usize| {
        let input = json!({
            "email": format!("invited-{number}@body.example"), "name": "Ana",
            "organisationId": world.body.to_string(), "role": "ELECTORAL_BODY_OFFICER",
        });
        let by = if number.is_multiple_of(2) { &colleague } else { &elsewhere };
        by.mutate(INVITE, input).await;
    };
    futures::future::join_all((0..50).map(invite)).await;
    // One to each who was invited, and one to their administrator that they were.
    post.arrived(100).await;
    // Both servers look once more and find nothing left.
    for app in [&first, &second] {
        tertulia_app::mail::drain(&app.app).await.unwrap();
    }
    let mails = post.arrived(100).await;
    let addressee = |mail: &String| mail.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().to_owned();
    let to: Vec<String> = mails.iter().map(addressee).filter(|to| to.starts_with("invited-")).collect();
    assert_eq!((mails.len(), to.len(), to.iter().collect::<BTreeSet<_>>().len()), (100, 50, 50));
    second.finish().await;
    first.finish().await;
}

async fn the_loss_of_one_leaves_the_other_working() {
    let app = TestApp::start(Backend::Postgres).await;
    let world = World::new(&app).await;
    let email = "olga.officer@body.example";
    app.account(email, world.body, Role::ElectoralBodyOfficer).await;
    let [lost, left] = [(); 2].map(|()| Process::start(BINARY, &app.database, SECRET));
    let (one, other) = (sign_in(&lost, email).await, sign_in(&left, email).await);
    let mut socket = listen(&left.url("/graphql"), other.token.as_deref()).await;
    let logged = done(&one, "ContactLog", world.smallest()).await["id"].clone();
    assert_eq!(changed(&mut socket).await, logged);
    lost.kill();
    for _ in 0..3 {
        let logged = done(&other, "ContactLog", world.smallest()).await["id"].clone();
        assert_eq!(changed(&mut socket).await, logged, "nobody waits for the one that is gone");
    }
    left.terminate();
    assert!(left.ended().0.success());
    app.finish().await;
}

/// Contacts acknowledged before the database fails, and after it is there again.
const ENOUGH: u32 = 60;
/// Callers at once, half of them at each server.
const CALLERS: usize = 8;

/// Logs the contact of this key until that is acknowledged; answers its id. While the database is away, that is what the server says.
async fn log(client: &Client, input: &Value) -> Value {
    loop {
        let reply = client.attempt(DOCUMENTS, "ContactLog", input.clone()).await.expect("the server stays");
        match reply.code_or_none() {
            None => return reply.data()["contactLog"]["contact"]["id"].clone(),
            Some(code) => assert_eq!(code, "UNAVAILABLE", "{}", reply.text),
        }
    }
}

async fn the_database_restarts_under_load() {
    let cluster = Cluster::own().unwrap();
    let app = TestApp::on(TestDatabase::within(&cluster).await, |_| {}).await;
    let world = World::new(&app).await;
    let email = "olga.officer@body.example";
    app.account(email, world.body, Role::ElectoralBodyOfficer).await;
    let servers = [(); 2].map(|()| Process::start(BINARY, &app.database, SECRET));
    let clients = [sign_in(&servers[0], email).await, sign_in(&servers[1], email).await];
    let mut socket = listen(&servers[1].url("/graphql"), clients[1].token.as_deref()).await;

    let acknowledged: Mutex<BTreeMap<usize, Value>> = Mutex::default();
    let (keys, reached, enough) = (AtomicUsize::new(0), Arc::new(Semaphore::new(0)), AtomicUsize::new(usize::MAX));
    let input = |key: usize| json!({ "input": world.contact(&json!({ "subject": format!("Contact {key}"), "idempotencyKey": format!("restart-{key}") })) });
    let caller = async |number: usize| {
        while acknowledged.lock().unwrap().len() < enough.load(Ordering::Relaxed) {
            let key = keys.fetch_add(1, Ordering::Relaxed);
            let id = log(&clients[number % 2], &input(key)).await;
            acknowledged.lock().unwrap().insert(key, id);
            reached.add_permits(1);
        }
    };
    let restarted = async {
        reached.acquire_many(ENOUGH).await.unwrap().forget();
        tokio::task::block_in_place(|| cluster.fail());
        // Both servers say so and go on.
        for client in &clients {
            let ready = client.get("/health/ready").await;
            assert_eq!((ready.status.as_u16(), ready.code()), (503, "UNAVAILABLE"));
        }
        cluster.go_on();
        enough.store(acknowledged.lock().unwrap().len() + ENOUGH as usize, Ordering::Relaxed);
    };
    futures::join!(restarted, futures::future::join_all((0..CALLERS).map(&caller)));

    let acknowledged = acknowledged.into_inner().unwrap();
    let ids: BTreeSet<String> = acknowledged.values().map(ToString::to_string).collect();
    assert_eq!(ids.len(), acknowledged.len(), "each key is one contact");
    for (key, id) in &acknowledged {
        let read = clients[key % 2].operation(DOCUMENTS, "Contact", json!({ "id": id })).await.data();
        assert_eq!(read["contact"]["subject"], format!("Contact {key}"), "{read}");
    }
    let count = clients[0].operation(DOCUMENTS, "Contacts", json!({})).await.data();
    assert_eq!(count["contacts"]["totalCount"], acknowledged.len(), "none is there twice");
    let mut heard = BTreeSet::new();
    while heard.len() < ids.len() {
        heard.insert(changed(&mut socket).await.to_string());
    }
    assert_eq!(heard, ids, "the subscriber has missed none");
    for server in servers {
        server.terminate();
        assert!(server.ended().0.success());
    }
    app.finish().await;
    cluster.stop();
}
