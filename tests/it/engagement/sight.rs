//! Who reads a contact, and what of it.

use serde_json::{Value, json};
use tertulia_domain::{
    identity::Cover,
    policy::{Coverage, Role},
    text::CountryCode,
};
use tertulia_tests::{Client, TestApp, stories};

use super::world::{World, act, done, list, read, references};

stories![
    what_is_not_yours_does_not_exist,
    officers_stay_unnamed_to_the_other_side,
    a_case_number_is_its_own_sides,
    a_platforms_membership_covers_countries_and_services,
];

async fn what_is_not_yours_does_not_exist(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger, rival, auditor) = (world.officer().await, world.stranger().await, world.rival().await, world.auditor().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let id = &contact["id"];
    for client in [&stranger, &rival] {
        assert_eq!(read(client, id).await, Value::Null);
        let page = list(client, json!({ "filter": { "search": contact["reference"], "electoralBodyId": world.body.to_string() } })).await;
        assert_eq!((&page["totalCount"], &page["nodes"]), (&json!(0), &json!([])));
        for name in ["ContactAcknowledge", "ContactAsk", "ContactReply", "ContactShare", "ContactSend"] {
            assert_eq!(act(client, name, json!({ "contactId": id })).await.code(), "NOT_FOUND", "{name}");
        }
        for name in ["ContactDispute", "ContactClose", "ContactReopen", "ContactWithdraw", "ContactDiscard", "ContactRefer"] {
            assert_eq!(act(client, name, json!({ "contactId": id, "reason": "x" })).await.code(), "NOT_FOUND", "{name}");
        }
        assert_eq!(act(client, "ContactComment", json!({ "contactId": id, "text": "x" })).await.code(), "NOT_FOUND");
        assert_eq!(act(client, "ContactDecide", json!({ "contactId": id, "outcome": "ACTION_TAKEN" })).await.code(), "NOT_FOUND");
        let correct = json!({ "contactId": id, "transitionId": "transition_01h455vb4pex5vsknk084sn02q", "reason": "x" });
        assert_eq!(act(client, "ContactCorrect", correct).await.code(), "NOT_FOUND");
    }
    for (client, code) in [(&auditor, "FORBIDDEN"), (&app.anonymous(), "UNAUTHENTICATED")] {
        assert_eq!(client.graphql("query($id: ID!) { contact(id: $id) { id } }", json!({ "id": id })).await.code(), code);
        assert_eq!(client.graphql("{ contacts { totalCount } }", json!({})).await.code(), code);
        assert_eq!(act(client, "ContactLog", world.smallest()).await.code(), code);
    }
}

/// Every place where the platform's representative looks.
async fn everything(client: &Client, id: &Value) -> String {
    let contact = read(client, id).await;
    let contacts = list(client, json!({})).await;
    let searched = list(client, json!({ "filter": { "search": "olga" } })).await;
    let persons =
        "query($id: ID!) { contact(id: $id) { transitions { note recordedBy { person { id name } } } comments { person { id name } } } }";
    let persons = client.graphql(persons, json!({ "id": id })).await;
    assert_eq!(persons.body.get("errors"), None, "null without an error: {}", persons.text);
    let node = "query($id: ID!) { node(id: $id) { id ... on Contact { subject transitions { recordedBy { person { name } } } } } }";
    let node = client.data(node, json!({ "id": id })).await;
    assert_eq!(node["node"]["id"], *id);
    let history = client.get(&format!("/v1/contacts/{}/history", id.as_str().unwrap())).await.text;
    assert_eq!(searched["totalCount"], 0);
    format!("{contact}{contacts}{searched}{node}{}{history}", persons.text)
}

async fn officers_stay_unnamed_to_the_other_side(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague, representative, coordinator) =
        (world.officer().await, world.colleague().await, world.representative().await, world.coordinator().await);
    let contact = done(&officer, "ContactLog", world.smallest()).await;
    let id = &contact["id"];
    done(&officer, "ContactAcknowledge", json!({ "contactId": id, "note": "Told me on the phone" })).await;
    done(&officer, "ContactComment", json!({ "contactId": id, "text": "Please look at this." })).await;
    done(&representative, "ContactDecide", json!({ "contactId": id, "outcome": "ACTION_TAKEN" })).await;
    let me = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].as_str().unwrap().to_owned();
    for outsider in [&representative, &coordinator] {
        let text = everything(outsider, id).await;
        for secret in ["olga", "Told me", me.as_str()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("The Peruvian body"), "the organisation is named");
    }
    assert!(!everything(&officer, id).await.contains("rosa.representative"));
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let audit = "{ auditEntries(first: 50) { totalCount nodes { id at act objectType objectId fields actorId organisation { id name } requestId } } }";
    let audit = keeper.data(audit, json!({})).await.to_string();
    assert!(audit.contains("contact.decide") && !audit.contains("olga") && !audit.contains(&me), "{audit}");
    assert!(!audit.contains(&world.body.to_string()), "what the other side did is its own audit: {audit}");
    let inside = everything(&colleague, id).await;
    assert!(inside.contains("olga.officer") && inside.contains("Told me on the phone"), "its own side reads both");
}

async fn a_case_number_is_its_own_sides(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "caseNumber": "JNE-2026-00417" }))).await;
    let query = "query($id: ID!) { contact(id: $id) { caseNumber } }";
    let number = |data: Value| data["contact"]["caseNumber"].clone();
    assert_eq!(number(officer.data(query, json!({ "id": contact["id"] })).await), "JNE-2026-00417");
    assert_eq!(number(representative.data(query, json!({ "id": contact["id"] })).await), Value::Null);
    let search = json!({ "filter": { "search": "00417" } });
    assert_eq!(list(&officer, search.clone()).await["totalCount"], 1);
    assert_eq!(list(&representative, search).await["totalCount"], 0, "no search on what may not be read");
}

async fn a_platforms_membership_covers_countries_and_services(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger) = (world.officer().await, world.stranger().await);
    let video = done(&officer, "ContactLog", world.smallest()).await;
    let chat = done(&officer, "ContactLog", world.contact(&json!({ "platformServiceId": world.second_service.to_string() }))).await;
    let chile = done(&stranger, "ContactLog", world.smallest()).await;
    let peru = Coverage::Only([CountryCode::parse("PE").unwrap()].into());
    let cover = Cover { countries: peru, services: Coverage::Only([world.service].into()) };
    app.account_covering("none@parley.example", world.platform, Role::PlatformRepresentative, Cover::default()).await;
    app.account_covering("narrow@parley.example", world.platform, Role::PlatformRepresentative, cover).await;
    let (none, narrow) = (app.signed_in("none@parley.example").await, app.signed_in("narrow@parley.example").await);
    assert_eq!(list(&none, json!({})).await["totalCount"], 0, "nothing until it is set");
    assert_eq!(references(&list(&narrow, json!({})).await), [video["reference"].as_str().unwrap()]);
    for (contact, seen) in [(&video, true), (&chat, false), (&chile, false)] {
        assert_eq!(read(&narrow, &contact["id"]).await.is_object(), seen);
        let acted = act(&narrow, "ContactAcknowledge", json!({ "contactId": contact["id"] })).await;
        assert_eq!(acted.body["data"]["contactAcknowledge"]["contact"].is_object(), seen);
    }
    let warning = json!({ "electoralBodyId": world.body.to_string(), "platformServiceId": world.second_service.to_string(),
        "kind": "THREAT_WARNING", "legalBasis": "NONE", "description": "x" });
    assert_eq!(act(&narrow, "ContactLog", warning).await.code(), "FORBIDDEN");
}
