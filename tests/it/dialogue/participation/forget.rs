//! What somebody needs is forgotten once the meeting is over for long enough.

use chrono::TimeDelta;
use serde_json::json;
use tertulia_app::{dialogue::participation, retention::Periods};
use tertulia_tests::{TestApp, people::id, stories};

use super::{Hall, user};

stories![needs_are_forgotten_after_the_meeting];

async fn needs_are_forgotten_after_the_meeting(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let rosa = hall.officer("rosa").await;
    hall.invite(json!([{ "organisationId": id(hall.cast.body), "personId": user(&rosa).await }])).await;
    hall.respond(&rosa, "ACCEPTED", json!({ "accessNeeds": "A ramp" })).await;
    let needs = "query($id: ID!) { node(id: $id) { ... on Participation { status accessNeeds } } }";
    let participation = hall.own(&rosa).await["id"].clone();
    let periods = Periods { access_needs: Some(TimeDelta::days(30)), ..Periods::default() };
    let forget = async || participation::forget(&app.app, &app.app.system(), &periods).await.unwrap();
    assert_eq!(forget().await, 0, "the meeting is ahead");
    app.advance(TimeDelta::days(400));
    assert_eq!((forget().await, forget().await), (1, 0));
    let rosa = app.signed_in("rosa@body.example").await;
    let now = rosa.data(needs, json!({ "id": participation })).await["node"].clone();
    assert_eq!((&now["status"], &now["accessNeeds"]), (&json!("ACCEPTED"), &json!(null)));
}
