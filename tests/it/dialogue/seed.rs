//! The held meeting of Madrid.

use serde_json::json;
use tertulia_app::{dialogue, directory};
use tertulia_tests::{TestApp, stories};

use super::run;

stories![shows_the_meeting_of_madrid_as_held];

async fn shows_the_meeting_of_madrid_as_held(app: &TestApp) {
    let ctx = app.app.system();
    directory::reference::load_new(&app.app, &ctx).await.unwrap();
    assert!(dialogue::reference::load(&app.app, &ctx).await.unwrap());
    assert!(!dialogue::reference::load(&app.app, &ctx).await.unwrap());
    let variables = json!({ "from": "2025-02-24T00:00:00Z", "to": "2025-02-25T00:00:00Z" });
    let meetings = run(&app.anonymous(), "Meetings", variables).await.data()["meetings"].clone();
    assert_eq!(meetings["totalCount"], 1);
    let meeting = &meetings["nodes"][0];
    for (field, value) in [
        ("title", json!("Information integrity in electoral processes")),
        ("status", json!("HELD")),
        ("format", json!("IN_PERSON")),
        ("startsAt", json!("2025-02-24T14:00:00Z")),
        ("endsAt", json!("2025-02-24T18:45:00Z")),
        ("localStart", json!("2025-02-24T15:00:00")),
        ("workingLanguages", json!(["en"])),
        ("interpretation", json!([{ "language": null, "kind": "SIMULTANEOUS" }])),
        ("venue", json!({ "name": "Casa Árabe Auditorium", "address": "Calle Alcalá, 62, Madrid", "country": { "code": "ES" } })),
        ("joinUrl", json!(null)),
    ] {
        assert_eq!(meeting[field], value, "{field}");
    }
    assert_eq!(meeting["dialogue"]["title"], "Strategic Dialogue of Experts");
    let speakers = &meeting["agenda"][0]["speakers"];
    let named = [("Miguel Moro", "Casa Árabe"), ("Antón Leis García", ""), ("Sarah Lister", "United Nations Development Programme")];
    for (index, (name, organisation)) in named.into_iter().enumerate() {
        assert_eq!(speakers[index]["name"], name);
        assert!(organisation.is_empty() || speakers[index]["organisation"]["name"] == organisation, "{speakers}");
    }
    let id = meeting["dialogue"]["id"].as_str().unwrap();
    let calendar = app.anonymous().get(&format!("/v1/dialogues/{id}/calendar.ics")).await;
    assert!(calendar.text.contains("DTSTART;TZID=Europe/Madrid:20250224T150000"), "{}", calendar.text);
    assert!(calendar.text.contains("UID:meeting_") && !calendar.text.contains("RECURRENCE-ID"));
    let node = run(&app.anonymous(), "Dialogues", json!({})).await.data()["dialogues"]["nodes"][0].clone();
    assert_eq!(node["nextMeeting"], json!(null));
}
