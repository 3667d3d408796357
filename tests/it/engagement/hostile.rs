//! What nobody means well, and what many do at once.

use serde_json::{Value, json};
use tertulia_domain::{engagement::history::verify, id::PlatformServiceId};
use tertulia_tests::{Client, TestApp, stories};

use super::{
    import_columns::made,
    incident, mandate,
    world::{World, act, done, list, read},
};

stories![hostile_input_is_refused_and_changes_nothing, fifty_writers_lose_no_fact, what_belongs_elsewhere_cannot_be_named];

async fn hostile_input_is_refused_and_changes_nothing(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    for (change, fault) in [
        (json!({ "subject": "x".repeat(100_000) }), "input.subject TOO_LONG"),
        (json!({ "description": "é".repeat(10_001) }), "input.description TOO_LONG"),
        (json!({ "subject": "a\u{0}b" }), "input.subject FORBIDDEN_CHARACTER"),
        (json!({ "subject": "a\u{202E}b" }), "input.subject FORBIDDEN_CHARACTER"),
        (json!({ "caseNumber": "a\nb" }), "input.caseNumber FORBIDDEN_CHARACTER"),
        (json!({ "platformServiceId": world.body.to_string() }), "input.platformServiceId WRONG_KIND"),
        (json!({ "platformServiceId": "' OR 1=1 --" }), "input.platformServiceId MALFORMED"),
        (json!({ "sentAt": "2026-03-02T09:06:00Z" }), "input.sentAt IN_FUTURE"),
        (json!({ "sentAt": "0000-01-01T00:00:00Z" }), "input.sentAt OUT_OF_RANGE"),
        (json!({ "items": [{ "url": "javascript:alert(1)" }] }), "input.items.0.url MALFORMED"),
        (json!({ "items": [{ "url": "https://user:secret@parley.example/" }] }), "input.items.0.url MALFORMED"),
        (json!({ "items": vec![json!({ "description": "x" }); 201] }), "input.items TOO_LONG"),
        (json!({ "idempotencyKey": "x".repeat(101) }), "input.idempotencyKey TOO_LONG"),
        (json!({ "idempotencyKey": "" }), "input.idempotencyKey REQUIRED"),
    ] {
        let refused = act(&officer, "ContactLog", world.contact(&change)).await;
        assert_eq!((refused.code(), refused.faults()), ("INVALID_INPUT", vec![fault.to_owned()]));
    }
    assert_eq!(list(&officer, json!({})).await["totalCount"], 0, "nothing is half written");
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": "2026-03-02T09:04:00Z" }))).await;
    for (name, input, fault) in [
        ("ContactAcknowledge", json!({ "occurredAt": "2026-03-02T09:06:00Z" }), "input.occurredAt IN_FUTURE"),
        ("ContactAcknowledge", json!({ "occurredAt": "1926-03-02T09:06:00Z" }), "input.occurredAt OUT_OF_RANGE"),
        ("ContactAcknowledge", json!({ "note": "\u{2066}" }), "input.note FORBIDDEN_CHARACTER"),
        ("ContactClose", json!({ "reason": " " }), "input.reason REQUIRED"),
        ("ContactComment", json!({ "text": "x".repeat(10_001) }), "input.text TOO_LONG"),
        (
            "ContactDecide",
            json!({ "outcome": "ACTION_TAKEN", "itemOutcomes": [{ "itemId": world.body.to_string(), "outcome": "ACTION_TAKEN" }] }),
            "input.itemOutcomes.0.itemId UNKNOWN_ID",
        ),
        ("ContactDecide", json!({ "outcome": "ACTION_TAKEN", "territorialScope": ["Peru"] }), "input.territorialScope.0 MALFORMED"),
        ("ContactDecide", json!({ "outcome": "REFERRED", "actions": ["LABELLED"] }), "input.actions CONTRADICTION"),
    ] {
        let mut input = input;
        input["contactId"] = contact["id"].clone();
        let refused = act(&officer, name, input).await;
        assert_eq!((refused.code(), refused.faults()), ("INVALID_INPUT", vec![fault.to_owned()]), "{name}");
    }
    for id in ["", "contact_", "contact_zzzzzzzzzzzzzzzzzzzzzzzzzz", "'; DROP TABLE contact; --"] {
        assert_eq!(act(&officer, "ContactAcknowledge", json!({ "contactId": id })).await.faults(), ["input.contactId MALFORMED"]);
    }
    let wrong = act(&officer, "ContactAcknowledge", json!({ "contactId": world.body.to_string() })).await;
    assert_eq!(wrong.faults(), ["input.contactId WRONG_KIND"]);
    assert_eq!(read(&officer, &contact["id"]).await["version"], 1);
}

async fn what_belongs_elsewhere_cannot_be_named(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, coordinator) = (world.officer().await, world.coordinator().await);
    let channel = json!({ "platformId": world.rival_platform.to_string(), "kind": "EMAIL", "address": "desk@murmur.example" });
    let channel = made(&coordinator, "channelCreate", "channel", channel).await;
    let election = json!({ "country": "CL", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": [{ "date": "2027-05-09" }] });
    let election = made(&coordinator, "electionCreate", "election", election).await;
    for (change, fault) in [
        (json!({ "channelId": channel }), "input.channelId NOT_AN_OPTION"),
        (json!({ "electionId": election }), "input.electionId NOT_AN_OPTION"),
    ] {
        let refused = act(&officer, "ContactLog", world.contact(&change)).await;
        assert_eq!((refused.code(), refused.faults()), ("INVALID_INPUT", vec![fault.to_owned()]));
    }
    assert_eq!(list(&officer, json!({})).await["totalCount"], 0);
    let foreign = ["INVALID_INPUT NOT_AN_OPTION electionId"];
    assert_eq!(incident::refused(&officer, "incidentOpen", json!({ "title": "x", "electionId": election })).await, foreign);
    let given = json!({ "expiresAt": "2026-04-01T00:00:00Z", "electionId": election });
    assert_eq!(mandate::refused(&world.colleague().await, "mandateGrant", given).await, foreign);
    let theirs = json!({ "platformServiceId": world.rival_service.to_string(), "channelId": channel });
    done(&officer, "ContactLog", world.contact(&theirs)).await;
    let named = json!({ "platformServiceId": null, "platformName": "Somebody", "channelId": channel });
    let named = done(&officer, "ContactLog", world.contact(&named)).await["id"].clone();
    let resolve = "mutation($input: ContactResolvePlatformInput!) { contactResolvePlatform(input: $input) { contact { id } userErrors { code reason path message } } }";
    let meant = async |service: PlatformServiceId| {
        let input = json!({ "contactId": named, "platformServiceId": service.to_string() });
        coordinator.graphql(resolve, json!({ "input": input })).await
    };
    assert_eq!(meant(world.service).await.faults(), ["input.platformServiceId NOT_AN_OPTION"], "the channel tells whose it was");
    assert_eq!(meant(world.rival_service).await.data()["contactResolvePlatform"]["contact"]["id"], named);
}

async fn fifty_writers_lose_no_fact(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let id = contact["id"].clone();
    let write = async |client: &Client, number: usize| -> bool {
        let reply = match number % 5 {
            0 => act(client, "ContactAcknowledge", json!({ "contactId": id, "occurredAt": "2026-03-02T08:10:00Z" })).await,
            1 => {
                act(client, "ContactDecide", json!({ "contactId": id, "occurredAt": "2026-03-02T08:20:00Z", "outcome": "ACTION_TAKEN" }))
                    .await
            }
            2 => {
                act(client, "ContactAcknowledge", json!({ "contactId": id, "occurredAt": "2026-03-02T08:05:00Z", "format": "AUTOMATED" }))
                    .await
            }
            _ => act(client, "ContactComment", json!({ "contactId": id, "text": format!("Comment {number}") })).await,
        };
        let payload = reply.data().as_object().unwrap().values().next().unwrap().clone();
        let refused = payload["userErrors"].as_array().unwrap().iter().any(|error| error["code"] != "INVALID_TRANSITION");
        assert!(!refused, "{payload}");
        payload["contact"].is_object()
    };
    let writers = (0..50).map(|number| write(if number % 2 == 0 { &officer } else { &representative }, number));
    let done: Vec<bool> = futures::future::join_all(writers).await;
    let seen = read(&officer, &id).await;
    // The sending, and of each side one receipt, one acknowledgement and one decision.
    assert_eq!(seen["transitions"].as_array().unwrap().len(), 7);
    assert_eq!(seen["comments"].as_array().unwrap().len(), 20);
    assert_eq!(done.iter().filter(|done| **done).count(), 26, "what was answered as done is there, and nothing else");
    assert_eq!((&seen["status"], &seen["version"]), (&json!("DECIDED"), &json!(7)));
    let sequence: Vec<Value> = (1..=7).map(|number| json!(number)).collect();
    let numbers = officer.data("query($id: ID!) { contact(id: $id) { transitions { seq } } }", json!({ "id": id })).await;
    let numbers: Vec<Value> = numbers["contact"]["transitions"].as_array().unwrap().iter().map(|step| step["seq"].clone()).collect();
    assert_eq!(numbers, sequence);
    let history = officer.get(&format!("/v1/contacts/{}/history", id.as_str().unwrap())).await.text;
    assert_eq!(json!(verify(&history).expect("an unbroken chain").head.unwrap().hash), seen["head"]["hash"]);
}
