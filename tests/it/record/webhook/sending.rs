//! How messages are sent: signed, again, elsewhere never, once by several servers, and asked for again.

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_tests::{TestApp, people::id, receiver::Receiver, stories};

use super::{DISABLE, ENABLE, Hook, PING, REPLAY, ROTATE, body, first, made, signature, tried, until};
use crate::engagement::{
    contact_import::{counts, import, table},
    world::{World, done},
};

stories![
    what_fails_is_sent_again_under_its_id,
    who_was_away_is_told_when_he_is_back,
    a_redirect_is_not_followed_and_gone_means_gone,
    after_three_days_of_failure_an_endpoint_is_disabled_and_its_keepers_are_told,
    two_secrets_sign_while_one_follows_the_other,
    what_was_missed_is_sent_on_request,
    what_others_did_fills_no_replay,
    several_servers_send_each_event_once,
    a_server_that_may_not_reach_itself_does_not,
];

const CARLA: &str = "carla.colleague@body.example";

async fn what_fails_is_sent_again_under_its_id(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    hook.receiver.answers(&[500, 429]);
    done(&administrator, "ContactLog", world.smallest()).await;
    hook.receiver.arrived(1).await;
    let waiting = hook.until(&administrator, |endpoint| tried(endpoint, 1, "STATUS")).await;
    let one = first(&waiting);
    assert_eq!((&one["status"], &one["attempts"][0]["responseCode"]), (&json!("PENDING"), &json!(500)));
    assert_eq!(one["attempts"][0]["at"], "2026-03-02T09:00:00Z");
    assert!(one["attempts"][0]["latencyMs"].is_u64(), "{one}");
    let next = one["nextAttemptAt"].as_str().unwrap();
    assert!(next.starts_with("2026-03-02T09:00:05"), "five seconds and up to a fifth more: {next}");
    assert_eq!(waiting["failingSince"], "2026-03-02T09:00:00Z");
    app.advance(TimeDelta::seconds(6));
    hook.receiver.arrived(2).await;
    hook.until(&administrator, |endpoint| tried(endpoint, 2, "STATUS")).await;
    app.advance(TimeDelta::minutes(6));
    let heard = hook.receiver.arrived(3).await;
    let ids: Vec<&String> = heard.iter().map(|one| &one.headers["webhook-id"]).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "a receiver takes it once: {ids:?}");
    assert!(heard.iter().all(|one| one.headers["webhook-signature"] == signature(one, &hook.secret)));
    assert_ne!(heard[0].headers["webhook-timestamp"], heard[2].headers["webhook-timestamp"]);
    let told = hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    let codes: Vec<&Value> = first(&told)["attempts"].as_array().unwrap().iter().map(|one| &one["responseCode"]).collect();
    assert_eq!(codes, [500, 429, 200]);
    assert_eq!((&first(&told)["id"], &told["failingSince"]), (&json!(ids[0]), &Value::Null));
}

async fn who_was_away_is_told_when_he_is_back(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, place) = (world.colleague().await, id(world.body));
    let (url, appear) = Receiver::absent().await;
    let made = made(&administrator, &url, &place, &["contact.logged"]).await;
    let contact = done(&administrator, "ContactLog", world.smallest()).await;
    let endpoint = &made["webhookEndpoint"]["id"];
    let waiting = until(&administrator, &place, endpoint, |endpoint| tried(endpoint, 1, "CONNECTION")).await;
    assert_eq!(first(&waiting)["attempts"][0]["responseCode"], Value::Null);
    let receiver = appear().await;
    app.advance(TimeDelta::seconds(6));
    let heard = receiver.arrived(1).await;
    assert_eq!(body(&heard[0])["data"]["id"], contact["id"]);
    assert_eq!(heard[0].headers["webhook-signature"], signature(&heard[0], made["signingSecret"].as_str().unwrap()));
}

async fn a_redirect_is_not_followed_and_gone_means_gone(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    hook.receiver.answers(&[302, 410]);
    done(&administrator, "ContactLog", world.smallest()).await;
    hook.receiver.arrived(1).await;
    let waiting = hook.until(&administrator, |endpoint| tried(endpoint, 1, "REDIRECT")).await;
    assert_eq!((&first(&waiting)["status"], &first(&waiting)["attempts"][0]["responseCode"]), (&json!("PENDING"), &json!(302)));
    app.advance(TimeDelta::seconds(6));
    let heard = hook.receiver.arrived(2).await;
    assert!(heard.iter().all(|one| one.path == "/hook"), "nobody went elsewhere");
    let gone = hook.until(&administrator, |endpoint| endpoint["status"] == "DISABLED").await;
    assert_eq!((&gone["disabledWhy"], &first(&gone)["status"]), (&json!("GONE"), &json!("FAILED")));
    let audit = "query($id: ID!) { auditEntries(filter: { objectId: $id }) { nodes { act actorId } } }";
    let auditor = world.auditor().await;
    let lines = auditor.data(audit, json!({ "id": hook.id })).await["auditEntries"]["nodes"].clone();
    assert!(lines.as_array().unwrap().contains(&json!({ "act": "webhookEndpoint.disable", "actorId": null })), "{lines}");
    for (document, input) in [(DISABLE, hook.input()), (PING, hook.input())] {
        assert_eq!(administrator.graphql(document, json!({ "input": input })).await.code(), "INVALID_TRANSITION");
    }
}

async fn after_three_days_of_failure_an_endpoint_is_disabled_and_its_keepers_are_told(app: &TestApp) {
    let world = World::new(app).await;
    let maker = world.colleague().await;
    let hook = Hook::new(&maker, id(world.body), &["contact.logged"]).await;
    hook.receiver.answers(&[503; 4]);
    done(&maker, "ContactLog", world.smallest()).await;
    for attempt in 1..=3 {
        hook.receiver.arrived(attempt).await;
        let keeper = app.signed_in(CARLA).await;
        let failing = hook.until(&keeper, |endpoint| tried(endpoint, attempt, "STATUS")).await;
        assert_eq!((&failing["status"], &failing["failingSince"]), (&json!("ACTIVE"), &json!("2026-03-02T09:00:00Z")));
        app.advance(TimeDelta::hours(25));
    }
    hook.receiver.arrived(4).await;
    let keeper = app.signed_in(CARLA).await;
    let disabled = hook.until(&keeper, |endpoint| endpoint["status"] == "DISABLED").await;
    assert_eq!((&disabled["disabledWhy"], &first(&disabled)["nextAttemptAt"]), (&json!("FAILING"), &Value::Null));
    let mails = app.mails(CARLA).await;
    assert_eq!(mails.iter().filter(|mail| mail.contains("failed for three days") && mail.contains(hook.id.as_str().unwrap())).count(), 1);
    // What waited goes on where it was.
    assert_eq!(keeper.mutate(ENABLE, hook.input()).await["webhookEndpoint"]["status"], "ACTIVE");
    hook.receiver.arrived(5).await;
    let healed = hook.until(&keeper, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    assert_eq!((&healed["failingSince"], first(&healed)["attempts"].as_array().unwrap().len()), (&Value::Null, 5));
}

async fn two_secrets_sign_while_one_follows_the_other(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    let rotated = administrator.mutate(ROTATE, hook.input()).await;
    let newer = rotated["signingSecret"].as_str().unwrap().to_owned();
    assert!(newer.starts_with("whsec_") && newer != hook.secret);
    assert_eq!(rotated["webhookEndpoint"]["formerSecretUntil"], "2026-03-03T09:00:00Z");
    administrator.mutate(PING, hook.input()).await;
    let heard = hook.receiver.arrived(1).await;
    let both = format!("{} {}", signature(&heard[0], &newer), signature(&heard[0], &hook.secret));
    assert_eq!(heard[0].headers["webhook-signature"], both);
    app.advance(TimeDelta::hours(24));
    let administrator = app.signed_in(CARLA).await;
    administrator.mutate(PING, hook.input()).await;
    let heard = hook.receiver.arrived(2).await;
    assert_eq!(heard[1].headers["webhook-signature"], signature(&heard[1], &newer));
    // At rest there is neither.
    let tables = app.database.everything().await;
    for secret in [&hook.secret, &newer] {
        let text = secret.trim_start_matches("whsec_");
        let bytes = BASE64_STANDARD.decode(text).unwrap();
        let hexadecimal = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        for plain in [text, &hexadecimal, &format!("{bytes:?}").replace(' ', "")] {
            assert!(!tables.values().flatten().any(|row| row.to_lowercase().contains(&plain.to_lowercase())));
        }
    }
}

async fn what_was_missed_is_sent_on_request(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    let told = done(&administrator, "ContactLog", world.smallest()).await;
    let sent = hook.receiver.arrived(1).await[0].clone();
    hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    let disabled = administrator.mutate(DISABLE, hook.input()).await;
    assert_eq!(disabled["webhookEndpoint"]["disabledWhy"], "BY_OWNER");
    let missed = done(&administrator, "ContactLog", world.smallest()).await;
    done(&world.stranger().await, "ContactLog", world.smallest()).await;
    tertulia_app::record::drain(&app.app).await.unwrap();
    let cursor = body(&sent)["data"]["cursor"].clone();
    let from = |after: &Value| json!({ "webhookEndpointId": hook.id, "after": after });
    assert_eq!(administrator.graphql(REPLAY, json!({ "input": from(&cursor) })).await.code(), "INVALID_TRANSITION");
    administrator.mutate(ENABLE, hook.input()).await;
    let again = json!({ "webhookEndpointId": hook.id, "webhookDeliveryId": sent.headers["webhook-id"] });
    assert_eq!(administrator.mutate(REPLAY, again).await["count"], 1);
    let heard = hook.receiver.arrived(2).await;
    assert_eq!((&heard[1].headers["webhook-id"], &heard[1].body), (&sent.headers["webhook-id"], &sent.body), "the same message");
    hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    // Behind what it has, only what it missed; nothing of what a foreign organisation did.
    let replayed = administrator.mutate(REPLAY, from(&cursor)).await;
    assert_eq!((&replayed["count"], &replayed["nextAfter"]), (&json!(1), &Value::Null));
    assert_eq!(body(&hook.receiver.arrived(3).await[2])["data"]["id"], missed["id"]);
    hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    let mut all = from(&json!(app.cursor(0)));
    all["idempotencyKey"] = json!("once");
    assert_eq!(administrator.mutate(REPLAY, all.clone()).await["count"], 2);
    assert_eq!(administrator.mutate(REPLAY, all).await["count"], Value::Null, "the same request");
    let heard = hook.receiver.arrived(5).await;
    let contacts: BTreeSet<String> = heard[3..].iter().map(|one| body(one)["data"]["id"].to_string()).collect();
    assert_eq!(contacts, BTreeSet::from([told["id"].to_string(), missed["id"].to_string()]));
    let unknown = json!({ "webhookEndpointId": hook.id, "webhookDeliveryId": "delivery_00000000000000000000000001" });
    for (wrong, code) in [
        (hook.input(), "INVALID_INPUT"),
        (from(&json!("x")), "INVALID_INPUT"),
        (from(&json!(app.cursor(1_000_000))), "INVALID_INPUT"),
        (unknown, "NOT_FOUND"),
    ] {
        assert_eq!(administrator.graphql(REPLAY, json!({ "input": wrong })).await.code(), code);
    }
    app.advance(TimeDelta::days(31));
    let administrator = app.signed_in(CARLA).await;
    let faults = administrator.graphql(REPLAY, json!({ "input": from(&cursor) })).await.faults();
    assert_eq!(faults, ["input.after OUT_OF_RANGE"], "older than messages are kept");
}

async fn what_others_did_fills_no_replay(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    let told = done(&administrator, "ContactLog", world.smallest()).await;
    let imported = import(&world.stranger().await, "others.csv", table(1_000), json!({ "electoralBodyId": id(world.other_body) })).await;
    assert_eq!(counts(&imported), (1_000, 0, 0), "{imported}");
    let later = done(&administrator, "ContactLog", world.smallest()).await;
    let heard = hook.receiver.arrived(2).await;
    let contacts: Vec<Value> = heard.iter().map(|one| body(one)["data"]["id"].clone()).collect();
    assert_eq!(contacts, [told["id"].clone(), later["id"].clone()]);
    hook.until(&administrator, |endpoint| first(endpoint)["status"] == "DELIVERED").await;
    let all = json!({ "webhookEndpointId": hook.id, "after": app.cursor(0) });
    let replayed = administrator.mutate(REPLAY, all).await;
    assert_eq!((&replayed["count"], &replayed["nextAfter"]), (&json!(2), &Value::Null), "a thousand of others stand for nothing");
}

async fn several_servers_send_each_event_once(app: &TestApp) {
    const MANY: usize = 12;
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let (second, third) = (app.beside().await, app.beside().await);
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    for _ in 0..MANY {
        done(&administrator, "ContactLog", world.smallest()).await;
    }
    hook.receiver.arrived(MANY).await;
    let once = |one: &Value| one["status"] == "DELIVERED" && one["attempts"].as_array().is_some_and(|attempts| attempts.len() == 1);
    let log = hook.until(&administrator, |endpoint| {
        let all = endpoint["deliveries"]["nodes"].as_array().unwrap();
        all.len() == MANY && all.iter().all(once)
    });
    log.await;
    let heard = hook.receiver.now();
    let ids: BTreeSet<&String> = heard.iter().map(|one| &one.headers["webhook-id"]).collect();
    assert_eq!((heard.len(), ids.len()), (MANY, MANY));
    second.finish().await;
    third.finish().await;
}

async fn a_server_that_may_not_reach_itself_does_not(app: &TestApp) {
    let strict = TestApp::start_with(app.database.backend, |config| config.webhooks.loopback = false).await;
    let world = World::new(&strict).await;
    world.colleague().await;
    let lenient = strict.beside_with(|config| config.webhooks.loopback = true).await;
    let hook = Hook::new(&lenient.signed_in(CARLA).await, id(world.body), &["contact.logged"]).await;
    lenient.finish().await;
    let administrator = strict.signed_in(CARLA).await;
    administrator.mutate(PING, hook.input()).await;
    let refused = hook.until(&administrator, |endpoint| tried(endpoint, 1, "FORBIDDEN_ADDRESS")).await;
    assert_eq!(first(&refused)["attempts"][0]["responseCode"], Value::Null);
    assert!(hook.receiver.now().is_empty(), "looked at with each message, not only when the endpoint is made");
    strict.finish().await;
}
