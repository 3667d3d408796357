//! Sign-in, refresh, sign-out.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{
    Client, Reply, TestApp,
    people::{PASSWORD, text},
    stories,
};

stories![
    signs_in_and_out,
    answers_every_wrong_sign_in_alike,
    a_lost_refresh_is_answered_again,
    a_used_refresh_token_ends_the_family,
    tokens_and_sessions_expire,
    parallel_refreshes_leave_one_line,
    slows_down_those_who_guess,
    names_every_fault_of_a_body,
];

async fn somebody(app: &TestApp) -> Client {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.member("officer@body.example", body, Role::ElectoralBodyOfficer).await
}

/// Whether the server takes the client's token.
async fn is_known(client: &Client) -> bool {
    client.graphql("{ service { version } }", json!({})).await.status == StatusCode::OK
}

async fn refresh(app: &TestApp, token: &str) -> Reply {
    app.anonymous().post("/v1/session/refresh", json!({ "refreshToken": token })).await
}

async fn signs_in_and_out(app: &TestApp) {
    let client = somebody(app).await;
    let reply = app.sign_in("Officer@Body.example", PASSWORD).await;
    assert_eq!((reply.status, &reply.body["tokenType"], &reply.body["expiresIn"]), (StatusCode::OK, &json!("Bearer"), &json!(900)));
    assert_eq!(reply.headers["cache-control"], "no-store");
    let second = app.with_token(text(&reply, "accessToken"));
    assert!(is_known(&client).await && is_known(&second).await);
    let out = second.send(second.request(Method::DELETE, "/v1/session")).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let after = second.graphql("{ service { version } }", json!({})).await;
    assert_eq!((after.status, after.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "at once");
    assert!(after.headers.contains_key("www-authenticate"));
    assert_eq!(refresh(app, &text(&reply, "refreshToken")).await.status, StatusCode::UNAUTHORIZED);
    assert!(is_known(&client).await, "the other sign-in goes on");
    let nobody = app.anonymous();
    let refused = nobody.send(nobody.request(Method::DELETE, "/v1/session")).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
}

async fn answers_every_wrong_sign_in_alike(app: &TestApp) {
    let (coordinator, desk) = app.coordinator().await;
    drop(coordinator);
    let invited = tertulia_app::identity::user::NewCoordinator {
        person: tertulia_domain::identity::Person::parse("invited@desk.example", "Invited").unwrap(),
        organisation: Some(desk),
        password: None,
        another: true,
    };
    tertulia_app::identity::user::create_coordinator(&app.app, &app.app.system(), invited).await.unwrap();
    let mut bodies = Vec::new();
    for (email, password) in [
        ("coordinator@desk.example", "not the password"),
        ("coordinator@desk.example", ""),
        ("nobody@desk.example", PASSWORD),
        ("invited@desk.example", PASSWORD),
        ("coordinator@desk.example", &"x".repeat(100_000)),
    ] {
        let before = app.app.identity.passwords.computed();
        let reply = app.sign_in(email, password).await;
        if password.is_empty() {
            assert_eq!(reply.code(), "INVALID_INPUT");
            continue;
        }
        assert_eq!(app.app.identity.passwords.computed(), before + 1, "{email} costs one hash");
        assert_eq!((reply.status, reply.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
        bodies.push(reply.text);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

async fn a_lost_refresh_is_answered_again(app: &TestApp) {
    somebody(app).await;
    let first = text(&app.sign_in("officer@body.example", PASSWORD).await, "refreshToken");
    let lost = refresh(app, &first).await;
    assert_eq!(lost.status, StatusCode::OK);
    let again = refresh(app, &first).await;
    assert_eq!(again.status, StatusCode::OK, "the successor was never used");
    assert_ne!(text(&lost, "refreshToken"), text(&again, "refreshToken"));
    assert!(is_known(&app.with_token(text(&again, "accessToken"))).await);
    assert_eq!(refresh(app, &text(&again, "refreshToken")).await.status, StatusCode::OK);
    assert_eq!(refresh(app, &text(&lost, "refreshToken")).await.status, StatusCode::UNAUTHORIZED, "the lost one is void");
}

async fn a_used_refresh_token_ends_the_family(app: &TestApp) {
    somebody(app).await;
    let first = text(&app.sign_in("officer@body.example", PASSWORD).await, "refreshToken");
    let second = text(&refresh(app, &first).await, "refreshToken");
    let third = refresh(app, &second).await;
    let client = app.with_token(text(&third, "accessToken"));
    assert!(is_known(&client).await);
    let stolen = refresh(app, &first).await;
    assert_eq!((stolen.status, stolen.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    assert!(!is_known(&client).await, "the whole family has ended");
    assert_eq!(refresh(app, &text(&third, "refreshToken")).await.status, StatusCode::UNAUTHORIZED);
    for bad in ["", "x", &"A".repeat(43), &"A".repeat(5_000)] {
        assert_eq!(refresh(app, bad).await.status, StatusCode::UNAUTHORIZED, "{bad}");
    }
}

async fn tokens_and_sessions_expire(app: &TestApp) {
    let client = somebody(app).await;
    let mut token = text(&app.sign_in("officer@body.example", PASSWORD).await, "refreshToken");
    app.advance(TimeDelta::minutes(16));
    assert!(!is_known(&client).await);
    for _ in 0..4 {
        app.advance(TimeDelta::days(20));
        token = text(&refresh(app, &token).await, "refreshToken");
    }
    app.advance(TimeDelta::days(10));
    assert_eq!(refresh(app, &token).await.status, StatusCode::UNAUTHORIZED, "the session has had its 90 days");
    let idle = text(&app.sign_in("officer@body.example", PASSWORD).await, "refreshToken");
    app.advance(TimeDelta::days(30));
    assert_eq!(refresh(app, &idle).await.status, StatusCode::UNAUTHORIZED);
}

async fn parallel_refreshes_leave_one_line(app: &TestApp) {
    somebody(app).await;
    let first = text(&app.sign_in("officer@body.example", PASSWORD).await, "refreshToken");
    let replies = futures::future::join_all((0..8).map(|_| refresh(app, &first))).await;
    let tokens: Vec<String> = replies.iter().map(|reply| text(reply, "refreshToken")).collect();
    let mut good = 0;
    for token in &tokens {
        good += usize::from(refresh(app, token).await.status == StatusCode::OK);
    }
    assert!(good <= 1, "eight answers, and no two of them good for a next one");
}

async fn slows_down_those_who_guess(app: &TestApp) {
    let own = TestApp::start_with(app.database.backend, |config| {
        config.identity.account_burst = 3;
        config.identity.account_seconds = 10;
    })
    .await;
    let app = &own;
    somebody(app).await;
    for _ in 0..2 {
        assert_eq!(app.sign_in("officer@body.example", "a wrong password").await.status, StatusCode::UNAUTHORIZED);
    }
    let slow = app.sign_in("officer@body.example", PASSWORD).await;
    assert_eq!((slow.status, slow.code()), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
    assert_eq!(slow.headers["retry-after"], "10");
    assert_eq!(app.sign_in("other@body.example", PASSWORD).await.status, StatusCode::UNAUTHORIZED, "others are not slowed");
    app.advance(TimeDelta::seconds(10));
    assert_eq!(app.sign_in("officer@body.example", PASSWORD).await.status, StatusCode::OK, "never locked");
    own.finish().await;
}

async fn names_every_fault_of_a_body(app: &TestApp) {
    let client = app.anonymous();
    let reply = client.post("/v1/session", json!({})).await;
    assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"));
    assert_eq!(reply.headers["content-type"], "application/problem+json");
    assert_eq!((&reply.body["errors"][0]["path"], &reply.body["errors"][1]["path"]), (&json!(["email"]), &json!(["password"])));
    for body in ["{", "[]", "{\"email\": 7, \"password\": \"a secret\"}"] {
        let request = client.request(Method::POST, "/v1/session").header("content-type", "application/json").body(body);
        let reply = client.send(request).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"), "{body}");
        assert!(!reply.text.contains("secret"));
    }
    let typed = client.send(client.request(Method::POST, "/v1/session").body("{}")).await;
    assert_eq!(typed.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
