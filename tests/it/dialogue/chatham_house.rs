//! Under the Chatham House Rule nobody learns who spoke: each way to learn it is tried, by everybody who may read anything at all.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, socket::Socket, stories};

use super::{Circles, done, full, run, send};

stories![
    nobody_learns_who_spoke,
    nothing_changes_when_somebody_is_named_in_vain,
    no_listener_and_no_letter_tells_who_spoke,
    two_meetings_differ_in_nothing_but_their_names,
    a_summary_taken_back_is_gone,
];

/// The speaker of these stories; a name that stands nowhere else.
const SPEAKER: &str = "Xenokrates";
/// The speaker's organisation, which does nothing else here.
const SCHOOL: &str = "Lykeion";

const EVERYTHING: &str = "query($id: ID!) {
    meeting(id: $id) { id version updatedAt sequence agendaDuration
        agenda { id position title titles { text } kind duration visibility attribution documents { title url }
            speakers { name role organisation { id name } expert { id } } }
        minutes { id status revision version text summaryPublic adoptedAt
            decisions { text attribution attributedTo { id name } }
            comments { id text revision at agendaItem { id } organisation { id name } person { id name } }
            history { version revision status at organisation { id } person { id } } } }
    node(id: $id) { ... on Meeting { agenda { speakers { name } } minutes { decisions { attributedTo { name } } } } }
    nodes(ids: [$id]) { ... on Meeting { agenda { speakers { name } } } }
    meetings(first: 100) { totalCount nodes { id agenda { title speakers { name } } minutes { decisions { attributedTo { name } } } } }
    dialogues { totalCount nodes { id meetings(first: 5) { totalCount nodes { agenda { title speakers { name } } } } } }
}";

pub(super) fn item(attribution: &str, speakers: &Value) -> Value {
    json!({ "title": [{ "language": "en", "text": "Round" }], "attribution": attribution, "speakers": speakers, "duration": "PT10M" })
}

/// Names somebody at a point and in minutes, and then puts both under a rule by which nobody is named.
async fn name_and_forget(circles: &Circles, meeting: &Value, attribution: &str, name: &str, organisation: &str) {
    let coordinator = &circles.cast.coordinator;
    let named = item("ATTRIBUTED", &json!([{ "name": name, "organisationId": organisation }]));
    let first = done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": meeting, "items": [named], "version": 1 })).await;
    let hidden = json!([{ "id": first["agenda"][0]["id"], "attribution": attribution }]);
    done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": meeting, "items": hidden, "version": 2 })).await;
    let minutes = |attribution: &str, to: Option<&str>, version: Option<i64>| {
        let decision = json!({ "text": "Agreed", "attribution": attribution, "attributedToId": to });
        json!({ "meetingId": meeting, "text": "Somebody said so", "summaryPublic": "It was agreed", "decisions": [decision], "version": version })
    };
    done(coordinator, "MinutesRevise", "minutes", minutes("ATTRIBUTED", Some(organisation), None)).await;
    done(coordinator, "MinutesRevise", "minutes", minutes(attribution, None, Some(1))).await;
    done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": meeting, "version": 2 })).await;
    done(coordinator, "MinutesAdopt", "minutes", json!({ "meetingId": meeting, "version": 3 })).await;
}

/// Everything that a caller can fetch about a meeting and around it, as one text.
pub(super) async fn everything(client: &Client, meeting: &Value) -> String {
    let mut texts = vec![client.data(EVERYTHING, json!({ "id": meeting })).await.to_string()];
    let id = meeting.as_str().unwrap();
    let dialogue = client.data("query($id: ID!) { meeting(id: $id) { dialogue { id } } }", json!({ "id": id })).await;
    let dialogue = dialogue["meeting"]["dialogue"]["id"].as_str().unwrap().to_owned();
    for path in [
        format!("/v1/meetings/{id}"),
        "/v1/meetings".to_owned(),
        "/v1/dialogues".to_owned(),
        format!("/v1/dialogues/{dialogue}"),
        format!("/v1/dialogues/{dialogue}/calendar.ics"),
    ] {
        texts.push(client.get(&path).await.text);
    }
    if client.token.is_some() {
        let feed = run(client, "FeedTokenCreate", json!({ "input": { "scope": "MY_MEETINGS" } })).await.data();
        let url = feed["feedTokenCreate"]["url"].as_str().unwrap();
        let (_, path) = url.split_once("/v1/").unwrap();
        texts.push(client.get(&format!("/v1/{path}")).await.text);
        let audit = "{ auditEntries(first: 100) { nodes { act objectId fields organisation { name } actorId } } }";
        let lines = client.graphql(audit, json!({})).await;
        assert!(["INVALID_DOCUMENT", "LIMIT_EXCEEDED"].iter().all(|code| lines.code_or_none() != Some(code)), "{}", lines.text);
        texts.push(lines.text);
        let history = "query($id: ID!) { directoryHistory(id: $id) { version replaced { name value } } }";
        let refused = client.graphql(history, json!({ "id": id })).await;
        assert!(["FORBIDDEN", "NOT_FOUND", "INVALID_INPUT"].contains(&refused.code()), "{}", refused.text);
    }
    for search in ["experts(filter: { search: $search })", "organisations(filter: { search: $search })"] {
        let document = format!("query($search: String) {{ {search} {{ totalCount nodes {{ __typename }} }} }}");
        let found = client.data(&document, json!({ "search": SPEAKER })).await;
        assert!(found.as_object().unwrap().values().all(|list| list["totalCount"] == 0), "{found}");
    }
    texts.concat()
}

async fn nobody_learns_who_spoke(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let auditor = app.member("auditor@desk.example", circles.cast.desk, Role::Auditor).await;
    let school = app.organisation(OrganisationKind::Academia, SCHOOL).await.to_string();
    for attribution in ["CHATHAM_HOUSE", "CONFIDENTIAL"] {
        let meeting = circles.another("PUBLIC", attribution).await;
        let coordinator = &circles.cast.coordinator;
        let named = json!({ "input": { "meetingId": meeting, "items": [item(attribution, &json!([{ "name": SPEAKER }]))], "version": 1 } });
        assert_eq!(full(coordinator, "AgendaRevise", named).await.faults(), ["input.items.0.speakers CONTRADICTION"]);
        name_and_forget(&circles, &meeting, attribution, SPEAKER, &school).await;
        let readers = circles.everybody().into_iter().chain([("auditor", &auditor)]);
        for (who, client) in readers {
            let found = everything(client, &meeting).await;
            assert!(found.contains("Round") && found.contains("It was agreed"), "{who} reads the meeting: {found}");
            assert!(!found.contains(SPEAKER) && !found.contains(SCHOOL), "{who} learns who spoke: {found}");
        }
    }
    // What is forgotten is nowhere, nor in what edits replaced or in the record.
    for sql in [
        "SELECT speakers, count(*) FROM agenda_item GROUP BY speakers",
        "SELECT replaced, count(*) FROM revision GROUP BY replaced",
        "SELECT fields, count(*) FROM audit_entry GROUP BY fields",
    ] {
        let rows = app.database.counts(sql).await;
        assert!(!rows.is_empty() && rows.keys().all(|text| !text.contains(SPEAKER)), "{sql}: {rows:?}");
    }
}

/// What a reader can fetch of a meeting by HTTP, with what the server says of its age.
async fn pages(client: &Client, meeting: &Value, dialogue: &Value, feed: Option<&String>) -> Vec<(String, Vec<String>)> {
    let (meeting, dialogue) = (meeting.as_str().unwrap(), dialogue.as_str().unwrap());
    let mut paths =
        vec![format!("/v1/meetings/{meeting}"), format!("/v1/dialogues/{dialogue}"), format!("/v1/dialogues/{dialogue}/calendar.ics")];
    paths.extend(feed.cloned());
    let mut pages = Vec::new();
    for path in paths {
        let reply = client.get(&path).await;
        let header = |name: &str| reply.headers.get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
        pages.push((reply.text.clone(), ["etag", "last-modified"].map(header).to_vec()));
    }
    pages
}

async fn nothing_changes_when_somebody_is_named_in_vain(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let (coordinator, meeting) = (&circles.cast.coordinator, &circles.meeting);
    let of = "query($id: ID!) { meeting(id: $id) { dialogue { id } } }";
    let dialogue = coordinator.data(of, json!({ "id": meeting })).await["meeting"]["dialogue"]["id"].clone();
    done(
        coordinator,
        "AgendaRevise",
        "meeting",
        json!({ "meetingId": meeting, "items": [item("CHATHAM_HOUSE", &json!([]))], "version": 1 }),
    )
    .await;
    let mut feeds = Vec::new();
    for (_, client) in circles.everybody() {
        let url = match &client.token {
            Some(_) => {
                run(client, "FeedTokenCreate", json!({ "input": { "scope": "MY_MEETINGS" } })).await.data()["feedTokenCreate"]["url"]
                    .clone()
            }
            None => Value::Null,
        };
        feeds.push(url.as_str().map(|url| format!("/v1/{}", url.split_once("/v1/").unwrap().1)));
    }
    let look = async || {
        let mut seen = Vec::new();
        for ((_, client), feed) in circles.everybody().into_iter().zip(&feeds) {
            let answer = client.data(EVERYTHING, json!({ "id": meeting })).await;
            seen.push((answer, pages(client, meeting, &dialogue, feed.as_ref()).await));
        }
        seen
    };
    // Within the second of a change no date of it is stated.
    app.advance(chrono::TimeDelta::minutes(1));
    let before = look().await;
    app.advance(chrono::TimeDelta::minutes(1));
    for attribution in ["CHATHAM_HOUSE", "CONFIDENTIAL"] {
        let named = json!({ "input": { "meetingId": meeting, "items": [item(attribution, &json!([{ "name": SPEAKER }]))], "version": 2 } });
        assert_eq!(full(coordinator, "AgendaRevise", named).await.faults(), ["input.items.0.speakers CONTRADICTION"]);
    }
    let decision = json!([{ "text": "Agreed", "attributedToId": id(circles.cast.platform) }]);
    let named = json!({ "input": { "meetingId": meeting, "text": "Said", "decisions": decision } });
    assert_eq!(full(coordinator, "MinutesRevise", named).await.faults(), ["input.decisions.0.attributedToId CONTRADICTION"]);
    for (index, (now, then)) in look().await.iter().zip(&before).enumerate() {
        assert_eq!(now, then, "{}", circles.everybody()[index].0);
    }
}

async fn no_listener_and_no_letter_tells_who_spoke(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let school = app.organisation(OrganisationKind::Academia, SCHOOL).await.to_string();
    let changed = "subscription { meetingChanged { kind meeting { id agenda { title speakers { name } } minutes { text
        comments { organisation { name } person { name } } decisions { attributedTo { name } } } } } }";
    let mut sockets = Vec::new();
    for (_, client) in circles.everybody().into_iter().filter(|(_, client)| client.token.is_some()) {
        let mut socket = Socket::start(&app.url("/graphql"), client.token.as_deref()).await;
        socket.subscribe("1", changed, json!({})).await;
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
        sockets.push(socket);
    }
    let meeting = &circles.meeting;
    name_and_forget(&circles, meeting, "CHATHAM_HOUSE", SPEAKER, &school).await;
    let moved = json!({ "meetingId": meeting, "localStart": "2026-10-16T10:00", "timeZone": "UTC", "version": 3 });
    send(&circles.cast.coordinator, "MeetingReschedule", moved).await.data();
    for socket in &mut sockets {
        // Agendas and drafts are no change that anybody hears of, so that what was named and forgotten is not told on the way.
        loop {
            let heard = socket.hear().await.expect("an open socket");
            let text = heard.to_string();
            assert!(text.contains("Round") && !text.contains(SPEAKER) && !text.contains(SCHOOL), "{text}");
            match heard["payload"]["data"]["meetingChanged"]["kind"].as_str() {
                Some("MINUTES") => {}
                kind => break assert_eq!(kind, Some("RESCHEDULED"), "{text}"),
            }
        }
    }
    for to in ["coordinator@desk.example", "expert@association.example", "officer@body.example"] {
        let mails = app.mails(to).await;
        assert!(mails.iter().any(|mail| mail.contains("text/calendar")), "{to} has letters");
        assert!(mails.iter().all(|mail| !mail.contains(SPEAKER) && !mail.contains(SCHOOL)), "{to}: {mails:?}");
    }
}

/// An answer without what differs between any two meetings: ids, in the order in which they come.
fn without_ids(answer: &Value) -> Value {
    match answer {
        Value::Array(list) => list.iter().map(without_ids).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), if name == "id" { Value::Null } else { without_ids(value) })).collect()
        }
        other => other.clone(),
    }
}

async fn two_meetings_differ_in_nothing_but_their_names(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let (one, two) = (circles.another("PUBLIC", "CHATHAM_HOUSE").await, circles.another("PUBLIC", "CHATHAM_HOUSE").await);
    name_and_forget(&circles, &one, "CHATHAM_HOUSE", SPEAKER, &circles.cast.platform.to_string()).await;
    name_and_forget(&circles, &two, "CHATHAM_HOUSE", "B", &circles.cast.body.to_string()).await;
    let document = "query($id: ID!) { meeting(id: $id) { id version updatedAt sequence agendaDuration
        agenda { id position title kind duration visibility attribution documents { title } speakers { name } }
        minutes { id status revision version text summaryPublic decisions { text attribution attributedTo { name } } history { version status } } } }";
    for (who, client) in circles.everybody() {
        let read = async |id: &Value| without_ids(&client.data(document, json!({ "id": id })).await);
        assert_eq!(read(&one).await, read(&two).await, "{who}");
        assert_eq!(read(&one).await["meeting"]["version"], 3, "{who}: one more with each setting of the agenda");
    }
    // The answer before a point names nobody and the answer after are the same but for the rule, whoever spoke.
    let audit = "{ auditEntries(filter: { act: [\"agenda.revise\"] }, first: 100) { nodes { fields } } }";
    let lines = circles.cast.coordinator.data(audit, json!({})).await["auditEntries"]["nodes"].clone();
    assert_eq!(lines, json!([{ "fields": ["agenda"] }, { "fields": ["agenda"] }, { "fields": ["agenda"] }, { "fields": ["agenda"] }]));
}

async fn a_summary_taken_back_is_gone(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let meeting = &circles.meeting;
    let coordinator = &circles.cast.coordinator;
    let write = json!({ "meetingId": meeting, "text": "Said", "summaryPublic": format!("{SPEAKER} said so") });
    done(coordinator, "MinutesRevise", "minutes", write).await;
    done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": meeting, "version": 1 })).await;
    done(coordinator, "MinutesAdopt", "minutes", json!({ "meetingId": meeting, "version": 2 })).await;
    assert!(circles.anonymous.data(EVERYTHING, json!({ "id": meeting })).await.to_string().contains(SPEAKER));
    let amend = "mutation($input: MinutesAmendInput!) { minutesAmend(input: $input) { minutes { status } userErrors { code } } }";
    coordinator.mutate(amend, json!({ "meetingId": meeting, "text": "Somebody said so", "version": 3 })).await;
    for (who, client) in circles.everybody() {
        let found = client.data(EVERYTHING, json!({ "id": meeting })).await.to_string();
        assert!(!found.contains(SPEAKER), "{who}: {found}");
    }
}
