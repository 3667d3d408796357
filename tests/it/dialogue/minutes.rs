//! Minutes: written, circulated, adopted and amended, and read at each step by who may.

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};

use super::{Circles, done, full};

stories![
    each_reads_what_he_may_at_each_step,
    concurrent_edits_are_detected,
    refuses_what_is_foreign_out_of_turn_or_wrong,
    shows_who_did_what_and_when,
];

const AMEND: &str = "mutation($input: MinutesAmendInput!) { minutesAmend(input: $input) {
    minutes { status revision version adoptedAt } userErrors { code reason path message } } }";
const READ: &str = "query($id: ID!) { meeting(id: $id) { minutes {
    id status revision version language text summaryPublic adoptedAt decisions { text attribution attributedTo { name } } } } }";

async fn read(client: &Client, meeting: &Value) -> Value {
    client.data(READ, json!({ "id": meeting })).await["meeting"]["minutes"].clone()
}

/// What each of [`Circles::everybody`] reads: the text, or the summary, or nothing.
async fn seen(circles: &Circles) -> Vec<String> {
    let mut seen = Vec::new();
    for (who, client) in circles.everybody() {
        let found = read(client, &circles.meeting).await;
        let node = "query($id: ID!) { node(id: $id) { ... on Minutes { id status version text summaryPublic } } }";
        if !found.is_null() {
            let again = client.data(node, json!({ "id": found["id"] })).await["node"].clone();
            for field in ["id", "status", "version", "text", "summaryPublic"] {
                assert_eq!(again[field], found[field], "{who}: {field} by its id");
            }
        }
        let text = if found["text"].is_null() { &found["summaryPublic"] } else { &found["text"] };
        seen.push(format!("{} {}", found["status"].as_str().unwrap_or("-"), text.as_str().unwrap_or("-")));
        if found["text"].is_null() && !found.is_null() {
            assert_eq!(found["decisions"], json!([]), "{who}");
        }
    }
    seen
}

async fn each_reads_what_he_may_at_each_step(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, id) = (&circles.cast.coordinator, &circles.meeting);
    let nothing = "- -";
    let body = circles.cast.body.to_string();
    let write = |text: &str, version: Option<i64>| {
        json!({
            "meetingId": id, "text": text, "summaryPublic": format!("{text} for all"), "language": "en", "version": version,
            "decisions": [{ "text": "We meet again", "attributedToId": body }],
        })
    };
    assert_eq!(seen(&circles).await, [nothing; 5]);
    let first = done(coordinator, "MinutesRevise", "minutes", write("One", None)).await;
    assert_eq!(first, json!({ "status": "DRAFT", "revision": 1, "version": 1 }));
    assert_eq!(seen(&circles).await, ["DRAFT One", "DRAFT One", nothing, nothing, nothing]);
    let circulated = done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": id, "version": 1 })).await;
    assert_eq!(circulated, json!({ "status": "CIRCULATED", "revision": 1, "version": 2 }));
    assert_eq!(seen(&circles).await, ["CIRCULATED One", "CIRCULATED One", "CIRCULATED One", nothing, nothing]);
    // A new draft is not before those who take part, nor does a number tell them of it.
    let before = read(&circles.cast.officer, id).await;
    done(coordinator, "MinutesRevise", "minutes", write("Two", Some(2))).await;
    assert_eq!(seen(&circles).await, ["DRAFT Two", "DRAFT Two", "CIRCULATED One", nothing, nothing]);
    assert_eq!(read(&circles.cast.officer, id).await, before);
    done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": id, "version": 3 })).await;
    let adopted = done(coordinator, "MinutesAdopt", "minutes", json!({ "meetingId": id, "version": 4 })).await;
    assert_eq!(adopted, json!({ "status": "ADOPTED", "adoptedAt": "2026-03-02T09:00:00Z", "version": 5 }));
    let shown = ["ADOPTED Two", "ADOPTED Two", "ADOPTED Two", "ADOPTED Two for all", "ADOPTED Two for all"];
    assert_eq!(seen(&circles).await, shown);
    let decisions = json!([{ "text": "We meet again", "attribution": "ATTRIBUTED", "attributedTo": { "name": "Junta" } }]);
    assert_eq!(read(&circles.cast.officer, id).await["decisions"], decisions);
    let amended = coordinator.mutate(AMEND, write("Three", Some(5))).await["minutes"].clone();
    assert_eq!(amended, json!({ "status": "AMENDED", "revision": 3, "version": 6, "adoptedAt": "2026-03-02T09:00:00Z" }));
    let shown = ["AMENDED Three", "AMENDED Three", "AMENDED Three", "AMENDED Three for all", "AMENDED Three for all"];
    assert_eq!(seen(&circles).await, shown);
    // Without a public summary there is nothing for who only reads the meeting, not even that there are minutes.
    let mut silent = write("Four", Some(6));
    silent["summaryPublic"] = Value::Null;
    coordinator.mutate(AMEND, silent).await;
    assert_eq!(seen(&circles).await, ["AMENDED Four", "AMENDED Four", "AMENDED Four", nothing, nothing]);
}

async fn concurrent_edits_are_detected(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, id) = (&circles.cast.coordinator, &circles.meeting);
    let input = |version: Option<i64>, text: String| json!({ "input": { "meetingId": id, "text": text, "version": version } });
    for version in [None, Some(1)] {
        let tries = (0..8).map(|number| full(coordinator, "MinutesRevise", input(version, format!("By {number}"))));
        let replies = futures::future::join_all(tries).await;
        let codes: Vec<Option<&str>> = replies.iter().map(|reply| reply.code_or_none()).collect();
        assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 1, "{codes:?}");
        assert!(codes.iter().flatten().all(|code| *code == "VERSION_MISMATCH"), "{codes:?}");
    }
    assert_eq!(read(coordinator, id).await["version"], 2);
    let key = json!({ "meetingId": id, "text": "Once", "version": 2, "idempotencyKey": "k" });
    let once = done(coordinator, "MinutesRevise", "minutes", key.clone()).await;
    assert_eq!(done(coordinator, "MinutesRevise", "minutes", key).await, once);
}

async fn refuses_what_is_foreign_out_of_turn_or_wrong(app: &TestApp) {
    let circles = Circles::around(app, "COALITION", "CHATHAM_HOUSE").await;
    let (coordinator, id) = (&circles.cast.coordinator, &circles.meeting);
    let write = json!({ "input": { "meetingId": id, "text": "Said" } });
    let step = |version: i64| json!({ "input": { "meetingId": id, "version": version } });
    for name in ["MinutesCirculate", "MinutesAdopt"] {
        assert_eq!(full(coordinator, name, step(1)).await.code(), "NOT_FOUND", "{name}: there are none");
    }
    for (name, input) in [("MinutesRevise", write.clone()), ("MinutesCirculate", step(1)), ("MinutesAdopt", step(1))] {
        assert_eq!(full(&circles.anonymous, name, input.clone()).await.code(), "UNAUTHENTICATED", "{name}");
        for client in [&circles.organiser, &circles.cast.officer, &circles.cast.stranger] {
            assert_eq!(full(client, name, input.clone()).await.code(), "FORBIDDEN", "{name}");
        }
    }
    let named = json!({ "input": { "meetingId": id, "text": " ", "language": "??", "decisions": [
        { "text": "Agreed", "attributedToId": circles.cast.body.to_string() },
        { "text": "", "attribution": "ATTRIBUTED", "attributedToId": id },
    ] } });
    assert_eq!(
        full(coordinator, "MinutesRevise", named).await.faults(),
        [
            "input.language MALFORMED",
            "input.text REQUIRED",
            "input.decisions.0.attributedToId CONTRADICTION",
            "input.decisions.1.text REQUIRED",
            "input.decisions.1.attributedToId WRONG_KIND",
        ]
    );
    let nobody = json!({ "input": { "meetingId": id, "text": "Said", "decisions": [
        { "text": "Agreed", "attribution": "ATTRIBUTED", "attributedToId": "organisation_00000000000000000000000001" }] } });
    assert_eq!(full(coordinator, "MinutesRevise", nobody).await.faults(), ["input.decisions.0.attributedToId UNKNOWN_ID"]);
    assert_eq!(full(coordinator, "MinutesRevise", write).await.code_or_none(), None);
    assert_eq!(full(coordinator, "MinutesAdopt", step(1)).await.code(), "INVALID_TRANSITION", "not circulated");
    assert_eq!(full(coordinator, "MinutesCirculate", step(7)).await.code(), "VERSION_MISMATCH");
    assert_eq!(full(coordinator, "MinutesCirculate", step(1)).await.code_or_none(), None);
    assert_eq!(full(coordinator, "MinutesCirculate", step(2)).await.code(), "INVALID_TRANSITION", "circulated before");
    let amend = json!({ "input": { "meetingId": id, "text": "Else", "version": 2 } });
    assert_eq!(coordinator.graphql(AMEND, amend.clone()).await.code(), "INVALID_TRANSITION", "not adopted");
    assert_eq!(circles.cast.officer.graphql(AMEND, amend).await.code(), "FORBIDDEN");
    assert_eq!(full(coordinator, "MinutesAdopt", step(2)).await.code_or_none(), None);
    let again = json!({ "input": { "meetingId": id, "text": "Anew", "version": 3 } });
    assert_eq!(full(coordinator, "MinutesRevise", again).await.code(), "INVALID_TRANSITION", "adopted ones are amended");
}

async fn shows_who_did_what_and_when(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, id) = (&circles.cast.coordinator, &circles.meeting);
    done(coordinator, "MinutesRevise", "minutes", json!({ "meetingId": id, "text": "Said", "summaryPublic": "All" })).await;
    app.advance(chrono::TimeDelta::minutes(1));
    done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": id, "version": 1 })).await;
    done(coordinator, "MinutesAdopt", "minutes", json!({ "meetingId": id, "version": 2 })).await;
    let document =
        "query($id: ID!) { meeting(id: $id) { minutes { history { version revision status at organisation { name } person { name } } } } }";
    let act = |version: i64, status: &str, at: &str, person: Value| json!({ "version": version, "revision": 1, "status": status, "at": at, "organisation": { "name": "The desk" }, "person": person });
    let (first, later) = ("2026-03-02T09:00:00Z", "2026-03-02T09:01:00Z");
    let person = json!({ "name": "coordinator" });
    let all = |person: Value| {
        json!([act(3, "ADOPTED", later, person.clone()), act(2, "CIRCULATED", later, person.clone()), act(1, "DRAFT", first, person),])
    };
    let mut shared = all(Value::Null);
    shared.as_array_mut().unwrap().pop();
    let wanted = [all(person), all(Value::Null), shared, json!([]), json!([])];
    for ((who, client), wanted) in circles.everybody().into_iter().zip(wanted) {
        let found = client.data(document, json!({ "id": id })).await["meeting"]["minutes"]["history"].clone();
        assert_eq!(found, wanted, "{who}");
    }
}
