//! Changing an endpoint: where it leads, what it is told of, whose rights it has, and what that means for what waits.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_domain::{
    identity::Cover,
    policy::{Coverage, Role},
    text::CountryCode,
};
use tertulia_tests::{Client, TestApp, people::id, receiver::Receiver, stories};

use super::{CREATE, ENABLE, Hook, REPLAY, UPDATE, body, first, signature, tried};
use crate::{
    engagement::world::{World, done},
    identity::api_client::Partner,
};

stories![
    what_waits_goes_to_the_new_address_and_added_events_from_then_on,
    a_version_guards_two_keepers_and_every_fault_is_named,
    who_says_where_it_leads_gives_it_his_rights,
    who_changes_it_takes_over_what_nobody_has_rights_to_any_more,
];

async fn update(keeper: &Client, hook: &Hook, version: i64, change: &Value) -> Value {
    keeper.mutate(UPDATE, with(hook, version, change)).await["webhookEndpoint"].clone()
}

fn with(hook: &Hook, version: i64, change: &Value) -> Value {
    let mut input = change.clone();
    (input["webhookEndpointId"], input["version"]) = (hook.id.clone(), version.into());
    input
}

async fn what_waits_goes_to_the_new_address_and_added_events_from_then_on(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    hook.receiver.answers(&[500]);
    let waiting = done(&administrator, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    hook.receiver.arrived(1).await;
    hook.until(&administrator, |endpoint| tried(endpoint, 1, "STATUS")).await;
    let share = |contact: &Value| json!({ "contactId": contact["id"] });
    done(&administrator, "ContactShare", share(&waiting)).await;
    let elsewhere = Receiver::start().await;
    let change = json!({ "url": elsewhere.url(), "topics": ["contact.shared"], "description": " Case system " });
    let changed = update(&administrator, &hook, 1, &change).await;
    assert_eq!((&changed["url"], &changed["topics"]), (&json!(elsewhere.url()), &json!(["contact.shared"])));
    assert_eq!((&changed["description"], &changed["version"]), (&json!("Case system"), &json!(2)));
    assert_eq!(changed["failingSince"], Value::Null, "the new address has not failed");
    app.advance(TimeDelta::seconds(6));
    let heard = elsewhere.arrived(1).await;
    assert_eq!((&body(&heard[0])["type"], &body(&heard[0])["data"]["id"]), (&json!("contact.logged"), &waiting["id"]));
    assert_eq!(heard[0].headers["webhook-signature"], signature(&heard[0], &hook.secret), "the secret stays");
    // Of the events that were added nothing from before, of those taken out nothing more.
    let fresh = done(&administrator, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    done(&administrator, "ContactShare", share(&fresh)).await;
    let heard = elsewhere.arrived(2).await;
    assert_eq!((&body(&heard[1])["type"], &body(&heard[1])["data"]["id"]), (&json!("contact.shared"), &fresh["id"]));
    let log = hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    assert_eq!((&log["deliveries"]["totalCount"], elsewhere.now().len(), hook.receiver.now().len()), (&json!(2), 2, 1));
    // The description alone changes nothing that is sent.
    let named = update(&administrator, &hook, 2, &json!({ "description": null })).await;
    assert_eq!((&named["description"], &named["url"], &named["version"]), (&Value::Null, &changed["url"], &json!(3)));
    let audit = "query($id: ID!) { auditEntries(filter: { objectId: $id }) { nodes { act } } }";
    let lines = world.auditor().await.data(audit, json!({ "id": hook.id })).await["auditEntries"]["nodes"].clone();
    let updates = lines.as_array().unwrap().iter().filter(|line| line["act"] == "webhookEndpoint.update").count();
    assert_eq!(updates, 2);
}

async fn a_version_guards_two_keepers_and_every_fault_is_named(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    let refused = async |change: Value| administrator.graphql(UPDATE, json!({ "input": with(&hook, 1, &change) })).await;
    let bad = json!({ "url": "https://10.0.0.1/", "topics": ["contact.logged", "session.started"], "description": "x".repeat(301) });
    let faults = refused(bad).await.faults();
    assert_eq!(faults, ["input.url NOT_PERMITTED", "input.topics.1 NOT_AN_OPTION", "input.description TOO_LONG"]);
    assert_eq!(refused(json!({ "topics": [] })).await.faults(), ["input.topics REQUIRED"]);
    assert_eq!(refused(json!({})).await.faults(), ["input REQUIRED"]);
    let strict = app.beside_with(|config| config.webhooks.loopback = false).await;
    let on_strict = strict.signed_in("carla.colleague@body.example").await;
    let inside = with(&hook, 1, &json!({ "url": hook.receiver.url() }));
    assert_eq!(on_strict.graphql(UPDATE, json!({ "input": inside })).await.faults(), ["input.url NOT_PERMITTED"]);
    strict.finish().await;
    assert_eq!(hook.read(&administrator).await["status"], "ACTIVE");
    update(&administrator, &hook, 1, &json!({ "description": "First" })).await;
    assert_eq!(refused(json!({ "description": "Second" })).await.code(), "VERSION_MISMATCH");
    let long = json!({ "url": "https://a.example/", "topics": ["contact.logged"], "description": "x".repeat(301) });
    assert_eq!(administrator.graphql(CREATE, json!({ "input": long })).await.faults(), ["input.description TOO_LONG"]);
}

async fn who_says_where_it_leads_gives_it_his_rights(app: &TestApp) {
    let world = World::new(app).await;
    let chile = Cover { countries: Coverage::Only(BTreeSet::from([CountryCode::parse("CL").unwrap()])), services: Coverage::All };
    app.account_covering("chile@parley.example", world.platform, Role::PlatformAdministrator, chile).await;
    let of_chile = app.signed_in("chile@parley.example").await;
    let everywhere = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let hook = Hook::new(&everywhere, id(world.platform), &["contact.logged"]).await;
    hook.receiver.answers(&[500]);
    let (shared, officer) = (world.contact(&json!({ "visibility": "PARTIES" })), world.officer().await);
    done(&officer, "ContactLog", shared.clone()).await;
    hook.receiver.arrived(1).await;
    hook.until(&everywhere, |endpoint| tried(endpoint, 1, "STATUS")).await;
    // Naming it changes nothing; saying where it leads does.
    update(&of_chile, &hook, 1, &json!({ "description": "Ours" })).await;
    let own = Receiver::start().await;
    update(&of_chile, &hook, 2, &json!({ "url": own.url() })).await;
    app.advance(TimeDelta::seconds(6));
    let dropped = hook.until(&everywhere, |endpoint| first(endpoint)["status"] == "DROPPED").await;
    assert_eq!((&dropped["status"], own.now().len()), (&json!("ACTIVE"), 0), "nothing that he may not read");
    done(&officer, "ContactLog", shared.clone()).await;
    let chile = done(&world.stranger().await, "ContactLog", shared).await;
    let heard = own.arrived(1).await;
    assert_eq!((&body(&heard[0])["data"]["id"], heard.len()), (&chile["id"], 1));
    let everything = json!({ "webhookEndpointId": hook.id, "after": app.cursor(0) });
    hook.until(&everywhere, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    assert_eq!(everywhere.mutate(REPLAY, everything).await["count"], 1, "nor does a replay bring more");
}

async fn who_changes_it_takes_over_what_nobody_has_rights_to_any_more(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let partner = Partner::new(&administrator, &["webhooks:manage", "contacts:read"]).await;
    let program = partner.signed_in(app).await;
    let hook = Hook::new(&program, id(world.body), &["contact.logged"]).await;
    let blind = Partner::new(&administrator, &["webhooks:manage"]).await.signed_in(app).await;
    let moved = with(&hook, 1, &json!({ "url": hook.receiver.url() }));
    assert_eq!(blind.graphql(UPDATE, json!({ "input": moved })).await.faults(), ["input.topics NOT_PERMITTED"]);
    let end = "mutation($input: ApiClientRevokeInput!) { apiClientRevoke(input: $input) { apiClient { id } userErrors { code reason path message } } }";
    administrator.mutate(end, json!({ "apiClientId": partner.id })).await;
    done(&administrator, "ContactLog", world.smallest()).await;
    hook.until(&administrator, |endpoint| endpoint["disabledWhy"] == "NO_RIGHTS").await;
    assert_eq!(administrator.graphql(ENABLE, json!({ "input": hook.input() })).await.code(), "INVALID_TRANSITION");
    let changed = update(&administrator, &hook, 1, &json!({ "topics": ["contact.logged"] })).await;
    assert_eq!((&changed["apiClientId"], &changed["status"]), (&Value::Null, &json!("DISABLED")));
    administrator.mutate(ENABLE, hook.input()).await;
    let contact = done(&administrator, "ContactLog", world.smallest()).await;
    assert_eq!(body(&hook.receiver.arrived(1).await[0])["data"]["id"], contact["id"]);
}
