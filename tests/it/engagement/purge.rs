//! Contacts are kept as long as the operator says, and go with all that belongs to them.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_app::{engagement::contact, retention::Periods};
use tertulia_domain::{id::AnyId, policy::Role};
use tertulia_tests::{Client, TestApp, stories};
use uuid::Uuid;

use super::world::{World, done, list, read};

stories![what_is_over_goes_with_all_that_belongs_to_it, each_kind_has_its_period, copies_go_with_their_contact];

pub(super) const DAYS: fn(i64) -> Option<TimeDelta> = |days| Some(TimeDelta::days(days));

/// Removes what is over, as the workers of two servers do; says how much the two of them removed.
async fn purge(app: &TestApp, periods: Periods) -> u64 {
    let look = async || contact::purge(&app.app, &app.app.system(), &periods, Uuid::nil()).await.unwrap();
    let (one, other) = futures::join!(look(), look());
    one + other
}

/// A contact that was answered, discussed and closed.
pub(super) async fn closed(world: &World<'_>, officer: &Client, change: Value) -> Value {
    let contact = done(officer, "ContactLog", world.contact(&change)).await;
    done(officer, "ContactComment", json!({ "contactId": contact["id"], "text": "A word" })).await;
    done(officer, "ContactAcknowledge", json!({ "contactId": contact["id"] })).await;
    done(officer, "ContactDecide", json!({ "contactId": contact["id"], "outcome": "NO_ACTION_NOT_VIOLATING" })).await;
    done(officer, "ContactClose", json!({ "contactId": contact["id"], "reason": "Done" })).await;
    contact
}

/// In which tables an id stands, whatever they are.
pub(super) async fn places(app: &TestApp, object: &Value) -> Vec<String> {
    let text = object["id"].as_str().unwrap();
    let id = text.parse::<AnyId>().unwrap().uuid();
    // SQLite has it as bytes, PostgreSQL as a UUID, JSON as it is told.
    let forms = [id.simple().to_string(), id.to_string(), text.to_owned()];
    let holds = |rows: &Vec<String>| rows.iter().any(|row| forms.iter().any(|form| row.to_lowercase().contains(form)));
    app.database.everything().await.into_iter().filter(|(_, rows)| holds(rows)).map(|(table, _)| table).collect()
}

async fn what_is_over_goes_with_all_that_belongs_to_it(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let contact = closed(&world, &officer, json!({})).await;
    let open = done(&officer, "ContactLog", world.contact(&json!({}))).await;
    assert!(places(app, &contact).await.contains(&"fact".to_owned()));
    app.advance(TimeDelta::days(99));
    let periods = Periods { closed: DAYS(100), ..Periods::default() };
    assert_eq!(purge(app, periods).await, 0, "its time is not over");
    app.advance(TimeDelta::days(2));
    assert_eq!(purge(app, periods).await, 1, "two servers remove it once");
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!(read(&officer, &contact["id"]).await, Value::Null);
    assert_eq!(list(&officer, json!({})).await["totalCount"], 1);
    assert_eq!(read(&officer, &open["id"]).await["id"], open["id"], "what is open stays");
    assert_eq!(places(app, &contact).await, ["audit_entry", "counted_fresh", "purged_contact"], "its number stays in the figures");
    let told = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await;
    assert_eq!(told.get("contact.purged"), Some(&1));
}

async fn each_kind_has_its_period(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let notice = closed(&world, &officer, json!({})).await;
    let order = closed(&world, &officer, json!({ "kind": "LEGAL_ORDER", "legalBasis": "COURT_ORDER" })).await;
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
    app.advance(TimeDelta::days(50));
    let officer = app.signed_in("olga.officer@body.example").await;
    let left = async |contact: &Value| !read(&officer, &contact["id"]).await.is_null();
    assert_eq!(purge(app, Periods::default()).await, 0, "for good, where nothing is said");
    assert_eq!(purge(app, Periods { unsent: DAYS(40), ..Periods::default() }).await, 1);
    assert_eq!((left(&notice).await, left(&order).await, left(&draft).await), (true, true, false));
    assert_eq!(purge(app, Periods { closed: DAYS(40), ..Periods::default() }).await, 1);
    assert_eq!((left(&notice).await, left(&order).await), (false, true));
    assert_eq!(purge(app, Periods { legal: DAYS(40), ..Periods::default() }).await, 1);
    assert!(!left(&order).await);
}

async fn copies_go_with_their_contact(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    for client in [world.representative().await, world.rival().await, world.coordinator().await] {
        drop(client);
    }
    let shared = closed(&world, &officer, json!({})).await;
    let own = closed(&world, &officer, json!({ "visibility": "ORGANISATION" })).await;
    app.account("carla.colleague@body.example", world.body, Role::ElectoralBodyOfficer).await;
    let me = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
    let named = closed(&world, &officer, json!({ "visibility": "NAMED", "namedReaders": [me] })).await;
    let draft = json!({ "direction": "PLATFORM_TO_EB", "electoralBodyId": world.body.to_string(), "kind": "THREAT_WARNING", "sentAt": null, "description": "A network" });
    let draft = done(&app.signed_in("rosa.representative@parley.example").await, "ContactLog", world.contact(&draft)).await;
    app.advance(TimeDelta::days(50));
    assert_eq!(purge(app, Periods { closed: DAYS(40), unsent: DAYS(40), ..Periods::default() }).await, 4);
    let query = "query($after: DateTime!) { contacts(filter: { changedAfter: $after }, orderBy: CHANGED_AT) { changes { lostSight } } }";
    let of = |contacts: &[&Value]| contacts.iter().map(|contact| contact["id"].clone()).collect::<Vec<_>>();
    for (email, gone) in [
        ("olga.officer@body.example", of(&[&shared, &own, &named])),
        ("carla.colleague@body.example", of(&[&shared, &own])),
        ("rosa.representative@parley.example", of(&[&shared, &draft])),
        ("coordinator@desk.example", of(&[&shared])),
        ("rival@murmur.example", of(&[])),
    ] {
        let told = app.signed_in(email).await.data(query, json!({ "after": "2026-03-03T09:00:00Z" })).await;
        let mut lost: Vec<Value> = told["contacts"]["changes"]["lostSight"].as_array().unwrap().clone();
        lost.sort_by_key(Value::to_string);
        let mut gone = gone;
        gone.sort_by_key(Value::to_string);
        assert_eq!(lost, gone, "{email}");
    }
}
