//! The process is killed while contacts are being logged.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, SECRET, TestApp, people::PASSWORD, process::Process, stories};
use tokio::sync::Semaphore;

use crate::{
    BINARY,
    engagement::world::{DOCUMENTS, World},
};

stories![no_acknowledged_contact_is_lost];

/// Contacts that are acknowledged before the process is killed.
const ENOUGH: u32 = 60;
/// Callers at once.
const CALLERS: usize = 8;

async fn sign_in(server: &Process, email: &str) -> Client {
    let reply = server.client(None).post("/v1/session", json!({ "email": email, "password": PASSWORD })).await;
    server.client(Some(reply.body["accessToken"].as_str().unwrap_or_else(|| panic!("{}", reply.text)).to_owned()))
}

fn input(world: &World<'_>, key: usize) -> Value {
    json!({ "input": world.contact(&json!({ "subject": format!("Contact {key}"), "idempotencyKey": format!("kill-{key}") })) })
}

async fn no_acknowledged_contact_is_lost(app: &TestApp) {
    let world = World::new(app).await;
    let email = "olga.officer@body.example";
    app.account(email, world.body, Role::ElectoralBodyOfficer).await;
    let server = Process::start(BINARY, &app.database, SECRET);
    let client = sign_in(&server, email).await;

    let acknowledged: Mutex<BTreeMap<usize, Value>> = Mutex::default();
    let (keys, reached) = (AtomicUsize::new(0), Arc::new(Semaphore::new(0)));
    let caller = async || {
        loop {
            let key = keys.fetch_add(1, Ordering::Relaxed);
            let Some(reply) = client.attempt(DOCUMENTS, "ContactLog", input(&world, key)).await else { break };
            let id = reply.data()["contactLog"]["contact"]["id"].clone();
            acknowledged.lock().unwrap().insert(key, id);
            reached.add_permits(1);
        }
    };
    let killed = async {
        reached.acquire_many(ENOUGH).await.unwrap().forget();
        server.kill();
    };
    futures::join!(killed, futures::future::join_all((0..CALLERS).map(|_| caller())));

    let server = Process::start(BINARY, &app.database, SECRET);
    let client = sign_in(&server, email).await;
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= ENOUGH as usize);
    for (key, id) in &acknowledged {
        let read = client.operation(DOCUMENTS, "Contact", json!({ "id": id })).await.data();
        let contact = &read["contact"];
        assert_eq!(contact["subject"], format!("Contact {key}"), "{read}");
        let whole = contact["transitions"].as_array().unwrap().len() == 1 && contact["items"].as_array().unwrap().len() == 1;
        assert!(whole && contact["head"]["seq"] == 1, "nothing is half written: {read}");
    }
    // Every caller sends again what it has no answer for, and what it has.
    let keys = keys.into_inner();
    for key in 0..keys {
        let again = client.operation(DOCUMENTS, "ContactLog", input(&world, key)).await.data();
        let id = &again["contactLog"]["contact"]["id"];
        assert!(id.is_string(), "{again}");
        assert!(acknowledged.get(&key).is_none_or(|known| known == id), "the same key is the same contact");
    }
    let count = client.operation(DOCUMENTS, "Contacts", json!({})).await.data();
    assert_eq!(count["contacts"]["totalCount"], keys);
    server.terminate();
    assert!(server.ended().0.success());
}
