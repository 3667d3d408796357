//! Dialogues and meetings over REST.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_tests::{TestApp, stories};

use super::{Cast, run};

stories![what_a_stranger_may_not_read_is_not_there];

async fn what_a_stranger_may_not_read_is_not_there(app: &TestApp) {
    let cast = Cast::of(app).await;
    for (visibility, status) in [("PUBLIC", StatusCode::OK), ("PARTIES", StatusCode::NOT_FOUND)] {
        let id = cast.create(cast.monthly(visibility)).await["id"].as_str().unwrap().to_owned();
        let own = cast.officer.get(&format!("/v1/dialogues/{id}")).await;
        assert_eq!((own.status, &own.body["joinUrl"]), (StatusCode::OK, &json!("https://meet.example/secret")));
        let foreign = app.anonymous().get(&format!("/v1/dialogues/{id}")).await;
        assert_eq!((foreign.status, &foreign.body["joinUrl"]), (status, &Value::Null), "{visibility}");
        let meeting = format!("/v1/meetings/{}", own.body["nextMeeting"]["id"].as_str().unwrap());
        assert_eq!(cast.officer.get(&meeting).await.body["dialogue"]["id"], json!(id));
        assert_eq!(app.anonymous().get(&meeting).await.status, status);
        let listed = app.anonymous().get(&format!("/v1/meetings?dialogueIds={id}")).await;
        assert_eq!(listed.body["items"].as_array().unwrap().is_empty(), status == StatusCode::NOT_FOUND, "{visibility}");
    }
    assert_eq!(run(&cast.officer, "Dialogues", json!({})).await.data()["dialogues"]["totalCount"], 2);
}
