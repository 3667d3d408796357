//! Who reads which dialogue, and who has the link.

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};

use super::{Cast, run};

stories![each_reads_what_is_his, join_links_are_for_the_parties];

const ONE: &str = "query($id: ID!) { dialogue(id: $id) { id joinUrl calendarUrl nextMeeting { id joinUrl } } }";

async fn each_reads_what_is_his(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut ids = Vec::new();
    for visibility in ["PUBLIC", "COALITION", "PARTIES"] {
        ids.push(cast.create(cast.monthly(visibility)).await["id"].clone());
    }
    for (client, sees) in [
        (app.anonymous(), [true, false, false]),
        (cast.stranger.clone(), [true, true, false]),
        (cast.officer.clone(), [true; 3]),
        (cast.coordinator.clone(), [true; 3]),
    ] {
        let count = sees.iter().filter(|sees| **sees).count();
        let list = run(&client, "Dialogues", json!({})).await.data()["dialogues"].clone();
        assert_eq!(list["totalCount"], count);
        assert_eq!(list["nodes"].as_array().unwrap().len(), count);
        let meetings = client.data("{ meetings(filter: { upcoming: true }) { totalCount nodes { dialogue { id } } } }", json!({})).await;
        for (id, sees) in ids.iter().zip(sees) {
            let found = client.data(ONE, json!({ "id": id })).await["dialogue"].clone();
            assert_eq!(found.is_object(), sees, "{id}");
            let node = client.data("query($id: ID!) { node(id: $id) { __typename } }", json!({ "id": id })).await["node"].clone();
            assert_eq!(node["__typename"] == "Dialogue", sees, "{node}");
            let nodes = meetings["meetings"]["nodes"].as_array().unwrap();
            assert_eq!(nodes.iter().any(|node| node["dialogue"]["id"] == *id), sees);
            let filtered =
                client.data("query($ids: [ID!]) { meetings(filter: { dialogueIds: $ids }) { totalCount } }", json!({ "ids": [id] })).await;
            assert_eq!(filtered["meetings"]["totalCount"].as_i64() > Some(0), sees);
        }
    }
}

async fn link(client: &Client, id: &Value) -> (Value, Value) {
    let found = client.data(ONE, json!({ "id": id })).await["dialogue"].clone();
    (found["joinUrl"].clone(), found["nextMeeting"]["joinUrl"].clone())
}

async fn join_links_are_for_the_parties(app: &TestApp) {
    let cast = Cast::of(app).await;
    let id = cast.create(cast.monthly("PUBLIC")).await["id"].clone();
    let link_itself = json!("https://meet.example/secret");
    for client in [&cast.officer, &cast.coordinator] {
        assert_eq!(link(client, &id).await, (link_itself.clone(), link_itself.clone()));
    }
    for client in [&app.anonymous(), &cast.stranger] {
        assert_eq!(link(client, &id).await, (Value::Null, Value::Null));
    }
    let leaves = json!({ "input": { "dialogueId": id, "members": [], "version": 1 } });
    run(&cast.coordinator, "DialogueMembersSet", leaves).await.data();
    assert_eq!(link(&cast.officer, &id).await, (Value::Null, Value::Null));
}
