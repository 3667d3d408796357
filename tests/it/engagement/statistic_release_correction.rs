//! What becomes of a statistic release afterwards: it is corrected, or taken back and proposed again.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_app::{engagement::contact, retention::Periods};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, people::id, stories};
use uuid::Uuid;

use super::{
    statistic_release::{Numbers, cell, decide, kept, read, refused},
    world::done,
};

stories![
    a_published_release_is_corrected_under_a_notice,
    what_was_taken_back_is_proposed_again_as_it_was,
    what_was_removed_is_told_of_no_more,
];

async fn a_published_release_is_corrected_under_a_notice(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let world = &numbers.world;
    let release = kept(&world.coordinator().await, "Propose", numbers.proposal()).await;
    let of = |more: Value| {
        let mut input = more;
        input["statisticReleaseId"] = release["id"].clone();
        input
    };
    let correct = of(json!({ "note": "Decisions that were reported late" }));
    assert_eq!(
        refused(&app.signed_in("coordinator@desk.example").await, "Correct", correct.clone()).await,
        ["INVALID_TRANSITION NOT_ALLOWED_NOW"]
    );
    app.account("second@desk.example", world.desk, Role::Coordinator).await;
    app.advance(TimeDelta::days(14));
    let (coordinator, second) = (app.signed_in("coordinator@desk.example").await, app.signed_in("second@desk.example").await);
    kept(&second, "Publish", of(json!({ "version": 1 }))).await;
    let same = kept(&coordinator, "Correct", correct.clone()).await["preparedCorrection"].clone();
    assert_eq!((&same["failure"], &same["cells"]), (&json!("Every number is as it was told."), &json!([])), "nothing changed");
    // What had happened by then counts, although it is recorded now; what is sent to the platform or shared later does not.
    let representative = app.signed_in("answers@parley.example").await;
    for contact in &numbers.open {
        decide(&representative, contact).await;
    }
    let officer = app.signed_in("one@numbers.example").await;
    done(&officer, "ContactLog", world.contact(&json!({ "sentAt": "2026-02-11T08:00:00Z" }))).await;
    for other in [&officer, &representative] {
        assert_eq!(refused(other, "Correct", correct.clone()).await, ["FORBIDDEN NOT_PERMITTED"]);
    }
    let version = version_of(&second, &release).await;
    assert_eq!(
        refused(&second, "ConfirmCorrection", of(json!({ "version": version }))).await,
        ["INVALID_TRANSITION NOT_ALLOWED_NOW"],
        "none was prepared"
    );
    let prepared = kept(&coordinator, "Correct", correct).await;
    assert_eq!(prepared["preparedCorrection"]["note"], "Decisions that were reported late");
    assert_eq!(prepared["version"], version + 1, "who confirms it has read it");
    let confirm = of(json!({ "version": prepared["version"] }));
    assert_eq!((&prepared["cells"], &prepared["corrections"]), (&release["cells"], &json!([])), "not yet");
    assert_eq!(read(&app.anonymous(), &release).await["preparedCorrection"], Value::Null);
    assert_eq!(refused(&coordinator, "ConfirmCorrection", confirm.clone()).await, ["FORBIDDEN NOT_PERMITTED"], "the same person");
    assert_eq!(refused(&second, "ConfirmCorrection", of(json!({ "version": version }))).await, ["VERSION_MISMATCH STALE_VERSION version"]);
    kept(&second, "ConfirmCorrection", confirm).await;
    let corrected = read(&app.anonymous(), &release).await;
    assert_eq!(corrected["corrections"], json!([{ "at": "2026-03-16T09:00:00Z", "note": "Decisions that were reported late" }]));
    let (row, other) = (["ESCALATION", &world.platform.to_string()], ["ESCALATION", &world.rival_platform.to_string()]);
    let parley = cell(&corrected, &row);
    assert_eq!(
        (&parley["answeredShare"], &parley["value"], &parley["correctedAt"]),
        (&json!(1.0), &json!(10), &json!("2026-03-16T09:00:00Z"))
    );
    assert_eq!(cell(&corrected, &other), cell(&release, &other), "what did not change has no mark");
    let hidden = |release: &Value| release["cells"].as_array().unwrap().iter().map(|cell| cell["suppressed"].clone()).collect::<Vec<_>>();
    assert_eq!(hidden(&corrected), hidden(&release));
}

async fn version_of(reader: &Client, release: &Value) -> i64 {
    read(reader, release).await["version"].as_i64().unwrap()
}

/// What is left of a month of which contacts were removed does not tell how it was.
async fn what_was_removed_is_told_of_no_more(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let world = &numbers.world;
    let release = kept(&world.coordinator().await, "Propose", numbers.proposal()).await;
    app.account("second@desk.example", world.desk, Role::Coordinator).await;
    app.advance(TimeDelta::days(14));
    let second = app.signed_in("second@desk.example").await;
    kept(&second, "Publish", json!({ "statisticReleaseId": release["id"], "version": 1 })).await;
    let officer = app.signed_in("three@numbers.example").await;
    done(&officer, "ContactClose", json!({ "contactId": numbers.open[0], "reason": "No answer" })).await;
    app.advance(TimeDelta::days(60));
    let periods = Periods { closed: Some(TimeDelta::days(50)), ..Periods::default() };
    assert_eq!(contact::purge(&app.app, &app.app.system(), &periods, Uuid::nil()).await.unwrap(), 1);
    let coordinator = app.signed_in("coordinator@desk.example").await;
    let correct = json!({ "statisticReleaseId": release["id"], "note": "Decisions that were reported late" });
    let failed = kept(&coordinator, "Correct", correct).await["preparedCorrection"].clone();
    assert!(failed["failure"].as_str().unwrap().starts_with("Contacts of these months were removed"), "{failed}");
    let other = |period: Value| {
        let mut input = numbers.proposal();
        input["period"] = period;
        input
    };
    let january = kept(&coordinator, "Propose", other(json!({ "from": "2026-01-01", "to": "2026-02-01" }))).await;
    assert_eq!(january["status"], "PROPOSED", "nothing of January was removed");
}

async fn what_was_taken_back_is_proposed_again_as_it_was(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let world = &numbers.world;
    let coordinator = world.coordinator().await;
    let release = kept(&coordinator, "Propose", numbers.proposal()).await;
    let back = json!({ "statisticReleaseId": release["id"], "version": 1, "reason": "A platform is missing" });
    assert_eq!(refused(&world.representative().await, "Withdraw", back.clone()).await, ["FORBIDDEN NOT_PERMITTED"]);
    assert_eq!(kept(&coordinator, "Withdraw", back.clone()).await["withdrawalReason"], "A platform is missing");
    assert_eq!(read(&app.anonymous(), &release).await, Value::Null);
    assert_eq!(read(&app.signed_in("rosa.representative@parley.example").await, &release).await["status"], "WITHDRAWN");
    let with = |name: &str, value: Value| {
        let mut input = numbers.proposal();
        input[name] = value;
        input
    };
    let longer = with("period", json!({ "from": "2026-01-01", "to": "2026-03-01" }));
    assert_eq!(refused(&coordinator, "Propose", longer).await, ["CONFLICT CONTRADICTION period"], "its difference would be January");
    let fewer = with("platformIds", json!([id(world.platform)]));
    assert_eq!(refused(&coordinator, "Propose", fewer).await, ["CONFLICT CONTRADICTION period"], "its difference would be a platform");
    let again = kept(&coordinator, "Propose", numbers.proposal()).await;
    assert_eq!(again["cells"], release["cells"]);
    let listed = coordinator.data("{ statisticReleases(filter: { status: [PROPOSED] }) { nodes { id } } }", json!({})).await;
    assert_eq!(listed["statisticReleases"]["nodes"], json!([{ "id": again["id"] }]));
}
