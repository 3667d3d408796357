//! Opening a contact to more readers, and who loses sight of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};

use super::world::{World, act, done, list, read};

stories![
    drafts_are_the_senders_only,
    sharing_widens_and_narrows_until_it_was_read,
    named_readers_read_alone,
    a_draft_is_before_nobody_else,
    changes_say_what_was_lost_sight_of
];

async fn drafts_are_the_senders_only(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague, representative, coordinator) =
        (world.officer().await, world.colleague().await, world.representative().await, world.coordinator().await);
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null, "visibility": "PARTIES" }))).await;
    assert!(read(&colleague, &draft["id"]).await.is_object());
    for client in [&representative, &coordinator] {
        assert_eq!(read(client, &draft["id"]).await, Value::Null);
        assert_eq!(list(client, json!({ "filter": { "status": ["DRAFT"] } })).await["totalCount"], 0);
        let acted = act(client, "ContactAcknowledge", json!({ "contactId": draft["id"] })).await;
        assert!(["NOT_FOUND", "FORBIDDEN"].contains(&acted.code()));
    }
    done(&officer, "ContactWithdraw", json!({ "contactId": draft["id"], "reason": "x" })).await;
    assert_eq!(read(&representative, &draft["id"]).await, Value::Null, "what was never sent stays its sender's");
}

async fn sharing_widens_and_narrows_until_it_was_read(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    let id = &contact["id"];
    assert_eq!((&contact["status"], &contact["sharedAt"]), (&json!("SENT"), &Value::Null));
    assert_eq!(read(&representative, id).await, Value::Null);
    let shared = done(&officer, "ContactShare", json!({ "contactId": id })).await;
    assert_eq!((&shared["visibility"], &shared["sharedAt"]), (&json!("PARTIES"), &json!("2026-03-02T09:00:00Z")));
    done(&officer, "ContactShare", json!({ "contactId": id, "visibility": "ORGANISATION" })).await;
    assert_eq!(read(&representative, id).await, Value::Null);
    done(&officer, "ContactShare", json!({ "contactId": id, "visibility": "PARTIES" })).await;
    assert_eq!(list(&representative, json!({})).await["totalCount"], 1);
    let narrowed = act(&officer, "ContactShare", json!({ "contactId": id, "visibility": "ORGANISATION" })).await;
    assert_eq!((narrowed.code(), narrowed.faults()), ("INVALID_TRANSITION", vec!["input.visibility NOT_ALLOWED_NOW".to_owned()]));
    assert!(!read(&officer, id).await["allowedActs"].as_array().unwrap().contains(&json!("SHARE")));
}

async fn named_readers_read_alone(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague, representative, rival) =
        (world.officer().await, world.colleague().await, world.representative().await, world.rival().await);
    // The subject of an access token is the person.
    let user = |client: &Client| {
        let claims = client.token.as_deref().unwrap().split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        claims["sub"].clone()
    };
    let (named, foreign) = (user(&representative), user(&rival));
    let other = app.member("second@parley.example", world.platform, tertulia_domain::policy::Role::PlatformAdministrator).await;
    let unknown = act(&officer, "ContactLog", world.contact(&json!({ "visibility": "NAMED", "namedReaders": [named, foreign] }))).await;
    assert_eq!(unknown.faults().len(), 1);
    assert!(unknown.faults()[0].ends_with("UNKNOWN_ID"), "nobody outside the parties can be named");
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "visibility": "NAMED", "namedReaders": [named] }))).await;
    for (client, reads) in [(&officer, true), (&representative, true), (&colleague, false), (&other, false), (&rival, false)] {
        assert_eq!(read(client, &contact["id"]).await.is_object(), reads);
        assert_eq!(list(client, json!({})).await["totalCount"], i32::from(reads));
    }
    let readers = "query($id: ID!) { contact(id: $id) { namedReaders } }";
    let shown = |data: Value| data["contact"]["namedReaders"].as_array().map(Vec::len);
    assert_eq!(shown(officer.data(readers, json!({ "id": contact["id"] })).await), Some(2), "the caller does not shut himself out");
    assert_eq!(shown(representative.data(readers, json!({ "id": contact["id"] })).await), None);
}

/// What was not sent yet is before nobody else, whoever is to read it later; and it is shared from the act on that sends it.
async fn a_draft_is_before_nobody_else(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let draft = async |change: Value| {
        let mut input = json!({ "sentAt": null });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        done(&officer, "ContactLog", world.contact(&input)).await["id"].clone()
    };
    let (sent, kept) = (draft(json!({})).await, draft(json!({ "visibility": "PARTIES" })).await);
    drop((world.representative().await, world.coordinator().await));
    app.advance(chrono::TimeDelta::days(3));
    let officer = app.signed_in("olga.officer@body.example").await;
    done(&officer, "ContactShare", json!({ "contactId": kept, "visibility": "ORGANISATION" })).await;
    done(&officer, "ContactSend", json!({ "contactId": sent, "occurredAt": "2026-03-03T08:00:00Z" })).await;
    let shared = "query($id: ID!) { contact(id: $id) { sentAt sharedAt } }";
    let told = officer.data(shared, json!({ "id": sent })).await["contact"].clone();
    assert_eq!(told, json!({ "sentAt": "2026-03-03T08:00:00Z", "sharedAt": "2026-03-05T09:00:00Z" }));
    let query = "query($after: DateTime!) { contacts(filter: { changedAfter: $after }, orderBy: CHANGED_AT) { changes { lostSight } } }";
    for email in ["rosa.representative@parley.example", "coordinator@desk.example"] {
        let told = app.signed_in(email).await.data(query, json!({ "after": "2026-03-02T09:30:00Z" })).await;
        assert_eq!(told["contacts"]["changes"]["lostSight"], json!([]), "{email}");
    }
}

async fn changes_say_what_was_lost_sight_of(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative, coordinator) = (world.officer().await, world.representative().await, world.coordinator().await);
    let kept = done(&officer, "ContactLog", world.smallest()).await;
    let taken = done(&officer, "ContactLog", world.smallest()).await;
    let query =
        "query($after: DateTime!) { contacts(filter: { changedAfter: $after }, orderBy: CHANGED_AT) { totalCount nodes { id version }
        changes { lostSight mustResync completeTo } } }";
    let since = |after: &str| json!({ "after": after });
    let first = coordinator.data(query, since("2026-03-02T08:00:00Z")).await["contacts"].clone();
    assert_eq!((&first["totalCount"], &first["changes"]["lostSight"]), (&json!(2), &json!([])));
    assert_eq!(first["changes"]["mustResync"], true, "the account is newer than that");
    app.advance(chrono::TimeDelta::minutes(5));
    done(&officer, "ContactComment", json!({ "contactId": kept["id"], "text": "x" })).await;
    done(&officer, "ContactShare", json!({ "contactId": taken["id"], "visibility": "ORGANISATION" })).await;
    for client in [&coordinator, &representative] {
        let next = client.data(query, since("2026-03-02T09:01:00Z")).await["contacts"].clone();
        assert_eq!(next["nodes"], json!([{ "id": kept["id"], "version": 1 }]));
        assert_eq!((&next["changes"]["lostSight"], &next["changes"]["mustResync"]), (&json!([taken["id"]]), &json!(false)));
        assert_eq!(next["changes"]["completeTo"], "2026-03-02T09:04:00Z");
    }
    let own = officer.data(query, since("2026-03-02T09:01:00Z")).await["contacts"].clone();
    assert_eq!((&own["totalCount"], &own["changes"]["lostSight"]), (&json!(2), &json!([])));
    done(&officer, "ContactShare", json!({ "contactId": taken["id"] })).await;
    let back = coordinator.data(query, since("2026-03-02T09:01:00Z")).await["contacts"].clone();
    assert_eq!(back["changes"]["lostSight"], json!([]), "it is seen again");
}
