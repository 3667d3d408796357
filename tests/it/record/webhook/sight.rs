//! What an endpoint is told of: what its maker may read when it is sent, and no more.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_domain::{
    identity::Cover,
    policy::{Coverage, Role},
    text::CountryCode,
};
use tertulia_tests::{TestApp, people::id, stories};

use super::{ENABLE, Hook, LOG, NODE, PING, REPLAY, body, first, signature, tried};
use crate::{
    engagement::world::{World, done},
    identity::api_client::Partner,
};

stories![
    each_side_is_sent_what_it_may_read_and_signed,
    an_endpoint_covers_what_its_maker_covers,
    what_became_of_a_draft_stays_with_who_wrote_it,
    rights_end_with_those_of_who_made_it,
    a_revoked_client_is_told_nothing_more,
    the_log_names_only_what_its_reader_may_read,
];

async fn each_side_is_sent_what_it_may_read_and_signed(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let abroad = app.member("admin@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let topics = ["contact.logged", "contact.acknowledged"];
    let own = Hook::new(&administrator, id(world.body), &topics).await;
    let theirs = Hook::new(&keeper, id(world.platform), &topics).await;
    let strangers = Hook::new(&abroad, id(world.other_body), &topics).await;
    let kept = done(&administrator, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    own.receiver.arrived(1).await;
    let shared = done(&administrator, "ContactLog", world.contact(&json!({ "visibility": "PARTIES" }))).await;
    let heard = own.receiver.arrived(2).await;
    for (message, contact) in heard.iter().zip([&kept, &shared]) {
        assert_eq!(message.headers["webhook-signature"], signature(message, &own.secret));
        assert_eq!(message.headers["content-type"], "application/json");
        assert_eq!(message.headers["webhook-timestamp"], "1772442000");
        let mut said = body(message);
        assert!(said["data"].as_object_mut().unwrap().remove("cursor").is_some_and(|cursor| cursor.is_string()));
        let data = json!({ "objectType": "contact", "id": contact["id"] });
        assert_eq!(said, json!({ "type": "contact.logged", "timestamp": "2026-03-02T09:00:00Z", "data": data }));
    }
    let told = theirs.receiver.arrived(1).await;
    assert_eq!(body(&told[0])["data"]["id"], shared["id"], "what was not shared is not told");
    assert_ne!(told[0].headers["webhook-id"], heard[1].headers["webhook-id"], "a message of its own");
    let acts = "query($id: ID!) { contact(id: $id) { allowedActs } }";
    let acts = async || administrator.data(acts, json!({ "id": shared["id"] })).await["contact"]["allowedActs"].to_string();
    assert!(acts().await.contains("SHARE"), "being told is no reading: it can be narrowed");
    done(&keeper, "ContactAcknowledge", json!({ "contactId": shared["id"] })).await;
    assert!(!acts().await.contains("SHARE"));
    assert_eq!(body(&own.receiver.arrived(3).await[2])["type"], "contact.acknowledged");
    abroad.mutate(PING, strangers.input()).await;
    let only = strangers.receiver.arrived(1).await;
    assert_eq!((body(&only[0])["type"].clone(), body(&only[0])["data"].clone(), only.len()), (json!("ping"), json!({}), 1));
    let log = strangers.until(&abroad, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    assert_eq!((&log["deliveries"]["totalCount"], &first(&log)["topic"]), (&json!(1), &json!("ping")));
    let log = theirs.until(&keeper, |endpoint| endpoint["deliveries"]["totalCount"] == 2).await;
    assert!(log["deliveries"]["nodes"].as_array().unwrap().iter().all(|one| one["objectId"] == shared["id"]), "{log}");
}

async fn an_endpoint_covers_what_its_maker_covers(app: &TestApp) {
    let world = World::new(app).await;
    let chile = Cover { countries: Coverage::Only(BTreeSet::from([CountryCode::parse("CL").unwrap()])), services: Coverage::All };
    app.account_covering("chile@parley.example", world.platform, Role::PlatformAdministrator, chile).await;
    let of_chile = app.signed_in("chile@parley.example").await;
    let everywhere = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let narrow = Hook::new(&of_chile, id(world.platform), &["contact.logged"]).await;
    let wide = Hook::new(&everywhere, id(world.platform), &["contact.logged"]).await;
    let shared = world.contact(&json!({ "visibility": "PARTIES" }));
    let peru = done(&world.officer().await, "ContactLog", shared.clone()).await;
    let chile = done(&world.stranger().await, "ContactLog", shared).await;
    let heard = wide.receiver.arrived(2).await;
    let told: BTreeSet<String> = heard.iter().map(|one| body(one)["data"]["id"].to_string()).collect();
    assert_eq!(told, BTreeSet::from([peru["id"].to_string(), chile["id"].to_string()]));
    let heard = narrow.receiver.arrived(1).await;
    assert_eq!((body(&heard[0])["data"]["id"].clone(), heard.len()), (chile["id"].clone(), 1));
    assert_eq!(narrow.read(&of_chile).await["deliveries"]["totalCount"], 1);
    // Both are the platform's; yet who keeps them reads no further in the log either.
    let log = wide.read(&of_chile).await["deliveries"]["nodes"].clone();
    let named: Vec<&Value> = log.as_array().unwrap().iter().map(|one| &one["objectId"]).filter(|object| !object.is_null()).collect();
    assert_eq!(named, [&chile["id"]]);
}

async fn what_became_of_a_draft_stays_with_who_wrote_it(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, keeper) = (world.officer().await, app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await);
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await["id"].clone();
    app.advance(TimeDelta::minutes(5));
    done(&officer, "ContactSend", json!({ "contactId": draft })).await;
    tertulia_app::record::drain(&app.app).await.unwrap();
    let hook = Hook::new(&keeper, id(world.platform), &["contact.logged", "contact.sent"]).await;
    let all = json!({ "webhookEndpointId": hook.id, "after": app.cursor(0) });
    assert_eq!(keeper.mutate(REPLAY, all).await["count"], 1);
    let heard = hook.receiver.arrived(1).await;
    assert_eq!((&body(&heard[0])["type"], &body(&heard[0])["data"]["id"]), (&json!("contact.sent"), &draft));
}

async fn rights_end_with_those_of_who_made_it(app: &TestApp) {
    let world = World::new(app).await;
    let maker = world.colleague().await;
    let other = app.member("other@body.example", world.body, Role::ElectoralBodyAdministrator).await;
    let hook = Hook::new(&maker, id(world.body), &["contact.logged"]).await;
    let still = Hook::new(&other, id(world.body), &["contact.logged"]).await;
    hook.receiver.answers(&[500]);
    done(&other, "ContactLog", world.smallest()).await;
    hook.receiver.arrived(1).await;
    hook.until(&other, |endpoint| tried(endpoint, 1, "STATUS")).await;
    let mine = maker.data("{ viewer { memberships { id } } }", json!({})).await["viewer"]["memberships"][0]["id"].clone();
    let revoke = "mutation($input: MembershipRevokeInput!) { membershipRevoke(input: $input) { membership { id } userErrors { code reason path message } } }";
    other.mutate(revoke, json!({ "membershipId": mine })).await;
    app.advance(TimeDelta::seconds(6));
    let ended = hook.until(&other, |endpoint| endpoint["status"] == "DISABLED").await;
    assert_eq!((&ended["disabledWhy"], &first(&ended)["status"]), (&json!("NO_RIGHTS"), &json!("DROPPED")));
    done(&other, "ContactLog", world.smallest()).await;
    still.receiver.arrived(2).await;
    assert_eq!(hook.read(&other).await["deliveries"]["totalCount"], 1);
    assert_eq!(hook.receiver.now().len(), 1);
    assert_eq!(other.graphql(ENABLE, json!({ "input": hook.input() })).await.code(), "INVALID_TRANSITION");
}

async fn a_revoked_client_is_told_nothing_more(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let partner = Partner::new(&administrator, &["webhooks:manage", "contacts:read"]).await;
    let hook = Hook::new(&partner.signed_in(app).await, id(world.body), &["contact.logged"]).await;
    let beside = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    done(&administrator, "ContactLog", world.smallest()).await;
    hook.receiver.arrived(1).await;
    let end = "mutation($input: ApiClientRevokeInput!) { apiClientRevoke(input: $input) { apiClient { id } userErrors { code reason path message } } }";
    administrator.mutate(end, json!({ "apiClientId": partner.id })).await;
    done(&administrator, "ContactLog", world.smallest()).await;
    beside.receiver.arrived(2).await;
    let ended = hook.until(&administrator, |endpoint| endpoint["status"] == "DISABLED").await;
    assert_eq!((&ended["disabledWhy"], &ended["deliveries"]["totalCount"]), (&json!("NO_RIGHTS"), &json!(1)));
    assert_eq!(hook.receiver.now().len(), 1);
    let mails = app.mails("carla.colleague@body.example").await;
    assert!(mails.iter().any(|mail| mail.contains("A webhook endpoint was disabled") && mail.contains("expired")), "{mails:?}");
}

async fn the_log_names_only_what_its_reader_may_read(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer) = (world.colleague().await, world.officer().await);
    let abroad = app.member("admin@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    let contact = done(&administrator, "ContactLog", world.smallest()).await;
    let log = hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    assert_eq!(first(&log)["objectId"], contact["id"]);
    let blind = Partner::new(&administrator, &["webhooks:manage"]).await.signed_in(app).await;
    assert_eq!(first(&hook.read(&blind).await)["objectId"], Value::Null);
    let message = json!({ "id": first(&log)["id"] });
    let node = administrator.data(NODE, message.clone()).await["node"].clone();
    assert_eq!((&node["__typename"], &node["objectId"]), (&json!("WebhookDelivery"), &contact["id"]));
    assert_eq!(blind.data(NODE, message.clone()).await["node"]["objectId"], Value::Null);
    assert_eq!(abroad.data(LOG, json!({ "id": hook.id })).await["webhookDeliveries"]["totalCount"], 0);
    assert_eq!(officer.graphql(LOG, json!({ "id": hook.id })).await.code(), "FORBIDDEN");
    for stranger in [&abroad, &officer] {
        assert_eq!(stranger.data(NODE, message.clone()).await["node"], Value::Null);
    }
}
