//! The servers work the numbers of a statistic release out, and the platforms hear of it by mail.

use chrono::TimeDelta;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use serde_json::{Value, json};
use tertulia_domain::{
    id::{OrganisationId, StatisticReleaseId},
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{TestApp, stories};
use uuid::Uuid;

use super::statistic_release::{Numbers, kept, prepared, read, refused, sent};

stories![another_server_begins_anew, what_is_being_worked_out_can_be_taken_back, platforms_hear_of_it_in_their_language];

/// Makes a release one whose numbers another server works out until a moment, as far as five of 25 contacts.
async fn hold_elsewhere(app: &TestApp, release: &Value, until: &str) {
    let database = app.database.connect().await;
    let id: StatisticReleaseId = release["id"].as_str().unwrap().parse().unwrap();
    let (asked, until): (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>) =
        ("2026-03-02T09:00:00Z".parse().unwrap(), until.parse().unwrap());
    let of = |column: &'static str| Expr::col(Alias::new(column)).eq(id.uuid());
    let without = Query::delete().from_table("statistic_release_cell").and_where(of("release_id")).to_owned();
    database.execute(&without).await.unwrap();
    let status =
        Query::update().table("statistic_release").value("status", "PREPARING").value("prepared", false).and_where(of("id")).to_owned();
    database.execute(&status).await.unwrap();
    let columns = ["release_id", "edition", "asked_at", "counted", "total", "holder", "held_until", "attempts"];
    let values = [id.uuid().into(), 0.into(), asked.into(), 5.into(), 25.into(), Uuid::from_u128(7).into(), until.into(), 1.into()]
        .map(Expr::value::<sea_orm::Value>);
    let job = Query::insert().into_table("statistic_release_job").columns(columns).values_panic(values).to_owned();
    database.execute(&job).await.unwrap();
    database.close().await.unwrap();
}

async fn another_server_begins_anew(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let world = &numbers.world;
    let (coordinator, representative) = (world.coordinator().await, world.representative().await);
    let asked = sent(&coordinator, "Propose", numbers.proposal()).await["statisticRelease"].clone();
    assert_eq!((&asked["status"], &asked["version"]), (&json!("PREPARING"), &json!(1)));
    assert_eq!((&asked["cells"], &asked["commentsUntil"], &asked["computedAt"]), (&json!([]), &Value::Null, &Value::Null));
    let release = prepared(&coordinator, &asked).await;
    assert_eq!((&release["status"], &release["computedAt"]), (&json!("PROPOSED"), &json!("2026-03-02T09:00:00Z")));
    // As if the server had died while it counted.
    hold_elsewhere(app, &release, "2026-03-02T09:02:00Z").await;
    let held = read(&coordinator, &release).await;
    assert_eq!((&held["status"], &held["progress"], &held["cells"]), (&json!("PREPARING"), &json!(0.2), &json!([])));
    assert_eq!((read(&representative, &release).await, read(&app.anonymous(), &release).await), (Value::Null, Value::Null));
    let of = |more: Value| {
        let mut input = more;
        input["statisticReleaseId"] = release["id"].clone();
        input
    };
    assert_eq!(refused(&representative, "Comment", of(json!({ "text": "x" }))).await, ["NOT_FOUND UNKNOWN_ID statisticReleaseId"]);
    assert_eq!(refused(&coordinator, "Publish", of(json!({ "version": 1 }))).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW"]);
    assert_eq!(refused(&coordinator, "Correct", of(json!({ "note": "x" }))).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW"]);
    assert_eq!(refused(&coordinator, "Propose", numbers.proposal()).await, ["CONFLICT DUPLICATE period"]);
    app.advance(TimeDelta::seconds(121));
    let again = prepared(&coordinator, &release).await;
    assert_eq!((&again["cells"], &again["proposedAt"]), (&release["cells"], &release["proposedAt"]));
    assert_eq!(again["commentsUntil"], "2026-03-16T09:02:01Z", "ten working days from when they can be read");
    assert_eq!(read(&representative, &release).await["cells"], release["cells"]);
    let events = app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await;
    assert_eq!((events["statisticRelease.proposed"], events["statisticRelease.prepared"]), (1, 2));
}

async fn what_is_being_worked_out_can_be_taken_back(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let coordinator = numbers.world.coordinator().await;
    let release = kept(&coordinator, "Propose", numbers.proposal()).await;
    hold_elsewhere(app, &release, "2026-03-02T09:02:00Z").await;
    let back = json!({ "statisticReleaseId": release["id"], "version": 1, "reason": "Other months" });
    let back = kept(&coordinator, "Withdraw", back).await;
    assert_eq!((&back["status"], &back["progress"]), (&json!("WITHDRAWN"), &Value::Null));
    assert_eq!(read(&numbers.world.representative().await, &release).await, Value::Null, "its numbers were told to nobody");
    app.advance(TimeDelta::seconds(121));
    let mut longer = numbers.proposal();
    longer["period"] = json!({ "from": "2026-01-01", "to": "2026-03-01" });
    assert_eq!(kept(&coordinator, "Propose", longer).await["status"], "PROPOSED", "so other months may be told together");
    assert_eq!(read(&coordinator, &release).await["status"], "WITHDRAWN");
}

/// Gives an organisation a language and a zone.
async fn speaks(app: &TestApp, organisation: OrganisationId, language: &str, zone: &str) {
    let database = app.database.connect().await;
    let update = Query::update()
        .table("organisation")
        .value("languages", format!("[\"{language}\"]"))
        .value("time_zone", zone)
        .and_where(Expr::col("id").eq(organisation.uuid()))
        .to_owned();
    database.execute(&update).await.unwrap();
    database.close().await.unwrap();
}

async fn platforms_hear_of_it_in_their_language(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let world = &numbers.world;
    speaks(app, world.platform, "es", "America/Lima").await;
    app.account("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let elsewhere = app.organisation(OrganisationKind::PlatformCompany, "Chirp").await;
    app.account("rep@chirp.example", elsewhere, Role::PlatformAdministrator).await;
    let mut proposal = numbers.proposal();
    proposal["title"] = json!([{ "language": "en", "text": "February 2026" }, { "language": "es", "text": "Febrero de 2026" }]);
    let release = kept(&world.coordinator().await, "Propose", proposal).await;
    for to in ["answers@parley.example", "keeper@parley.example"] {
        let mails = app.mails(to).await;
        let [mail] = mails.as_slice() else { panic!("{mails:?}") };
        for words in ["Febrero de 2026", "Parley", "2026-03-16", "04:00 (America/Lima)"] {
            assert!(mail.contains(words), "{words}: {mail}");
        }
    }
    let mails = app.mails("answers@murmur.example").await;
    assert!(matches!(mails.as_slice(), [mail] if mail.contains("Subject: Statistics for your comment: February 2026")), "{mails:?}");
    assert!(mails[0].contains("2026-03-16 at 09:00 (UTC)"), "{}", mails[0]);
    for to in ["rep@chirp.example", "one@numbers.example", "coordinator@desk.example"] {
        assert_eq!(app.mails(to).await, Vec::<String>::new(), "{to}");
    }
    let representative = app.signed_in("answers@murmur.example").await;
    kept(&representative, "Comment", json!({ "statisticReleaseId": release["id"], "text": "Two were duplicates." })).await;
    app.account("second@desk.example", world.desk, Role::Coordinator).await;
    app.advance(TimeDelta::days(14));
    let second = app.signed_in("second@desk.example").await;
    kept(&second, "Publish", json!({ "statisticReleaseId": release["id"], "version": 1 })).await;
    let mails = app.mails("answers@murmur.example").await;
    assert!(matches!(mails.as_slice(), [_, mail] if mail.contains("Subject: Statistics published: February 2026")), "{mails:?}");
    assert_eq!(app.mails("keeper@parley.example").await.len(), 1, "who did not comment reads it with everybody");
}
