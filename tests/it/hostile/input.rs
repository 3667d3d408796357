//! Tokens, ids and texts that nobody means well, wherever the server takes one.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, Reply, TestApp, people::id, stories};

use super::assert_up;
use crate::engagement::world::World;

stories![
    an_expired_token_is_refused_everywhere,
    ids_of_another_kind_malformed_or_unknown_are_named,
    dates_and_times_that_are_none_are_named,
    hostile_texts_are_refused_wherever_one_is_typed,
    hostile_words_to_look_for_find_nothing,
];

async fn an_expired_token_is_refused_everywhere(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    app.advance(TimeDelta::minutes(16));
    for (method, path) in [
        (Method::POST, "/graphql"),
        (Method::GET, "/graphql?query={__typename}"),
        (Method::DELETE, "/v1/session"),
        (Method::GET, "/v1/contacts/contact_00000000000000000000000001/history"),
    ] {
        let request = officer.request(method.clone(), path).header("content-type", "application/json");
        let reply = officer.send(request.body(if method == Method::POST { r#"{"query":"{ __typename }"}"# } else { "" })).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "{method} {path}");
        assert!(reply.headers.contains_key("www-authenticate") && reply.body.get("data").is_none(), "{method} {path}");
    }
    assert_up(app).await;
}

async fn dates_and_times_that_are_none_are_named(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let moved = json!({ "meetingId": "x", "localStart": "2027-02-30T10:00", "timeZone": "UTC", "version": 1 });
    let slot = |local: &str| json!({ "localStart": local, "timeZone": "UTC" });
    let poll =
        |local: &str, closes: &str| json!({ "meetingId": "x", "candidates": [slot("2027-02-01T10:00"), slot(local)], "closesAt": closes });
    let promise = json!({ "committedById": "x", "toWhom": [], "text": "x", "dueOn": "2027-13-01" });
    for (mutation, input, at, written) in [
        ("meetingReschedule", moved, json!(["input", "localStart"]), "2025-02-24T19:00:00, without an offset"),
        ("slotPollOpen", poll("2027-02-01T10:00Z", "2027-01-01T00:00:00Z"), json!(["input", "candidates", "1", "localStart"]), "without"),
        ("slotPollOpen", poll("2027-02-02T10:00", "tomorrow"), json!(["input", "closesAt"]), "2025-02-24T09:30:00Z"),
        ("commitmentCreate", promise, json!(["input", "dueOn"]), "2025-02-24"),
    ] {
        let reply = send(&coordinator, mutation, input).await;
        let error = &reply.body["errors"][0];
        let fault = &error["extensions"]["faults"][0];
        assert_eq!((reply.code(), &fault["reason"], &fault["path"]), ("INVALID_INPUT", &json!("MALFORMED"), &at), "{}", reply.text);
        assert!(error["message"].as_str().unwrap().contains(written), "{}", reply.text);
    }
    let written = "{ meetings(filter: { startsFrom: \"soon\" }) { totalCount } }";
    let reply = coordinator.graphql(written, json!({})).await;
    assert_eq!(reply.body["errors"][0]["extensions"]["faults"][0]["path"], json!(["filter", "startsFrom"]), "{}", reply.text);
}

/// Sends a mutation with an input.
async fn send(client: &Client, mutation: &str, input: Value) -> Reply {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code reason path message }} }} }}");
    client.graphql(&document, json!({ "input": input })).await
}

fn with(input: &Value, field: &str, value: Value) -> Value {
    let mut input = input.clone();
    input[field] = value;
    input
}

async fn ids_of_another_kind_malformed_or_unknown_are_named(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer) = (world.coordinator().await, world.officer().await);
    let moved = json!({ "localStart": "2027-04-15T10:00:00", "timeZone": "Europe/Madrid", "version": 1 });
    for (mutation, field, rest, kind) in [
        ("organisationUpdate", "id", json!({ "version": 1 }), "organisation"),
        ("platformServiceUpdate", "id", json!({ "version": 1 }), "service"),
        ("electionUpdate", "id", json!({ "version": 1 }), "election"),
        ("channelVerify", "id", json!({ "version": 1 }), "channel"),
        ("expertUpdate", "id", json!({ "version": 1 }), "expert"),
        ("reportingProgrammeUpdate", "id", json!({ "version": 1 }), "programme"),
        ("responseTargetConfirm", "id", json!({ "version": 1 }), "target"),
        ("instrumentConfirm", "id", json!({ "version": 1 }), "instrument"),
        ("publicationUpdate", "id", json!({ "version": 1 }), "publication"),
        ("dialogueMembersSet", "dialogueId", json!({ "version": 1, "members": [] }), "dialogue"),
        ("meetingReschedule", "meetingId", moved, "meeting"),
        ("meetingPostpone", "meetingId", json!({ "version": 1 }), "meeting"),
        ("meetingCancel", "meetingId", json!({ "version": 1 }), "meeting"),
        ("feedTokenRevoke", "feedTokenId", json!({}), "feed"),
        ("membershipRevoke", "membershipId", json!({}), "membership"),
        ("contactComment", "contactId", json!({ "text": "x" }), "contact"),
    ] {
        let wrong =
            [json!(""), json!("'; DROP TABLE contact; --"), json!("\u{0}"), json!("x".repeat(10_000)), id(world.service), id(world.body)];
        for value in wrong.into_iter().filter(|value| !value.as_str().unwrap().starts_with(kind)) {
            let client = if mutation == "contactComment" { &officer } else { &coordinator };
            let reply = send(client, mutation, with(&rest, field, value.clone())).await;
            let faults = reply.faults();
            assert_eq!((reply.code(), faults.len()), ("INVALID_INPUT", 1), "{mutation} {value}: {}", reply.text);
            assert!(faults[0].starts_with(&format!("input.{field} ")), "{mutation} {value}: {faults:?}");
        }
    }
    for (place, value) in [("contact", "x"), ("dialogue", "\u{0}"), ("election", "contact_00000000000000000000000001"), ("node", "")] {
        let document = format!("query($id: ID!) {{ {place}(id: $id) {{ id }} }}");
        let reply = coordinator.graphql(&document, json!({ "id": value })).await;
        assert!(reply.code_or_none().is_none_or(|code| code == "INVALID_INPUT"), "{place} {value}: {}", reply.text);
        assert_eq!(reply.body["data"][place], Value::Null);
    }
    for path in ["/v1/contacts/x/history", "/v1/contacts/%00/history", "/v1/dialogues/%27/calendar.ics", "/v1/feeds/%00.ics"] {
        let reply = coordinator.get(path).await;
        assert!(reply.status.is_client_error(), "{path}: {} {}", reply.status, reply.text);
    }
    assert_up(app).await;
}

/// What is never a text: too long, with control characters, with characters that turn the direction of what follows.
fn hostile() -> [(String, &'static str); 5] {
    [
        ("x".repeat(100_000), "TOO_LONG"),
        ("a\u{0}b".to_owned(), "FORBIDDEN_CHARACTER"),
        ("a\u{7}b".to_owned(), "FORBIDDEN_CHARACTER"),
        ("a\u{202E}b".to_owned(), "FORBIDDEN_CHARACTER"),
        ("a\u{2066}b".to_owned(), "FORBIDDEN_CHARACTER"),
    ]
}

async fn hostile_texts_are_refused_wherever_one_is_typed(app: &TestApp) {
    let world = World::new(app).await;
    let coordinator = world.coordinator().await;
    let administrator = world.colleague().await;
    let name = json!([{ "language": "en", "text": "Board" }]);
    let person = json!({ "email": "a@body.example", "name": "Ana", "organisationId": id(world.body), "role": "ELECTORAL_BODY_OFFICER" });
    let dialogue = json!({ "title": name, "kind": "GLOBAL", "conveners": [id(world.desk)], "duration": "PT90M", "format": "ONLINE", "visibility": "PUBLIC",
        "recurrence": { "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=MONTHLY;BYDAY=2TU" } });
    let organisation = json!({ "kind": "CSO", "names": name });
    let texts = async |client: &Client, mutation: &str, input: &Value, fields: &[&str]| {
        for field in fields {
            for (text, reason) in hostile() {
                let localized = ["names", "title"].contains(field);
                let value = if localized { json!([{ "language": "en", "text": text }]) } else { json!(text) };
                let reply = send(client, mutation, with(input, field, value)).await;
                assert_eq!(reply.code(), "INVALID_INPUT", "{mutation} {field} {reason}: {}", reply.text);
                let faults = reply.faults();
                let place = if localized { format!("input.{field}.0.text {reason}") } else { format!("input.{field} {reason}") };
                assert_eq!(faults, [place], "{mutation}");
                assert!(reply.text.len() < 2_000, "the answer does not repeat what was sent");
            }
        }
    };
    texts(&coordinator, "organisationCreate", &organisation, &["names", "shortName", "remark", "idempotencyKey"]).await;
    texts(&coordinator, "dialogueCreate", &dialogue, &["title", "purpose"]).await;
    texts(&coordinator, "expertRecord", &json!({ "name": "Ada" }), &["name", "availabilityNotes", "conflictsOfInterest"]).await;
    texts(&administrator, "userInvite", &person, &["name"]).await;
    for (text, _) in hostile() {
        let reply = send(&administrator, "userInvite", with(&person, "email", json!(format!("{text}@body.example")))).await;
        assert_eq!(reply.code(), "INVALID_INPUT", "{}", reply.text);
        assert!(reply.faults().iter().all(|fault| fault.starts_with("input.email ")), "{:?}", reply.faults());
        let sign_in = app.sign_in(&format!("{text}@body.example"), "a password").await;
        assert_eq!((sign_in.status, sign_in.code()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"), "{}", sign_in.text);
        let reset = app.anonymous().post("/v1/password-reset", json!({ "email": format!("{text}@body.example") })).await;
        assert_eq!(reset.code(), "INVALID_INPUT", "{}", reset.text);
    }
    let written = app.database.counts("SELECT act, count(*) FROM audit_entry GROUP BY act").await;
    for act in ["dialogue.create", "expert.record", "user.invite"] {
        assert_eq!(written.get(act), None, "nothing is half written");
    }
    // Scripts of the world are no hostile texts.
    let good = json!({ "kind": "CSO", "names": [{ "language": "ar", "text": "السودان" }, { "language": "th", "text": "ไทย" }, { "language": "hi", "text": "क्‍ष" }] });
    assert_eq!(send(&coordinator, "organisationCreate", good).await.code_or_none(), None);
    assert_up(app).await;
}

async fn hostile_words_to_look_for_find_nothing(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let auditor = app.member("auditor@desk.example", world.desk, Role::Auditor).await;
    for word in ["%", "_", "\\", "'", "\" OR 1=1 --", "\u{0}", "\u{202E}", "(((((", &"x".repeat(100_000)] {
        for list in ["contacts", "organisations", "electoralBodies", "platforms", "platformServices", "experts", "countries"] {
            let kind = match list {
                "contacts" => "ContactFilter",
                "organisations" => "OrganisationFilter",
                "electoralBodies" => "ElectoralBodyFilter",
                "platforms" => "PlatformFilter",
                "platformServices" => "PlatformServiceFilter",
                "experts" => "ExpertFilter",
                _ => "CountryFilter",
            };
            let document = format!("query($filter: {kind}) {{ {list}(filter: $filter) {{ totalCount }} }}");
            let reply = officer.graphql(&document, json!({ "filter": { "search": word } })).await;
            match reply.code_or_none() {
                None => assert_eq!(reply.body["data"][list]["totalCount"], 0, "{list} {word:.20}: {}", reply.text),
                Some(code) => assert_eq!(code, "INVALID_INPUT", "{list} {word:.20}: {}", reply.text),
            }
        }
        let audit = "query($filter: AuditFilter) { auditEntries(filter: $filter) { totalCount } }";
        let reply = auditor.graphql(audit, json!({ "filter": { "act": [word], "objectType": [word], "objectId": word } })).await;
        assert_eq!(reply.code(), "INVALID_INPUT", "{}", reply.text);
        let page = "query($after: String) { electoralBodies(after: $after) { totalCount } }";
        assert_eq!(officer.graphql(page, json!({ "after": word })).await.code(), "INVALID_INPUT");
    }
    assert_up(app).await;
}
