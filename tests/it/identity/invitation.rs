//! Inviting people, and what comes of it: nobody climbs (DOMAIN.md 4.6).

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{
    Client, Reply, TestApp,
    people::{PASSWORD, id, text, token_of},
    stories,
};

use super::{INVITE, REVOKE, VIEWER};

stories![
    the_first_administrator_comes_by_the_coordinator,
    an_invitation_is_accepted_once_in_time_and_with_a_good_password,
    somebody_with_an_account_shows_its_password,
    what_a_revoked_administrator_promised_is_void,
    the_coordinator_makes_one_first_administrator_only,
    invitations_are_idempotent,
    the_link_goes_to_the_person_alone,
    names_every_fault,
];

async fn invite(by: &Client, email: &str, organisation: &Value, role: &str) -> Reply {
    let input = json!({ "email": email, "name": "Ana", "organisationId": organisation, "role": role });
    by.graphql(INVITE, json!({ "input": input })).await
}

/// The token of the link that an invitation answers where no mail is sent.
fn token(reply: Reply) -> String {
    let data = reply.data();
    token_of(data["userInvite"]["acceptUrl"].as_str().unwrap_or_else(|| panic!("no link: {data}")))
}

async fn accept(app: &TestApp, token: &str, password: &str) -> Reply {
    app.anonymous().post("/v1/invitations/accept", json!({ "token": token, "password": password })).await
}

async fn the_first_administrator_comes_by_the_coordinator(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let body = id(app.organisation(OrganisationKind::ElectoralBody, "A body").await);
    for role in ["ELECTORAL_BODY_OFFICER", "EXPERT"] {
        assert_eq!(invite(&coordinator, "a@body.example", &body, role).await.code(), "FORBIDDEN", "{role}");
    }
    let unfit = invite(&coordinator, "a@body.example", &body, "PLATFORM_ADMINISTRATOR").await;
    assert_eq!((unfit.code(), unfit.faults()), ("INVALID_INPUT", vec!["input.role NOT_AN_OPTION".to_owned()]));
    let token = token(invite(&coordinator, "a@body.example", &body, "ELECTORAL_BODY_ADMINISTRATOR").await);
    assert_eq!(app.mails("a@body.example").await.len(), 1);
    assert_eq!(app.sign_in("a@body.example", PASSWORD).await.status, StatusCode::UNAUTHORIZED, "the invitation comes first");
    let accepted = accept(app, &token, PASSWORD).await;
    assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text);
    let administrator = app.with_token(text(&accepted, "accessToken"));
    let viewer = administrator.data(VIEWER, json!({})).await;
    assert_eq!(viewer["viewer"]["memberships"][0]["role"], "ELECTORAL_BODY_ADMINISTRATOR");
    assert_eq!(viewer["viewer"]["memberships"][0]["organisation"]["id"], body);
    assert_eq!(viewer["viewer"]["user"]["email"], "a@body.example");
    assert_eq!(invite(&coordinator, "b@body.example", &body, "ELECTORAL_BODY_ADMINISTRATOR").await.code(), "FORBIDDEN", "there is one");
    assert_eq!(invite(&administrator, "b@body.example", &body, "ELECTORAL_BODY_OFFICER").await.code_or_none(), None);
    assert!(app.mails("a@body.example").await.len() >= 3, "the administrators hear of every grant");
    let nobody = invite(&app.anonymous(), "b@body.example", &body, "ELECTORAL_BODY_OFFICER").await;
    assert_eq!(nobody.code(), "UNAUTHENTICATED");
}

async fn an_invitation_is_accepted_once_in_time_and_with_a_good_password(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let body = id(app.organisation(OrganisationKind::ElectoralBody, "A body").await);
    let late = token(invite(&coordinator, "a@body.example", &body, "ELECTORAL_BODY_ADMINISTRATOR").await);
    let replaced = late.clone();
    let newer = token(invite(&coordinator, "a@body.example", &body, "ELECTORAL_BODY_ADMINISTRATOR").await);
    let reason = |reply: &Reply| (reply.status, reply.body["errors"][0]["reason"].clone());
    assert_eq!(reason(&accept(app, &replaced, PASSWORD).await), (StatusCode::BAD_REQUEST, json!("EXPIRED")), "a newer one replaced it");
    let weak = accept(app, &newer, "password1234").await;
    assert_eq!((reason(&weak), &weak.body["errors"][0]["path"]), ((StatusCode::BAD_REQUEST, json!("NOT_AN_OPTION")), &json!(["password"])));
    assert_eq!(accept(app, &newer, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(reason(&accept(app, &newer, PASSWORD).await), (StatusCode::BAD_REQUEST, json!("ALREADY_DONE")));
    for nonsense in ["", "x", &"A".repeat(43)] {
        assert_eq!(reason(&accept(app, nonsense, PASSWORD).await), (StatusCode::BAD_REQUEST, json!("EXPIRED")));
    }
    let administrator = app.signed_in("a@body.example").await;
    let slow = token(invite(&administrator, "b@body.example", &body, "ELECTORAL_BODY_OFFICER").await);
    app.advance(TimeDelta::days(7));
    assert_eq!(reason(&accept(app, &slow, PASSWORD).await), (StatusCode::BAD_REQUEST, json!("EXPIRED")));
}

async fn somebody_with_an_account_shows_its_password(app: &TestApp) {
    let (one, two) =
        (app.organisation(OrganisationKind::ElectoralBody, "One").await, app.organisation(OrganisationKind::ElectoralBody, "Two").await);
    app.account("a@one.example", one, Role::ElectoralBodyAdministrator).await;
    let administrator = app.member("a@two.example", two, Role::ElectoralBodyAdministrator).await;
    let token = token(invite(&administrator, "a@one.example", &id(two), "ELECTORAL_BODY_OFFICER").await);
    let wrong = accept(app, &token, "a password of the inviter's").await;
    assert_eq!((wrong.status, &wrong.body["errors"][0]["path"]), (StatusCode::BAD_REQUEST, &json!(["password"])));
    let accepted = accept(app, &token, PASSWORD).await;
    let viewer = app.with_token(text(&accepted, "accessToken")).data(VIEWER, json!({})).await;
    assert_eq!(viewer["viewer"]["memberships"].as_array().unwrap().len(), 2);
}

async fn what_a_revoked_administrator_promised_is_void(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let first = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let second = app.member("b@body.example", body, Role::ElectoralBodyAdministrator).await;
    let token = token(invite(&second, "c@body.example", &id(body), "ELECTORAL_BODY_ADMINISTRATOR").await);
    let membership = second.data(VIEWER, json!({})).await["viewer"]["memberships"][0]["id"].clone();
    first.mutate(REVOKE, json!({ "membershipId": membership })).await;
    let refused = accept(app, &token, PASSWORD).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["reason"]), (StatusCode::BAD_REQUEST, &json!("EXPIRED")));
    assert_eq!(app.sign_in("c@body.example", PASSWORD).await.status, StatusCode::UNAUTHORIZED, "no account came of it");
}

async fn the_coordinator_makes_one_first_administrator_only(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let body = id(app.organisation(OrganisationKind::ElectoralBody, "A body").await);
    let one = token(invite(&coordinator, "a@body.example", &body, "ELECTORAL_BODY_ADMINISTRATOR").await);
    let two = token(invite(&coordinator, "b@body.example", &body, "ELECTORAL_BODY_ADMINISTRATOR").await);
    let (one, two) = futures::future::join(accept(app, &one, PASSWORD), accept(app, &two, PASSWORD)).await;
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::BAD_REQUEST], "{} {}", one.text, two.text);
}

async fn invitations_are_idempotent(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let administrator = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let mut input = json!({
        "email": "b@body.example", "name": "Bo", "organisationId": id(body), "role": "ELECTORAL_BODY_OFFICER", "idempotencyKey": "k-1",
    });
    let first = administrator.mutate(INVITE, input.clone()).await;
    let again = administrator.mutate(INVITE, input.clone()).await;
    assert_eq!(first["invitation"]["id"], again["invitation"]["id"]);
    assert_eq!(again["acceptUrl"], Value::Null, "a secret is shown once");
    input["name"] = json!("Bea");
    let other = administrator.graphql(INVITE, json!({ "input": input })).await;
    assert_eq!((other.code(), other.faults()), ("CONFLICT", vec!["input.idempotencyKey KEY_REUSED".to_owned()]));
}

async fn the_link_goes_to_the_person_alone(app: &TestApp) {
    let own = TestApp::start_with(app.database.backend, |config| {
        config.mail.kind = tertulia_api::config::MailKind::Smtp;
        config.mail.smtp_url = "smtp://127.0.0.1:1".into();
    })
    .await;
    let body = own.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let administrator = own.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let payload = invite(&administrator, "b@body.example", &id(body), "ELECTORAL_BODY_OFFICER").await.data();
    assert!(payload["userInvite"]["invitation"]["id"].is_string(), "{payload}");
    assert_eq!(payload["userInvite"]["acceptUrl"], Value::Null, "mail carries it");
    own.finish().await;
}

async fn names_every_fault(app: &TestApp) {
    let platform = app.organisation(OrganisationKind::PlatformCompany, "A platform").await;
    let administrator = app.member("a@platform.example", platform, Role::PlatformAdministrator).await;
    let input = json!({
        "email": "nobody", "name": "\u{202e}x", "organisationId": "contact_00000000000000000000000001", "role": "PLATFORM_REPRESENTATIVE",
        "countries": ["KE", "Kenya"], "services": ["x"], "allServices": true,
    });
    let reply = administrator.graphql(INVITE, json!({ "input": input })).await;
    let mut faults = reply.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "input.countries.1 MALFORMED",
            "input.email MALFORMED",
            "input.name FORBIDDEN_CHARACTER",
            "input.organisationId WRONG_KIND",
            "input.services CONTRADICTION",
        ]
    );
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let administrator = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let input = json!({
        "email": "b@body.example", "name": "Bo", "organisationId": id(body), "role": "ELECTORAL_BODY_OFFICER", "allCountries": true,
    });
    assert_eq!(administrator.graphql(INVITE, json!({ "input": input })).await.faults(), ["input.countries CONTRADICTION"]);
    let oneself = invite(&administrator, "A@body.example", &id(body), "ELECTORAL_BODY_OFFICER").await;
    assert_eq!((oneself.code(), oneself.faults()), ("FORBIDDEN", vec!["input.email NOT_PERMITTED".to_owned()]));
}
