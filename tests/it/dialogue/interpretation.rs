//! Interpretation: offered, confirmed, needed, and what is lacking.

use serde_json::json;
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::{Cast, full};

stories![the_gap_closes_when_a_language_is_confirmed, refuses_what_is_not_offered_or_stale];

const MORE: &str = "
mutation InterpretationOffer($input: InterpretationOfferInput!) { interpretationOffer(input: $input) { meeting { id version } userErrors { code reason path message } } }
mutation Open($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) { meeting { version } userErrors { code reason path message } } }
query Gap($id: ID!) { meeting(id: $id) { version sequence interpretation { language kind confirmed } interpretationGap { language needed } } }";

async fn offer(client: &Client, input: serde_json::Value) -> Reply {
    client.operation(MORE, "InterpretationOffer", json!({ "input": input })).await
}

async fn confirm(client: &Client, input: serde_json::Value) -> Reply {
    full(client, "InterpretationConfirm", json!({ "input": input })).await
}

async fn the_gap_closes_when_a_language_is_confirmed(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    let open = json!({ "input": { "meetingId": id, "version": 1, "mode": "OPEN" } });
    cast.coordinator.operation(MORE, "Open", open).await.data();
    for (client, needs) in [(&cast.officer, json!(["fr-CA", "en-GB", "ase"])), (&cast.stranger, json!(["fr", "ar"]))] {
        let register = json!({ "input": { "meetingId": id, "interpretationNeeds": needs } });
        full(client, "MeetingRegister", register).await.data();
    }
    let gap = async |client: &Client| client.operation(MORE, "Gap", json!({ "id": id })).await.data()["meeting"].clone();
    let found = gap(&cast.coordinator).await;
    let one = |language: &str| json!({ "language": language, "needed": 1 });
    assert_eq!(found["interpretationGap"], json!([one("ar"), one("ase"), one("fr"), one("fr-CA")]), "English is spoken");
    assert_eq!(gap(&cast.officer).await["interpretationGap"], json!(null), "for the organisers");
    let input = json!({ "meetingId": id, "language": "fr", "kind": "SIMULTANEOUS", "version": 2 });
    assert_eq!(offer(&cast.coordinator, input).await.faults(), Vec::<String>::new());
    let found = gap(&cast.coordinator).await;
    assert_eq!(found["interpretationGap"].as_array().unwrap().len(), 4, "an offer closes no gap");
    let reply = confirm(&cast.coordinator, json!({ "meetingId": id, "language": "fr", "version": 3 })).await;
    let meeting = reply.data()["interpretationConfirm"]["meeting"].clone();
    assert_eq!(meeting["interpretation"], json!([{ "language": "fr", "kind": "SIMULTANEOUS", "confirmed": true }]));
    let found = gap(&cast.coordinator).await;
    assert_eq!(found["interpretationGap"], json!([one("ar"), one("ase")]), "French serves who needs French of Canada too");
    assert_eq!(found["sequence"], 0, "no date was changed");
    confirm(&cast.coordinator, json!({ "meetingId": id, "language": "fr", "confirmed": false, "version": 4 })).await.data();
    assert_eq!(gap(&cast.coordinator).await["interpretationGap"].as_array().unwrap().len(), 4);
}

async fn refuses_what_is_not_offered_or_stale(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    let input = |version: i64| json!({ "meetingId": id, "language": "fr", "kind": "SIGN", "version": version });
    assert_eq!(offer(&app.anonymous(), input(1)).await.code(), "UNAUTHENTICATED");
    assert_eq!(offer(&cast.officer, input(1)).await.code(), "FORBIDDEN");
    assert_eq!(offer(&cast.coordinator, input(7)).await.code(), "VERSION_MISMATCH");
    assert_eq!(confirm(&cast.coordinator, input(1)).await.faults(), ["input.language NOT_AN_OPTION"]);
    offer(&cast.coordinator, input(1)).await.data();
    assert_eq!(offer(&cast.coordinator, input(2)).await.faults(), ["input.language DUPLICATE"]);
    let faulty = json!({ "meetingId": cast.body.to_string(), "language": "??", "kind": "SIGN", "version": 1 });
    assert_eq!(offer(&cast.coordinator, faulty).await.faults(), ["input.meetingId WRONG_KIND", "input.language MALFORMED"]);
    assert_eq!(confirm(&cast.officer, input(2)).await.code(), "FORBIDDEN");
}
