//! Access tokens and their keys, as whoever attacks them and whoever checks them sees them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_app::identity::key_ring;
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, stories};

stories![refuses_forged_tokens, publishes_the_keys_that_check_its_tokens, rotation_signs_nobody_out, takes_the_scheme_in_any_case];

async fn somebody(app: &TestApp) -> Client {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    app.member("officer@body.example", body, Role::ElectoralBodyOfficer).await
}

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn keys(app: &TestApp) -> JwkSet {
    serde_json::from_str(&app.anonymous().get("/.well-known/jwks.json").await.text).unwrap()
}

async fn refuses_forged_tokens(app: &TestApp) {
    let client = somebody(app).await;
    let token = client.token.clone().unwrap();
    let (header, claims) = (part(&token, 0), part(&token, 1));
    let signature = token.split('.').nth(2).unwrap();
    let with = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        header
    };
    let public = &serde_json::to_value(keys(app).await).unwrap()["keys"][0]["x"];
    let public = BASE64_URL_SAFE_NO_PAD.decode(public.as_str().unwrap()).unwrap();
    let swapped: Header = serde_json::from_value(with("alg", json!("HS256"))).unwrap();
    let genuine: Header = serde_json::from_value(header.clone()).unwrap();
    let mut seed = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    seed.extend([7; 32]);
    let mut later = claims.clone();
    later["exp"] = json!(claims["exp"].as_i64().unwrap() + 60);
    let forged = [
        format!("{}.{}.", encoded(&with("alg", json!("none"))), encoded(&claims)),
        format!("{}.{}.{signature}", encoded(&with("alg", json!("none"))), encoded(&claims)),
        jsonwebtoken::encode(&swapped, &claims, &EncodingKey::from_secret(&public)).unwrap(),
        jsonwebtoken::encode(&genuine, &claims, &EncodingKey::from_ed_der(&seed)).unwrap(),
        format!("{}.{}.{signature}", encoded(&header), encoded(&later)),
        token.chars().rev().collect(),
        "x".repeat(10_000),
        "x".to_owned(),
    ];
    for forged in forged {
        let reply = app.with_token(&forged).graphql("{ service { version } }", json!({})).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "{forged}");
        assert!(reply.headers.contains_key("www-authenticate"), "{forged}");
    }
    assert_eq!(client.graphql("{ service { version } }", json!({})).await.status, StatusCode::OK);
}

async fn publishes_the_keys_that_check_its_tokens(app: &TestApp) {
    let token = somebody(app).await.token.unwrap();
    let reply = app.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(reply.headers["content-type"], "application/jwk-set+json");
    assert!(reply.headers["cache-control"].to_str().unwrap().contains("max-age="));
    assert!(!reply.text.contains("\"d\""), "no private part");
    let header = part(&token, 0);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    let keys = keys(app).await;
    let key = DecodingKey::from_jwk(keys.find(header["kid"].as_str().unwrap()).unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[format!("{}/graphql", app.config.public_url())]);
    rules.set_issuer(&[app.config.public_url()]);
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &rules).unwrap().claims;
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    assert!(claims["sub"].as_str().unwrap().starts_with("user_") && claims["sid"].as_str().unwrap().starts_with("session_"));
    assert!(claims["jti"].is_string());
}

async fn rotation_signs_nobody_out(app: &TestApp) {
    let before = somebody(app).await;
    key_ring::rotate(&app.app, &app.app.system()).await.unwrap();
    let after = app.signed_in("officer@body.example").await;
    let kid = |client: &Client| part(client.token.as_deref().unwrap(), 0)["kid"].clone();
    assert_ne!(kid(&before), kid(&after));
    for client in [&before, &after] {
        assert_eq!(client.graphql("{ service { version } }", json!({})).await.status, StatusCode::OK);
    }
    assert_eq!(keys(app).await.keys.len(), 2);
    app.advance(TimeDelta::hours(2));
    assert_eq!(keys(app).await.keys.len(), 1, "the former key is gone once its tokens are dead");
}

async fn takes_the_scheme_in_any_case(app: &TestApp) {
    let token = somebody(app).await.token.unwrap();
    let client = app.anonymous();
    for (header, status) in [
        (format!("bearer {token}"), StatusCode::OK),
        (format!("BEARER {token}"), StatusCode::OK),
        (format!("Basic {token}"), StatusCode::UNAUTHORIZED),
        ("Bearer".to_owned(), StatusCode::UNAUTHORIZED),
        (token.clone(), StatusCode::UNAUTHORIZED),
    ] {
        let request = client.request(reqwest::Method::POST, "/graphql").header("content-type", "application/json");
        let reply = client.send(request.header("authorization", &header).body(r#"{"query":"{ service { version } }"}"#)).await;
        assert_eq!(reply.status, status, "{header}");
    }
}
