//! Instruments: what ships with the program, proposals and their confirmation, and what stands on them.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, stories};

stories![
    anybody_reads_what_is_recorded,
    a_proposal_is_its_organisations_until_it_is_confirmed,
    nobody_proposes_for_others_and_nobody_confirms_himself,
    every_fault_is_named_at_once,
    contacts_and_commitments_stand_on_instruments,
];

const FIELDS: &str =
    "instrument { id version title status proposedBy { id } parties { organisation { id } name signedOn { date precision } scope }
    obligations { text addressee deadline } countries { code } } userErrors { code reason path message }";

fn mutation(name: &str, input: &str) -> String {
    format!("mutation ($input: {input}!) {{ {name}(input: $input) {{ {FIELDS} }} }}")
}

fn titles(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

fn proposal(by: &str) -> Value {
    json!({
        "proposedById": by, "titles": titles("Memorandum on the vote"), "type": "MOU", "bindingness": "VOLUNTARY", "countries": ["PE"],
        "signedOn": { "date": "2026-02-01", "precision": "MONTH" }, "parties": [{ "organisationId": by, "scope": "Everything" }, { "name": "A watch" }],
        "obligations": [{ "text": "Answers at once", "addressee": "platforms", "deadline": "3 hours" }],
    })
}

async fn titles_of(reader: &Client, filter: Value) -> Vec<String> {
    let document = "query ($filter: InstrumentFilter) { instruments(filter: $filter, first: 100) { totalCount nodes { title } } }";
    let found = reader.data(document, json!({ "filter": filter })).await["instruments"].clone();
    let titles: Vec<String> = found["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found["totalCount"], json!(titles.len()));
    titles
}

async fn anybody_reads_what_is_recorded(app: &TestApp) {
    let anyone = app.anonymous();
    assert_eq!(titles_of(&anyone, json!({})).await.len(), 10);
    assert_eq!(titles_of(&anyone, json!({ "country": "IN" })).await, ["Voluntary Code of Ethics for the General Elections 2019"]);
    assert_eq!(titles_of(&anyone, json!({ "types": ["LAW", "REGULATION"], "bindingness": "BINDING" })).await.len(), 2);
    assert_eq!(titles_of(&anyone, json!({ "search": "guidelines digital" })).await.len(), 1);
    let meta = anyone.data("{ platforms(filter: { search: \"meta\" }, first: 1) { nodes { id } } }", json!({})).await;
    let of_meta = titles_of(&anyone, json!({ "partyId": meta["platforms"]["nodes"][0]["id"] })).await;
    assert_eq!(of_meta.len(), 4, "{of_meta:?}");
    let latest =
        "{ instruments(orderBy: SIGNED_ON_DESC, first: 2) { nodes { title signedOn { date precision } } pageInfo { hasNextPage } } }";
    let latest = anyone.data(latest, json!({})).await["instruments"].clone();
    assert_eq!(latest["nodes"][0]["signedOn"], json!({ "date": "2024-04-26", "precision": "DAY" }), "{latest}");
    assert_eq!(latest["pageInfo"]["hasNextPage"], true);
}

async fn a_proposal_is_its_organisations_until_it_is_confirmed(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let body = app.organisation(OrganisationKind::ElectoralBody, "Board").await;
    let other = app.organisation(OrganisationKind::ElectoralBody, "Other board").await;
    let officer = app.member("officer@board.example", body, Role::ElectoralBodyOfficer).await;
    let stranger = app.member("officer@other.example", other, Role::ElectoralBodyAdministrator).await;
    let made =
        officer.mutate(&mutation("instrumentCreate", "InstrumentCreateInput"), proposal(&body.to_string())).await["instrument"].clone();
    assert_eq!((&made["status"], &made["proposedBy"]["id"]), (&json!("PROPOSED"), &json!(id(body))), "{made}");
    assert_eq!(made["obligations"][0], json!({ "text": "Answers at once", "addressee": "platforms", "deadline": "3 hours" }));
    assert_eq!(made["parties"][1], json!({ "organisation": null, "name": "A watch", "signedOn": null, "scope": null }));
    let by_id = "query ($id: ID!) { instrument(id: $id) { id } node(id: $id) { id } }";
    for reader in [&app.anonymous(), &stranger] {
        let read = reader.data(by_id, json!({ "id": made["id"] })).await;
        assert_eq!(read, json!({ "instrument": null, "node": null }));
        assert_eq!(titles_of(reader, json!({ "status": ["PROPOSED"] })).await, Vec::<String>::new());
    }
    for reader in [&officer, &coordinator] {
        assert_eq!(titles_of(reader, json!({ "status": ["PROPOSED"] })).await, ["Memorandum on the vote"]);
    }
    let update = mutation("instrumentUpdate", "InstrumentUpdateInput");
    let change = |version: i32, title: &str| json!({ "input": { "id": made["id"], "version": version, "titles": titles(title) } });
    assert_eq!(stranger.graphql(&update, change(1, "Mine")).await.code(), "NOT_FOUND");
    let edited = officer.graphql(&update, change(1, "Memorandum")).await.data()["instrumentUpdate"]["instrument"].clone();
    assert_eq!((&edited["title"], &edited["status"]), (&json!("Memorandum"), &json!("PROPOSED")));
    let confirm = mutation("instrumentConfirm", "InstrumentConfirmInput");
    let stale = coordinator.graphql(&confirm, json!({ "input": { "id": made["id"], "version": 1 } })).await;
    assert_eq!(stale.code(), "VERSION_MISMATCH");
    let confirmed = coordinator.mutate(&confirm, json!({ "id": made["id"], "version": 2 })).await["instrument"].clone();
    assert_eq!((&confirmed["status"], &confirmed["version"]), (&json!("IN_FORCE"), &json!(3)));
    assert_eq!(titles_of(&app.anonymous(), json!({ "search": "memorandum" })).await, ["Memorandum"]);
    assert_eq!(officer.graphql(&update, change(3, "Taken back")).await.code(), "FORBIDDEN");
    let history = "query ($id: ID!) { directoryHistory(id: $id) { version replaced { name } } }";
    let kept = coordinator.data(history, json!({ "id": made["id"] })).await["directoryHistory"].clone();
    assert_eq!(kept[0], json!({ "version": 2, "replaced": [{ "name": "status" }] }));
}

async fn nobody_proposes_for_others_and_nobody_confirms_himself(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "Board").await;
    let company = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    let officer = app.member("officer@board.example", body, Role::ElectoralBodyOfficer).await;
    let representative = app.member("rep@company.example", company, Role::PlatformRepresentative).await;
    let expert = app.member("expert@board.example", body, Role::Expert).await;
    let create = mutation("instrumentCreate", "InstrumentCreateInput");
    let (of_body, of_company) = (proposal(&body.to_string()), proposal(&company.to_string()));
    let mut in_force = of_body.clone();
    in_force.as_object_mut().unwrap().remove("proposedById");
    for (client, input, code) in [
        (&officer, &of_company, "FORBIDDEN"),
        (&officer, &in_force, "FORBIDDEN"),
        (&expert, &of_body, "FORBIDDEN"),
        (&app.anonymous(), &of_body, "UNAUTHENTICATED"),
    ] {
        assert_eq!(client.graphql(&create, json!({ "input": input })).await.code(), code);
    }
    let made = representative.mutate(&create, of_company).await["instrument"].clone();
    let confirm = json!({ "input": { "id": made["id"], "version": 1 } });
    assert_eq!(representative.graphql(&mutation("instrumentConfirm", "InstrumentConfirmInput"), confirm).await.code(), "FORBIDDEN");
}

async fn every_fault_is_named_at_once(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let create = mutation("instrumentCreate", "InstrumentCreateInput");
    let wrong = json!({
        "titles": titles("a\u{202E}b"), "type": "LAW", "bindingness": "BINDING", "countries": ["Peru", "PE", "PE"], "url": "javascript:1",
        "validFrom": "2026-02-01", "validTo": "2026-01-01", "parties": [{}, { "name": "x".repeat(400) }], "obligations": [{ "text": " " }],
    });
    let mut faults = coordinator.graphql(&create, json!({ "input": wrong })).await.faults();
    faults.sort();
    let expected = [
        "input.countries.0 MALFORMED",
        "input.countries.2 DUPLICATE",
        "input.obligations.0.text REQUIRED",
        "input.parties.0.name REQUIRED",
        "input.parties.1.name TOO_LONG",
        "input.titles.0.text FORBIDDEN_CHARACTER",
        "input.url MALFORMED",
        "input.validTo BEFORE_PREVIOUS",
    ];
    assert_eq!(faults, expected);
    let unknown = json!({
        "titles": titles("A law"), "type": "LAW", "bindingness": "BINDING", "countries": ["QQ"],
        "parties": [{ "organisationId": "organisation_00000000000000000000000007" }],
    });
    let mut faults = coordinator.graphql(&create, json!({ "input": unknown })).await.faults();
    faults.sort();
    assert_eq!(faults, ["input.countries.0 NOT_AN_OPTION", "input.parties.0.organisationId UNKNOWN_ID"]);
}

async fn contacts_and_commitments_stand_on_instruments(app: &TestApp) {
    let world = crate::engagement::world::World::new(app).await;
    let (officer, stranger, representative) = (world.officer().await, world.stranger().await, world.representative().await);
    let create = mutation("instrumentCreate", "InstrumentCreateInput");
    let made = officer.mutate(&create, proposal(&world.body.to_string())).await["instrument"].clone();
    let log = "mutation ($input: ContactLogInput!) { contactLog(input: $input) { contact { id instrument { id title } } userErrors { code reason path message } } }";
    let input = world.contact(&json!({ "instrumentId": made["id"] }));
    let contact = officer.mutate(log, input.clone()).await["contact"].clone();
    assert_eq!(contact["instrument"], json!({ "id": made["id"], "title": "Memorandum on the vote" }));
    let listed = "{ contacts { nodes { instrument { id } } } }";
    assert_eq!(officer.data(listed, json!({})).await["contacts"]["nodes"][0]["instrument"]["id"], made["id"]);
    // The platform reads the contact, and not the proposal on which it stands.
    let seen = "query ($id: ID!) { contact(id: $id) { instrument { id } } }";
    assert_eq!(representative.data(seen, json!({ "id": contact["id"] })).await, json!({ "contact": { "instrument": null } }));
    let elsewhere = stranger.graphql(log, json!({ "input": input })).await;
    assert_eq!((elsewhere.code(), elsewhere.faults()), ("NOT_FOUND", vec!["input.instrumentId UNKNOWN_ID".to_owned()]));
    let wrong = world.contact(&json!({ "instrumentId": world.body.to_string() }));
    assert_eq!(officer.graphql(log, json!({ "input": wrong })).await.faults(), ["input.instrumentId WRONG_KIND"]);
    let promise = "mutation ($input: CommitmentCreateInput!) { commitmentCreate(input: $input) { commitment { instrument { id } } userErrors { code reason path message } } }";
    let promised = |instrument: &Value| {
        json!({
            "committedById": world.platform.to_string(), "toWhom": [world.body.to_string()], "text": "To answer within three hours",
            "dueOn": "2027-01-01", "instrumentId": instrument,
        })
    };
    let unseen = representative.graphql(promise, json!({ "input": promised(&made["id"]) })).await;
    assert_eq!(unseen.faults(), ["input.instrumentId UNKNOWN_ID"]);
    let coordinator = world.coordinator().await;
    let confirm = mutation("instrumentConfirm", "InstrumentConfirmInput");
    coordinator.mutate(&confirm, json!({ "id": made["id"], "version": 1 })).await;
    let commitment = representative.mutate(promise, promised(&made["id"])).await["commitment"].clone();
    assert_eq!(commitment["instrument"]["id"], made["id"]);
}
