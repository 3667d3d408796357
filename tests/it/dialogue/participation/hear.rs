//! Changes of participations as they come: to the organisers and to whom they are about.

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, people::id, socket::Socket, stories};

use super::{Hall, user};

stories![organisers_and_the_person_hear, a_cursor_brings_what_was_missed];

const CHANGED: &str = "subscription($meetingId: ID, $after: String) { registrationChanged(meetingId: $meetingId, after: $after) {
  cursor act at participation { id status waitlistPosition person { name } } } }";

async fn listen(app: &TestApp, client: &Client, variables: Value) -> Socket {
    let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
    socket.subscribe("1", CHANGED, variables).await;
    // Messages are taken in order: once this is answered, the subscription listens.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    socket
}

async fn change(socket: &mut Socket) -> Value {
    let message = socket.hear().await.expect("an open socket");
    assert_eq!((&message["type"], message["payload"].get("errors")), (&json!("next"), None), "{message}");
    message["payload"]["data"]["registrationChanged"].clone()
}

async fn organisers_and_the_person_hear(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let (rosa, luis) = (hall.officer("rosa").await, hall.officer("luis").await);
    let mut organiser = listen(app, &hall.cast.coordinator, json!({ "meetingId": hall.meeting })).await;
    let mut own = listen(app, &luis, json!({})).await;
    let mut other = listen(app, &hall.cast.stranger, json!({})).await;
    let first = hall.register(&rosa, json!({ "mode": "IN_PERSON", "listed": "PUBLIC" })).await;
    let second = hall.register(&luis, json!({ "mode": "IN_PERSON" })).await;
    hall.withdraw(&rosa, &first["id"]).await;
    hall.respond(&luis, "ACCEPTED", json!({})).await;
    let mut heard = Vec::new();
    for _ in 0..5 {
        let change = change(&mut organiser).await;
        heard.push((change["act"].as_str().unwrap().to_owned(), change["participation"]["person"]["name"].as_str().unwrap().to_owned()));
    }
    let expected = [("REGISTER", "rosa"), ("REGISTER", "luis"), ("WITHDRAW", "rosa"), ("OFFER", "luis"), ("RESPOND", "luis")];
    assert_eq!(heard, expected.map(|(act, name)| (act.to_owned(), name.to_owned())));
    for act in ["REGISTER", "OFFER", "RESPOND"] {
        let change = change(&mut own).await;
        assert_eq!((&change["act"], &change["participation"]["id"]), (&json!(act), &second["id"]));
    }
    // Another hears of nobody else, though the person is on the public list; his own comes first.
    hall.invite(json!([{ "organisationId": id(hall.cast.platform), "personId": user(&hall.cast.stranger).await }])).await;
    let invited = change(&mut other).await;
    assert_eq!((&invited["act"], &invited["participation"]["person"]["name"]), (&json!("INVITE"), &json!("rep")));
}

async fn a_cursor_brings_what_was_missed(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let rosa = hall.officer("rosa").await;
    let mut socket = listen(app, &rosa, json!({})).await;
    let one = hall.register(&rosa, json!({})).await;
    let cursor = change(&mut socket).await["cursor"].clone();
    drop(socket);
    hall.withdraw(&rosa, &one["id"]).await;
    let mut again = Socket::start(&app.url("/graphql"), rosa.token.as_deref()).await;
    again.subscribe("1", CHANGED, json!({ "after": cursor })).await;
    assert_eq!(change(&mut again).await["act"], "WITHDRAW");
    let mut wrong = Socket::start(&app.url("/graphql"), rosa.token.as_deref()).await;
    wrong.subscribe("1", CHANGED, json!({ "meetingId": id(hall.cast.body) })).await;
    let refused = wrong.hear().await.unwrap();
    assert_eq!(refused["payload"][0]["extensions"]["code"], "INVALID_INPUT", "{refused}");
}
