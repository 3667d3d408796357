//! What is kept about a person, as one document for him alone.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{TestApp, people::PASSWORD, stories};

use super::{REVOKE, VIEWER, api_client::Partner};
use crate::engagement::{
    contact_import::{import, table},
    world::{World, done, operation},
};

stories![
    a_person_takes_out_everything_that_is_kept_about_him,
    what_one_made_for_the_organisation_stands_in_it,
    nobody_else_stands_in_it_and_no_secret,
    words_stay_with_the_organisation_that_one_has_left,
    a_long_document_is_whole,
    is_refused_to_strangers_and_noted,
];

const PATH: &str = "/v1/me/data";

/// Logs, decides and comments on a contact, registers for a meeting with a need, and makes a private calendar address.
async fn work(world: &World<'_>, client: &tertulia_tests::Client) -> Value {
    let contact = done(client, "ContactLog", world.smallest()).await["id"].clone();
    world.app.advance(TimeDelta::seconds(1));
    done(client, "ContactDecide", json!({ "contactId": contact, "outcome": "ACTION_TAKEN", "note": "By phone" })).await;
    operation(client, "ContactComment", json!({ "input": { "contactId": contact, "text": "Thank you" } })).await.data();
    let coordinator = world.coordinator().await;
    let dialogue = crate::dialogue::monthly_of(&coordinator, world.desk, world.body).await;
    let meeting = dialogue["upcoming"]["nodes"][0]["id"].clone();
    let open = "mutation($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) { meeting { id } userErrors { code reason path message } } }";
    coordinator.mutate(open, json!({ "meetingId": meeting, "version": 1, "mode": "OPEN" })).await;
    let register = "mutation($input: MeetingRegisterInput!) { meetingRegister(input: $input) { participation { id } userErrors { code reason path message } } }";
    client.mutate(register, json!({ "meetingId": meeting, "accessNeeds": "A ramp", "interpretationNeeds": ["fr"] })).await;
    let feed = "mutation($input: FeedTokenCreateInput!) { feedTokenCreate(input: $input) { url userErrors { code reason path message } } }";
    client.mutate(feed, json!({ "scope": "MY_MEETINGS" })).await;
    contact
}

fn of<'a>(list: &'a Value, act: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|line| line["act"] == act).unwrap_or_else(|| panic!("no {act} in {list}"))
}

async fn a_person_takes_out_everything_that_is_kept_about_him(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let contact = work(&world, &officer).await;
    let viewer = officer.data(VIEWER, json!({})).await["viewer"].clone();
    let reply = officer.get(PATH).await;
    assert_eq!((reply.status, &reply.headers["content-type"]), (StatusCode::OK, &"application/json".parse().unwrap()));
    assert_eq!(reply.headers["content-disposition"], "attachment; filename=\"tertulia-my-data-2026-03-02.json\"");
    let document = &reply.body;
    assert_eq!((&document["account"]["id"], &document["account"]["email"]), (&viewer["user"]["id"], &json!("olga.officer@body.example")));
    let membership = &document["memberships"][0];
    assert_eq!((&membership["id"], &membership["organisationId"]), (&viewer["memberships"][0]["id"], &json!(world.body.to_string())));
    assert_eq!((document["sessions"].as_array().unwrap().len(), &document["sessions"][0]["endedAt"]), (1, &Value::Null));
    assert_eq!(document["calendarAddresses"][0]["scope"], "MY_MEETINGS");
    let participation = &document["participations"][0];
    assert_eq!((&participation["accessNeeds"], &participation["interpretationNeeds"]), (&json!("A ramp"), &json!(["fr"])));
    let comment = &document["contactComments"][0];
    assert_eq!((&comment["about"], &comment["text"]), (&contact, &json!("Thank you")));
    let decided = of(&document["acts"], "contact.decide");
    assert_eq!(
        (&decided["objectId"], &decided["facts"][0]["step"], &decided["facts"][0]["note"]),
        (&contact, &json!("DECIDED"), &json!("By phone"))
    );
    assert_eq!(of(&document["acts"], "contact.log")["facts"].as_array().unwrap().len(), 1);
    assert_eq!(of(&document["acts"], "user.dataExport")["objectId"], viewer["user"]["id"], "and that it was taken out");
    assert_eq!((&document["expertProfile"], &document["invitations"]), (&Value::Null, &json!([])));
}

async fn what_one_made_for_the_organisation_stands_in_it(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let partner = Partner::new(&colleague, &["contacts:read"]).await;
    let imported = import(&officer, "contacts.csv", table(2), json!({})).await;
    let other = import(&colleague, "others.csv", table(3), json!({})).await;
    let (his, hers) = (colleague.get(PATH).await.body, officer.get(PATH).await.body);
    let client = &his["apiClients"][0];
    assert_eq!(
        (&client["id"], &client["text"], &client["organisationId"]),
        (&partner.id, &json!("Partner"), &json!(world.body.to_string()))
    );
    assert_eq!((&hers["apiClients"], his["apiClients"].as_array().unwrap().len()), (&json!([]), 1));
    assert!(!colleague.get(PATH).await.text.contains("secret"));
    for (document, import, name) in [(&hers, &imported, "contacts.csv"), (&his, &other, "others.csv")] {
        let (files, imports) = (document["files"].as_array().unwrap(), document["contactImports"].as_array().unwrap());
        assert_eq!((files.len(), &files[0]["text"]), (1, &json!(name)));
        assert_eq!((imports.len(), &imports[0]["id"], &imports[0]["step"]), (1, &import["id"], &json!("DONE")));
        assert_eq!(imports[0]["about"], files[0]["id"]);
    }
    // Their names stay with the organisation that one has left.
    let membership = officer.data(VIEWER, json!({})).await["viewer"]["memberships"][0]["id"].clone();
    colleague.mutate(REVOKE, json!({ "membershipId": membership })).await;
    let after = officer.get(PATH).await.body;
    assert_eq!((&after["files"][0]["text"], &after["files"][0]["id"]), (&Value::Null, &hers["files"][0]["id"]));
}

async fn nobody_else_stands_in_it_and_no_secret(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let contact = work(&world, &officer).await;
    let comment = json!({ "input": { "contactId": contact, "text": "Said by a colleague" } });
    operation(&colleague, "ContactComment", comment).await.data();
    let text = officer.get(PATH).await.text;
    for other in ["carla", "coordinator", "Said by a colleague", "hash\":", "seq\":", "tokenHash", "passwordHash", "salt"] {
        assert!(!text.contains(other), "{other}: {text}");
    }
    let hashes = app.database.counts("SELECT token_hash, count(*) FROM refresh_token GROUP BY token_hash UNION ALL SELECT token_hash, count(*) FROM feed_token GROUP BY token_hash").await;
    assert!(!hashes.is_empty() && hashes.keys().all(|hash| !text.contains(hash.as_str())));
}

async fn words_stay_with_the_organisation_that_one_has_left(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    work(&world, &officer).await;
    let membership = officer.data(VIEWER, json!({})).await["viewer"]["memberships"][0]["id"].clone();
    colleague.mutate(REVOKE, json!({ "membershipId": membership })).await;
    let document = officer.get(PATH).await.body;
    assert!(document["memberships"][0]["endedAt"].is_string());
    assert_eq!(document["contactComments"][0]["text"], Value::Null);
    assert!(document["contactComments"][0]["id"].is_string(), "that he wrote it");
    let fact = &of(&document["acts"], "contact.decide")["facts"][0];
    assert!(fact["id"].is_string() && fact["note"].is_null(), "{fact}");
    assert_eq!(document["participations"][0]["accessNeeds"], "A ramp", "what he needs is his own");
}

async fn a_long_document_is_whole(app: &TestApp) {
    let world = World::new(app).await;
    let auditor = app.member("auditor@desk.example", world.desk, Role::Auditor).await;
    for _ in 0..230 {
        app.sign_in("auditor@desk.example", PASSWORD).await;
    }
    let document = auditor.get(PATH).await.body;
    let acts = document["acts"].as_array().unwrap_or_else(|| panic!("no document"));
    let mut ids: Vec<&str> = acts.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(acts.len(), 232, "each sign-in and this");
    ids.dedup();
    assert_eq!(ids.len(), 232);
}

async fn is_refused_to_strangers_and_noted(app: &TestApp) {
    let world = World::new(app).await;
    let refused = app.anonymous().get(PATH).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    let officer = world.officer().await;
    officer.get(PATH).await;
    officer.get(PATH).await;
    let document = "{ auditEntries(filter: { act: \"user.dataExport\" }, first: 5) { nodes { objectType organisation { id } } } }";
    let lines = world.auditor().await.data(document, json!({})).await["auditEntries"]["nodes"].clone();
    let line = json!({ "objectType": "user", "organisation": null });
    assert_eq!(lines, json!([line, line]), "each time, and nothing of the refusal");
}
