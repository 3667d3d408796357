//! What a platform's membership covers is what its representative sees, whichever way he looks.

use serde_json::{Value, json};
use tertulia_domain::{
    identity::Cover,
    policy::{Coverage, Role},
    text::CountryCode,
};
use tertulia_tests::{Client, TestApp, events::Events, stories};

use super::world::{World, act, done, list, operation};

stories![
    outside_its_cover_a_membership_reads_nothing_whichever_way,
    changes_and_what_was_lost_sight_of_stay_within_the_cover,
    a_changed_cover_ends_what_listens_and_holds_at_once,
];

/// A representative whose membership covers Peru and the platform's first service.
pub(crate) async fn narrow(world: &World<'_>) -> Client {
    let countries = Coverage::Only([CountryCode::parse("PE").unwrap()].into());
    let cover = Cover { countries, services: Coverage::Only([world.service].into()) };
    world.app.account_covering("narrow@parley.example", world.platform, Role::PlatformRepresentative, cover).await;
    world.app.signed_in("narrow@parley.example").await
}

/// Every list, count, filter and search, and each way to the contacts of these ids.
async fn everything(reader: &Client, ids: &[Value]) -> String {
    let lists = "query($ids: [ID!]!) {
      contacts { totalCount nodes { id } } latest: contacts(orderBy: CHANGED_AT_DESC) { totalCount nodes { id } }
      chile: contacts(filter: { country: [\"CL\"] }) { totalCount nodes { id } } word: contacts(filter: { search: \"Hidden\" }) { totalCount nodes { id } }
      sent: contacts(filter: { status: [SENT, ACKNOWLEDGED, DECIDED] }) { totalCount nodes { id comments { text } attachments { nodes { name } } } }
      changed: contacts(filter: { changedAfter: \"2026-03-01T00:00:00Z\" }) { totalCount nodes { id } changes { lostSight } }
      nodes(ids: $ids) { id ... on Contact { subject } }
    }";
    let mut seen = reader.data(lists, json!({ "ids": ids })).await.to_string();
    for id in ids {
        let one = operation(reader, "Contact", json!({ "id": id })).await.data();
        let rest = reader.get(&format!("/v1/contacts/{}", id.as_str().unwrap())).await;
        let history = reader.get(&format!("/v1/contacts/{}/history", id.as_str().unwrap())).await;
        seen = format!("{seen}{one}{} {}", rest.status, history.status);
    }
    format!("{seen}{}", reader.get("/v1/contacts").await.text)
}

async fn outside_its_cover_a_membership_reads_nothing_whichever_way(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger, narrow) = (world.officer().await, world.stranger().await, narrow(&world).await);
    let nobody = json!("contact_00000000000000000000000001");
    let hidden = json!({ "subject": "Hidden matter" });
    let before = everything(&narrow, &[nobody.clone(), nobody.clone(), nobody.clone()]).await;
    let chat = json!({ "subject": "Hidden matter", "platformServiceId": world.second_service.to_string() });
    let chat = done(&officer, "ContactLog", world.contact(&chat)).await["id"].clone();
    let chile = done(&stranger, "ContactLog", world.contact(&hidden)).await["id"].clone();
    let named = json!({ "subject": "Hidden matter", "platformServiceId": null, "platformName": "Parley" });
    let named = done(&officer, "ContactLog", world.contact(&named)).await["id"].clone();
    done(&officer, "ContactComment", json!({ "contactId": chat, "text": "Hidden words" })).await;
    assert_eq!(everything(&narrow, &[chat.clone(), chile.clone(), named.clone()]).await, before, "as if none of them were there");
    let wide = everything(&world.representative().await, &[chat.clone(), chile.clone(), named]).await;
    assert!(wide.contains("Hidden matter") && wide.contains("Hidden words"), "the same documents would tell: {wide}");
    for contact in [&chat, &chile] {
        for (name, input) in [
            ("ContactAcknowledge", json!({})),
            ("ContactComment", json!({ "text": "x" })),
            ("ContactDecide", json!({ "outcome": "REFERRED" })),
        ] {
            let mut input = input;
            input["contactId"] = contact.clone();
            assert_eq!(act(&narrow, name, input).await.code(), "NOT_FOUND", "{name}");
        }
    }
    let inside = done(&officer, "ContactLog", world.contact(&hidden)).await;
    assert_ne!(everything(&narrow, &[inside["id"].clone(), nobody.clone(), nobody]).await, before, "what it covers, it reads");
}

async fn changes_and_what_was_lost_sight_of_stay_within_the_cover(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger, narrow) = (world.officer().await, world.stranger().await, narrow(&world).await);
    let outside = done(&stranger, "ContactLog", world.smallest()).await;
    let gone = async |client: &Client, contact: &Value| {
        done(client, "ContactShare", json!({ "contactId": contact["id"], "visibility": "ORGANISATION" })).await;
    };
    let after = json!({ "filter": { "changedAfter": "2026-03-01T00:00:00Z" } });
    let lost = async |reader: &Client| {
        let document = "query($filter: ContactFilter) { contacts(filter: $filter) { changes { lostSight } } }";
        let lost = reader.data(document, after.clone()).await["contacts"]["changes"]["lostSight"].clone();
        let mut lost: Vec<String> = lost.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        lost.sort();
        lost
    };
    let second = done(&officer, "ContactLog", world.smallest()).await;
    gone(&stranger, &outside).await;
    gone(&officer, &second).await;
    assert_eq!(lost(&narrow).await, [second["id"].as_str().unwrap()], "what was never before it was not lost");
    let mut both = vec![outside["id"].as_str().unwrap().to_owned(), second["id"].as_str().unwrap().to_owned()];
    both.sort();
    assert_eq!(lost(&world.representative().await).await, both);
    let mut events = Events::open(&narrow, "subscription { contactChanged { act contact { id } } }", json!({})).await;
    done(&stranger, "ContactLog", world.smallest()).await;
    let inside = done(&officer, "ContactLog", world.smallest()).await;
    let heard = events.hear().await.unwrap().unwrap();
    assert_eq!(heard["data"]["contactChanged"]["contact"]["id"], inside["id"], "the first that it hears is what it covers");
}

async fn a_changed_cover_ends_what_listens_and_holds_at_once(app: &TestApp) {
    let world = World::new(app).await;
    let (stranger, narrow) = (world.stranger().await, narrow(&world).await);
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let chile = done(&stranger, "ContactLog", world.smallest()).await;
    assert_eq!(list(&narrow, json!({})).await["totalCount"], 0);
    let mut events = Events::open(&narrow, "subscription { contactChanged { act contact { id } } }", json!({})).await;
    let members = "query($id: ID!) { memberships(organisationId: $id) { nodes { id countries } } }";
    let members = keeper.data(members, json!({ "id": world.platform.to_string() })).await["memberships"]["nodes"].clone();
    let membership = members.as_array().unwrap().iter().find(|one| one["countries"] == json!(["PE"])).unwrap()["id"].clone();
    let cover = "mutation($input: MembershipCoverInput!) { membershipCover(input: $input) { membership { id } userErrors { code reason path message } } }";
    let input = json!({ "membershipId": membership, "countries": ["CL"], "services": [world.service.to_string()] });
    keeper.mutate(cover, input).await;
    let ended = events.hear().await;
    assert!(!matches!(ended, Ok(Some(ref message)) if message.get("errors").is_none()), "the stream ends: {ended:?}");
    assert_eq!(list(&narrow, json!({})).await["nodes"][0]["id"], chile["id"], "the new cover holds at once");
}
