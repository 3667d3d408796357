//! Of what is due officers hear by mail, and subscribers as an event: each moment once, however many servers look.

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::{Value, json};
use tertulia_app::engagement::target_notice;
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, stories};

use crate::identity::organisation_lock::{LOCK, UNLOCK, of, unlock};

use super::{
    response_target::set,
    world::{World, done, read},
};

stories![
    each_moment_is_told_once,
    a_silent_platform_is_told_of_twice,
    nobody_hears_of_what_was_answered_or_is_not_his,
    a_moment_that_moves_is_told_anew,
    what_is_due_during_a_lock_is_told_after_it,
    what_was_told_of_is_told_no_more_and_keeps_nobody_busy,
];

/// Looks for what is due, as the workers of three servers do at once.
async fn look(servers: &[&TestApp]) {
    let looks = servers.iter().map(|server| async { target_notice::note(&server.app, &server.app.system()).await.unwrap() });
    join_all(looks).await;
}

async fn told(app: &TestApp) -> (i64, i64) {
    let counts = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await;
    let of = |topic: &str| counts.get(topic).copied().unwrap_or_default();
    (of("contact.reminded"), of("contact.breached"))
}

/// The subjects of the mails of what is due to somebody.
async fn subjects(app: &TestApp, to: &str) -> Vec<String> {
    let mails = app.mails(to).await;
    let subject = |mail: &String| mail.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap().to_owned();
    mails.iter().map(subject).filter(|subject| subject.starts_with("Due soon") || subject.starts_with("Overdue")).collect()
}

async fn log(world: &World<'_>, officer: &Client, change: Value) -> Value {
    done(officer, "ContactLog", world.contact(&change)).await
}

async fn each_moment_is_told_once(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    app.account("carla.colleague@body.example", world.body, Role::ElectoralBodyAdministrator).await;
    let (second, third) = (app.beside().await, app.beside().await);
    let servers = [app, &second, &third];
    let advance = |by: TimeDelta| servers.iter().for_each(|server| server.advance(by));
    set(&world, &coordinator, json!({ "acknowledgeWithin": "PT4H", "decideWithin": "PT8H" })).await;
    let contact = log(&world, &officer, json!({ "sentAt": "2026-03-02T08:00:00Z" })).await;
    let reference = contact["reference"].as_str().unwrap();
    look(&servers).await;
    assert_eq!(told(app).await, (0, 0));
    advance(TimeDelta::hours(2));
    look(&servers).await;
    look(&servers).await;
    assert_eq!(told(app).await, (1, 0), "at eleven an hour of the four is left");
    advance(TimeDelta::hours(1));
    look(&servers).await;
    look(&servers).await;
    assert_eq!(told(app).await, (1, 1));
    for to in ["olga.officer@body.example", "carla.colleague@body.example"] {
        assert_eq!(subjects(app, to).await, [format!("Due soon: {reference}"), format!("Overdue: {reference}")], "{to}");
    }
    let mail = app.mails("olga.officer@body.example").await.pop().unwrap();
    assert!(mail.contains("was due on 2026-03-02 at 12:00 (UTC)") && mail.contains("Parley Video"), "{mail}");
    assert!(!mail.contains("parley.example/post"), "a mail says nothing of the matter");
    assert_eq!(subjects(app, "coordinator@desk.example").await, Vec::<String>::new());
    // The second moment of the same contact is told of too.
    let officer = app.signed_in("olga.officer@body.example").await;
    done(&officer, "ContactAcknowledge", json!({ "contactId": contact["id"] })).await;
    advance(TimeDelta::hours(5));
    look(&servers).await;
    assert_eq!(told(app).await, (1, 2));
    second.finish().await;
    third.finish().await;
}

/// Whom nobody answers at all hears of the decision's deadline too.
async fn a_silent_platform_is_told_of_twice(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    let (second, third) = (app.beside().await, app.beside().await);
    let servers = [app, &second, &third];
    set(&world, &coordinator, json!({ "acknowledgeWithin": "PT4H", "decideWithin": "PT8H" })).await;
    let contact = log(&world, &officer, json!({ "sentAt": "2026-03-02T08:00:00Z" })).await;
    for (hours, expected) in [(3, (0, 1)), (2, (1, 1)), (1, (1, 1)), (1, (1, 2)), (24, (1, 2))] {
        for server in servers {
            server.advance(TimeDelta::hours(hours));
        }
        look(&servers).await;
        look(&servers).await;
        assert_eq!(told(app).await, expected, "after {hours} hours more");
    }
    let reference = contact["reference"].as_str().unwrap();
    let (soon, overdue) = (format!("Due soon: {reference}"), format!("Overdue: {reference}"));
    assert_eq!(subjects(app, "olga.officer@body.example").await, [overdue.clone(), soon, overdue]);
    let mail = app.mails("olga.officer@body.example").await.pop().unwrap();
    assert!(mail.contains("was due on 2026-03-02 at 16:00 (UTC)"), "{mail}");
    second.finish().await;
    third.finish().await;
}

async fn what_was_told_of_is_told_no_more_and_keeps_nobody_busy(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    set(&world, &coordinator, json!({ "acknowledgeWithin": "PT4H", "decideWithin": "PT8H" })).await;
    let contact = log(&world, &officer, json!({ "sentAt": "2026-03-02T08:00:00Z" })).await["id"].clone();
    done(&officer, "ContactAcknowledge", json!({ "contactId": contact })).await;
    app.advance(TimeDelta::hours(8));
    look(&[app]).await;
    assert_eq!(told(app).await, (0, 1), "the decision");
    // A machine had answered, so that even the first response was missed: of that, too, and of the decision no second time.
    let officer = app.signed_in("olga.officer@body.example").await;
    let steps = read(&officer, &contact).await["transitions"].clone();
    let receipt = steps.as_array().unwrap().iter().find(|step| step["to"] == "ACKNOWLEDGED").unwrap();
    let machine = json!({ "contactId": contact, "transitionId": receipt["id"], "format": "AUTOMATED", "reason": "It was no human" });
    done(&officer, "ContactCorrect", machine).await;
    look(&[app]).await;
    look(&[app]).await;
    assert_eq!(told(app).await, (0, 2));
    assert_eq!(target_notice::note(&app.app, &app.app.system()).await.unwrap(), 0, "nothing is left to look at");
}

async fn what_is_due_during_a_lock_is_told_after_it(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    set(&world, &coordinator, json!({ "acknowledgeWithin": "PT4H", "decideWithin": "PT8H" })).await;
    let contact = log(&world, &officer, json!({ "sentAt": "2026-03-02T08:00:00Z" })).await;
    coordinator.mutate(LOCK, of(world.body)).await;
    app.advance(TimeDelta::hours(4));
    look(&[app]).await;
    assert_eq!(told(app).await, (0, 0), "nobody could be told");
    unlock(&world, world.body).await;
    look(&[app]).await;
    // What comes after it too waits for the end of a lock.
    let again = app.signed_in("coordinator@desk.example").await;
    again.mutate(LOCK, of(world.body)).await;
    app.advance(TimeDelta::hours(4));
    look(&[app]).await;
    assert_eq!(told(app).await, (0, 1));
    for coordinator in ["coordinator@desk.example", "second@desk.example"] {
        app.signed_in(coordinator).await.mutate(UNLOCK, of(world.body)).await;
    }
    look(&[app]).await;
    look(&[app]).await;
    assert_eq!(told(app).await, (0, 2));
    let overdue = format!("Overdue: {}", contact["reference"].as_str().unwrap());
    assert_eq!(subjects(app, "olga.officer@body.example").await, [overdue.clone(), overdue]);
}

async fn nobody_hears_of_what_was_answered_or_is_not_his(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    app.account("carla.colleague@body.example", world.body, Role::ElectoralBodyAdministrator).await;
    set(&world, &coordinator, json!({})).await;
    let answered = log(&world, &officer, json!({ "sentAt": "2026-03-02T08:50:00Z" })).await;
    done(&officer, "ContactDecide", json!({ "contactId": answered["id"], "outcome": "ACTION_TAKEN" })).await;
    let me = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
    let named = json!({ "sentAt": "2026-03-02T08:55:00Z", "visibility": "NAMED", "namedReaders": [me] });
    let named = log(&world, &officer, named).await;
    // What was overdue when it was entered is an event, and no news.
    log(&world, &officer, json!({ "sentAt": "2026-02-02T08:00:00Z" })).await;
    app.advance(TimeDelta::hours(4));
    look(&[app]).await;
    assert_eq!(told(app).await, (0, 2));
    let reference = named["reference"].as_str().unwrap();
    assert_eq!(subjects(app, "olga.officer@body.example").await, [format!("Overdue: {reference}")]);
    assert_eq!(subjects(app, "carla.colleague@body.example").await, Vec::<String>::new(), "she may not read it");
}

async fn a_moment_that_moves_is_told_anew(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    set(&world, &coordinator, json!({})).await;
    let contact = log(&world, &officer, json!({ "sentAt": "2026-03-02T06:30:00Z" })).await;
    look(&[app]).await;
    assert_eq!(told(app).await, (1, 0));
    let representative = world.representative().await;
    done(&representative, "ContactAsk", json!({ "contactId": contact["id"] })).await;
    app.advance(TimeDelta::hours(2));
    look(&[app]).await;
    assert_eq!(told(app).await, (1, 0), "the clock stands still");
    let officer = app.signed_in("olga.officer@body.example").await;
    done(&officer, "ContactReply", json!({ "contactId": contact["id"] })).await;
    look(&[app]).await;
    assert_eq!(told(app).await, (2, 0));
    app.advance(TimeDelta::minutes(30));
    look(&[app]).await;
    assert_eq!(told(app).await, (2, 1));
}
