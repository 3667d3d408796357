//! Granting, revoking, covering, listing memberships.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{
    Client, Reply, TestApp,
    people::{PASSWORD, id},
    stories,
};

use super::{GRANT, REVOKE, VIEWER};

stories![
    an_administrator_grants_and_revokes_in_the_own_organisation,
    revocation_takes_effect_at_once,
    the_last_administrator_stays,
    roles_that_exclude_each_other,
    only_the_own_organisation_sees_memberships_and_addresses,
    a_platform_covers_what_was_set,
    viewer_is_null_without_a_token,
    two_administrators_cannot_remove_each_other_at_once,
];

const LIST: &str = "query($id: ID!, $ended: Boolean) { memberships(organisationId: $id, ended: $ended) {
  totalCount nodes { id role endedAt user { id name email } } } }";
const COVER: &str = "mutation($input: MembershipCoverInput!) { membershipCover(input: $input) {
  membership { id allCountries countries allServices serviceIds } userErrors { code reason path message } } }";

async fn grant(by: &Client, email: &str, organisation: OrganisationId, role: &str) -> Reply {
    let input = json!({ "email": email, "name": "Somebody", "organisationId": id(organisation), "role": role });
    by.graphql(GRANT, json!({ "input": input })).await
}

async fn own(client: &Client) -> Value {
    client.data(VIEWER, json!({})).await["viewer"]["memberships"][0]["id"].clone()
}

async fn an_administrator_grants_and_revokes_in_the_own_organisation(app: &TestApp) {
    let (one, two) =
        (app.organisation(OrganisationKind::ElectoralBody, "One").await, app.organisation(OrganisationKind::ElectoralBody, "Two").await);
    let administrator = app.member("a@one.example", one, Role::ElectoralBodyAdministrator).await;
    let officer = app.member("o@two.example", two, Role::ElectoralBodyOfficer).await;
    let granted = grant(&administrator, "o@two.example", one, "ELECTORAL_BODY_OFFICER").await.data();
    let membership = &granted["membershipGrant"]["membership"];
    assert_eq!((&membership["role"], &membership["organisation"]["id"]), (&json!("ELECTORAL_BODY_OFFICER"), &id(one)));
    assert_eq!(grant(&administrator, "o@two.example", one, "ELECTORAL_BODY_OFFICER").await.code(), "CONFLICT", "twice");
    assert_eq!(grant(&administrator, "o@two.example", two, "ELECTORAL_BODY_OFFICER").await.code(), "FORBIDDEN", "another organisation");
    assert_eq!(grant(&officer, "a@one.example", two, "ELECTORAL_BODY_OFFICER").await.code(), "FORBIDDEN", "an officer grants nothing");
    assert_eq!(grant(&administrator, "a@one.example", one, "ELECTORAL_BODY_OFFICER").await.code(), "FORBIDDEN", "nobody to himself");
    let stranger = grant(&administrator, "nobody@one.example", one, "ELECTORAL_BODY_OFFICER").await;
    assert_eq!(stranger.faults(), ["input.email UNKNOWN_ID"], "who has no account is invited");
    let unknown = json!({ "email": "o@two.example", "name": "x", "organisationId": "organisation_00000000000000000000000001", "role": "ELECTORAL_BODY_OFFICER" });
    assert_eq!(administrator.graphql(GRANT, json!({ "input": unknown })).await.code(), "NOT_FOUND");
    let revoked = administrator.mutate(REVOKE, json!({ "membershipId": membership["id"] })).await;
    assert!(revoked["membership"]["endedAt"].is_string());
    let again = administrator.graphql(REVOKE, json!({ "input": { "membershipId": membership["id"] } })).await;
    assert_eq!((again.code(), again.faults()), ("INVALID_TRANSITION", vec!["input.membershipId ALREADY_DONE".to_owned()]));
    let others = administrator.graphql(REVOKE, json!({ "input": { "membershipId": own(&officer).await } })).await;
    assert_eq!(others.code(), "NOT_FOUND", "of another organisation");
    assert_eq!(app.mails("a@one.example").await.len(), 2, "of the grant and of the end");
    assert_eq!(app.mails("o@two.example").await.len(), 1, "of the end");
}

async fn revocation_takes_effect_at_once(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let first = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let second = app.member("b@body.example", body, Role::ElectoralBodyAdministrator).await;
    let list = json!({ "id": id(body) });
    assert_eq!(second.data(LIST, list.clone()).await["memberships"]["totalCount"], 2);
    first.mutate(REVOKE, json!({ "membershipId": own(&second).await })).await;
    assert_eq!(second.graphql(LIST, list).await.code(), "FORBIDDEN");
    assert_eq!(second.data(VIEWER, json!({})).await["viewer"]["memberships"], json!([]));
}

async fn the_last_administrator_stays(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let administrator = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    app.account("o@body.example", body, Role::ElectoralBodyOfficer).await;
    let input = json!({ "input": { "membershipId": own(&administrator).await } });
    let refused = administrator.graphql(REVOKE, input.clone()).await;
    assert_eq!((refused.code(), refused.faults()), ("INVALID_TRANSITION", vec!["input.membershipId NOT_ALLOWED_NOW".to_owned()]));
    assert_eq!(grant(&administrator, "o@body.example", body, "ELECTORAL_BODY_ADMINISTRATOR").await.code_or_none(), None);
    assert_eq!(administrator.graphql(REVOKE, input).await.code_or_none(), None, "now there is a successor");
}

async fn two_administrators_cannot_remove_each_other_at_once(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let first = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    let second = app.member("b@body.example", body, Role::ElectoralBodyAdministrator).await;
    let (one, two) =
        (json!({ "input": { "membershipId": own(&second).await } }), json!({ "input": { "membershipId": own(&first).await } }));
    let (a, b) = futures::future::join(first.graphql(REVOKE, one), second.graphql(REVOKE, two)).await;
    let done = [&a, &b].iter().filter(|reply| reply.code_or_none().is_none()).count();
    assert_eq!(done, 1, "{} {}", a.text, b.text);
}

async fn roles_that_exclude_each_other(app: &TestApp) {
    let (coordinator, desk) = app.coordinator().await;
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let administrator = app.member("a@body.example", body, Role::ElectoralBodyAdministrator).await;
    app.account("auditor@desk.example", desk, Role::Auditor).await;
    for (email, why) in [
        ("coordinator@desk.example", "the desk holds no membership in a body"),
        ("auditor@desk.example", "the auditor holds no other role"),
    ] {
        let refused = grant(&administrator, email, body, "ELECTORAL_BODY_OFFICER").await;
        assert_eq!((refused.code(), refused.faults()), ("CONFLICT", vec!["input.role CONTRADICTION".to_owned()]), "{why}");
    }
    for role in ["COORDINATOR", "AUDITOR"] {
        assert_eq!(grant(&coordinator, "a@body.example", desk, role).await.code(), "CONFLICT", "{role} for a body's administrator");
    }
    let elsewhere = app.organisation(OrganisationKind::UnEntity, "Another entity").await;
    app.account("expert@entity.example", elsewhere, Role::Expert).await;
    assert_eq!(grant(&coordinator, "expert@entity.example", elsewhere, "COORDINATOR").await.code(), "FORBIDDEN", "at the own desk only");
    assert_eq!(grant(&coordinator, "expert@entity.example", desk, "COORDINATOR").await.code_or_none(), None);
}

async fn only_the_own_organisation_sees_memberships_and_addresses(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let (one, two) =
        (app.organisation(OrganisationKind::ElectoralBody, "One").await, app.organisation(OrganisationKind::ElectoralBody, "Two").await);
    let administrator = app.member("a@one.example", one, Role::ElectoralBodyAdministrator).await;
    let officer = app.member("o@one.example", one, Role::ElectoralBodyOfficer).await;
    let other = app.member("a@two.example", two, Role::ElectoralBodyAdministrator).await;
    let list = json!({ "id": id(one) });
    let reply = administrator.graphql(LIST, list.clone()).await;
    assert_eq!(reply.statements(), 7, "who asks, the right, the page, its count, the users, the right to their addresses, a line of that");
    let emails: Vec<Value> =
        reply.data()["memberships"]["nodes"].as_array().unwrap().iter().map(|node| node["user"]["email"].clone()).collect();
    assert_eq!(emails, [json!("a@one.example"), json!("o@one.example")]);
    for stranger in [&officer, &other, &coordinator] {
        let reply = stranger.graphql(LIST, list.clone()).await;
        assert_eq!(reply.code(), "FORBIDDEN");
        assert!(!reply.text.contains("one.example"));
    }
    let nobody = app.anonymous().graphql(LIST, list).await;
    assert_eq!(nobody.code(), "UNAUTHENTICATED");
}

async fn a_platform_covers_what_was_set(app: &TestApp) {
    let platform = app.organisation(OrganisationKind::PlatformCompany, "A platform").await;
    let administrator = app.member("a@platform.example", platform, Role::PlatformAdministrator).await;
    app.account("r@platform.example", platform, Role::PlatformRepresentative).await;
    let listed = administrator.data(LIST, json!({ "id": id(platform) })).await;
    let membership = &listed["memberships"]["nodes"][1]["id"];
    let covered = administrator.mutate(COVER, json!({ "membershipId": membership, "countries": ["PE", "KE"], "allServices": true })).await;
    assert_eq!(covered["membership"]["countries"], json!(["KE", "PE"]));
    assert_eq!((&covered["membership"]["allCountries"], &covered["membership"]["allServices"]), (&json!(false), &json!(true)));
    let foreign = json!({ "membershipId": membership, "services": ["service_00000000000000000000000001"] });
    assert_eq!(administrator.graphql(COVER, json!({ "input": foreign })).await.faults(), ["input.services UNKNOWN_ID"]);
    let representative = app.signed_in("r@platform.example").await;
    let refused = representative.graphql(COVER, json!({ "input": { "membershipId": membership, "allCountries": true } })).await;
    assert_eq!(refused.code(), "FORBIDDEN");
}

async fn viewer_is_null_without_a_token(app: &TestApp) {
    assert_eq!(app.anonymous().data(VIEWER, json!({})).await, json!({ "viewer": null }));
    let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
    let reply = app.member("a@body.example", body, Role::ElectoralBodyOfficer).await.graphql(VIEWER, json!({})).await;
    assert_eq!(reply.statements(), 4, "who asks, the user, the memberships, the organisations");
    assert_eq!(app.sign_in("a@body.example", PASSWORD).await.status, StatusCode::OK);
}
