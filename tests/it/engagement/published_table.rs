//! A published table (DOMAIN.md 8), logged by officers, answered by platforms, and read by anybody from a release.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{TestApp, people::id, stories};

use super::{
    statistic_release::{cell, kept, read},
    world::{World, done, service_of},
};

stories![a_published_table_is_told_as_it_was_published];

/// EDMO's figures of the European election of 2024 (DOMAIN.md 8): 18 notifications, to Meta 7, YouTube 6 and TikTok 5, all answered; 15 acted upon
/// in some way, 3 found within the rules. The thresholds in force need three bodies, so three share them, six each.
async fn a_published_table_is_told_as_it_was_published(app: &TestApp) {
    let world = World::new(app).await;
    let third = app.organisation(OrganisationKind::PlatformCompany, "Chirp").await;
    let third_service = service_of(app, third, "Chirp").await;
    let third_body = app.organisation(OrganisationKind::ElectoralBody, "The third body").await;
    let officers = [
        app.member("one@numbers.example", world.body, Role::ElectoralBodyOfficer).await,
        app.member("two@numbers.example", world.other_body, Role::ElectoralBodyOfficer).await,
        app.member("three@numbers.example", third_body, Role::ElectoralBodyOfficer).await,
    ];
    let platforms = [
        (7, world.service, app.member("one@parley.example", world.platform, Role::PlatformRepresentative).await),
        (6, world.rival_service, app.member("one@murmur.example", world.rival_platform, Role::PlatformRepresentative).await),
        (5, third_service, app.member("one@chirp.example", third, Role::PlatformRepresentative).await),
    ];
    let notified = platforms.iter().flat_map(|(many, service, answers)| std::iter::repeat_n((*service, answers), *many));
    for (number, ((service, answers), officer)) in notified.zip(officers.iter().cycle()).enumerate() {
        let sent = json!({ "platformServiceId": id(service), "sentAt": "2024-06-03T08:00:00Z" });
        let contact = done(officer, "ContactLog", world.contact(&sent)).await["id"].clone();
        let outcome = if number < 15 { "ACTION_TAKEN" } else { "NO_ACTION_NOT_VIOLATING" };
        done(answers, "ContactDecide", json!({ "contactId": contact, "occurredAt": "2024-06-03T12:00:00Z", "outcome": outcome })).await;
    }
    let proposal = json!({
        "title": [{ "language": "en", "text": "June 2024" }], "period": { "from": "2024-06-01", "to": "2024-07-01" },
        "platformIds": [id(world.platform), id(world.rival_platform), id(third)],
    });
    let release = kept(&world.coordinator().await, "Propose", proposal).await;
    app.account("second@desk.example", world.desk, Role::Coordinator).await;
    app.advance(TimeDelta::days(14));
    let second = app.signed_in("second@desk.example").await;
    kept(&second, "Publish", json!({ "statisticReleaseId": release["id"], "version": 1 })).await;
    let public = read(&app.anonymous(), &release).await;
    let all = cell(&public, &["ESCALATION"]);
    assert_eq!((&all["value"], &all["suppressed"]), (&json!(20), &json!(false)), "18, rounded to five: {all}");
    assert_eq!((&all["answeredShare"], &all["actedShare"], &all["unansweredShare"]), (&json!(1.0), &json!(0.85), &json!(0.0)), "{all}");
    for platform in [world.platform, world.rival_platform, third] {
        let one = cell(&public, &["ESCALATION", &platform.to_string()]);
        assert_eq!((&one["value"], &one["actedShare"], &one["suppressed"]), (&Value::Null, &Value::Null, &json!(true)), "{one}");
    }
    let told: Vec<&Value> =
        public["cells"].as_array().unwrap().iter().map(|cell| &cell["value"]).filter(|value| !value.is_null()).collect();
    assert!(told.iter().all(|value| **value == 20), "nothing but the total: {told:?}");
}
