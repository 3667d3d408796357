//! Experts: listed by their own consent, hidden the moment it ends.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, stories};

stories![
    an_expert_is_listed_by_consent_and_gone_when_it_is_withdrawn,
    a_consent_ends_by_itself,
    only_the_expert_consents,
    what_is_restricted_stays_with_the_coordinator_and_the_expert,
];

const RECORD: &str = "mutation ($input: ExpertRecordInput!) { expertRecord(input: $input) { expert { id version } userErrors { code reason path message } } }";
const CONSENT: &str = "mutation ($input: ExpertConsentInput!) { expertConsent(input: $input) { expert { id consent { listed givenAt until } } userErrors { code reason path message } } }";
const WITHDRAW: &str = "mutation ($input: ExpertConsentWithdrawInput!) { expertConsentWithdraw(input: $input) { expert { id consent { listed withdrawnAt } } userErrors { code reason path message } } }";

/// Whether a reader finds the expert in the list, by search, by topic, by id; each must say the same.
async fn finds(reader: &Client, expert: &Value) -> bool {
    let document = "query ($id: ID!) { list: experts { totalCount } search: experts(filter: { search: \"ADA\" }) { nodes { id } } topic: experts(filter: { topic: \"deepfakes\", language: \"es\" }) { nodes { id } } node(id: $id) { id } expert(id: $id) { id } nodes(ids: [$id]) { id } }";
    let found = reader.data(document, json!({ "id": expert })).await;
    let ways = [
        found["list"]["totalCount"] == json!(1),
        !found["search"]["nodes"].as_array().unwrap().is_empty(),
        !found["topic"]["nodes"].as_array().unwrap().is_empty(),
        !found["node"].is_null(),
        !found["expert"].is_null(),
        !found["nodes"][0].is_null(),
    ];
    assert!(ways.iter().all(|way| *way == ways[0]), "{found}");
    ways[0]
}

struct People {
    coordinator: Client,
    expert: Client,
    officer: Client,
    id: Value,
}

async fn people(app: &TestApp) -> People {
    let (coordinator, _) = app.coordinator().await;
    let university = app.organisation(OrganisationKind::Academia, "University").await;
    let board = app.organisation(OrganisationKind::ElectoralBody, "Board").await;
    let expert = app.member("ada@university.example", university, Role::Expert).await;
    let officer = app.member("officer@board.example", board, Role::ElectoralBodyOfficer).await;
    let input = json!({ "name": "Ada Example", "email": "Ada@University.example", "topics": ["Deepfakes in campaigns"], "languages": ["es-PE"], "availabilityNotes": "Mornings" });
    let id = coordinator.mutate(RECORD, input).await["expert"]["id"].clone();
    People { coordinator, expert, officer, id }
}

fn until(days: i64) -> String {
    let start: chrono::DateTime<chrono::Utc> = tertulia_tests::START.parse().unwrap();
    (start + TimeDelta::days(days)).to_rfc3339()
}

async fn an_expert_is_listed_by_consent_and_gone_when_it_is_withdrawn(app: &TestApp) {
    let People { coordinator, expert, officer, id } = people(app).await;
    let anyone = app.anonymous();
    assert!(finds(&coordinator, &id).await);
    assert!(!finds(&anyone, &id).await && !finds(&officer, &id).await, "recorded is not listed");
    expert.mutate(CONSENT, json!({ "listed": "COALITION", "until": until(100) })).await;
    assert!(!finds(&anyone, &id).await && finds(&officer, &id).await);
    let consent = expert.mutate(CONSENT, json!({ "listed": "PUBLIC", "until": until(100) })).await["expert"]["consent"].clone();
    assert_eq!((&consent["listed"], &consent["givenAt"]), (&json!("PUBLIC"), &json!("2026-03-02T09:00:00Z")));
    assert!(finds(&anyone, &id).await && finds(&officer, &id).await);
    app.advance(TimeDelta::seconds(1));
    let withdrawn = expert.mutate(WITHDRAW, json!({})).await["expert"]["consent"].clone();
    assert_eq!(withdrawn["listed"], "NOBODY");
    assert!(!finds(&anyone, &id).await && !finds(&officer, &id).await, "withdrawn");
    assert!(finds(&expert, &id).await, "one's own profile stays readable");
    assert_eq!(expert.graphql(WITHDRAW, json!({ "input": {} })).await.code(), "INVALID_TRANSITION");
}

async fn a_consent_ends_by_itself(app: &TestApp) {
    let People { expert, id, .. } = people(app).await;
    expert.mutate(CONSENT, json!({ "listed": "PUBLIC", "until": until(0).replace("09:00", "09:05") })).await;
    assert!(finds(&app.anonymous(), &id).await);
    app.advance(TimeDelta::minutes(5));
    assert!(!finds(&app.anonymous(), &id).await);
}

async fn only_the_expert_consents(app: &TestApp) {
    let People { coordinator, expert, officer, id } = people(app).await;
    let input = json!({ "input": { "listed": "PUBLIC", "until": until(10) } });
    assert_eq!(app.anonymous().graphql(CONSENT, input.clone()).await.code(), "UNAUTHENTICATED");
    for other in [&coordinator, &officer] {
        assert_eq!(other.graphql(CONSENT, input.clone()).await.code(), "NOT_FOUND", "no profile of one's own");
    }
    assert_eq!(officer.graphql(RECORD, json!({ "input": { "name": "X" } })).await.code(), "FORBIDDEN");
    for late in [until(0), until(5_000)] {
        assert_eq!(expert.graphql(CONSENT, json!({ "input": { "listed": "PUBLIC", "until": late } })).await.code(), "INVALID_INPUT");
    }
    expert.graphql(CONSENT, input).await.data();
    assert_eq!(officer.graphql(WITHDRAW, json!({ "input": { "id": id } })).await.code(), "FORBIDDEN");
    coordinator.mutate(WITHDRAW, json!({ "id": id })).await;
    assert!(!finds(&app.anonymous(), &id).await);
    let twice = json!({ "input": { "name": "Ada Again", "email": "ada@university.example" } });
    assert_eq!(coordinator.graphql(RECORD, twice).await.faults(), ["input.email DUPLICATE"]);
}

async fn what_is_restricted_stays_with_the_coordinator_and_the_expert(app: &TestApp) {
    let People { coordinator, expert, officer, id } = people(app).await;
    expert.mutate(CONSENT, json!({ "listed": "PUBLIC", "until": until(10) })).await;
    let document = "query ($id: ID!) { expert(id: $id) { email availabilityNotes topics } }";
    for (reader, reads) in [(&coordinator, true), (&expert, true), (&officer, false), (&app.anonymous(), false)] {
        let found = reader.data(document, json!({ "id": id })).await["expert"].clone();
        assert_eq!((found["email"].is_null(), found["availabilityNotes"].is_null()), (!reads, !reads), "{found}");
        assert_eq!(found["topics"], json!(["Deepfakes in campaigns"]));
    }
    let own = expert.data("{ ownExpertProfile { id } }", json!({})).await;
    assert_eq!(own["ownExpertProfile"]["id"], id);
    assert_eq!(app.anonymous().graphql("{ ownExpertProfile { id } }", json!({})).await.code(), "UNAUTHENTICATED");
}
