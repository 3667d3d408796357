//! Measures over the contact log: what it shows before and after, and to whom it is told. All contacts here are made up.

use serde_json::{Value, json};
use tertulia_app::directory::platform;
use tertulia_domain::{
    directory::platform::{PlatformServiceDraft, PlatformServiceType},
    id::{OrganisationId, PlatformServiceId},
    identity::Cover,
    policy::{Coverage, OrganisationKind, Role},
    text::CountryCode,
};
use tertulia_tests::{Client, TestApp, stories};

use super::{done, full};
use crate::engagement::world;

stories![
    shows_the_share_before_and_after,
    tells_thin_numbers_to_parties_alone,
    tells_others_rounded_numbers_of_whole_months,
    counts_only_what_counts,
    tells_others_once_nothing_can_be_added,
    refuses_measures_that_mean_nothing,
    one_statement_for_all_measures,
];

/// Three bodies with an officer each, a platform, and the coordinator.
struct Log {
    bodies: Vec<(OrganisationId, Client)>,
    platform: OrganisationId,
    representative: Client,
    service: PlatformServiceId,
    coordinator: Client,
}

impl Log {
    async fn of(app: &TestApp) -> Self {
        let mut bodies = Vec::new();
        for number in 0..3 {
            let body = app.organisation(OrganisationKind::ElectoralBody, &format!("Body {number}")).await;
            bodies.push((body, app.member(&format!("officer@body{number}.example"), body, Role::ElectoralBodyOfficer).await));
        }
        let company = app.organisation(OrganisationKind::PlatformCompany, "Parley").await;
        let representative = app.member("rosa@parley.example", company, Role::PlatformRepresentative).await;
        let names = vec![("en".to_owned(), "Parley Video".to_owned())];
        let draft = PlatformServiceDraft { platform: Some(company), names, kind: Some(PlatformServiceType::Social), ..Default::default() };
        let service = platform::create(&app.app, &app.app.system(), Ok(draft), None).await.unwrap().id;
        let (coordinator, _) = app.coordinator().await;
        Self { bodies, platform: company, representative, service, coordinator }
    }

    /// Logs a contact of a body, sent on a day at noon and acknowledged so many minutes later, if at all.
    async fn contact(&self, body: usize, day: &str, answered: Option<i64>, change: Value) -> Value {
        let mut input = json!({
            "platformServiceId": self.service.to_string(), "kind": "ESCALATION", "legalBasis": "PLATFORM_TERMS", "urgency": "CRITICAL",
            "visibility": "PARTIES", "sentAt": format!("{day}T12:00:00Z"), "items": [{ "url": "https://parley.example/post/1" }],
        });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let officer = &self.bodies[body].1;
        let contact = world::done(officer, "ContactLog", input).await["id"].clone();
        if let Some(minutes) = answered {
            let noon: chrono::DateTime<chrono::Utc> = format!("{day}T12:00:00Z").parse().unwrap();
            let at = (noon + chrono::TimeDelta::minutes(minutes)).to_rfc3339();
            world::done(officer, "ContactAcknowledge", json!({ "contactId": contact, "occurredAt": at })).await;
        }
        contact
    }

    /// As many contacts in a month, spread over so many bodies, of which the first `in_time` are acknowledged at once.
    async fn month(&self, month: &str, contacts: usize, bodies: usize, in_time: usize) {
        for number in 0..contacts {
            let day = format!("{month}-{:02}", number % 27 + 1);
            self.contact(number % bodies, &day, (number < in_time).then_some(30), json!({})).await;
        }
    }

    /// The platform's commitment to acknowledge nine of ten critical escalations within three hours in February, as against January.
    fn promise(&self, change: &Value) -> Value {
        let mut measure = json!({
            "description": "Critical escalations acknowledged within three hours", "kinds": ["ESCALATION"], "urgencies": ["CRITICAL"],
            "country": "PE", "act": "ACKNOWLEDGE", "within": "PT3H", "target": 0.9,
            "period": { "from": "2026-02-01", "to": "2026-03-01" }, "baseline": { "from": "2026-01-01", "to": "2026-02-01" },
        });
        measure.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let to_whom: Vec<String> = self.bodies.iter().map(|(body, _)| body.to_string()).collect();
        json!({
            "committedById": self.platform.to_string(), "toWhom": to_whom, "text": "To acknowledge sooner", "dueOn": "2026-04-01",
            "measure": measure,
        })
    }

    async fn create(&self, change: Value) -> Value {
        done(&self.representative, "CommitmentCreate", "commitment", self.promise(&change)).await["id"].clone()
    }
}

const READ: &str = "query($id: ID!) { commitment(id: $id) { measure { met
    before { value suppressed contacts } after { value suppressed contacts } } } }";

async fn read(client: &Client, id: &Value) -> Value {
    client.data(READ, json!({ "id": id })).await["commitment"]["measure"].clone()
}

fn told(value: f64, contacts: i64) -> Value {
    json!({ "value": value, "suppressed": false, "contacts": contacts })
}

fn suppressed() -> Value {
    json!({ "value": null, "suppressed": true, "contacts": null })
}

async fn shows_the_share_before_and_after(app: &TestApp) {
    let log = Log::of(app).await;
    log.month("2026-01", 10, 3, 4).await;
    log.month("2026-02", 12, 3, 11).await;
    log.create(json!({})).await;
    let found = full(&log.coordinator, "Commitments", json!({})).await.data()["commitments"]["nodes"][0]["measure"].clone();
    assert_eq!(
        found,
        json!({
            "description": "Critical escalations acknowledged within three hours", "target": 0.9,
            "before": told(0.4, 10), "after": told(0.9, 10), "met": true,
        })
    );
}

async fn tells_thin_numbers_to_parties_alone(app: &TestApp) {
    let log = Log::of(app).await;
    // Enough contacts of two bodies, and enough bodies for nine contacts.
    log.month("2026-01", 10, 2, 5).await;
    log.month("2026-02", 9, 3, 9).await;
    let id = log.create(json!({})).await;
    for (who, client) in [("coordinator", &log.coordinator), ("a body", &log.bodies[0].1), ("another body", &log.bodies[2].1)] {
        let found = read(client, &id).await;
        assert_eq!((&found["before"], &found["after"], &found["met"]), (&suppressed(), &suppressed(), &Value::Null), "{who}");
    }
    let own = read(&log.representative, &id).await;
    assert_eq!((&own["before"], &own["after"], &own["met"]), (&told(0.5, 10), &told(1.0, 9), &json!(true)), "the platform counts itself");
    // Who acts for the platform in another country alone is no party to these.
    let chile = Coverage::Only([CountryCode::parse("CL").unwrap()].into());
    let cover = Cover { countries: chile, services: Coverage::All };
    app.account_covering("chile@parley.example", log.platform, Role::PlatformRepresentative, cover).await;
    let elsewhere = app.signed_in("chile@parley.example").await;
    assert_eq!(read(&elsewhere, &id).await["before"], suppressed());
    // A body that is the only one to have sent any counts them itself; others do not.
    let first_days =
        json!({ "period": { "from": "2026-02-01", "to": "2026-02-02" }, "baseline": { "from": "2026-01-01", "to": "2026-01-02" } });
    let id = log.create(first_days).await;
    assert_eq!(read(&log.bodies[0].1, &id).await["before"], told(1.0, 1));
    assert_eq!(read(&log.bodies[1].1, &id).await["before"], suppressed());
    assert_eq!(read(&log.coordinator, &id).await["before"], suppressed());
}

async fn tells_others_rounded_numbers_of_whole_months(app: &TestApp) {
    let log = Log::of(app).await;
    log.month("2026-01", 14, 3, 13).await;
    log.month("2026-02", 13, 3, 12).await;
    let id = log.create(json!({ "target": 0.91 })).await;
    for (who, reader) in [("coordinator", &log.coordinator), ("a body", &log.bodies[0].1)] {
        let found = read(reader, &id).await;
        assert_eq!((&found["before"], &found["after"]), (&told(0.9, 15), &told(0.9, 15)), "{who}");
        assert_eq!(found["met"], Value::Null, "nine tenths and more can be more than 91 of 100 or not");
    }
    let own = read(&log.representative, &id).await;
    assert_eq!((&own["after"], &own["met"]), (&told(0.923, 13), &json!(true)));
    // Two measures with a day between them would tell of that day.
    let shorter = log.create(json!({ "baseline": { "from": "2026-01-01", "to": "2026-01-31" } })).await;
    for reader in [&log.coordinator, &log.bodies[0].1] {
        assert_eq!(read(reader, &shorter).await["before"], suppressed());
    }
}

async fn counts_only_what_counts(app: &TestApp) {
    let log = Log::of(app).await;
    log.month("2026-01", 9, 3, 0).await;
    // The last moment is in time, the minute after is not.
    log.contact(0, "2026-01-10", Some(180), json!({})).await;
    log.contact(1, "2026-01-10", Some(181), json!({})).await;
    for outside in [
        json!({ "urgency": "NORMAL" }),
        json!({ "kind": "POLICY_QUESTION", "description": "Why?" }),
        json!({ "visibility": "ORGANISATION" }),
        json!({ "sentAt": "2026-02-01T00:00:00Z" }),
        json!({ "sentAt": "2025-12-31T23:59:59Z" }),
    ] {
        log.contact(2, "2026-01-15", None, outside).await;
    }
    let withdrawn = log.contact(2, "2026-01-16", None, json!({})).await;
    world::done(&log.bodies[2].1, "ContactWithdraw", json!({ "contactId": withdrawn, "reason": "A mistake" })).await;
    let id = log.create(json!({})).await;
    assert_eq!(read(&log.representative, &id).await["before"], told(0.09, 11));
    // A decision counts for itself, and as a confirmation of receipt.
    let decided = log.contact(0, "2026-01-20", None, json!({})).await;
    let decide = json!({ "contactId": decided, "outcome": "ACTION_TAKEN", "occurredAt": "2026-01-20T13:00:00Z" });
    world::done(&log.bodies[0].1, "ContactDecide", decide).await;
    assert_eq!(read(&log.representative, &id).await["before"], told(0.166, 12));
    let id = log.create(json!({ "act": "DECIDE" })).await;
    assert_eq!(read(&log.representative, &id).await["before"], told(0.083, 12));
    let elsewhere = log.create(json!({ "country": "CL" })).await;
    assert_eq!(read(&log.representative, &elsewhere).await["before"], suppressed(), "no contact at all says nothing");
}

async fn tells_others_once_nothing_can_be_added(app: &TestApp) {
    let log = Log::of(app).await;
    log.month("2026-02", 12, 3, 12).await;
    // Sent a moment ago: its time is not over, so it counts neither way.
    log.contact(0, "2026-03-02", None, json!({ "sentAt": "2026-03-02T08:00:00Z" })).await;
    let id = log.create(json!({ "period": { "from": "2026-02-01", "to": "2026-04-01" } })).await;
    assert_eq!(read(&log.representative, &id).await["after"], told(1.0, 12));
    assert_eq!(read(&log.coordinator, &id).await["after"], told(1.0, 10));
    assert_eq!(read(&log.bodies[0].1, &id).await["after"], suppressed(), "one more contact would show what became of it");
    app.advance(chrono::TimeDelta::days(29) + chrono::TimeDelta::hours(18));
    let officer = app.signed_in("officer@body0.example").await;
    assert_eq!(read(&officer, &id).await["after"], told(0.9, 15), "three hours after the period's end");
}

async fn refuses_measures_that_mean_nothing(app: &TestApp) {
    let log = Log::of(app).await;
    let wrong = json!({
        "description": "", "kinds": ["ESCALATION", "LEGAL_ORDER", "TRAINING"], "country": "Peru", "within": "PT0M", "target": 1.01,
        "period": { "from": "2026-02-01", "to": "2026-02-01" }, "baseline": { "from": "2020-01-01", "to": "2026-02-02" },
    });
    let refused = full(&log.representative, "CommitmentCreate", json!({ "input": log.promise(&wrong) })).await;
    assert_eq!(
        refused.faults(),
        [
            "input.measure.description REQUIRED",
            "input.measure.kinds.2 NOT_AN_OPTION",
            "input.measure.kinds CONTRADICTION",
            "input.measure.country MALFORMED",
            "input.measure.within OUT_OF_RANGE",
            "input.measure.target OUT_OF_RANGE",
            "input.measure.period.to CONTRADICTION",
            "input.measure.baseline.to OUT_OF_RANGE",
            "input.measure.baseline.to CONTRADICTION",
        ]
    );
    let nowhere = log.promise(&json!({ "country": "ZZ" }));
    let refused = full(&log.representative, "CommitmentCreate", json!({ "input": nowhere })).await;
    assert_eq!(refused.faults(), ["input.measure.country NOT_AN_OPTION"], "of which nothing would ever be counted");
    let mut of_a_body = log.promise(&json!({}));
    of_a_body["committedById"] = log.bodies[1].0.to_string().into();
    of_a_body["toWhom"] = json!([log.platform.to_string()]);
    assert_eq!(full(&log.coordinator, "CommitmentCreate", json!({ "input": of_a_body })).await.faults(), ["input.measure CONTRADICTION"]);
}

async fn one_statement_for_all_measures(app: &TestApp) {
    let log = Log::of(app).await;
    log.month("2026-02", 3, 3, 1).await;
    for _ in 0..6 {
        log.create(json!({})).await;
    }
    let cost = async |first: u32| full(&log.representative, "Commitments", json!({ "first": first })).await.statements();
    cost(1).await;
    assert_eq!(cost(1).await, cost(6).await);
}
