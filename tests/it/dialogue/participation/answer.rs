//! Answering invitations: for oneself, for one's organisation, for others.

use serde_json::json;
use tertulia_domain::policy::Role;
use tertulia_tests::{TestApp, people::id, stories};

use super::{Hall, nodes, user};

stories![
    who_answers_for_the_organisation_becomes_the_person,
    changes_his_mind_until_the_end,
    sends_somebody_else,
    administrators_and_organisers_act_for_others,
    nobody_consents_for_somebody_else,
    refuses_what_does_not_fit,
];

async fn who_answers_for_the_organisation_becomes_the_person(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let officer = hall.officer("rosa").await;
    let invited = hall.invite(json!([{ "organisationId": id(hall.cast.body) }])).await[0]["participation"]["id"].clone();
    assert_eq!(hall.own(&officer).await["id"], invited);
    let said = json!({ "mode": "ONLINE", "interpretationNeeds": ["fr", "FR", "es-PE"], "accessNeeds": "A ramp", "listed": "PARTICIPANTS" });
    let answer = hall.respond(&officer, "ACCEPTED", said).await;
    assert_eq!(
        answer,
        json!({ "id": invited, "status": "ACCEPTED", "mode": "ONLINE", "waitlistPosition": null, "interpretationNeeds": ["fr", "es-PE"] })
    );
    let own = hall.own(&officer).await;
    assert_eq!((&own["person"]["name"], &own["accessNeeds"], &own["actedBy"]), (&json!("rosa"), &json!("A ramp"), &json!(null)));
    // Others of the organisation have no invitation any more.
    assert_eq!(hall.own(&hall.officer("luis").await).await, json!(null));
    assert_eq!(hall.try_respond(&hall.cast.stranger, "ACCEPTED", json!({})).await.code(), "NOT_FOUND");
}

async fn changes_his_mind_until_the_end(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let officer = hall.officer("rosa").await;
    hall.invite(json!([{ "organisationId": id(hall.cast.body), "personId": user(&officer).await }])).await;
    for response in ["TENTATIVE", "ACCEPTED", "DECLINED", "ACCEPTED"] {
        assert_eq!(hall.respond(&officer, response, json!({})).await["status"], response);
    }
    let stale = hall.try_respond(&officer, "DECLINED", json!({ "version": 1 })).await;
    assert_eq!(stale.faults(), ["input.version STALE_VERSION"]);
    app.advance(chrono::TimeDelta::days(228));
    let officer = app.signed_in("rosa@body.example").await;
    assert_eq!(hall.try_respond(&officer, "DECLINED", json!({})).await.code(), "INVALID_TRANSITION");
}

async fn sends_somebody_else(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (rosa, luis) = (hall.officer("rosa").await, hall.officer("luis").await);
    hall.invite(json!([{ "organisationId": id(hall.cast.body), "personId": user(&rosa).await }])).await;
    hall.respond(&rosa, "ACCEPTED", json!({ "listed": "PUBLIC" })).await;
    assert_eq!(hall.try_respond(&rosa, "DELEGATED", json!({})).await.faults(), ["input.delegateId REQUIRED"]);
    let outside = json!({ "delegateEmail": "rep@platform.example" });
    assert_eq!(hall.try_respond(&rosa, "DELEGATED", outside).await.faults(), ["input.delegateEmail UNKNOWN_ID"]);
    let delegated = hall.respond(&rosa, "DELEGATED", json!({ "delegateEmail": "luis@body.example" })).await;
    assert_eq!(delegated["status"], "DELEGATED");
    // The seat that was held is kept for the other, who has to say so himself; consent does not pass on.
    let offered = hall.own(&luis).await;
    assert_eq!((&offered["status"], &offered["listed"]), (&json!("OFFERED"), &json!("NOBODY")));
    assert_eq!(offered["offeredUntil"], "2026-03-03T09:00:00Z");
    assert_eq!(offered["actedBy"]["name"], "Junta");
    assert_eq!(hall.respond(&luis, "ACCEPTED", json!({})).await["status"], "ACCEPTED");
    assert_eq!(hall.try_respond(&rosa, "ACCEPTED", json!({})).await.code(), "INVALID_TRANSITION");
}

async fn administrators_and_organisers_act_for_others(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (rosa, luis) = (hall.officer("rosa").await, hall.officer("luis").await);
    let (person, body) = (user(&rosa).await, id(hall.cast.body));
    let results = hall.invite(json!([{ "organisationId": body, "personId": person }, { "organisationId": body }])).await;
    let (named, open) = (&results[0]["participation"]["id"], &results[1]["participation"]["id"]);
    let for_her = |more: serde_json::Value| {
        let mut input = json!({ "participationId": named });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    assert_eq!(hall.try_respond(&luis, "ACCEPTED", for_her(json!({}))).await.code(), "NOT_FOUND", "a colleague does not even see it");
    assert_eq!(hall.respond(&hall.cast.officer, "ACCEPTED", for_her(json!({}))).await["status"], "ACCEPTED");
    assert_eq!(hall.own(&rosa).await["actedBy"]["name"], "Junta");
    assert_eq!(hall.respond(&hall.cast.coordinator, "TENTATIVE", for_her(json!({}))).await["status"], "TENTATIVE");
    assert_eq!(hall.own(&rosa).await["actedBy"]["name"], "The desk");
    hall.respond(&rosa, "ACCEPTED", json!({})).await;
    assert_eq!(hall.own(&rosa).await["actedBy"], json!(null));
    // For the organisation's open invitation an organiser says who comes, an officer only himself.
    let naming = |who: &serde_json::Value| json!({ "participationId": open, "personId": who });
    let nobody = hall.try_respond(&hall.cast.coordinator, "ACCEPTED", json!({ "participationId": open })).await;
    assert_eq!(nobody.faults(), ["input.personId REQUIRED"]);
    let twice = hall.try_respond(&hall.cast.coordinator, "ACCEPTED", naming(&person)).await;
    assert_eq!(twice.faults(), ["input.personId DUPLICATE"]);
    let luis_id = user(&luis).await;
    assert_eq!(hall.respond(&hall.cast.coordinator, "ACCEPTED", naming(&luis_id)).await["id"], *open);
    assert_eq!(hall.own(&luis).await["id"], *open);
}

async fn nobody_consents_for_somebody_else(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let rosa = hall.officer("rosa").await;
    let invited = hall.invite(json!([{ "organisationId": id(hall.cast.body), "personId": user(&rosa).await }])).await;
    let input = json!({ "participationId": invited[0]["participation"]["id"], "listed": "PUBLIC" });
    for client in [&hall.cast.officer, &hall.cast.coordinator] {
        assert_eq!(hall.try_respond(client, "ACCEPTED", input.clone()).await.faults(), ["input.listed NOT_PERMITTED"]);
    }
    // What she needs is for her and the organisers; the administrator may say it for her and does not read it.
    let needs = json!({ "participationId": input["participationId"], "accessNeeds": "A ramp" });
    hall.respond(&hall.cast.officer, "ACCEPTED", needs).await;
    for (client, reads) in [(&hall.cast.officer, json!(null)), (&hall.cast.coordinator, json!("A ramp")), (&rosa, json!("A ramp"))] {
        let room = hall.room(client, json!({})).await;
        assert_eq!(nodes(&room)[0]["accessNeeds"], reads);
    }
}

async fn refuses_what_does_not_fit(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let officer = hall.officer("rosa").await;
    hall.invite(json!([{ "organisationId": id(hall.cast.body), "personId": user(&officer).await }])).await;
    let wrong = json!({
        "mode": "ONLINE", "interpretationNeeds": ["fr", "??"], "accessNeeds": "a\u{202e}b", "participationId": hall.meeting, "delegateId": "x",
    });
    let mut faults = hall.try_respond(&officer, "ACCEPTED", wrong).await.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "input.accessNeeds FORBIDDEN_CHARACTER",
            "input.delegateId CONTRADICTION",
            "input.delegateId MALFORMED",
            "input.interpretationNeeds.1 MALFORMED",
            "input.participationId WRONG_KIND",
        ]
    );
    let many: Vec<String> = (0..11).map(|index| format!("x-l{index}")).collect();
    assert_eq!(
        hall.try_respond(&officer, "ACCEPTED", json!({ "interpretationNeeds": many })).await.faults()[0],
        "input.interpretationNeeds TOO_LONG"
    );
    assert_eq!(hall.try_respond(&app.anonymous(), "ACCEPTED", json!({})).await.code(), "UNAUTHENTICATED");
    let auditor = app.member("auditor@desk.example", hall.cast.desk, Role::Auditor).await;
    assert_eq!(hall.try_respond(&auditor, "ACCEPTED", json!({})).await.code(), "FORBIDDEN");
    let online = hall.cast.create(hall.cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    let invite = json!({ "meetingId": online, "invitees": [{ "organisationId": id(hall.cast.body), "mode": "IN_PERSON" }] });
    assert_eq!(hall.send(&hall.cast.coordinator, "MeetingInvite", invite).await.faults(), ["input.invitees.0.mode CONTRADICTION"]);
}
