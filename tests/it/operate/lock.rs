//! `tertulia organisation lock`: what it ends, what it refuses, and that it is undone by two persons alone.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{
    Client, TestApp,
    people::id,
    process::{self, Ended},
    stories,
};

use crate::{BINARY, engagement::world::World, identity::api_client::Partner};

stories![the_operator_locks_when_nobody_can_sign_in, the_operator_is_told_why_nothing_was_locked];

fn lock(app: &TestApp, organisation: &Value, reason: &str) -> Ended {
    let organisation = organisation.as_str().expect("an id");
    process::command(BINARY, &app.database.url, &["organisation", "lock", organisation, "--reason", reason], "")
}

async fn standing(client: &Client) -> StatusCode {
    client.graphql("{ service { version } }", json!({})).await.status
}

async fn the_operator_locks_when_nobody_can_sign_in(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    let program = Partner::new(&administrator, &["contacts:read"]).await.signed_in(app).await;
    let ended = lock(app, &id(world.body), "The accounts of the desk were stolen");
    assert_eq!((ended.code, ended.complained.as_str()), (0, ""), "{ended:?}");
    for sentence in
        ["is locked: nobody acts", "people that ended: 2. Its API clients whose tokens ended: 1.", "Two persons", "create-admin --another"]
    {
        assert!(ended.said.contains(sentence), "{sentence} in {ended:?}");
    }
    for client in [&administrator, &officer, &program] {
        assert_eq!(standing(client).await, StatusCode::UNAUTHORIZED);
    }
    // The letters to the administrator and the coordinator wait for a server, whose clock stands still here.
    assert_eq!(app.database.counts("SELECT 'rows', count(*) FROM mail").await["rows"], 2);
    let audit = "query($id: ID!) { auditEntries(filter: { objectId: $id }) { nodes { act actorId } } }";
    let lines = world.auditor().await.data(audit, json!({ "id": id(world.body) })).await["auditEntries"]["nodes"].clone();
    assert!(lines.as_array().unwrap().contains(&json!({ "act": "organisation.lock", "actorId": null })), "{lines}");
    // Two persons open it again, as if one of them had locked it.
    let second = app.member("second@desk.example", world.desk, Role::Coordinator).await;
    let unlock = "mutation($input: OrganisationUnlockInput!) { organisationUnlock(input: $input) {
        lock { unlockProposedAt unlockedAt } userErrors { code reason path message } } }";
    let input = json!({ "organisationId": id(world.body), "reason": "Everybody has a new password" });
    assert_eq!(coordinator.mutate(unlock, input.clone()).await["lock"]["unlockedAt"], Value::Null);
    assert!(second.mutate(unlock, input).await["lock"]["unlockedAt"].is_string());
    assert_eq!(standing(&app.signed_in("carla.colleague@body.example").await).await, StatusCode::OK);
}

async fn the_operator_is_told_why_nothing_was_locked(app: &TestApp) {
    let world = World::new(app).await;
    let coordinator = world.coordinator().await;
    let fails = |ended: &Ended, sentence: &str| {
        assert_eq!((ended.code, ended.said.as_str()), (1, ""), "{ended:?}");
        assert!(ended.complained.contains(sentence) && !ended.complained.contains("panicked"), "{ended:?}");
    };
    let unknown = json!("organisation_01jzzzzzzzzzzzzzzzzzzzzzzz");
    fails(&lock(app, &unknown, "Stolen"), "There is no organisation organisation_01jzzz");
    fails(&lock(app, &id(world.desk), "Stolen"), "The coordinator's desk cannot be locked");
    fails(&lock(app, &id(world.body), "  "), "A text is needed here.");
    fails(&lock(app, &id(world.body), &"x".repeat(1_001)), "At most 1000 characters.");
    fails(&lock(app, &json!("Body"), "Stolen"), "id");
    assert_eq!(standing(&coordinator).await, StatusCode::OK);
    assert_eq!(lock(app, &id(world.body), "Stolen").code, 0);
    fails(&lock(app, &id(world.body), "Stolen"), "This organisation is locked already.");
    let counted = app.database.counts("SELECT act, count(*) FROM audit_entry GROUP BY act").await;
    assert_eq!(counted["organisation.lock"], 1, "{counted:?}");
    let help = process::command(BINARY, &app.database.url, &["organisation", "lock", "--help"], "");
    assert!(help.code == 0 && help.said.contains("No command unlocks"), "{help:?}");
}
