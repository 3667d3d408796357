//! Mutations that are about people.

use serde_json::json;
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{
    Client,
    people::{PASSWORD, id},
};

use super::Book;
use crate::engagement::world::World;

async fn keep_webhooks(book: &mut Book<'_>, by: &Client) {
    let hook = json!({ "url": "https://partner.example/hook", "topics": ["contact.logged"] });
    let hook = book.act(by, "webhookEndpointCreate", hook).await;
    let of = json!({ "webhookEndpointId": hook });
    book.act(by, "webhookEndpointUpdate", json!({ "webhookEndpointId": hook, "version": 1, "description": "Case system" })).await;
    for act in ["webhookEndpointRotate", "webhookEndpointDisable", "webhookEndpointEnable", "webhookEndpointPing"] {
        book.act(by, act, of.clone()).await;
    }
    book.act(by, "webhookEndpointReplay", json!({ "webhookEndpointId": hook, "after": book.app.cursor(0) })).await;
    book.act(by, "webhookEndpointDelete", of).await;
}

/// Invites, grants, covers, revokes, erases.
pub(super) async fn manage(book: &mut Book<'_>, world: &World<'_>) {
    let administrator = &world.colleague().await;
    let person =
        |email: &str| json!({ "email": email, "name": "Somebody", "organisationId": id(world.body), "role": "ELECTORAL_BODY_OFFICER" });
    book.act(administrator, "userInvite", person("new@body.example")).await;
    world.app.account("second@chile.example", world.other_body, Role::ElectoralBodyOfficer).await;
    let left = &world.app.member("left@body.example", world.body, Role::ElectoralBodyOfficer).await;
    let own = left.data("{ viewer { memberships { id } } }", json!({})).await["viewer"]["memberships"][0]["id"].clone();
    book.act(administrator, "membershipRevoke", json!({ "membershipId": own })).await;
    book.act(left, "userErase", json!({ "password": PASSWORD })).await;
    let granted = book.act(administrator, "membershipGrant", person("second@chile.example")).await;
    book.act(administrator, "membershipRevoke", json!({ "membershipId": granted })).await;
    let client = book.act(administrator, "apiClientCreate", json!({ "name": "Partner", "scopes": ["contacts:read"] })).await;
    book.act(administrator, "apiClientRotate", json!({ "apiClientId": client })).await;
    book.act(administrator, "apiClientRevoke", json!({ "apiClientId": client })).await;
    keep_webhooks(book, administrator).await;
    let keeper = &world.app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let list = "query($id: ID!) { memberships(organisationId: $id) { nodes { id role } } }";
    let list = keeper.data(list, json!({ "id": id(world.platform) })).await["memberships"]["nodes"].clone();
    let one = list.as_array().unwrap().iter().find(|one| one["role"] == "PLATFORM_REPRESENTATIVE").unwrap()["id"].clone();
    book.act(keeper, "membershipCover", json!({ "membershipId": one, "countries": ["PE"], "allServices": true })).await;
    let news = world.app.organisation(OrganisationKind::Media, "The news").await;
    let coordinator = &world.app.signed_in("coordinator@desk.example").await;
    let shut = json!({ "organisationId": id(news), "reason": "A device was stolen" });
    book.act(coordinator, "organisationLock", shut.clone()).await;
    book.act(coordinator, "organisationUnlock", shut).await;
}
