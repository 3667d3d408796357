//! Publications: recorded and edited by the coordinator, found by whom they are for.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, stories};

stories![
    the_coordinator_records_and_edits,
    an_edit_keeps_what_it_replaced,
    a_coalition_publication_hides_from_the_public_everywhere,
    a_repeated_call_does_it_once_and_a_stale_one_nothing,
    every_fault_is_named_at_once,
    nobody_else_records_or_edits,
    the_titles_of_the_coalition_are_there,
];

const CREATE: &str = "mutation ($input: PublicationCreateInput!) { publicationCreate(input: $input) { publication { id version title } userErrors { code reason path message } } }";
const UPDATE: &str = "mutation ($input: PublicationUpdateInput!) { publicationUpdate(input: $input) { publication { id version title } userErrors { code reason path message } } }";
const READ: &str = "query ($id: ID!) { publication: node(id: $id) { ... on Publication { version title titles { language text } type languages publishedOn { date precision } url doi publishers { id } authors visibility provenance { state sourceUrl } } } }";
const HISTORY: &str = "query ($id: ID!) { directoryHistory(id: $id) { version replacedBy { id } replaced { name value } } }";

fn titles(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

async fn recorded(coordinator: &Client, more: Value) -> Value {
    let mut input = json!({ "titles": titles("Handbook of Sources"), "type": "GUIDE" });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    coordinator.mutate(CREATE, input).await["publication"]["id"].clone()
}

async fn the_coordinator_records_and_edits(app: &TestApp) {
    let (coordinator, desk) = app.coordinator().await;
    let other = app.organisation(OrganisationKind::Academia, "University").await;
    let publication = recorded(
        &coordinator,
        json!({
            "titles": [{ "language": "en", "text": "Handbook of Sources" }, { "language": "es", "text": "Manual de fuentes" }],
            "languages": ["en", "es"], "publishedOn": { "date": "2025-06-17", "precision": "MONTH" }, "url": "https://example.org/handbook",
            "doi": "10.1000/182", "publisherIds": [id(desk)], "authors": ["Press Office"], "provenance": { "sourceUrl": "https://example.org" },
        }),
    )
    .await;
    let found = app.anonymous().data(READ, json!({ "id": publication })).await["publication"].clone();
    assert_eq!(
        found,
        json!({
            "version": 1, "title": "Handbook of Sources",
            "titles": [{ "language": "en", "text": "Handbook of Sources" }, { "language": "es", "text": "Manual de fuentes" }],
            "type": "GUIDE", "languages": ["en", "es"], "publishedOn": { "date": "2025-06-01", "precision": "MONTH" },
            "url": "https://example.org/handbook", "doi": "10.1000/182", "publishers": [{ "id": id(desk) }], "authors": ["Press Office"],
            "visibility": "PUBLIC", "provenance": { "state": "SOURCED", "sourceUrl": "https://example.org/" },
        })
    );
    let input = json!({
        "id": publication, "version": 1, "titles": titles("Handbook"), "type": "REPORT", "languages": [], "publishedOn": null, "url": null,
        "doi": null, "publisherIds": [id(other)], "authors": [], "visibility": "COALITION", "provenance": { "state": "UNVERIFIED" },
    });
    coordinator.mutate(UPDATE, input).await;
    let found = coordinator.data(READ, json!({ "id": publication })).await["publication"].clone();
    assert_eq!(
        found,
        json!({
            "version": 2, "title": "Handbook", "titles": [{ "language": "en", "text": "Handbook" }], "type": "REPORT", "languages": [],
            "publishedOn": null, "url": null, "doi": null, "publishers": [{ "id": id(other) }], "authors": [], "visibility": "COALITION",
            "provenance": { "state": "UNVERIFIED", "sourceUrl": null },
        })
    );
    let same = coordinator.mutate(UPDATE, json!({ "id": publication, "version": 2, "titles": titles("Handbook") })).await;
    assert_eq!(same["publication"]["version"], 2, "what changes nothing makes no version");
}

async fn an_edit_keeps_what_it_replaced(app: &TestApp) {
    let (coordinator, desk) = app.coordinator().await;
    let publication = recorded(&coordinator, json!({})).await;
    coordinator.mutate(UPDATE, json!({ "id": publication, "version": 1, "doi": "10.1000/1", "authors": ["Press Office"] })).await;
    coordinator.mutate(UPDATE, json!({ "id": publication, "version": 2, "doi": "10.1000/2" })).await;
    let history = coordinator.data(HISTORY, json!({ "id": publication })).await["directoryHistory"].clone();
    let by = json!({ "id": id(desk) });
    assert_eq!(
        history,
        json!([
            { "version": 2, "replacedBy": by, "replaced": [{ "name": "doi", "value": "\"10.1000/1\"" }] },
            { "version": 1, "replacedBy": by, "replaced": [{ "name": "authors", "value": "[]" }, { "name": "doi", "value": "null" }] },
        ])
    );
    let auditor = app.member("auditor@desk.example", desk, Role::Auditor).await;
    let document = "{ auditEntries(first: 100) { nodes { act objectId fields organisation { id } } } }";
    let entries = auditor.data(document, json!({})).await["auditEntries"]["nodes"].as_array().unwrap().clone();
    let told: Vec<&Value> = entries.iter().filter(|entry| entry["objectId"] == publication).collect();
    assert_eq!(
        told.iter().map(|entry| entry["act"].clone()).collect::<Vec<_>>(),
        ["publication.update", "publication.update", "publication.create"]
    );
    assert_eq!((&told[1]["fields"], &told[1]["organisation"]), (&json!(["authors", "doi"]), &by));
}

/// Whether a reader finds the publication by list, search and id; each must say the same.
async fn finds(reader: &Client, publication: &Value) -> bool {
    let document = "query ($id: ID!) { list: publications(filter: { search: \"sources\" }) { totalCount nodes { id } } node(id: $id) { id } nodes(ids: [$id]) { id } }";
    let found = reader.data(document, json!({ "id": publication })).await;
    let ways = [
        found["list"]["totalCount"] == json!(1),
        !found["list"]["nodes"].as_array().unwrap().is_empty(),
        !found["node"].is_null(),
        !found["nodes"][0].is_null(),
    ];
    assert!(ways.iter().all(|way| *way == ways[0]), "{found}");
    ways[0]
}

async fn a_coalition_publication_hides_from_the_public_everywhere(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let board = app.organisation(OrganisationKind::ElectoralBody, "Board").await;
    let officer = app.member("officer@board.example", board, Role::ElectoralBodyOfficer).await;
    let publication = recorded(&coordinator, json!({ "visibility": "COALITION" })).await;
    assert!(!finds(&app.anonymous(), &publication).await);
    assert!(finds(&officer, &publication).await && finds(&coordinator, &publication).await);
    coordinator.mutate(UPDATE, json!({ "id": publication, "version": 1, "visibility": "PUBLIC" })).await;
    assert!(finds(&app.anonymous(), &publication).await);
    coordinator.mutate(UPDATE, json!({ "id": publication, "version": 2, "visibility": "COALITION" })).await;
    assert!(!finds(&app.anonymous(), &publication).await);
}

async fn a_repeated_call_does_it_once_and_a_stale_one_nothing(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let input = |text: &str| json!({ "titles": titles(text), "type": "TOOL", "idempotencyKey": "once" });
    let first = coordinator.mutate(CREATE, input("Checklist of Sources")).await;
    assert_eq!(coordinator.mutate(CREATE, input("Checklist of Sources")).await, first);
    assert_eq!(coordinator.graphql(CREATE, json!({ "input": input("Another") })).await.code(), "CONFLICT");
    let found = app.anonymous().data("{ publications(filter: { types: [TOOL] }) { totalCount } }", json!({})).await;
    assert_eq!(found["publications"]["totalCount"], 1);
    let publication = first["publication"]["id"].clone();
    let edit =
        |version: i32, text: &str| json!({ "id": publication, "version": version, "titles": titles(text), "idempotencyKey": "edit" });
    let edited = coordinator.mutate(UPDATE, edit(1, "First")).await;
    assert_eq!(coordinator.mutate(UPDATE, edit(1, "First")).await, edited, "the same key answers the entry as it is now");
    assert_eq!(coordinator.graphql(UPDATE, json!({ "input": edit(2, "First") })).await.code(), "CONFLICT");
    let stale = json!({ "input": { "id": publication, "version": 1, "titles": titles("Second") } });
    assert_eq!(coordinator.graphql(UPDATE, stale).await.code(), "VERSION_MISMATCH");
    let now = app.anonymous().data(READ, json!({ "id": publication })).await["publication"].clone();
    assert_eq!((&now["title"], &now["version"]), (&json!("First"), &json!(2)));
    let unknown = json!({ "input": { "id": "publication_00000000000000000000000007", "version": 1 } });
    assert_eq!(coordinator.graphql(UPDATE, unknown).await.code(), "NOT_FOUND");
    let wrong = json!({ "input": { "id": "contact_00000000000000000000000007", "version": 1 } });
    assert_eq!(coordinator.graphql(UPDATE, wrong).await.faults(), ["input.id WRONG_KIND"]);
}

async fn every_fault_is_named_at_once(app: &TestApp) {
    let (coordinator, desk) = app.coordinator().await;
    let values = json!({
        "titles": [{ "language": "en", "text": "a\u{202E}b" }, { "language": "fr", "text": "x".repeat(100_000) }],
        "languages": ["en", "??"], "url": "javascript:alert(1)", "doi": "182", "authors": ["a\u{0}b", "", "A", "A"],
        "publishedOn": { "date": "0099-01-01" }, "publisherIds": [id(desk), id(desk)], "provenance": { "state": "SOURCED" },
    });
    let expected = [
        "input.authors.0 FORBIDDEN_CHARACTER",
        "input.authors.1 REQUIRED",
        "input.authors.3 DUPLICATE",
        "input.doi MALFORMED",
        "input.languages.1 MALFORMED",
        "input.provenance.sourceUrl REQUIRED",
        "input.publishedOn OUT_OF_RANGE",
        "input.publisherIds.1 DUPLICATE",
        "input.titles.0.text FORBIDDEN_CHARACTER",
        "input.titles.1.text TOO_LONG",
        "input.url MALFORMED",
    ];
    let publication = recorded(&coordinator, json!({})).await;
    for (document, more) in [(CREATE, json!({ "type": "GUIDE" })), (UPDATE, json!({ "id": publication, "version": 1 }))] {
        let mut input = values.clone();
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        let mut faults = coordinator.graphql(document, json!({ "input": input })).await.faults();
        faults.sort();
        assert_eq!(faults, expected);
    }
    // One past each limit, and what refers to nothing.
    let many = |count: usize| (0..count).map(|index| format!("organisation_{index:026}")).collect::<Vec<_>>();
    let authors: Vec<String> = (0..101).map(|index| format!("Office {index}")).collect();
    for (input, fault) in [
        (json!({ "authors": authors }), "input.authors TOO_LONG"),
        (json!({ "publisherIds": many(61) }), "input.publisherIds TOO_LONG"),
        (json!({ "titles": [] }), "input.titles REQUIRED"),
        (json!({ "titles": titles(&"x".repeat(301)) }), "input.titles.0.text TOO_LONG"),
        (json!({ "publisherIds": [id(desk), "organisation_00000000000000000000000007"] }), "input.publisherIds.1 UNKNOWN_ID"),
        (json!({ "publisherIds": ["contact_00000000000000000000000007"] }), "input.publisherIds.0 WRONG_KIND"),
    ] {
        let mut input = input;
        input["id"] = publication.clone();
        input["version"] = json!(1);
        assert_eq!(coordinator.graphql(UPDATE, json!({ "input": input })).await.faults(), [fault]);
    }
    let unchanged = app.anonymous().data(READ, json!({ "id": publication })).await["publication"].clone();
    assert_eq!((&unchanged["version"], &unchanged["title"]), (&json!(1), &json!("Handbook of Sources")));
}

async fn nobody_else_records_or_edits(app: &TestApp) {
    let (coordinator, desk) = app.coordinator().await;
    let publication = recorded(&coordinator, json!({})).await;
    let create = json!({ "input": { "titles": titles("Mine"), "type": "REPORT" } });
    let update = json!({ "input": { "id": publication, "version": 1, "titles": titles("Mine") } });
    let history = json!({ "id": publication });
    let anyone = app.anonymous();
    for (document, variables) in [(CREATE, &create), (UPDATE, &update), (HISTORY, &history)] {
        assert_eq!(anyone.graphql(document, variables.clone()).await.code(), "UNAUTHENTICATED");
    }
    let board = app.organisation(OrganisationKind::ElectoralBody, "Board").await;
    let company = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    for (organisation, role) in [
        (desk, Role::Auditor),
        (board, Role::ElectoralBodyOfficer),
        (board, Role::ElectoralBodyAdministrator),
        (company, Role::PlatformRepresentative),
        (company, Role::PlatformAdministrator),
        (board, Role::Expert),
    ] {
        let client = app.member(&format!("{role}@example.org").to_lowercase(), organisation, role).await;
        for (document, variables) in [(CREATE, &create), (UPDATE, &update), (HISTORY, &history)] {
            assert_eq!(client.graphql(document, variables.clone()).await.code(), "FORBIDDEN", "{role}");
        }
    }
    assert_eq!(anyone.data(READ, history).await["publication"]["title"], "Handbook of Sources");
}

async fn the_titles_of_the_coalition_are_there(app: &TestApp) {
    let document = "{ publications { nodes { title publishers { name } provenance { state } } } }";
    let found = app.anonymous().data(document, json!({})).await;
    let nodes = found["publications"]["nodes"].as_array().unwrap();
    let titles: Vec<&str> = nodes.iter().filter_map(|node| node["title"].as_str()).collect();
    assert_eq!(
        titles,
        [
            "Information Integrity for Electoral Institutions and Processes: Reference Manual for UNDP Practitioners",
            "Defending Information Integrity: Actions for Election Stakeholders",
            "Promoting information integrity in elections: global reflections from election stakeholders",
        ],
        "the latest first"
    );
    assert!(nodes.iter().all(|node| node["provenance"]["state"] == "SOURCED"), "{found}");
    let undp = json!({ "name": "United Nations Development Programme" });
    let coalition = json!({ "name": "Action Coalition on Information Integrity in Elections" });
    let publishers: Vec<Value> = nodes.iter().map(|node| node["publishers"].clone()).collect();
    assert_eq!(publishers, [json!([undp]), json!([coalition, undp]), json!([undp])]);
}
