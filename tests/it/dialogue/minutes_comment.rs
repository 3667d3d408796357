//! Comments on circulated minutes: written by who takes part until the adoption, and read by who may.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::{Circles, done};

stories![
    who_reads_what_is_circulated_comments_until_the_adoption,
    who_registered_comments_for_his_organisation,
    a_comment_stays_under_the_rule_of_its_point,
    a_comment_on_a_hidden_point_is_for_who_reads_the_point,
    names_every_fault_and_writes_once,
    administrators_do_not_learn_from_the_log_who_commented,
    many_minutes_cost_no_more_than_one,
];

const COMMENT: &str = "mutation($input: MinutesCommentInput!) { minutesComment(input: $input) {
    minutes { status version comments { text } } userErrors { code reason path message } } }";
const READ: &str = "query($id: ID!) { meeting(id: $id) { minutes { id version comments {
    id text revision at agendaItem { title } organisation { name } person { name } } } } }";

async fn send(client: &Client, input: Value) -> Reply {
    client.graphql(COMMENT, json!({ "input": input })).await
}

async fn write(client: &Client, meeting: &Value, text: &str) {
    let reply = send(client, json!({ "meetingId": meeting, "text": text })).await;
    assert_eq!(reply.faults(), Vec::<String>::new(), "{text}: {}", reply.text);
}

/// The code with which a comment is refused.
async fn refused(client: &Client, meeting: &Value) -> String {
    send(client, json!({ "meetingId": meeting, "text": "Too late" })).await.code().to_owned()
}

/// What a reader is told of each comment: the text, the organisation and the person.
async fn told(client: &Client, meeting: &Value) -> Vec<String> {
    let minutes = client.data(READ, json!({ "id": meeting })).await["meeting"]["minutes"].clone();
    let word = |one: &Value| one["name"].as_str().unwrap_or("-").to_owned();
    let one =
        |comment: &Value| format!("{} {} {}", comment["text"].as_str().unwrap(), word(&comment["organisation"]), word(&comment["person"]));
    minutes["comments"].as_array().map(|comments| comments.iter().map(one).collect()).unwrap_or_default()
}

async fn revise(circles: &Circles, meeting: &Value, version: Option<i64>) {
    let minutes = json!({ "meetingId": meeting, "text": "Said", "summaryPublic": "For all", "version": version });
    done(&circles.cast.coordinator, "MinutesRevise", "minutes", minutes).await;
}

async fn circulate(circles: &Circles, meeting: &Value) {
    revise(circles, meeting, None).await;
    done(&circles.cast.coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": meeting, "version": 1 })).await;
}

async fn adopt(circles: &Circles, meeting: &Value, version: i64) {
    done(&circles.cast.coordinator, "MinutesAdopt", "minutes", json!({ "meetingId": meeting, "version": version })).await;
}

async fn who_reads_what_is_circulated_comments_until_the_adoption(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, organiser, officer) = (&circles.cast.coordinator, &circles.organiser, &circles.cast.officer);
    let (stranger, meeting) = (&circles.cast.stranger, &circles.meeting);
    let colleague = app.member("colleague@body.example", circles.cast.body, Role::ElectoralBodyOfficer).await;
    let auditor = app.member("auditor@desk.example", circles.cast.desk, Role::Auditor).await;
    for client in [coordinator, organiser, officer, stranger] {
        assert_eq!(refused(client, meeting).await, "NOT_FOUND", "there are none");
    }
    revise(&circles, meeting, None).await;
    assert_eq!(refused(officer, meeting).await, "NOT_FOUND", "a draft is not there for who takes part");
    assert_eq!(refused(organiser, meeting).await, "INVALID_TRANSITION", "not circulated");
    done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": meeting, "version": 1 })).await;
    for (text, client) in [("One", officer), ("Two", organiser), ("Three", coordinator)] {
        app.advance(chrono::TimeDelta::seconds(1));
        write(client, meeting, text).await;
    }
    for client in [stranger, &auditor] {
        assert_eq!(refused(client, meeting).await, "NOT_FOUND", "he reads no draft");
    }
    assert_eq!(refused(&circles.anonymous, meeting).await, "UNAUTHENTICATED");
    let all = ["One Junta -", "Two Association -", "Three The desk -"];
    assert_eq!(told(officer, meeting).await, ["One Junta officer", all[1], all[2]]);
    assert_eq!(told(&colleague, meeting).await, ["One Junta officer", all[1], all[2]], "a member of the same organisation");
    assert_eq!(told(organiser, meeting).await, [all[0], "Two Association expert", all[2]]);
    assert_eq!(told(coordinator, meeting).await, [all[0], all[1], "Three The desk coordinator"]);
    // A new draft, which who takes part does not know of, takes nothing from him.
    revise(&circles, meeting, Some(2)).await;
    write(officer, meeting, "Four").await;
    assert_eq!(refused(stranger, meeting).await, "NOT_FOUND");
    done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": meeting, "version": 3 })).await;
    write(&colleague, meeting, "Five").await;
    let found = officer.data(READ, json!({ "id": meeting })).await["meeting"]["minutes"].clone();
    let revisions: Vec<i64> = found["comments"].as_array().unwrap().iter().map(|one| one["revision"].as_i64().unwrap()).collect();
    assert_eq!((revisions, &found["version"]), (vec![1, 1, 1, 1, 2], &json!(4)), "a comment is no version of the minutes");
    assert_eq!(found["comments"][0]["at"], "2026-03-02T09:00:01Z");
    adopt(&circles, meeting, 4).await;
    for client in [coordinator, organiser, officer] {
        assert_eq!(refused(client, meeting).await, "INVALID_TRANSITION", "adopted");
    }
    assert_eq!(refused(stranger, meeting).await, "FORBIDDEN", "he reads their summary");
    assert_eq!(told(officer, meeting).await, ["One Junta officer", "Four Junta officer"], "what he wrote himself");
    assert_eq!(told(&colleague, meeting).await, ["Five Junta colleague"]);
    assert_eq!(told(organiser, meeting).await.len(), 5);
    for client in [stranger, &circles.anonymous] {
        assert_eq!(told(client, meeting).await, Vec::<String>::new());
    }
}

async fn who_registered_comments_for_his_organisation(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (stranger, meeting) = (&circles.cast.stranger, &circles.meeting);
    let open = "mutation($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) {
        meeting { version } userErrors { code reason path message } } }";
    circles.cast.coordinator.mutate(open, json!({ "meetingId": meeting, "mode": "OPEN", "version": 1 })).await;
    circulate(&circles, meeting).await;
    assert_eq!(refused(stranger, meeting).await, "NOT_FOUND");
    done(stranger, "MeetingRegister", "participation", json!({ "meetingId": meeting })).await;
    write(stranger, meeting, "From outside").await;
    assert_eq!(told(&circles.cast.officer, meeting).await, ["From outside Platform -"]);
    assert_eq!(told(stranger, meeting).await, ["From outside Platform rep"]);
}

fn point(attribution: &str, visibility: &str) -> Value {
    json!({ "title": [{ "language": "en", "text": "Round" }], "attribution": attribution, "visibility": visibility })
}

/// Sets an agenda of these points; answers their ids.
async fn agenda(circles: &Circles, meeting: &Value, items: &[Value], version: i64) -> Vec<Value> {
    let input = json!({ "meetingId": meeting, "items": items, "version": version });
    let set = done(&circles.cast.coordinator, "AgendaRevise", "meeting", input).await;
    set["agenda"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
}

async fn a_comment_stays_under_the_rule_of_its_point(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let (coordinator, organiser, officer) = (&circles.cast.coordinator, &circles.organiser, &circles.cast.officer);
    let meeting = &circles.meeting;
    let colleague = app.member("colleague@body.example", circles.cast.body, Role::ElectoralBodyOfficer).await;
    let items = agenda(&circles, meeting, &[point("ATTRIBUTED", "OPEN"), point("CONFIDENTIAL", "OPEN")], 1).await;
    circulate(&circles, meeting).await;
    write(officer, meeting, "General").await;
    for (text, item) in [("Named", &items[0]), ("Hidden", &items[1])] {
        app.advance(chrono::TimeDelta::seconds(1));
        let reply = send(officer, json!({ "meetingId": meeting, "text": text, "agendaItemId": item })).await;
        assert_eq!(reply.faults(), Vec::<String>::new());
    }
    let own = ["General Junta officer", "Named Junta officer", "Hidden Junta officer"];
    let organisers = ["General Junta -", "Named Junta -", "Hidden Junta -"];
    assert_eq!(told(officer, meeting).await, own);
    for client in [coordinator, organiser] {
        assert_eq!(told(client, meeting).await, organisers);
    }
    assert_eq!(told(&colleague, meeting).await, ["General - -", "Named Junta officer", "Hidden - -"]);
    // A point that comes under the rule hides who wrote before; one that leaves it does not tell who wrote under it.
    let changed = [json!({ "id": items[0], "attribution": "CHATHAM_HOUSE" }), json!({ "id": items[1], "attribution": "ATTRIBUTED" })];
    agenda(&circles, meeting, &changed, 2).await;
    assert_eq!(told(&colleague, meeting).await, ["General - -", "Named - -", "Hidden - -"]);
    assert_eq!(told(officer, meeting).await, own);
}

async fn a_comment_on_a_hidden_point_is_for_who_reads_the_point(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (organiser, officer, meeting) = (&circles.organiser, &circles.cast.officer, &circles.meeting);
    let items = agenda(&circles, meeting, &[point("ATTRIBUTED", "HIDDEN"), point("ATTRIBUTED", "INTERNAL")], 1).await;
    circulate(&circles, meeting).await;
    for item in &items {
        let reply = send(organiser, json!({ "meetingId": meeting, "text": "On a point", "agendaItemId": item })).await;
        assert_eq!(reply.faults(), Vec::<String>::new());
    }
    assert_eq!((told(organiser, meeting).await.len(), told(officer, meeting).await.len()), (2, 1));
    let unseen = send(officer, json!({ "meetingId": meeting, "text": "On a point", "agendaItemId": items[0] })).await;
    let unknown =
        send(officer, json!({ "meetingId": meeting, "text": "On a point", "agendaItemId": "agenda_00000000000000000000000001" })).await;
    assert_eq!(unseen.faults(), ["input.agendaItemId UNKNOWN_ID"]);
    assert_eq!(unseen.body["data"], unknown.body["data"], "a point that he may not read is none");
    // A point that leaves the agenda takes with it what others than the organisers could read of it.
    agenda(&circles, meeting, &[json!({ "id": items[0] })], 2).await;
    assert_eq!((told(organiser, meeting).await.len(), told(officer, meeting).await.len()), (2, 0));
}

async fn names_every_fault_and_writes_once(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (officer, meeting) = (&circles.cast.officer, &circles.meeting);
    let other = circles.another("PUBLIC", "ATTRIBUTED").await;
    let elsewhere = agenda(&circles, &other, &[point("ATTRIBUTED", "OPEN")], 1).await;
    circulate(&circles, meeting).await;
    let wrong = |text: &str, item: Value| json!({ "meetingId": meeting, "text": text, "agendaItemId": item });
    for (input, faults) in [
        (wrong(&"é".repeat(10_001), json!(meeting)), vec!["input.text TOO_LONG", "input.agendaItemId WRONG_KIND"]),
        (wrong(" \n ", Value::Null), vec!["input.text REQUIRED"]),
        (wrong("a\u{202e}b", Value::Null), vec!["input.text FORBIDDEN_CHARACTER"]),
        (wrong("Of another meeting", elsewhere[0].clone()), vec!["input.agendaItemId UNKNOWN_ID"]),
    ] {
        let reply = send(officer, input).await;
        assert_eq!((reply.code(), reply.faults()), ("INVALID_INPUT", faults.into_iter().map(str::to_owned).collect()));
    }
    write(officer, meeting, &"é".repeat(10_000)).await;
    let stale = json!({ "meetingId": meeting, "text": "Of the draft", "version": 1 });
    assert_eq!(send(officer, stale).await.code(), "VERSION_MISMATCH");
    let keyed = |text: &str| json!({ "meetingId": meeting, "text": text, "version": 2, "idempotencyKey": "k" });
    for _ in 0..2 {
        let kept = send(officer, keyed("Once")).await.data()["minutesComment"]["minutes"]["comments"].clone();
        assert_eq!(kept.as_array().unwrap().len(), 2);
    }
    assert_eq!(send(officer, keyed("Twice")).await.faults(), ["input.idempotencyKey KEY_REUSED"]);
    adopt(&circles, meeting, 2).await;
    assert_eq!(send(officer, keyed("Once")).await.code_or_none(), None, "what was done is answered as it is now");
    assert_eq!(told(officer, meeting).await.len(), 2);
}

async fn administrators_do_not_learn_from_the_log_who_commented(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let (administrator, meeting) = (&circles.cast.officer, &circles.meeting);
    let officer = app.member("officer2@body.example", circles.cast.body, Role::ElectoralBodyOfficer).await;
    let auditor = app.member("auditor@desk.example", circles.cast.desk, Role::Auditor).await;
    circulate(&circles, meeting).await;
    let log = "{ auditEntries(first: 100) { totalCount nodes { id act objectId actorId } } }";
    let lines = async |client: &Client| client.data(log, json!({})).await["auditEntries"].clone();
    let before = lines(administrator).await;
    write(&officer, meeting, "One").await;
    assert_eq!(lines(administrator).await, before, "neither a line nor a number");
    let line = lines(&auditor).await["nodes"].as_array().unwrap().iter().find(|one| one["act"] == "minutes.comment").cloned().unwrap();
    let minutes = officer.data(READ, json!({ "id": meeting })).await["meeting"]["minutes"]["id"].clone();
    assert_eq!(line["objectId"], minutes);
    let by_id = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(administrator.data(by_id, json!({ "id": line["id"] })).await["node"], Value::Null);
    let by_act = "{ auditEntries(filter: { act: [\"minutes.comment\"] }) { totalCount } }";
    assert_eq!(administrator.data(by_act, json!({})).await["auditEntries"]["totalCount"], 0);
    write(administrator, meeting, "Two").await;
    assert_eq!(administrator.data(by_act, json!({})).await["auditEntries"]["totalCount"], 1, "his own");
}

async fn many_minutes_cost_no_more_than_one(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, meeting) = (&circles.cast.coordinator, &circles.meeting);
    let tribunal = app.organisation(OrganisationKind::ElectoralBody, "Tribunal").await;
    let document = "query($first: Int) { meetings(first: $first) { nodes { minutes { comments { text agendaItem { title } organisation { name } person { name } } } } } }";
    let of = "query($id: ID!) { meeting(id: $id) { dialogue { id version meetings(first: 6) { nodes { id } } } } }";
    let dialogue = coordinator.data(of, json!({ "id": meeting })).await["meeting"]["dialogue"].clone();
    let members = "mutation($input: DialogueMembersSetInput!) { dialogueMembersSet(input: $input) { dialogue { id } userErrors { code reason path message } } }";
    let both = json!([circles.cast.body.to_string(), tribunal.to_string()]);
    coordinator.mutate(members, json!({ "dialogueId": dialogue["id"], "members": both, "version": dialogue["version"] })).await;
    let second = app.member("officer@tribunal.example", tribunal, Role::ElectoralBodyOfficer).await;
    for one in dialogue["meetings"]["nodes"].as_array().unwrap() {
        let items = agenda(&circles, &one["id"], &[point("ATTRIBUTED", "OPEN")], 1).await;
        circulate(&circles, &one["id"]).await;
        for client in [&circles.cast.officer, &second] {
            let input = json!({ "meetingId": one["id"], "text": "Seen", "agendaItemId": items[0] });
            assert_eq!(send(client, input).await.faults(), Vec::<String>::new());
        }
    }
    let mut costs = Vec::new();
    for first in [1, 6] {
        circles.cast.officer.graphql(document, json!({ "first": first })).await;
        let reply = circles.cast.officer.graphql(document, json!({ "first": first })).await;
        costs.push(reply.statements());
        let nodes = reply.data()["meetings"]["nodes"].clone();
        let full = |one: &Value| one["minutes"]["comments"].as_array().is_some_and(|comments| comments.len() == 2);
        assert!(nodes.as_array().unwrap().iter().all(full), "{nodes}");
    }
    assert_eq!(costs[0], costs[1]);
}
