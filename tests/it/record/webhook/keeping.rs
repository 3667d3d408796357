//! Who keeps endpoints, what is refused, and that nothing leads into a private network.

use serde_json::{Value, json};
use tertulia_api::graphql::sdl;
use tertulia_domain::{policy::Role, record::webhook::TOPICS};
use tertulia_tests::{TestApp, people::id, stories};

use super::{CREATE, DELETE, DISABLE, ENABLE, ENDPOINTS, Hook, NODE, PING, REPLAY, ROTATE, UPDATE};
use crate::{
    engagement::world::{World, done},
    identity::api_client::Partner,
};

stories![
    clients_keep_endpoints_with_the_scope,
    others_endpoints_are_not_there,
    names_every_fault_and_keeps_the_limit,
    what_is_deleted_is_told_nothing_more,
    no_private_addresses_whatever_the_operator_allows,
];

async fn clients_keep_endpoints_with_the_scope(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let reader = Partner::new(&administrator, &["contacts:read"]).await.signed_in(app).await;
    let input = json!({ "url": "https://partner.example/hook", "topics": ["contact.logged"] });
    assert_eq!(reader.graphql(CREATE, json!({ "input": input })).await.code(), "FORBIDDEN");
    assert_eq!(reader.graphql(ENDPOINTS, json!({ "id": id(world.body) })).await.code(), "FORBIDDEN");
    let blind = Partner::new(&administrator, &["webhooks:manage"]).await.signed_in(app).await;
    assert_eq!(blind.graphql(CREATE, json!({ "input": input })).await.faults(), ["input.topics.0 NOT_PERMITTED"]);
    let partner = Partner::new(&administrator, &["webhooks:manage", "contacts:read"]).await;
    let program = partner.signed_in(app).await;
    let made = program.mutate(CREATE, input).await;
    assert_eq!(made["webhookEndpoint"]["apiClientId"], partner.id);
    let of = json!({ "webhookEndpointId": made["webhookEndpoint"]["id"] });
    for document in [ROTATE, DISABLE, ENABLE, PING, DELETE] {
        program.mutate(document, of.clone()).await;
    }
}

async fn others_endpoints_are_not_there(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer) = (world.colleague().await, world.officer().await);
    let abroad = app.member("admin@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let (coordinator, representative) = (world.coordinator().await, world.representative().await);
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    let again = json!({ "webhookEndpointId": hook.id, "after": app.cursor(0) });
    let change = json!({ "webhookEndpointId": hook.id, "version": 1, "url": "https://stranger.example/" });
    for document in [UPDATE, ROTATE, ENABLE, DISABLE, DELETE, PING, REPLAY] {
        let input = match document {
            REPLAY => again.clone(),
            UPDATE => change.clone(),
            _ => hook.input(),
        };
        for (stranger, code) in
            [(&abroad, "NOT_FOUND"), (&coordinator, "NOT_FOUND"), (&officer, "FORBIDDEN"), (&representative, "FORBIDDEN")]
        {
            assert_eq!(stranger.graphql(document, json!({ "input": input })).await.code(), code);
        }
    }
    for stranger in [&abroad, &officer, &coordinator, &representative] {
        assert_eq!(stranger.graphql(ENDPOINTS, json!({ "id": id(world.body) })).await.code(), "FORBIDDEN");
        assert_eq!(stranger.data(NODE, json!({ "id": hook.id })).await["node"], Value::Null);
        let place = json!({ "input": { "url": "https://a.example/", "topics": ["contact.logged"], "organisationId": id(world.body) } });
        assert_eq!(stranger.graphql(CREATE, place).await.code(), "FORBIDDEN");
    }
    assert_eq!(administrator.data(NODE, json!({ "id": hook.id })).await["node"]["id"], hook.id);
}

async fn names_every_fault_and_keeps_the_limit(app: &TestApp) {
    let world = World::new(app).await;
    world.colleague().await;
    let small = app.beside_with(|config| config.webhooks.endpoints = 3).await;
    let administrator = small.signed_in("carla.colleague@body.example").await;
    let bad = json!({ "url": "ftp://x", "topics": ["contact.logged", "session.started", "contact.logged"] });
    let faults = administrator.graphql(CREATE, json!({ "input": bad })).await.faults();
    assert_eq!(faults, ["input.url MALFORMED", "input.topics.1 NOT_AN_OPTION", "input.topics.2 DUPLICATE"]);
    let input = json!({ "url": "https://a.example/", "topics": ["contact.logged"], "idempotencyKey": "first" });
    let made = administrator.mutate(CREATE, input.clone()).await;
    assert!(made["signingSecret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
    let again = administrator.mutate(CREATE, input).await;
    assert_eq!((&again["webhookEndpoint"], &again["signingSecret"]), (&made["webhookEndpoint"], &Value::Null), "shown once");
    let one = json!({ "input": { "url": "https://a.example/", "topics": ["contact.logged"] } });
    for _ in 1..3 {
        assert_eq!(administrator.graphql(CREATE, one.clone()).await.code_or_none(), None);
    }
    assert_eq!(administrator.graphql(CREATE, one.clone()).await.code(), "LIMIT_EXCEEDED");
    administrator.mutate(DELETE, json!({ "webhookEndpointId": made["webhookEndpoint"]["id"] })).await;
    assert_eq!(administrator.graphql(CREATE, one).await.code_or_none(), None);
    small.finish().await;
    let schema = sdl();
    let left: Vec<_> = TOPICS.iter().filter(|topic| !schema.contains(&format!("`{topic}`"))).collect();
    assert!(left.is_empty(), "the schema does not name {left:?}");
}

async fn what_is_deleted_is_told_nothing_more(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let hook = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    let beside = Hook::new(&administrator, id(world.body), &["contact.logged"]).await;
    done(&administrator, "ContactLog", world.smallest()).await;
    hook.receiver.arrived(1).await;
    administrator.mutate(DELETE, hook.input()).await;
    assert_eq!(administrator.data(NODE, json!({ "id": hook.id })).await["node"], Value::Null);
    assert_eq!(administrator.graphql(DELETE, json!({ "input": hook.input() })).await.code(), "NOT_FOUND");
    done(&administrator, "ContactLog", world.smallest()).await;
    beside.receiver.arrived(2).await;
    assert_eq!(hook.receiver.now().len(), 1);
    let left = app.database.counts("SELECT status, count(*) FROM webhook_delivery GROUP BY status").await;
    assert_eq!(left.values().sum::<i64>(), 2, "those of the other endpoint: {left:?}");
}

async fn no_private_addresses_whatever_the_operator_allows(app: &TestApp) {
    let world = World::new(app).await;
    world.colleague().await;
    let strict = app.beside_with(|config| config.webhooks.loopback = false).await;
    let (here, elsewhere) = (
        ["http://127.0.0.1/", "http://localhost/", "https://localhost/", "https://127.0.0.1/", "https://[::1]/"],
        [
            "http://partner.example/",
            "https://127.1.0.0.example.localhost/",
            "https://10.0.0.1/",
            "https://192.168.0.1/",
            "https://100.64.0.1/",
            "https://169.254.169.254/",
            "https://224.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://intranet/",
        ],
    );
    let create = |url: &str| json!({ "input": { "url": url, "topics": ["contact.logged"] } });
    let administrator = strict.signed_in("carla.colleague@body.example").await;
    for url in here.iter().chain(&elsewhere) {
        assert_eq!(administrator.graphql(CREATE, create(url)).await.faults(), ["input.url NOT_PERMITTED"], "{url}");
    }
    assert_eq!(administrator.graphql(CREATE, create("https://partner.example/")).await.code_or_none(), None);
    strict.finish().await;
    let administrator = app.signed_in("carla.colleague@body.example").await;
    for url in elsewhere {
        assert_eq!(administrator.graphql(CREATE, create(url)).await.faults(), ["input.url NOT_PERMITTED"], "{url}");
    }
    for url in here {
        assert_eq!(administrator.graphql(CREATE, create(url)).await.code_or_none(), None, "{url}");
    }
}
