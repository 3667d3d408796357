//! The course of a contact: what each side tells, and what follows.

use serde_json::{Value, json};
use tertulia_domain::engagement::history::verify;
use tertulia_tests::{TestApp, stories};

use super::world::{World, act, done, read};

stories![
    both_sides_move_a_contact_to_a_decision,
    each_act_is_its_own_sides,
    facts_may_come_late_and_be_corrected,
    any_order_of_an_offline_queue_gives_the_same_state,
    silence_is_an_outcome,
    a_stale_version_is_refused_with_the_current_contact,
    the_history_is_checked_without_a_database,
];

async fn both_sides_move_a_contact_to_a_decision(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let items = json!([{ "url": "https://parley.example/1" }, { "platformContentId": "v-2" }, { "description": "An account" }]);
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "items": items }))).await;
    let id = &contact["id"];
    let acknowledged = done(&representative, "ContactAcknowledge", json!({ "contactId": id, "occurredAt": "2026-03-02T08:10:00Z" })).await;
    assert_eq!(acknowledged["status"], "ACKNOWLEDGED");
    assert_eq!(
        done(&representative, "ContactAsk", json!({ "contactId": id, "text": "Which minute?", "occurredAt": "2026-03-02T08:20:00Z" }))
            .await["status"],
        "AWAITING_SENDER"
    );
    assert_eq!(
        done(&officer, "ContactReply", json!({ "contactId": id, "occurredAt": "2026-03-02T08:30:00Z" })).await["status"],
        "ACKNOWLEDGED"
    );
    let texts = "query($id: ID!) { contact(id: $id) { transitions { step reason } } }";
    let texts = officer.data(texts, json!({ "id": id })).await.to_string();
    assert!(texts.contains("Which minute?"), "a question is read by both: {texts}");
    let item = |place: usize| contact["items"][place]["id"].clone();
    let decided = done(
        &representative,
        "ContactDecide",
        json!({ "contactId": id, "occurredAt": "2026-03-02T08:40:00Z", "format": "WRITTEN", "outcome": "ACTION_TAKEN", "itemOutcomes": [
            { "itemId": item(0), "outcome": "ACTION_TAKEN", "actions": ["CONTENT_REMOVED"] },
            { "itemId": item(1), "outcome": "NO_ACTION_NOT_VIOLATING" },
            { "itemId": item(2), "outcome": "ALREADY_UNAVAILABLE" }] }),
    )
    .await;
    assert_eq!((&decided["status"], &decided["decision"]["extent"]), (&json!("DECIDED"), &json!("PARTIAL")));
    assert_eq!(decided["decision"]["actions"], json!(["CONTENT_REMOVED"]));
    // The body saw something else: its fact counts, and both read the difference.
    done(&officer, "ContactDecide", json!({ "contactId": id, "occurredAt": "2026-03-02T08:50:00Z", "outcome": "NO_ACTION_NOT_VIOLATING" }))
        .await;
    for client in [&officer, &representative] {
        let seen = read(client, id).await;
        assert_eq!(
            (&seen["decision"]["outcome"], &seen["decision"]["assertedBy"]),
            (&json!("NO_ACTION_NOT_VIOLATING"), &json!("EB_OBSERVED"))
        );
        let kinds: Vec<&str> = seen["divergences"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["DECIDED_AT", "OUTCOME", "ACTIONS", "ITEM_OUTCOME", "ITEM_OUTCOME"]);
        assert_eq!(seen["clocks"][0], json!({ "assertedBy": null, "timeToFirstResponse": "PT10M", "timeToDecision": "PT50M" }));
        assert_eq!(
            seen["clocks"][2],
            json!({ "assertedBy": "PLATFORM_REPORTED", "timeToFirstResponse": "PT10M", "timeToDecision": "PT40M" })
        );
    }
    let twice = act(&officer, "ContactDecide", json!({ "contactId": id, "outcome": "ACTION_TAKEN" })).await;
    assert_eq!((twice.code(), twice.faults()), ("INVALID_TRANSITION", vec!["input ALREADY_DONE".to_owned()]));
    assert_eq!(done(&officer, "ContactDispute", json!({ "contactId": id, "reason": "It breaks rule 7" })).await["status"], "DISPUTED");
    assert_eq!(done(&representative, "ContactDecide", json!({ "contactId": id, "outcome": "ACTION_TAKEN" })).await["status"], "DECIDED");
    assert_eq!(done(&officer, "ContactClose", json!({ "contactId": id, "reason": "Done" })).await["status"], "CLOSED");
    assert_eq!(done(&officer, "ContactReopen", json!({ "contactId": id, "reason": "It is back" })).await["status"], "ACKNOWLEDGED");
    done(&representative, "ContactComment", json!({ "contactId": id, "text": "We look again." })).await;
    let comment = &read(&officer, id).await["comments"][0];
    assert_eq!((&comment["text"], &comment["organisation"]["id"]), (&json!("We look again."), &json!(world.platform.to_string())));
}

async fn each_act_is_its_own_sides(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative, coordinator) = (world.officer().await, world.representative().await, world.coordinator().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let input = |more: Value| {
        let mut input = json!({ "contactId": contact["id"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    for name in ["ContactSend", "ContactShare", "ContactReply"] {
        assert_eq!(act(&representative, name, input(json!({}))).await.code(), "FORBIDDEN", "{name}");
    }
    for name in ["ContactDispute", "ContactClose", "ContactReopen", "ContactWithdraw", "ContactDiscard", "ContactRefer"] {
        assert_eq!(act(&representative, name, input(json!({ "reason": "x" }))).await.code(), "FORBIDDEN", "{name}");
    }
    assert_eq!(act(&officer, "ContactAsk", input(json!({}))).await.code(), "FORBIDDEN");
    let transition = read(&officer, &contact["id"]).await["transitions"][0]["id"].clone();
    let correct = act(&representative, "ContactCorrect", input(json!({ "transitionId": transition, "reason": "x" }))).await;
    assert_eq!((correct.code(), correct.faults()), ("FORBIDDEN", vec!["input.transitionId NOT_PERMITTED".to_owned()]));
    // The coordinator reads what was shared and tells of nothing without a mandate.
    assert_eq!(read(&coordinator, &contact["id"]).await["allowedActs"], json!([]));
    for name in ["ContactAcknowledge", "ContactAsk", "ContactSend"] {
        assert_eq!(act(&coordinator, name, input(json!({}))).await.code(), "FORBIDDEN", "{name}");
    }
    // What is not possible now is refused as such.
    for (client, name) in [(&officer, "ContactReply"), (&officer, "ContactSend")] {
        assert_eq!(act(client, name, input(json!({}))).await.code(), "INVALID_TRANSITION", "{name}");
    }
    for name in ["ContactDispute", "ContactReopen", "ContactDiscard", "ContactRefer", "ContactClose"] {
        assert_eq!(act(&officer, name, input(json!({ "reason": "x" }))).await.code(), "INVALID_TRANSITION", "{name}");
    }
}

async fn facts_may_come_late_and_be_corrected(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let id = &contact["id"];
    let receipt = json!({ "contactId": id, "occurredAt": "2026-03-02T08:01:00Z", "format": "AUTOMATED" });
    assert_eq!(done(&officer, "ContactAcknowledge", receipt).await["status"], "SENT", "a machine's receipt moves nothing");
    let decide = json!({ "contactId": id, "occurredAt": "2026-03-02T08:40:00Z", "outcome": "NO_ACTION_OUT_OF_SCOPE" });
    let decided = done(&officer, "ContactDecide", decide).await;
    assert_eq!(decided["status"], "DECIDED");
    let before = act(&officer, "ContactAcknowledge", json!({ "contactId": id, "occurredAt": "2026-03-02T07:00:00Z" })).await;
    assert_eq!((before.code(), before.faults()), ("INVALID_TRANSITION", vec!["input.occurredAt BEFORE_PREVIOUS".to_owned()]));
    let after = act(&officer, "ContactAcknowledge", json!({ "contactId": id, "occurredAt": "2026-03-02T08:50:00Z" })).await;
    assert_eq!(after.code(), "INVALID_TRANSITION", "after the decision there is no place for it");
    let late = done(&officer, "ContactAcknowledge", json!({ "contactId": id, "occurredAt": "2026-03-02T08:20:00Z" })).await;
    assert_eq!((&late["status"], &late["acknowledgedAt"]), (&json!("DECIDED"), &json!("2026-03-02T08:20:00Z")));
    // Once the body has told of it, the platform's word is heard whenever it comes, and does not change the body's.
    let second = done(&representative, "ContactAcknowledge", json!({ "contactId": id, "occurredAt": "2026-03-02T08:55:00Z" })).await;
    assert_eq!(second["acknowledgedAt"], "2026-03-02T08:20:00Z");
    let seen = read(&officer, id).await;
    let decision = seen["transitions"].as_array().unwrap().iter().find(|step| step["to"] == "DECIDED").unwrap();
    let correct = json!({ "contactId": id, "transitionId": decision["id"], "occurredAt": "2026-03-02T08:30:00Z", "reason": "I misread the log",
        "decision": { "outcome": "ACTION_TAKEN", "actions": ["LABELLED"] } });
    let corrected = done(&officer, "ContactCorrect", correct.clone()).await;
    let seen = read(&officer, &corrected["id"]).await;
    assert_eq!((&seen["decision"]["outcome"], &seen["decidedAt"]), (&json!("ACTION_TAKEN"), &json!("2026-03-02T08:30:00Z")));
    assert_eq!(seen["transitions"].as_array().unwrap().last().unwrap()["supersedes"]["id"], decision["id"]);
    assert_eq!(seen["assertions"].as_array().unwrap().iter().filter(|one| one["kind"] == "DECIDED").count(), 1);
    assert_eq!(act(&officer, "ContactCorrect", correct).await.faults(), ["input.transitionId ALREADY_DONE"]);
    let unknown = json!({ "contactId": id, "transitionId": "transition_01h455vb4pex5vsknk084sn02q", "reason": "x" });
    assert_eq!(act(&officer, "ContactCorrect", unknown).await.code(), "NOT_FOUND");
}

async fn any_order_of_an_offline_queue_gives_the_same_state(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let facts: [(&_, &str, Value); 3] = [
        (&officer, "ContactAcknowledge", json!({ "occurredAt": "2026-03-02T08:10:00Z" })),
        (&representative, "ContactAcknowledge", json!({ "occurredAt": "2026-03-02T08:15:00Z" })),
        (&representative, "ContactDecide", json!({ "occurredAt": "2026-03-02T08:20:00Z", "outcome": "ACTION_TAKEN" })),
    ];
    let mut states = Vec::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let contact = done(&officer, "ContactLog", world.smallest()).await;
        for place in order {
            let (client, name, input) = &facts[place];
            let mut input = input.clone();
            input["contactId"] = contact["id"].clone();
            done(client, name, input).await;
        }
        let seen = read(&officer, &contact["id"]).await;
        let clocks = seen["clocks"].clone();
        states.push(json!([seen["status"], seen["acknowledgedAt"], seen["decidedAt"], clocks, seen["divergences"]]));
    }
    assert!(states.iter().all(|state| state == &states[0]), "{states:#?}");
    assert_eq!(states[0][1], "2026-03-02T08:10:00Z");
}

async fn silence_is_an_outcome(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let fresh = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": "2026-02-15T09:00:00Z" }))).await;
    let early = act(&officer, "ContactClose", json!({ "contactId": fresh["id"], "reason": "Nobody answers" })).await;
    assert_eq!(early.code(), "INVALID_TRANSITION", "silence takes 30 days");
    let old = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": "2026-01-15T09:00:00Z" }))).await;
    done(&officer, "ContactClose", json!({ "contactId": old["id"], "reason": "Nobody answered" })).await;
    let seen = read(&officer, &old["id"]).await;
    assert_eq!(
        (&seen["status"], &seen["decision"]["outcome"], &seen["decidedAt"]),
        (&json!("CLOSED"), &json!("NO_RESPONSE"), &Value::Null)
    );
    let reopened = done(&officer, "ContactReopen", json!({ "contactId": old["id"], "reason": "A letter came" })).await;
    assert_eq!(reopened["status"], "SENT");
    assert_eq!(read(&officer, &old["id"]).await["decision"], Value::Null);
    let told = done(&officer, "ContactLog", world.contact(&json!({ "kind": "AUTHORITATIVE_INFO" }))).await;
    assert_eq!(done(&officer, "ContactClose", json!({ "contactId": told["id"], "reason": "Published" })).await["status"], "CLOSED");
    let decided = act(&officer, "ContactDecide", json!({ "contactId": fresh["id"], "outcome": "NO_RESPONSE" })).await;
    assert_eq!(decided.faults(), ["input.outcome NOT_AN_OPTION"]);
}

async fn a_stale_version_is_refused_with_the_current_contact(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    done(&representative, "ContactAcknowledge", json!({ "contactId": contact["id"], "version": 1 })).await;
    let stale = act(&officer, "ContactDecide", json!({ "contactId": contact["id"], "version": 1, "outcome": "ACTION_TAKEN" })).await;
    assert_eq!((stale.code(), stale.faults()), ("VERSION_MISMATCH", vec!["input.version STALE_VERSION".to_owned()]));
    let current = &stale.body["data"]["contactDecide"]["contact"];
    assert_eq!((&current["version"], &current["status"]), (&json!(2), &json!("ACKNOWLEDGED")));
    done(&officer, "ContactDecide", json!({ "contactId": contact["id"], "outcome": "ACTION_TAKEN" })).await;
}

async fn the_history_is_checked_without_a_database(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative, stranger) = (world.officer().await, world.representative().await, world.stranger().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    done(&officer, "ContactAcknowledge", json!({ "contactId": contact["id"], "note": "Heard it on the phone" })).await;
    let decided =
        done(&representative, "ContactDecide", json!({ "contactId": contact["id"], "outcome": "ACTION_TAKEN", "note": "Policy 4" })).await;
    let path = format!("/v1/contacts/{}/history", contact["id"].as_str().unwrap());
    let (ours, theirs) = (officer.get(&path).await, representative.get(&path).await);
    for file in [&ours, &theirs] {
        let head = verify(&file.text).expect("a sound history").head.expect("a head");
        assert_eq!((json!(head.seq), json!(head.hash)), (decided["head"]["seq"].clone(), decided["head"]["hash"].clone()));
        assert!(verify(&file.text.replace("ACTION_TAKEN", "NO_ACTION_NOT_VIOLATING")).is_err());
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let verified = |text: &str| {
        std::fs::write(file.path(), text).unwrap();
        std::process::Command::new(crate::BINARY).args(["contact", "verify"]).arg(file.path()).output().unwrap()
    };
    let sound = verified(&ours.text);
    assert!(sound.status.success() && String::from_utf8_lossy(&sound.stdout).contains(decided["head"]["hash"].as_str().unwrap()));
    assert!(!verified(&ours.text.replace("ACKNOWLEDGED", "DECIDED")).status.success());
    assert!(ours.text.contains("Heard it on the phone") && !ours.text.contains("Policy 4"));
    assert!(!theirs.text.contains("Heard it on the phone") && theirs.text.contains("Policy 4"));
    assert!(verify(&ours.text.replace("Heard it", "Heard nothing")).is_err(), "a note is protected too");
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(app.anonymous().get(&path).await.status, 401);
    assert_eq!(officer.get("/v1/contacts/meeting_01h455vb4pex5vsknk084sn02q/history").await.status, 400);
}
