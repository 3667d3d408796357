//! Resetting a password.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{
    Reply, TestApp,
    people::{PASSWORD, token_of},
    stories,
};

stories![sets_a_new_password, says_nothing_about_accounts, a_link_expires, few_mails_to_one_account];

const NEW: &str = "another fine phrase";

async fn ask(app: &TestApp, email: &str) -> Reply {
    app.anonymous().post("/v1/password-reset", json!({ "email": email })).await
}

async fn confirm(app: &TestApp, token: &str, password: &str) -> Reply {
    app.anonymous().post("/v1/password-reset/confirm", json!({ "token": token, "password": password })).await
}

async fn sets_a_new_password(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let client = app.member("officer@body.example", body, Role::ElectoralBodyOfficer).await;
    assert_eq!(ask(app, "officer@body.example").await.status, StatusCode::ACCEPTED);
    let mails = app.mails("officer@body.example").await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let token = token_of(&mails[0]);
    let weak = confirm(app, &token, "officer@body.example").await;
    assert_eq!((weak.code(), &weak.body["errors"][0]["path"]), ("INVALID_INPUT", &json!(["password"])));
    assert_eq!(confirm(app, &token, NEW).await.status, StatusCode::NO_CONTENT);
    let old = client.graphql("{ service { version } }", json!({})).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED, "every device is signed out");
    assert_eq!(app.sign_in("officer@body.example", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.sign_in("officer@body.example", NEW).await.status, StatusCode::OK);
    let again = confirm(app, &token, "a third fine phrase").await;
    assert_eq!((again.status, &again.body["errors"][0]["reason"]), (StatusCode::BAD_REQUEST, &json!("EXPIRED")), "it works once");
    assert_eq!(app.mails("officer@body.example").await.len(), 2, "the owner hears of it");
}

async fn says_nothing_about_accounts(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.account("officer@body.example", body, Role::ElectoralBodyOfficer).await;
    let (known, unknown) = (ask(app, "officer@body.example").await, ask(app, "nobody@body.example").await);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(app.mails("nobody@body.example").await.len(), 0);
    let malformed = ask(app, "nobody").await;
    assert_eq!(malformed.code(), "INVALID_INPUT");
}

async fn a_link_expires(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.account("officer@body.example", body, Role::ElectoralBodyOfficer).await;
    ask(app, "officer@body.example").await;
    let token = token_of(&app.mails("officer@body.example").await[0]);
    app.advance(TimeDelta::hours(1));
    assert_eq!(confirm(app, &token, NEW).await.code(), "INVALID_INPUT");
    assert_eq!(app.sign_in("officer@body.example", PASSWORD).await.status, StatusCode::OK);
}

async fn few_mails_to_one_account(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.account("officer@body.example", body, Role::ElectoralBodyOfficer).await;
    for _ in 0..5 {
        assert_eq!(ask(app, "officer@body.example").await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(app.mails("officer@body.example").await.len(), 3);
}
