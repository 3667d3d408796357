//! Who reads which commitments, and that none tells who spoke at a point where nobody may be named.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, stories};

use super::{Circles, act, commitments, done, each, full, promise};

stories![each_reads_what_he_may, a_point_with_a_commitment_stays_and_never_tells_who_spoke];

/// Puts a commitment down and has it promised; before that the public does not read it.
async fn promised(circles: &Circles, promises: &Client, input: Value) {
    let made = done(&circles.cast.coordinator, "CommitmentCreate", "commitment", input.clone()).await;
    let read = commitments(&circles.anonymous, Value::Null).await;
    assert!(!read.iter().any(|text| input["text"] == text.as_str()), "nobody has promised it yet");
    promises.mutate(&act("Accept"), json!({ "commitmentId": made["id"], "version": 1 })).await;
}

async fn each_reads_what_he_may(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let coordinator = &circles.cast.coordinator;
    let point = |visibility: &str| json!({ "title": [{ "language": "en", "text": visibility }], "visibility": visibility });
    let items: Vec<Value> = ["OPEN", "INTERNAL", "HIDDEN"].map(point).into();
    let agenda = done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": circles.meeting, "items": items, "version": 1 })).await;
    let coalition = circles.another("COALITION", "ATTRIBUTED").await;
    let parties = circles.another("PARTIES", "ATTRIBUTED").await;
    let outsider = app.organisation(OrganisationKind::Cso, "Outsider").await;
    let watcher = app.member("expert@outsider.example", outsider, Role::Expert).await;
    let other = app.organisation(OrganisationKind::PlatformCompany, "Another platform").await;
    let promises = app.member("rep@another.example", other, Role::PlatformAdministrator).await;
    let item = |number: usize| json!({ "agendaItemId": agenda["agenda"][number]["id"] });
    // Each a day after the one before, so that lists have them in this order.
    let all = [
        ("at a public meeting", json!({ "meetingId": circles.meeting })),
        ("at a meeting of the coalition", json!({ "meetingId": coalition })),
        ("at a meeting of its parties", json!({ "meetingId": parties })),
        ("at an open point", item(0)),
        ("at an internal point", item(1)),
        ("at a hidden point", item(2)),
        ("at no meeting", json!({})),
    ];
    for (day, (text, place)) in (10..).zip(&all) {
        let mut input = json!({ "committedById": other.to_string(), "toWhom": [circles.convener.to_string()], "text": text });
        input["dueOn"] = format!("2026-03-{day}").into();
        input.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        promised(&circles, &promises, input).await;
    }
    let texts: Vec<&str> = all.iter().map(|(text, _)| *text).collect();
    let (to_all, to_coalition) =
        (["at a public meeting", "at an open point"], ["at a public meeting", "at a meeting of the coalition", "at an open point"]);
    for (who, client, wanted) in [
        ("coordinator", coordinator, texts.as_slice()),
        ("to whom it was promised", &circles.organiser, &texts),
        ("participant", &circles.cast.officer, &texts[..5]),
        ("coalition", &watcher, &to_coalition),
        ("anonymous", &circles.anonymous, &to_all),
    ] {
        assert_eq!(commitments(client, Value::Null).await, wanted, "{who}");
        let here = commitments(client, json!({ "meetingIds": [circles.meeting] })).await;
        let at_meeting = "query($id: ID!) { meeting(id: $id) { commitments { totalCount nodes { text } } } }";
        let nested = client.data(at_meeting, json!({ "id": circles.meeting })).await["meeting"]["commitments"].clone();
        assert_eq!(each(&nested["nodes"], "text"), here, "{who}");
        assert_eq!(nested["totalCount"], here.len(), "{who}");
    }
    let listed = full(coordinator, "Commitments", json!({})).await.data()["commitments"]["nodes"].clone();
    for node in listed.as_array().unwrap() {
        let text = node["text"].as_str().unwrap();
        let document = "query($id: ID!) { commitment(id: $id) { id } node(id: $id) { id } }";
        let found = circles.anonymous.data(document, json!({ "id": node["id"] })).await;
        assert_eq!(
            (found["commitment"].is_object(), found["node"].is_object()),
            (to_all.contains(&text), to_all.contains(&text)),
            "{text}"
        );
        let reply = full(&watcher, "CommitmentReport", json!({ "input": { "commitmentId": node["id"], "note": "x" } })).await;
        assert_eq!(reply.code(), if to_coalition.contains(&text) { "FORBIDDEN" } else { "NOT_FOUND" }, "{text}");
    }
}

async fn a_point_with_a_commitment_stays_and_never_tells_who_spoke(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let coordinator = &circles.cast.coordinator;
    let revise = |items: Value, version: i64| json!({ "meetingId": circles.meeting, "items": items, "version": version });
    let title = json!([{ "language": "en", "text": "Round" }]);
    let made = done(coordinator, "AgendaRevise", "meeting", revise(json!([{ "title": title }]), 1)).await;
    let item = &made["agenda"][0]["id"];
    let mut input = promise(&circles);
    input["agendaItemId"] = item.clone();
    let id = done(coordinator, "CommitmentCreate", "commitment", input.clone()).await["id"].clone();
    circles.cast.stranger.mutate(&act("Accept"), json!({ "commitmentId": id, "version": 1 })).await;
    let left_out = full(coordinator, "AgendaRevise", json!({ "input": revise(json!([]), 2) })).await;
    assert_eq!((left_out.code(), left_out.faults()), ("CONFLICT", vec!["input.items NOT_ALLOWED_NOW".to_owned()]));
    let document = "query($id: ID!) { commitment(id: $id) { agendaItem { id } meeting { id } } }";
    let read = async |client: &Client| client.data(document, json!({ "id": id })).await["commitment"].clone();
    assert_eq!(read(&circles.anonymous).await, json!({ "agendaItem": { "id": item }, "meeting": { "id": circles.meeting } }));
    done(coordinator, "AgendaRevise", "meeting", revise(json!([{ "id": item, "attribution": "CHATHAM_HOUSE" }]), 2)).await;
    for (who, client) in circles.everybody() {
        assert_eq!(read(client).await, json!({ "agendaItem": null, "meeting": { "id": circles.meeting } }), "{who}");
    }
    let again = full(coordinator, "CommitmentCreate", json!({ "input": input })).await;
    assert_eq!(again.faults(), ["input.agendaItemId CONTRADICTION"], "a commitment names who promised");
}
