//! Changes of contacts as they come: to whom, of what, in which order.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{
    Method,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE},
};
use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, events::Events, socket::Socket, stories};

use super::world::{World, act, done};

stories![
    each_side_hears_what_it_may_read,
    officers_stay_unnamed_in_changes,
    rights_and_filter_hold_for_each_change,
    a_cursor_brings_what_was_missed,
    what_became_of_a_draft_stays_with_who_wrote_it,
    a_cursor_outlives_the_server_and_is_refused_where_it_is_unknown,
    many_operations_on_one_socket_and_no_more,
    a_revoked_membership_ends_the_socket,
    the_same_changes_come_over_an_event_stream,
    a_stream_that_is_not_read_is_dropped,
];

const CHANGED: &str = "subscription($filter: ContactFilter, $after: String) {
  contactChanged(filter: $filter, after: $after) { cursor act at contact { id reference status transitions { recordedBy { person { name } } } } }
}";

async fn listen(app: &TestApp, client: &Client, variables: Value) -> Socket {
    let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
    socket.subscribe("1", CHANGED, variables).await;
    // Messages are taken in order: once this is answered, the subscription listens.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    socket
}

/// The next change.
async fn change(socket: &mut Socket) -> Value {
    let message = socket.hear().await.expect("an open socket");
    assert_eq!((&message["type"], message["payload"].get("errors")), (&json!("next"), None), "{message}");
    message["payload"]["data"]["contactChanged"].clone()
}

async fn each_side_hears_what_it_may_read(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative, stranger) = (world.officer().await, world.representative().await, world.stranger().await);
    let mut own = listen(app, &officer, json!({})).await;
    let mut other = listen(app, &representative, json!({})).await;
    let mut third = listen(app, &stranger, json!({})).await;
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
    let heard = change(&mut own).await;
    assert_eq!((&heard["act"], &heard["contact"]["id"], &heard["contact"]["status"]), (&json!("LOG"), &draft["id"], &json!("DRAFT")));
    done(&officer, "ContactSend", json!({ "contactId": draft["id"] })).await;
    done(&officer, "ContactShare", json!({ "contactId": draft["id"], "visibility": "PARTIES" })).await;
    done(&representative, "ContactAcknowledge", json!({ "contactId": draft["id"] })).await;
    let mut acts = Vec::new();
    while acts.last() != Some(&json!("ACKNOWLEDGE")) {
        acts.push(change(&mut own).await["act"].clone());
    }
    assert_eq!(acts, [json!("SEND"), json!("SHARE"), json!("ACKNOWLEDGE")]);
    loop {
        let heard = change(&mut other).await;
        assert!(!heard.to_string().contains("olga"), "the other side reads no officer's name: {heard}");
        if heard["act"] == "ACKNOWLEDGE" {
            break;
        }
    }
    let elsewhere = json!({ "platformServiceId": world.rival_service.to_string() });
    let theirs = done(&stranger, "ContactLog", world.contact(&elsewhere)).await;
    assert_eq!(change(&mut third).await["contact"]["id"], theirs["id"], "the first that a third party hears is its own");
}

/// Everything of a contact in which a person could be.
const PERSONS: &str = "subscription { contactChanged { cursor act at contact {
  id reference subject description caseNumber namedReaders allowedActs electoralBody { id name } platformService { name }
  items { url description } assertions { kind assertedBy } divergences { kind }
  transitions { step reason note recordedBy { person { id name email } organisation { id name } } }
  comments { text organisation { name } person { id name email } }
} } }";

/// The text of every change up to a comment.
async fn heard_up_to_a_comment(socket: &mut Socket) -> String {
    let mut text = String::new();
    loop {
        let message = socket.hear().await.expect("an open socket");
        assert_eq!(message["payload"].get("errors"), None, "null without an error: {message}");
        text.push_str(&message.to_string());
        if message["payload"]["data"]["contactChanged"]["act"] == "COMMENT" {
            return text;
        }
    }
}

async fn officers_stay_unnamed_in_changes(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let (representative, coordinator) = (world.representative().await, world.coordinator().await);
    let me = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].as_str().unwrap().to_owned();
    let mut sockets = Vec::new();
    for client in [&representative, &coordinator, &colleague] {
        let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
        socket.subscribe("1", PERSONS, json!({})).await;
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
        sockets.push(socket);
    }
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "caseNumber": "JNE-2026-00417" }))).await;
    let id = &contact["id"];
    done(&officer, "ContactAcknowledge", json!({ "contactId": id, "note": "Told me on the phone" })).await;
    done(&representative, "ContactDecide", json!({ "contactId": id, "outcome": "ACTION_TAKEN" })).await;
    done(&officer, "ContactDispute", json!({ "contactId": id, "reason": "It breaks rule 7" })).await;
    done(&officer, "ContactComment", json!({ "contactId": id, "text": "Please look at this." })).await;
    for (place, socket) in sockets.iter_mut().enumerate() {
        let (text, own) = (heard_up_to_a_comment(socket).await, place == 2);
        for secret in ["olga", me.as_str(), "Told me on the phone", "00417"] {
            assert_eq!(text.contains(secret), own, "{secret} in {text}");
        }
        assert!(text.contains("The Peruvian body") && text.contains("Please look at this."), "{text}");
        assert_eq!(text.contains("rosa.representative"), place == 0, "nor the representative's to the others: {text}");
    }
}

async fn rights_and_filter_hold_for_each_change(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let mut urgent = listen(app, &officer, json!({ "filter": { "urgency": ["CRITICAL"] } })).await;
    done(&officer, "ContactLog", world.smallest()).await;
    let critical = done(&officer, "ContactLog", world.contact(&json!({ "urgency": "CRITICAL" }))).await;
    assert_eq!(change(&mut urgent).await["contact"]["id"], critical["id"]);
    for (client, variables, code) in [
        (app.anonymous(), json!({}), "UNAUTHENTICATED"),
        (world.auditor().await, json!({}), "FORBIDDEN"),
        (officer.clone(), json!({ "after": "x" }), "INVALID_INPUT"),
        (officer, json!({ "filter": { "electoralBodyId": "x" } }), "INVALID_INPUT"),
    ] {
        let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
        socket.subscribe("1", CHANGED, variables).await;
        let refused = socket.hear().await.unwrap();
        assert_eq!((&refused["type"], &refused["payload"][0]["extensions"]["code"]), (&json!("error"), &json!(code)), "{refused}");
    }
}

async fn a_cursor_brings_what_was_missed(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let mut socket = listen(app, &officer, json!({})).await;
    let first = done(&officer, "ContactLog", world.smallest()).await;
    let heard = change(&mut socket).await;
    assert_eq!(heard["contact"]["id"], first["id"]);
    assert_eq!(socket.close(1000).await, Err(1000));
    let mut missed = Vec::new();
    for number in 0..5 {
        let logged = done(&officer, "ContactLog", world.contact(&json!({ "subject": format!("Missed {number}") }))).await;
        missed.push(logged["id"].clone());
    }
    let mut again = Socket::start(&app.url("/graphql"), officer.token.as_deref()).await;
    again.subscribe("1", CHANGED, json!({ "after": heard["cursor"] })).await;
    let last = done(&officer, "ContactLog", world.contact(&json!({ "subject": "Live" }))).await;
    missed.push(last["id"].clone());
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(change(&mut again).await["contact"]["id"].clone());
    }
    assert_eq!(ids, missed, "each once, in order");
}

async fn what_became_of_a_draft_stays_with_who_wrote_it(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await["id"].clone();
    app.advance(chrono::TimeDelta::minutes(5));
    done(&officer, "ContactSend", json!({ "contactId": draft })).await;
    for (client, expected) in [(&officer, vec!["LOG", "SEND"]), (&representative, vec!["SEND"])] {
        let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
        socket.subscribe("1", CHANGED, json!({ "after": app.cursor(0) })).await;
        for act in expected {
            let heard = change(&mut socket).await;
            assert_eq!((&heard["act"], &heard["contact"]["id"]), (&json!(act), &draft));
        }
    }
}

async fn a_cursor_outlives_the_server_and_is_refused_where_it_is_unknown(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let second = app.beside().await;
    let mut socket = listen(&second, &officer, json!({})).await;
    done(&officer, "ContactLog", world.smallest()).await;
    let heard = change(&mut socket).await;
    second.finish().await;
    assert_eq!(socket.hear().await, Err(1001));
    let mut missed = Vec::new();
    for number in 0..3 {
        let logged = done(&officer, "ContactLog", world.contact(&json!({ "subject": format!("Missed {number}") }))).await;
        missed.push(logged["id"].clone());
    }
    let third = app.beside().await;
    let mut again = Socket::start(&third.url("/graphql"), officer.token.as_deref()).await;
    again.subscribe("1", CHANGED, json!({ "after": heard["cursor"] })).await;
    let last = done(&officer, "ContactLog", world.contact(&json!({ "subject": "Live" }))).await;
    missed.push(last["id"].clone());
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(change(&mut again).await["contact"]["id"].clone());
    }
    assert_eq!(ids, missed, "each once, in order");
    // As the database has none yet, because it was put back to an earlier state; and one that numbers itself.
    let (later, numbered) = (app.cursor(1_000_000), URL_SAFE_NO_PAD.encode(1_i64.to_be_bytes()));
    for (cursor, reason) in [(later.as_str(), "UNKNOWN_ID"), (numbered.as_str(), "MALFORMED"), ("x", "MALFORMED")] {
        let mut refused = Socket::start(&third.url("/graphql"), officer.token.as_deref()).await;
        refused.subscribe("1", CHANGED, json!({ "after": cursor })).await;
        let extensions = refused.hear().await.unwrap()["payload"][0]["extensions"].clone();
        assert_eq!((&extensions["code"], &extensions["reason"]), (&json!("INVALID_INPUT"), &json!(reason)));
    }
    third.finish().await;
}

async fn many_operations_on_one_socket_and_no_more(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let mut socket = Socket::start(&app.url("/graphql"), officer.token.as_deref()).await;
    let most = app.config.limits.operations_per_socket;
    for number in 0..=most {
        socket.subscribe(&number.to_string(), CHANGED, json!({})).await;
    }
    let refused = socket.hear().await.unwrap();
    assert_eq!((&refused["id"], &refused["payload"][0]["extensions"]["code"]), (&json!(most.to_string()), &json!("LIMIT_EXCEEDED")));
    socket.say(json!({ "type": "complete", "id": "0" })).await;
    socket.subscribe("0", CHANGED, json!({ "filter": { "urgency": ["LOW"] } })).await;
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    // A close frame has room for 123 bytes of reason; the code comes through however long the id is.
    let long = "0".repeat(1_000);
    socket.subscribe(&long, CHANGED, json!({})).await;
    socket.subscribe(&long, CHANGED, json!({})).await;
    assert_eq!(socket.hear().await, Err(4409), "the id is in use");
}

async fn a_revoked_membership_ends_the_socket(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let mut socket = listen(app, &officer, json!({})).await;
    let mine = officer.data("{ viewer { memberships { id } } }", json!({})).await["viewer"]["memberships"][0]["id"].clone();
    let revoke = "mutation($input: MembershipRevokeInput!) { membershipRevoke(input: $input) { userErrors { code reason path message } } }";
    colleague.mutate(revoke, json!({ "membershipId": mine })).await;
    assert_eq!(socket.hear().await, Err(4403), "rights changed; the client connects again");
    let after = act(&officer, "ContactLog", world.smallest()).await;
    assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&after.code()), "{}", after.text);
}

async fn the_same_changes_come_over_an_event_stream(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger, colleague) = (world.officer().await, world.stranger().await, world.colleague().await);
    let mut own = Events::open(&officer, CHANGED, json!({})).await;
    let mut third = Events::open(&stranger, CHANGED, json!({})).await;
    let logged = done(&officer, "ContactLog", world.smallest()).await;
    let elsewhere = json!({ "platformServiceId": world.rival_service.to_string() });
    let theirs = done(&stranger, "ContactLog", world.contact(&elsewhere)).await;
    let change = async |events: &mut Events| events.hear().await.unwrap().unwrap()["data"]["contactChanged"]["contact"]["id"].clone();
    assert_eq!(change(&mut own).await, logged["id"]);
    assert_eq!(change(&mut third).await, theirs["id"], "a third party hears of its own only");
    let mine = officer.data("{ viewer { memberships { id } } }", json!({})).await["viewer"]["memberships"][0]["id"].clone();
    let revoke = "mutation($input: MembershipRevokeInput!) { membershipRevoke(input: $input) { userErrors { code reason path message } } }";
    colleague.mutate(revoke, json!({ "membershipId": mine })).await;
    assert_eq!(own.hear().await, Err("the stream has ended"), "rights changed; the client asks again");
}

async fn a_stream_that_is_not_read_is_dropped(app: &TestApp) {
    let strict = TestApp::start_with(app.database.backend, |config| {
        config.limits.sockets = 1;
        config.limits.slow_reader_seconds = 1;
    })
    .await;
    let world = World::new(&strict).await;
    let officer = world.officer().await;
    let items: Vec<Value> = (0..100).map(|n| json!({ "url": format!("https://parley.example/{n}/{}", "x".repeat(1_000)) })).collect();
    let logged = done(&officer, "ContactLog", world.contact(&json!({ "items": items }))).await;
    let comments = 20;
    for number in 0..comments {
        done(&officer, "ContactComment", json!({ "contactId": logged["id"], "text": format!("Comment {number}") })).await;
    }
    // Each change is a megabyte, and the first one stands before all of them.
    let fields = (0..10).map(|n| format!("i{n}: items {{ url }}")).collect::<Vec<_>>().join(" ");
    let document = format!("subscription {{ contactChanged(after: \"{}\") {{ act contact {{ {fields} }} }} }}", strict.cursor(0));
    let request = officer.request(Method::POST, "/graphql").header(CONTENT_TYPE, "application/json").header(ACCEPT, "text/event-stream");
    let request = request.header(ACCEPT_ENCODING, "identity").body(json!({ "query": document }).to_string());
    let deaf = request.send().await.unwrap();
    assert_eq!(deaf.status(), 200);
    // There is one place: another stream finds it free once the deaf one was dropped.
    while Events::ask(&officer, CHANGED, json!({})).await.status() != 200 {}
    let mut deaf = Events::of(deaf);
    let mut heard = 0;
    while deaf.hear().await.is_ok() {
        heard += 1;
    }
    assert!(heard < comments, "it ended before its end: {heard}");
    strict.finish().await;
}
