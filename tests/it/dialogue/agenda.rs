//! Agendas: set whole, reordered, and read by how near one is to the meeting.

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};

use super::{Circles, done, each, full, run, send};

stories![
    sets_reorders_and_keeps_ids,
    leaves_as_it_is_what_is_not_said,
    each_reads_what_he_may,
    refuses_what_is_stale_foreign_or_wrong,
    conveners_set_it_in_bilateral_dialogues,
    one_statement_for_all_agendas,
];

const READ: &str = "query($id: ID!) { meeting(id: $id) { version duration agendaDuration agenda {
    id position title kind duration visibility attribution documents { title url } speakers { name role organisation { name } } } } }";

async fn read(client: &Client, id: &Value) -> Value {
    client.data(READ, json!({ "id": id })).await["meeting"].clone()
}

fn title(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

async fn sets_reorders_and_keeps_ids(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, id) = (&circles.cast.coordinator, &circles.meeting);
    let items = json!([
        { "title": title("Welcome"), "kind": "PRESENTATION", "duration": "PT10M" },
        { "title": title("Threats"), "kind": "DISCUSSION", "duration": "PT45M" },
        { "title": title("Next steps"), "kind": "DECISION" },
    ]);
    let input = json!({ "meetingId": id, "items": items, "version": 1, "idempotencyKey": "a" });
    let first = done(coordinator, "AgendaRevise", "meeting", input.clone()).await;
    assert_eq!(first["version"], 2);
    assert_eq!(each(&first["agenda"], "title"), ["Welcome", "Threats", "Next steps"]);
    assert_eq!(first["agenda"][0]["duration"], "PT10M");
    assert_eq!(done(coordinator, "AgendaRevise", "meeting", input).await, first, "sent again it changes nothing");
    let ids = each(&first["agenda"], "id");
    let items = json!([{ "id": ids[2] }, { "title": title("Lunch"), "kind": "OTHER" }, { "id": ids[0], "title": title("Opening") }]);
    let second = done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": id, "items": items, "version": 2 })).await;
    assert_eq!(each(&second["agenda"], "title"), ["Next steps", "Lunch", "Opening"]);
    let positions: Vec<i64> = second["agenda"].as_array().unwrap().iter().map(|item| item["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, [1, 2, 3]);
    assert_eq!((&second["agenda"][0]["id"], &second["agenda"][2]["id"]), (&json!(ids[2]), &json!(ids[0])));
    assert_eq!(read(&circles.anonymous, id).await["agendaDuration"], "PT10M");
    let none = done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": id, "items": [], "version": 3 })).await;
    assert_eq!(none["agenda"], json!([]));
    assert_eq!(read(&circles.anonymous, id).await["agendaDuration"], Value::Null);
}

async fn leaves_as_it_is_what_is_not_said(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, id) = (&circles.cast.coordinator, &circles.meeting);
    let item = json!({
        "title": title("Report"), "kind": "REPORT", "duration": "PT30M", "visibility": "HIDDEN", "attribution": "ATTRIBUTED",
        "speakers": [{ "name": "The chair", "role": "Chair", "organisationId": circles.convener.to_string() }],
        "documents": [{ "title": "Paper", "url": "https://papers.example/1" }],
    });
    let made = done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": id, "items": [item], "version": 1 })).await;
    let before = read(coordinator, id).await;
    assert_eq!(
        before["agenda"][0]["speakers"][0],
        json!({ "name": "The chair", "role": "Chair", "organisation": { "name": "Association" } })
    );
    assert_eq!(before["agenda"][0]["documents"], json!([{ "title": "Paper", "url": "https://papers.example/1" }]));
    let item = &made["agenda"][0]["id"];
    done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": id, "items": [{ "id": item }], "version": 2 })).await;
    assert_eq!(read(coordinator, id).await["agenda"], before["agenda"]);
    let emptied = json!({ "id": item, "duration": null, "speakers": [], "documents": [] });
    done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": id, "items": [emptied], "version": 3 })).await;
    let after = read(coordinator, id).await["agenda"][0].clone();
    assert_eq!((&after["duration"], &after["speakers"], &after["documents"]), (&Value::Null, &json!([]), &json!([])));
    assert_eq!(after["visibility"], "HIDDEN");
}

async fn each_reads_what_he_may(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    for (visibility, strangers) in [("PUBLIC", 2), ("COALITION", 1), ("PARTIES", 0)] {
        let id = &circles.another(visibility, "ATTRIBUTED").await;
        let items = json!([
            { "title": title("Hidden"), "visibility": "HIDDEN", "duration": "PT7M" },
            { "title": title("Open"), "visibility": "OPEN", "duration": "PT20M" },
            { "title": title("Internal"), "visibility": "INTERNAL", "duration": "PT3M" },
        ]);
        done(&circles.cast.coordinator, "AgendaRevise", "meeting", json!({ "meetingId": id, "items": items, "version": 1 })).await;
        let wanted: [(&[&str], &str); 5] = [
            (&["Hidden", "Open", "Internal"], "PT30M"),
            (&["Hidden", "Open", "Internal"], "PT30M"),
            (&["Open", "Internal"], "PT23M"),
            (&["Open"], "PT20M"),
            (&["Open"], "PT20M"),
        ];
        for ((who, client), (titles, duration)) in circles.everybody().into_iter().zip(wanted).take(3 + strangers) {
            let found = read(client, id).await;
            assert_eq!(each(&found["agenda"], "title"), titles, "{who}");
            assert_eq!(found["agendaDuration"], duration, "{who}");
            let filter = json!({ "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z" });
            let listed = run(client, "Meetings", filter).await.data()["meetings"]["nodes"].clone();
            let listed = listed.as_array().unwrap().iter().find(|one| one["id"] == *id).unwrap()["agenda"].clone();
            assert_eq!(each(&listed, "title"), titles, "{who}, in a list");
        }
        for (who, client) in circles.everybody().into_iter().skip(3 + strangers) {
            assert_eq!(read(client, id).await, Value::Null, "{who}");
        }
    }
}

async fn refuses_what_is_stale_foreign_or_wrong(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let (coordinator, id) = (&circles.cast.coordinator, &circles.meeting);
    let with = |items: Value, version: i64| json!({ "input": { "meetingId": id, "items": items, "version": version } });
    let one = json!([{ "title": title("One") }]);
    assert_eq!(full(&circles.anonymous, "AgendaRevise", with(one.clone(), 1)).await.code(), "UNAUTHENTICATED");
    for client in [&circles.cast.officer, &circles.cast.stranger, &circles.organiser] {
        assert_eq!(full(client, "AgendaRevise", with(one.clone(), 1)).await.code(), "FORBIDDEN");
    }
    let stale = full(coordinator, "AgendaRevise", with(one.clone(), 2)).await;
    assert_eq!((stale.code(), stale.faults()), ("VERSION_MISMATCH", vec!["input.version STALE_VERSION".to_owned()]));
    let made = done(coordinator, "AgendaRevise", "meeting", with(one.clone(), 1)["input"].clone()).await;
    let known = &made["agenda"][0]["id"];
    let nobody = "organisation_00000000000000000000000001";
    let wrong = json!([
        { "id": known },
        { "id": known },
        { "id": "agenda_00000000000000000000000001", "title": title("Nowhere") },
        { "id": id, "title": title("A meeting") },
        { "title": [] , "duration": "PT0M" },
        { "title": title("Paper"), "documents": [{ "title": "Paper", "url": "ftp://papers.example" }] },
        { "title": title("Named"), "speakers": [{ "name": "Somebody" }] },
    ]);
    assert_eq!(
        full(coordinator, "AgendaRevise", with(wrong, 2)).await.faults(),
        [
            "input.items.1.id DUPLICATE",
            "input.items.2.id UNKNOWN_ID",
            "input.items.3.id WRONG_KIND",
            "input.items.4.title REQUIRED",
            "input.items.4.duration OUT_OF_RANGE",
            "input.items.5.documents.0.url MALFORMED",
            "input.items.6.speakers CONTRADICTION",
        ]
    );
    let unknown = json!([{ "title": title("x"), "attribution": "ATTRIBUTED", "speakers": [
        { "name": "Somebody", "organisationId": nobody, "expertId": "expert_00000000000000000000000001" }] }]);
    let faults = full(coordinator, "AgendaRevise", with(unknown, 2)).await.faults();
    assert_eq!(faults, ["input.items.0.speakers.0.organisationId UNKNOWN_ID", "input.items.0.speakers.0.expertId UNKNOWN_ID"]);
    let many = Value::Array((0..101).map(|_| json!({ "title": title("x") })).collect());
    assert_eq!(full(coordinator, "AgendaRevise", with(many, 2)).await.faults(), ["input.items TOO_LONG"]);
    assert_eq!(each(&read(coordinator, id).await["agenda"], "title"), ["One"], "nothing is half written");
    assert_eq!(send(coordinator, "MeetingCancel", json!({ "meetingId": id, "version": 2 })).await.code_or_none(), None);
    assert_eq!(full(coordinator, "AgendaRevise", with(one, 3)).await.code(), "INVALID_TRANSITION");
}

async fn conveners_set_it_in_bilateral_dialogues(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let cast = &circles.cast;
    let mut input = cast.monthly("PARTIES");
    input["kind"] = "BILATERAL".into();
    input["conveners"] = json!([cast.body.to_string()]);
    input["members"] = json!([cast.platform.to_string()]);
    let created = send(&cast.officer, "DialogueCreate", input).await.data()["dialogueCreate"]["dialogue"].clone();
    let id = &created["upcoming"]["nodes"][0]["id"];
    let input = |version: i64| json!({ "meetingId": id, "items": [{ "title": title("Ours") }], "version": version });
    done(&cast.officer, "AgendaRevise", "meeting", input(1)).await;
    assert_eq!(full(&cast.stranger, "AgendaRevise", json!({ "input": input(2) })).await.code(), "FORBIDDEN", "a member convenes nothing");
    assert_eq!(full(&circles.organiser, "AgendaRevise", json!({ "input": input(2) })).await.code(), "FORBIDDEN");
}

async fn one_statement_for_all_agendas(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let document = "query($first: Int) { meetings(first: $first) { nodes { agenda { title } } } }";
    let cost = async |first: u32| circles.cast.officer.graphql(document, json!({ "first": first })).await.statements();
    cost(1).await;
    assert_eq!(cost(1).await, cost(6).await);
}
