//! What is over is swept out by the server itself, some time later, and nobody sees a difference.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, Query},
};
use serde_json::json;
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{
    Reply, START, TestApp,
    people::{PASSWORD, id, text, token_of},
    stories,
};
use uuid::Uuid;

use crate::engagement::world::{World, act, done};

stories![sessions_and_their_tokens_go_when_they_are_over, links_that_set_a_password_go, invitations_go, keys_are_kept_for_thirty_days,];

async fn count(app: &TestApp, table: &str) -> i64 {
    app.database.counts(&format!("SELECT 'rows', count(*) FROM {table}")).await["rows"]
}

/// Waits until a table has so many rows. Each request for a password wakes the server's worker; that of a stranger leaves nothing.
async fn until(app: &TestApp, table: &str, left: i64) {
    while count(app, table).await != left {
        app.anonymous().post("/v1/password-reset", json!({ "email": "nobody@elsewhere.example" })).await;
    }
}

async fn refresh(app: &TestApp, token: &str) -> Reply {
    app.anonymous().post("/v1/session/refresh", json!({ "refreshToken": token })).await
}

async fn sessions_and_their_tokens_go_when_they_are_over(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.account("officer@body.example", body, Role::ElectoralBodyOfficer).await;
    let sign_in = async || app.sign_in("officer@body.example", PASSWORD).await;
    let idle = text(&sign_in().await, "refreshToken");
    app.advance(TimeDelta::days(31));
    // Over for a day only: it goes with the next round.
    let used = text(&sign_in().await, "refreshToken");
    let refused = refresh(app, &idle).await;
    let living = text(&refresh(app, &used).await, "refreshToken");
    assert_eq!((count(app, "session").await, count(app, "refresh_token").await), (2, 3));
    app.advance(TimeDelta::hours(2));
    until(app, "session", 1).await;
    assert_eq!(count(app, "refresh_token").await, 2, "a used token stays as long as its session, which it ends when it comes again");
    assert_eq!(refresh(app, &idle).await.text, refused.text, "nobody sees a difference");
    let living = refresh(app, &living).await;
    let client = app.with_token(text(&living, "accessToken"));
    assert!(client.send(client.request(Method::DELETE, "/v1/session")).await.status.is_success());
    app.advance(TimeDelta::hours(26));
    until(app, "session", 0).await;
    assert_eq!(count(app, "refresh_token").await, 0);
    assert_eq!(refresh(app, &text(&living, "refreshToken")).await.text, refused.text);
}

async fn links_that_set_a_password_go(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.account("officer@body.example", body, Role::ElectoralBodyOfficer).await;
    let confirm = async |token: &str| {
        app.anonymous().post("/v1/password-reset/confirm", json!({ "token": token, "password": "another long phrase" })).await
    };
    app.anonymous().post("/v1/password-reset", json!({ "email": "officer@body.example" })).await;
    let token = token_of(&app.mails("officer@body.example").await[0]);
    app.advance(TimeDelta::hours(1));
    let refused = confirm(&token).await;
    assert_eq!((refused.code(), count(app, "password_reset").await), ("INVALID_INPUT", 1));
    app.advance(TimeDelta::hours(25));
    until(app, "password_reset", 0).await;
    assert_eq!(confirm(&token).await.text, refused.text);
}

async fn invitations_go(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let body = id(app.organisation(OrganisationKind::ElectoralBody, "A body").await);
    let input = json!({ "email": "a@body.example", "name": "Ana", "organisationId": body, "role": "ELECTORAL_BODY_ADMINISTRATOR" });
    let invite = "mutation($input: UserInviteInput!) { userInvite(input: $input) { acceptUrl userErrors { code reason path message } } }";
    let token = token_of(coordinator.mutate(invite, input).await["acceptUrl"].as_str().unwrap());
    let accept =
        async || app.anonymous().post("/v1/invitations/accept", json!({ "token": token, "password": "another long phrase" })).await;
    app.advance(TimeDelta::days(37));
    let refused = accept().await;
    assert_eq!((refused.code(), count(app, "invitation").await), ("INVALID_INPUT", 1), "kept while a key may name it");
    app.advance(TimeDelta::days(2));
    until(app, "invitation", 0).await;
    assert_eq!(accept().await.code(), refused.code());
}

/// Keys from before the story began, more than one round removes.
async fn keys_of_last_year(app: &TestApp, many: u128) {
    let start: DateTime<Utc> = START.parse().unwrap();
    let mut insert = Query::insert();
    insert.into_table("idempotency").columns(["id", "holder", "act", "key", "digest", "object_type", "object_id", "at"]);
    for number in 1..=many {
        let (one, old) = (Uuid::from_u128(number), start - TimeDelta::days(60));
        let texts = ["contact.log".to_owned(), number.to_string(), String::new(), "contact".to_owned()];
        let [act, key, digest, object] = texts.map(Expr::val);
        insert.values_panic([Expr::val(one), Expr::val(one), act, key, digest, object, Expr::val(one), Expr::val(old)]);
    }
    let connection = app.database.connect().await;
    connection.execute(&insert).await.unwrap();
    connection.close().await.unwrap();
}

async fn keys_are_kept_for_thirty_days(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let input = world.contact(&json!({ "idempotencyKey": "phone-1" }));
    let first = done(&officer, "ContactLog", input.clone()).await;
    keys_of_last_year(app, 1_201).await;
    app.advance(TimeDelta::days(30));
    until(app, "idempotency", 1).await;
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!(done(&officer, "ContactLog", input.clone()).await["id"], first["id"], "the same contact on the last day");
    let other = act(&officer, "ContactLog", world.contact(&json!({ "idempotencyKey": "phone-1", "urgency": "HIGH" }))).await;
    assert_eq!(other.code(), "CONFLICT");
    app.advance(TimeDelta::hours(2));
    until(app, "idempotency", 0).await;
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_ne!(done(&officer, "ContactLog", input).await["id"], first["id"], "a key of its own again");
}
