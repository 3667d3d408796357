//! The contact log over REST: the same acts by the same rules, as plain HTTP has them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::world::{World, done, read};

stories![
    a_contact_is_logged_read_and_acted_on,
    every_act_goes_by_its_name,
    persons_and_notes_stay_with_their_side,
    a_stale_tag_is_refused,
    the_same_key_writes_once,
    every_fault_of_a_body_has_its_place,
    strangers_find_nothing,
    bodies_and_lists_have_their_limits,
    the_limits_that_the_description_states_are_the_limits,
];

/// Sends a body with a header.
async fn send(client: &Client, path: &str, header: (&'static str, &str), body: &Value) -> Reply {
    let request = client.request(Method::POST, path).header("content-type", "application/json").header(header.0, header.1);
    client.send(request.body(body.to_string())).await
}

async fn log(client: &Client, world: &World<'_>) -> Reply {
    let reply = client.post("/v1/contacts", world.smallest()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    reply
}

fn path(contact: &Value) -> String {
    format!("/v1/contacts/{}", contact["id"].as_str().unwrap())
}

fn tag(reply: &Reply) -> &str {
    reply.headers["etag"].to_str().unwrap()
}

/// The places of a problem's faults, each with its reason.
fn faults(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.headers["content-type"], "application/problem+json", "{}", reply.text);
    let fault = |fault: &Value| {
        let path: Vec<&str> = fault["path"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        format!("{} {}", path.join("."), fault["reason"].as_str().unwrap())
    };
    reply.body["errors"].as_array().unwrap().iter().map(fault).collect()
}

async fn a_contact_is_logged_read_and_acted_on(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let logged = log(&officer, &world).await;
    assert_eq!(logged.headers["location"].to_str().unwrap(), path(&logged.body));
    assert!(tag(&logged).starts_with("\"1-"), "{}", tag(&logged));
    let found = officer.get(&path(&logged.body)).await;
    assert_eq!((found.status, &found.body, tag(&found)), (StatusCode::OK, &logged.body, tag(&logged)));
    let unchanged = officer.send(officer.request(Method::GET, &path(&logged.body)).header("if-none-match", tag(&logged))).await;
    assert_eq!((unchanged.status, unchanged.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let seen = representative.get(&path(&logged.body)).await;
    assert_ne!(tag(&seen), tag(&logged), "the other side reads something else");
    let done = send(&representative, &format!("{}/acknowledge", path(&logged.body)), ("if-match", tag(&seen)), &json!({})).await;
    assert_eq!(
        (done.status, &done.body["status"], &done.body["version"]),
        (StatusCode::OK, &json!("ACKNOWLEDGED"), &json!(2)),
        "{}",
        done.text
    );
    let changed = officer.send(officer.request(Method::GET, &path(&logged.body)).header("if-none-match", tag(&logged))).await;
    assert_eq!((changed.status, &changed.body["status"]), (StatusCode::OK, &json!("ACKNOWLEDGED")));
    let graph = read(&officer, &logged.body["id"]).await;
    for field in ["reference", "status", "version", "subject", "decision", "acknowledgedAt", "allowedActs"] {
        assert_eq!(changed.body[field], graph[field], "{field}");
    }
    let list = officer.get("/v1/contacts?status=ACKNOWLEDGED&count=true").await;
    assert_eq!((&list.body["items"][0]["id"], &list.body["totalCount"]), (&logged.body["id"], &json!(1)));
    assert_eq!(list.body.get("changes"), None, "what changed is told only when asked for");
    let since = officer.get("/v1/contacts?changedAfter=2026-01-01T00:00:00Z").await;
    assert_eq!(since.body["changes"]["lostSight"], json!([]), "{}", since.text);
}

async fn every_act_goes_by_its_name(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let draft = officer.post("/v1/contacts", world.contact(&json!({ "sentAt": null }))).await.body;
    let mut contact = draft;
    for (client, act, body, status) in [
        (&officer, "share", json!({ "visibility": "PARTIES" }), "DRAFT"),
        (&officer, "send", json!({}), "SENT"),
        (&representative, "ask", json!({ "text": "Which account?" }), "AWAITING_SENDER"),
        (&officer, "reply", json!({ "text": "This one." }), "ACKNOWLEDGED"),
        (&representative, "acknowledge", json!({}), "ACKNOWLEDGED"),
        (&representative, "decide", json!({ "outcome": "ACTION_TAKEN", "actions": ["LABELLED"] }), "DECIDED"),
        (&officer, "dispute", json!({ "reason": "It is still there." }), "DISPUTED"),
        (&officer, "comment", json!({ "text": "Please look again." }), "DISPUTED"),
        (&officer, "close", json!({ "reason": "Settled by phone." }), "CLOSED"),
        (&officer, "reopen", json!({ "reason": "It came back." }), "ACKNOWLEDGED"),
    ] {
        let reply = client.post(&format!("{}/{act}", path(&contact)), body).await;
        assert_eq!(reply.status, StatusCode::OK, "{act}: {}", reply.text);
        assert_eq!(reply.body["status"], status, "{act}");
        contact = officer.get(&path(&contact)).await.body;
    }
    for (act, body, status) in [
        ("discard", json!({ "reason": "A mistake." }), "DISCARDED"),
        ("refer", json!({ "reason": "Not ours.", "referredTo": "The police" }), "REFERRED"),
    ] {
        let draft = officer.post("/v1/contacts", world.contact(&json!({ "sentAt": null }))).await.body;
        let reply = officer.post(&format!("{}/{act}", path(&draft)), body).await;
        assert_eq!((reply.status, &reply.body["status"]), (StatusCode::OK, &json!(status)), "{}", reply.text);
    }
    let sent = log(&officer, &world).await.body;
    let correction = json!({ "transitionId": sent["transitions"][0]["id"], "reason": "Earlier.", "occurredAt": "2026-03-02T07:00:00Z" });
    let corrected = officer.post(&format!("{}/correct", path(&sent)), correction).await;
    assert_eq!(corrected.body["sentAt"], "2026-03-02T07:00:00Z", "{}", corrected.text);
    let withdrawn = officer.post(&format!("{}/withdraw", path(&sent)), json!({ "reason": "Solved." })).await;
    assert_eq!(withdrawn.body["status"], "WITHDRAWN", "{}", withdrawn.text);
    let refused = officer.post(&format!("{}/send", path(&contact)), json!({})).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "INVALID_TRANSITION"));
    assert_eq!(officer.post(&format!("{}/praise", path(&contact)), json!({})).await.status, StatusCode::NOT_FOUND);
}

async fn persons_and_notes_stay_with_their_side(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let logged = officer.post("/v1/contacts", world.contact(&json!({ "caseNumber": "A secret number" }))).await.body;
    let told = officer.post(&format!("{}/acknowledge", path(&logged)), json!({ "note": "A secret note" })).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    let own = officer.get(&path(&logged)).await;
    assert_eq!(own.body["transitions"][1]["note"], "A secret note");
    assert!(own.body["transitions"][1]["recordedBy"]["person"]["id"].is_string());
    let foreign = representative.get(&path(&logged)).await;
    assert_eq!(foreign.body["transitions"][1]["recordedBy"]["person"], Value::Null);
    assert_eq!(foreign.body["transitions"][1]["recordedBy"]["organisation"]["id"], json!(world.body.to_string()));
    assert!(!foreign.text.contains("secret"), "{}", foreign.text);
    assert!(!representative.get("/v1/contacts").await.text.contains("secret"));
}

async fn a_stale_tag_is_refused(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague) = (world.officer().await, world.colleague().await);
    let logged = log(&officer, &world).await;
    let act = format!("{}/comment", path(&logged.body));
    assert_eq!(colleague.post(&format!("{}/acknowledge", path(&logged.body)), json!({})).await.status, StatusCode::OK);
    for stale in [tag(&logged), "\"1\"", "\"99\"", "\"nonsense\""] {
        let reply = send(&officer, &act, ("if-match", stale), &json!({ "text": "Hello." })).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::PRECONDITION_FAILED, "VERSION_MISMATCH"), "{stale}");
        assert_eq!(faults(&reply), ["If-Match STALE_VERSION"]);
    }
    let two = send(&officer, &act, ("if-match", "\"1\", \"2\""), &json!({ "text": "Hello." })).await;
    assert_eq!((two.status, faults(&two)), (StatusCode::BAD_REQUEST, vec!["If-Match TOO_MANY".to_owned()]));
    assert_eq!(officer.get(&path(&logged.body)).await.body["comments"], json!([]), "nothing was written");
    for good in ["\"2\"", "*"] {
        let current = send(&officer, &act, ("if-match", good), &json!({ "text": "Hello." })).await;
        assert_eq!(current.status, StatusCode::OK, "{good}: {}", current.text);
    }
}

async fn the_same_key_writes_once(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let first = send(&officer, "/v1/contacts", ("idempotency-key", "one"), &world.smallest()).await;
    let again = send(&officer, "/v1/contacts", ("idempotency-key", "one"), &world.smallest()).await;
    assert_eq!((first.status, again.status, &first.body["id"]), (StatusCode::CREATED, StatusCode::CREATED, &again.body["id"]));
    assert_eq!(officer.get("/v1/contacts?count=true").await.body["totalCount"], 1);
    let other = send(&officer, "/v1/contacts", ("idempotency-key", "one"), &world.contact(&json!({ "urgency": "CRITICAL" }))).await;
    assert_eq!(
        (other.status, other.code(), faults(&other)),
        (StatusCode::CONFLICT, "CONFLICT", vec!["Idempotency-Key KEY_REUSED".to_owned()])
    );
    let comment = format!("{}/comment", path(&first.body));
    for _ in 0..2 {
        assert_eq!(send(&officer, &comment, ("idempotency-key", "two"), &json!({ "text": "Once." })).await.status, StatusCode::OK);
    }
    assert_eq!(officer.get(&path(&first.body)).await.body["comments"].as_array().unwrap().len(), 1);
    let input = json!({ "contactId": first.body["id"], "text": "Twice.", "idempotencyKey": "three" });
    done(&officer, "ContactComment", input).await;
    let over_the_other_wire = send(&officer, &comment, ("idempotency-key", "three"), &json!({ "text": "Twice." })).await;
    assert_eq!(over_the_other_wire.body["comments"].as_array().unwrap().len(), 2, "GraphQL and REST share their keys");
    assert_eq!(send(&officer, &comment, ("idempotency-key", &"k".repeat(100)), &json!({ "text": "x" })).await.status, StatusCode::OK);
    let long = send(&officer, &comment, ("idempotency-key", &"k".repeat(101)), &json!({ "text": "x" })).await;
    assert_eq!((long.status, faults(&long)), (StatusCode::BAD_REQUEST, vec!["Idempotency-Key TOO_LONG".to_owned()]));
}

async fn every_fault_of_a_body_has_its_place(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let form = json!({ "kind": "SONG", "sentAt": "yesterday", "items": [{ "url": 7 }, "x"], "subjekt": "x", "contactId": "x", "idempotencyKey": "x" });
    let reply = officer.post("/v1/contacts", form).await;
    let mut found = faults(&reply);
    found.sort();
    let wanted = [
        " NOT_AN_OPTION",
        " NOT_AN_OPTION",
        " NOT_AN_OPTION",
        "items.0.url MALFORMED",
        "items.1 MALFORMED",
        "kind NOT_AN_OPTION",
        "legalBasis REQUIRED",
        "sentAt MALFORMED",
    ];
    assert_eq!((reply.status, found), (StatusCode::BAD_REQUEST, wanted.map(str::to_owned).to_vec()));
    let rules = world.contact(&json!({ "items": [{ "url": "ftp://x" }], "platformServiceId": "x", "sentAt": "2036-01-01T00:00:00Z" }));
    let reply = officer.post("/v1/contacts", rules.clone()).await;
    let mut input = rules;
    input["idempotencyKey"] = Value::Null;
    let graph = super::world::act(&officer, "ContactLog", input).await;
    let below: Vec<String> = graph.faults().iter().map(|fault| fault.trim_start_matches("input.").to_owned()).collect();
    assert_eq!((reply.status, faults(&reply)), (StatusCode::BAD_REQUEST, below), "the same faults as over GraphQL");
    assert!(faults(&reply).len() >= 3, "{}", reply.text);
    for (body, kind) in [("[]", "application/json"), ("null", "application/json"), ("{", "application/json")] {
        let reply = officer.send(officer.request(Method::POST, "/v1/contacts").header("content-type", kind).body(body)).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"), "{body}");
    }
    let plain = officer.send(officer.request(Method::POST, "/v1/contacts").header("content-type", "text/plain").body("{}")).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

async fn strangers_find_nothing(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let contact = log(&officer, &world).await.body;
    let draft = officer.post("/v1/contacts", world.contact(&json!({ "sentAt": null }))).await.body;
    for client in [world.stranger().await, world.rival().await] {
        for contact in [&contact, &draft] {
            assert_eq!(client.get(&path(contact)).await.status, StatusCode::NOT_FOUND);
            let act = client.post(&format!("{}/comment", path(contact)), json!({ "text": "Hello." })).await;
            assert_eq!((act.status, act.code()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
        }
        assert_eq!(client.get("/v1/contacts").await.body["items"], json!([]));
    }
    assert_eq!(world.representative().await.get(&path(&draft)).await.status, StatusCode::NOT_FOUND, "a draft is its sender's");
    for path in ["/v1/contacts", &path(&contact)] {
        assert_eq!(world.app.anonymous().get(path).await.status, StatusCode::UNAUTHORIZED);
        let bad = world.app.with_token("no.good.token").get(path).await;
        assert!(bad.status == StatusCode::UNAUTHORIZED && bad.headers.contains_key("www-authenticate"), "{}", bad.text);
    }
    let auditor = world.auditor().await;
    assert_eq!(auditor.get("/v1/contacts").await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.post("/v1/contacts", world.smallest()).await.status, StatusCode::FORBIDDEN);
}

async fn bodies_and_lists_have_their_limits(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let items = |count: usize| world.contact(&json!({ "items": vec![json!({ "description": "A leaflet" }); count] }));
    assert_eq!(officer.post("/v1/contacts", items(200)).await.status, StatusCode::CREATED);
    let many = officer.post("/v1/contacts", items(201)).await;
    assert_eq!((many.status, faults(&many)), (StatusCode::BAD_REQUEST, vec!["items TOO_LONG".to_owned()]));
    let most = app.config.server.body_bytes;
    let padded = |bytes: usize| {
        let body = world.smallest().to_string();
        format!("{}{body}", " ".repeat(bytes - body.len()))
    };
    for (bytes, status) in [(most, StatusCode::CREATED), (most + 1, StatusCode::PAYLOAD_TOO_LARGE)] {
        let request = officer.request(Method::POST, "/v1/contacts").header("content-type", "application/json").body(padded(bytes));
        let reply = officer.send(request).await;
        assert_eq!(reply.status, status, "{bytes}: {}", reply.text);
        // In chunks, so that no header tells how long it is.
        let chunks = padded(bytes).into_bytes().chunks(8_000).map(<[u8]>::to_vec).map(Ok::<_, std::io::Error>).collect::<Vec<_>>();
        let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
        let request = officer.request(Method::POST, "/v1/contacts").header("content-type", "application/json").body(body);
        let reply = officer.send(request).await;
        assert_eq!(reply.status, status, "{bytes} in chunks: {}", reply.text);
    }
    let long = officer.get("/v1/contacts?limit=101").await;
    assert_eq!((long.code(), faults(&long)), ("LIMIT_EXCEEDED", vec!["limit OUT_OF_RANGE".to_owned()]));
    let faulty: Vec<Value> = (0..500).map(|_| json!(7)).collect();
    let flood = officer.post("/v1/contacts", json!({ "items": faulty })).await;
    assert_eq!(flood.body["errors"].as_array().unwrap().len(), 100, "a flood of faults is cut off");
}

async fn the_limits_that_the_description_states_are_the_limits(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let document = officer.get("/v1/openapi.json").await.body;
    let whole = &document["paths"]["/v1/contacts"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let item = &document["components"]["schemas"]["ContentItemInput"];
    let stated = |schema: &Value| -> Vec<(String, usize)> {
        let limit = |(name, schema): (&String, &Value)| Some((name.clone(), usize::try_from(schema["maxLength"].as_u64()?).unwrap()));
        schema["properties"].as_object().unwrap().iter().filter_map(limit).collect()
    };
    let of_contact = stated(whole).into_iter().map(|(name, most)| (name.clone(), name, most));
    let of_item = stated(item).into_iter().map(|(name, most)| (format!("items.0.{name}"), name, most));
    let mut tried = Vec::new();
    for (place, name, most) in of_contact.chain(of_item) {
        for length in [most, most + 1] {
            let text = "x".repeat(length);
            let change = match name.as_str() {
                "platformName" => json!({ "platformName": text, "platformServiceId": null }),
                _ if place.starts_with("items") => json!({ "items": [{ "url": "https://parley.example/post/1", &name: text }] }),
                _ => json!({ &name: text }),
            };
            let reply = officer.post("/v1/contacts", world.contact(&change)).await;
            if length == most {
                assert_eq!(reply.status, StatusCode::CREATED, "{place} of {length}: {}", reply.text);
            } else {
                assert_eq!(faults(&reply), [format!("{place} TOO_LONG")], "{}", reply.text);
            }
        }
        tried.push(place);
    }
    tried.sort_unstable();
    let wanted = ["caseNumber", "description", "items.0.description", "items.0.platformContentId", "platformName", "subject"];
    assert_eq!(tried, wanted);
}
