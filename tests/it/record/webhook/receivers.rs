//! Receivers that do not behave: each attempt ends after a bounded time, and the log says how.

use std::fs;

use serde_json::{Value, json};
use tertulia_tests::{
    TestApp,
    people::id,
    receiver::{Manner, Receiver},
    stories,
};

use super::{Hook, PING, first, tried};
use crate::engagement::world::World;

stories![
    who_never_answers_is_given_up,
    an_answer_that_never_ends_is_not_read,
    a_certificate_that_nobody_gave_is_not_trusted,
    an_operator_trusts_an_authority_of_a_partner,
];

async fn who_never_answers_is_given_up(shared: &TestApp) {
    let app = TestApp::start_with(shared.database.backend, |config| config.webhooks.timeout_seconds = 1).await;
    let world = World::new(&app).await;
    let administrator = world.colleague().await;
    let hook = Hook::at(Receiver::mannered(Manner::Silent).await, &administrator, id(world.body), &["contact.logged"]).await;
    administrator.mutate(PING, hook.input()).await;
    hook.receiver.arrived(1).await;
    let waiting = hook.until(&administrator, |endpoint| tried(endpoint, 1, "TIMEOUT")).await;
    let one = first(&waiting);
    assert_eq!((&one["status"], &one["attempts"][0]["responseCode"]), (&json!("PENDING"), &Value::Null));
    assert!(one["attempts"][0]["latencyMs"].as_u64().is_some_and(|latency| (1_000..10_000).contains(&latency)), "{one}");
    app.finish().await;
}

async fn an_answer_that_never_ends_is_not_read(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let body = Hook::at(Receiver::mannered(Manner::EndlessBody).await, &administrator, id(world.body), &["contact.logged"]).await;
    administrator.mutate(PING, body.input()).await;
    let told = body.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    assert_eq!(first(&told)["attempts"][0]["responseCode"], 200, "the status is all that counts");
    body.receiver.broken_off(1).await;
    let head = Hook::at(Receiver::mannered(Manner::EndlessHead).await, &administrator, id(world.body), &["contact.logged"]).await;
    administrator.mutate(PING, head.input()).await;
    let waiting = head.until(&administrator, |endpoint| tried(endpoint, 1, "CONNECTION")).await;
    assert_eq!(first(&waiting)["attempts"][0]["responseCode"], Value::Null);
    head.receiver.broken_off(1).await;
}

async fn a_certificate_that_nobody_gave_is_not_trusted(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let (receiver, _) = Receiver::certified("127.0.0.1").await;
    assert!(receiver.url().starts_with("https://"));
    let hook = Hook::at(receiver, &administrator, id(world.body), &["contact.logged"]).await;
    administrator.mutate(PING, hook.input()).await;
    let waiting = hook.until(&administrator, |endpoint| tried(endpoint, 1, "CERTIFICATE")).await;
    assert_eq!(first(&waiting)["attempts"][0]["responseCode"], Value::Null);
    assert!(hook.receiver.now().is_empty(), "nothing is said to somebody else");
}

async fn an_operator_trusts_an_authority_of_a_partner(shared: &TestApp) {
    let (trusted, certificate) = Receiver::certified("127.0.0.1").await;
    let (other, other_certificate) = Receiver::certified("elsewhere.example").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("partners.pem");
    fs::write(&file, certificate + &other_certificate).unwrap();
    let trusting = |config: &mut tertulia_api::config::Config| config.webhooks.trusted_certificates = file.display().to_string();
    let app = TestApp::start_with(shared.database.backend, trusting).await;
    let world = World::new(&app).await;
    let administrator = world.colleague().await;
    let hook = Hook::at(trusted, &administrator, id(world.body), &["contact.logged"]).await;
    administrator.mutate(PING, hook.input()).await;
    hook.receiver.arrived(1).await;
    hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    // Trusted for its own name only.
    let hook = Hook::at(other, &administrator, id(world.body), &["contact.logged"]).await;
    administrator.mutate(PING, hook.input()).await;
    hook.until(&administrator, |endpoint| tried(endpoint, 1, "CERTIFICATE")).await;
    assert!(hook.receiver.now().is_empty());
    app.finish().await;
}
