//! Logging contacts.

use serde_json::{Value, json};
use tertulia_tests::{TestApp, stories};

use super::world::{World, act, done, read};

stories![
    the_smallest_call_is_small_and_the_rest_is_filled_in,
    a_draft_is_sent_later,
    every_fault_is_named_at_once,
    the_same_key_logs_once,
    a_history_is_entered_afterwards,
    platforms_write_to_bodies,
    a_name_stands_for_a_platform_until_it_is_known,
];

async fn the_smallest_call_is_small_and_the_rest_is_filled_in(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let query = "mutation($i:ContactLogInput!){contactLog(input:$i){contact{id reference}userErrors{code path message}}}";
    let body = json!({ "query": query, "variables": { "i": world.smallest() } });
    assert!(body.to_string().len() < 600, "{} bytes", body.to_string().len());
    let reply = officer.post("/graphql", body).await.data();
    let contact = read(&officer, &reply["contactLog"]["contact"]["id"]).await;
    let reference = contact["reference"].as_str().unwrap();
    assert!(reference.starts_with("PE-") && reference.len() == 12, "{reference}");
    for (field, value) in [
        ("status", json!("SENT")),
        ("visibility", json!("PARTIES")),
        ("subject", json!("Escalation: Parley Video")),
        ("urgency", json!("NORMAL")),
        ("medium", json!("EMAIL")),
        ("direction", json!("EB_TO_PLATFORM")),
        ("sentAt", json!("2026-03-02T08:00:00Z")),
        ("recordedAt", json!("2026-03-02T09:00:00Z")),
        ("generated", json!(false)),
        ("backfilled", json!(false)),
        ("version", json!(1)),
    ] {
        assert_eq!(contact[field], value, "{field}");
    }
    assert_eq!(contact["electoralBody"]["id"], json!(world.body.to_string()));
    assert_eq!(contact["platformService"]["platform"]["id"], json!(world.platform.to_string()));
    assert_eq!(contact["head"]["seq"], 1);
    assert_eq!(contact["allowedActs"], json!(["SHARE", "ACKNOWLEDGE", "DECIDE", "WITHDRAW", "CORRECT", "COMMENT", "ATTACH"]));
}

async fn a_draft_is_sent_later(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
    assert_eq!((&draft["status"], &draft["visibility"], &draft["head"]), (&json!("DRAFT"), &json!("ORGANISATION"), &Value::Null));
    assert_eq!(draft["allowedActs"], json!(["SEND", "SHARE", "WITHDRAW", "DISCARD", "REFER", "COMMENT", "ATTACH"]));
    let sent = done(&officer, "ContactSend", json!({ "contactId": draft["id"], "occurredAt": "2026-03-02T08:30:00Z" })).await;
    assert_eq!(
        (&sent["status"], &sent["visibility"], &sent["sentAt"]),
        (&json!("SENT"), &json!("PARTIES"), &json!("2026-03-02T08:30:00Z"))
    );
    let again = act(&officer, "ContactSend", json!({ "contactId": draft["id"] })).await;
    assert_eq!((again.code(), again.faults()[0].as_str()), ("INVALID_TRANSITION", "input ALREADY_DONE"));
    for (name, status) in [("ContactDiscard", "DISCARDED"), ("ContactRefer", "REFERRED"), ("ContactWithdraw", "WITHDRAWN")] {
        let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
        let missing = act(&officer, name, json!({ "contactId": draft["id"] })).await;
        assert!(missing.text.contains("reason"), "a reason is needed: {}", missing.text);
        let ended = done(&officer, name, json!({ "contactId": draft["id"], "reason": "Too little to go on" })).await;
        assert_eq!(
            (&ended["status"], &ended["allowedActs"]),
            (&json!(status), &json!(["SHARE", "CORRECT", "COMMENT", "ATTACH"])),
            "{name}"
        );
    }
}

async fn every_fault_is_named_at_once(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let refused = act(
        &officer,
        "ContactLog",
        json!({
            "platformServiceId": world.body.to_string(), "platformName": "Parley", "kind": "THREAT_WARNING", "legalBasis": "NONE",
            "language": "???", "sentAt": "2026-03-02T10:00:00Z", "namedReaders": ["x"], "incidentId": "contact_00000000000000000000000000",
            "items": [{}, { "url": "ftp://x" }], "history": [{ "step": "DECIDED", "occurredAt": "2026-03-02T10:00:00Z" }],
        }),
    )
    .await;
    assert_eq!(refused.code(), "INVALID_INPUT");
    let mut faults = refused.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "input.history.0.decision REQUIRED",
            "input.history.0.occurredAt IN_FUTURE",
            "input.incidentId WRONG_KIND",
            "input.items.0.url REQUIRED",
            "input.items.1.url MALFORMED",
            "input.kind NOT_AN_OPTION",
            "input.language MALFORMED",
            "input.namedReaders CONTRADICTION",
            "input.namedReaders.0 MALFORMED",
            "input.platformName CONTRADICTION",
            "input.platformServiceId WRONG_KIND",
            "input.sentAt IN_FUTURE",
        ]
    );
    for (change, code, fault) in [
        (json!({ "electoralBodyId": world.other_body.to_string() }), "FORBIDDEN", "input NOT_PERMITTED"),
        (json!({ "platformServiceId": "service_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND", "input.platformServiceId UNKNOWN_ID"),
        (json!({ "channelId": "channel_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND", "input.channelId UNKNOWN_ID"),
        (json!({ "electionId": "election_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND", "input.electionId UNKNOWN_ID"),
        (json!({ "actingAs": "membership_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND", "input.actingAs UNKNOWN_ID"),
        (json!({ "direction": "PLATFORM_TO_EB" }), "INVALID_INPUT", "input.direction NOT_PERMITTED"),
        (json!({ "items": [] }), "INVALID_INPUT", "input.items REQUIRED"),
    ] {
        let refused = act(&officer, "ContactLog", world.contact(&change)).await;
        assert_eq!((refused.code(), refused.faults()), (code, vec![fault.to_owned()]));
    }
}

async fn the_same_key_logs_once(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let input = world.contact(&json!({ "idempotencyKey": "phone-1" }));
    let first = done(&officer, "ContactLog", input.clone()).await;
    let again = done(&colleague, "ContactLog", input.clone()).await;
    assert_eq!(first["id"], again["id"], "a key is the organisation's");
    let other = act(&officer, "ContactLog", world.contact(&json!({ "idempotencyKey": "phone-1", "urgency": "HIGH" }))).await;
    assert_eq!((other.code(), other.faults()), ("CONFLICT", vec!["input.idempotencyKey KEY_REUSED".to_owned()]));
    let acknowledge = json!({ "contactId": first["id"], "occurredAt": "2026-03-02T08:20:00Z", "idempotencyKey": "phone-2" });
    done(&officer, "ContactAcknowledge", acknowledge.clone()).await;
    done(&officer, "ContactDecide", json!({ "contactId": first["id"], "outcome": "ACTION_TAKEN" })).await;
    let now = done(&officer, "ContactAcknowledge", acknowledge).await;
    assert_eq!((&now["status"], &now["version"]), (&json!("DECIDED"), &json!(3)), "the contact as it is now");
    let reused = act(&officer, "ContactAcknowledge", json!({ "contactId": first["id"], "idempotencyKey": "phone-2" })).await;
    assert_eq!(reused.code(), "CONFLICT");
    // Two sends at once log one contact too.
    let twin = world.contact(&json!({ "idempotencyKey": "phone-3" }));
    let (a, b) = tokio::join!(done(&officer, "ContactLog", twin.clone()), done(&colleague, "ContactLog", twin));
    assert_eq!(a["id"], b["id"]);
}

async fn a_history_is_entered_afterwards(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let input = world.contact(&json!({
        "sentAt": "2025-10-01T10:00:00Z",
        "items": [{ "url": "https://parley.example/1" }, { "url": "https://parley.example/2" }],
        "history": [
            { "step": "CLOSED", "occurredAt": "2025-10-03T10:00:00Z", "reason": "Answered" },
            { "step": "DECIDED", "occurredAt": "2025-10-02T10:00:00Z", "format": "ORAL", "note": "By phone",
              "decision": { "outcome": "ACTION_TAKEN", "itemOutcomes": [
                { "itemIndex": 0, "outcome": "ACTION_TAKEN", "actions": ["CONTENT_REMOVED"] },
                { "itemIndex": 1, "outcome": "NO_ACTION_NOT_VIOLATING" }] } },
            { "step": "ACKNOWLEDGED", "occurredAt": "2025-10-01T11:00:00Z", "occurredPrecision": "HOUR" },
        ],
    }));
    let contact = done(&officer, "ContactLog", input).await;
    let contact = read(&officer, &contact["id"]).await;
    assert_eq!((&contact["status"], &contact["backfilled"]), (&json!("CLOSED"), &json!(true)));
    assert_eq!(contact["decision"]["extent"], "PARTIAL");
    assert_eq!(contact["items"][1]["decision"]["outcome"], "NO_ACTION_NOT_VIOLATING");
    assert_eq!(contact["clocks"][0]["timeToFirstResponse"], "PT1H");
    let line: Vec<&str> = contact["transitions"].as_array().unwrap().iter().map(|step| step["to"].as_str().unwrap()).collect();
    assert_eq!(line, ["SENT", "ACKNOWLEDGED", "DECIDED", "CLOSED"]);
    let early = world.contact(&json!({ "history": [{ "step": "ACKNOWLEDGED", "occurredAt": "2026-03-01T00:00:00Z" }] }));
    let refused = act(&officer, "ContactLog", early).await;
    assert_eq!((refused.code(), refused.faults()), ("INVALID_TRANSITION", vec!["input.history.0.occurredAt BEFORE_PREVIOUS".to_owned()]));
    let unknown = world.contact(&json!({ "history": [{ "step": "DECIDED", "occurredAt": "2026-03-02T08:30:00Z",
        "decision": { "outcome": "ACTION_TAKEN", "itemOutcomes": [{ "itemIndex": 7, "outcome": "ACTION_TAKEN" }] } }] }));
    assert_eq!(act(&officer, "ContactLog", unknown).await.faults(), ["input.history.0.decision.itemOutcomes.0.itemId UNKNOWN_ID"]);
}

async fn platforms_write_to_bodies(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let warning = json!({
        "electoralBodyId": world.body.to_string(), "platformServiceId": world.service.to_string(), "kind": "THREAT_WARNING", "legalBasis": "NONE",
        "sentAt": "2026-03-02T08:00:00Z", "description": "A network of accounts was taken down.",
    });
    let contact = done(&representative, "ContactLog", warning.clone()).await;
    let seen = read(&officer, &contact["id"]).await;
    assert_eq!((&seen["direction"], &seen["status"]), (&json!("PLATFORM_TO_EB"), &json!("SENT")));
    assert!(seen["allowedActs"].as_array().unwrap().contains(&json!("ASK")), "the body is the receiver here");
    done(&officer, "ContactAcknowledge", json!({ "contactId": contact["id"] })).await;
    let closed = done(&representative, "ContactWithdraw", json!({ "contactId": contact["id"], "reason": "Sent twice" })).await;
    assert_eq!(closed["status"], "WITHDRAWN");
    let mut refused = warning.clone();
    refused["kind"] = json!("ESCALATION");
    assert_eq!(act(&representative, "ContactLog", refused).await.faults(), ["input.kind NOT_AN_OPTION"]);
    let mut foreign = warning.clone();
    foreign["platformServiceId"] = json!(world.rival_service.to_string());
    assert_eq!(act(&representative, "ContactLog", foreign).await.code(), "FORBIDDEN");
    let mut nobody = warning;
    nobody.as_object_mut().unwrap().remove("electoralBodyId");
    assert_eq!(act(&representative, "ContactLog", nobody).await.faults(), ["input.electoralBodyId REQUIRED"]);
}

async fn a_name_stands_for_a_platform_until_it_is_known(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, coordinator, representative) = (world.officer().await, world.coordinator().await, world.representative().await);
    let contact =
        done(&officer, "ContactLog", world.contact(&json!({ "platformServiceId": null, "platformName": "Parley, the video one" }))).await;
    assert_eq!(contact["platformService"], Value::Null);
    assert_eq!(read(&officer, &contact["id"]).await["subject"], "Escalation: Parley, the video one");
    assert_eq!(read(&representative, &contact["id"]).await, Value::Null);
    let resolve = "mutation($input: ContactResolvePlatformInput!) { contactResolvePlatform(input: $input) { contact { id platformName } userErrors { code reason path message } } }";
    let input = json!({ "contactId": contact["id"], "platformServiceId": world.service.to_string() });
    assert_eq!(officer.graphql(resolve, json!({ "input": input })).await.code(), "FORBIDDEN");
    coordinator.mutate(resolve, input.clone()).await;
    assert_eq!(coordinator.graphql(resolve, json!({ "input": input })).await.code(), "INVALID_TRANSITION");
    assert_eq!(read(&representative, &contact["id"]).await["platformService"]["id"], json!(world.service.to_string()));
}
