//! Edits: who may, versions, keys, history, faults.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{TestApp, people::id, stories};

stories![
    the_coordinator_creates_and_edits_each_kind,
    an_administrator_edits_his_own_organisation_only,
    a_stale_version_changes_nothing,
    the_same_key_does_the_same_once,
    every_fault_is_named_at_once,
    nobody_else_edits,
];

fn mutation(name: &str, input: &str, entry: &str) -> String {
    format!(
        "mutation ($input: {input}!) {{ {name}(input: $input) {{ entry: {entry} {{ id version }} userErrors {{ code reason path message }} }} }}"
    )
}

fn name(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

async fn the_coordinator_creates_and_edits_each_kind(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let create = async |operation: &str, input: &str, entry: &str, value: Value| {
        coordinator.mutate(&mutation(operation, input, entry), value).await["entry"].clone()
    };
    let platform = create("platformCreate", "PlatformCreateInput", "platform", json!({ "names": name("Example") })).await;
    let service = json!({ "platformId": platform["id"], "names": name("Example Video"), "type": "VIDEO" });
    let service = create("platformServiceCreate", "PlatformServiceCreateInput", "platformService", service).await;
    let body = json!({ "names": name("Board"), "country": "PE", "facts": { "model": "INDEPENDENT", "memberCount": 5 }, "provenance": { "sourceUrl": "https://example.org" } });
    let body = create("electoralBodyCreate", "ElectoralBodyCreateInput", "electoralBody", body).await;
    let channel =
        json!({ "platformId": platform["id"], "platformServiceId": service["id"], "kind": "WEB_FORM", "coverageCountries": ["PE"] });
    let channel = create("channelCreate", "ChannelCreateInput", "channel", channel).await;
    let expert = create("expertRecord", "ExpertRecordInput", "expert", json!({ "name": "Ada Example", "topics": ["Deepfakes"] })).await;
    let publication = json!({ "titles": name("Handbook"), "type": "GUIDE", "publisherIds": [body["id"]] });
    let publication = create("publicationCreate", "PublicationCreateInput", "publication", publication).await;
    let other = json!({ "kind": "CSO", "names": name("Watch"), "parentId": platform["id"] });
    let other = create("organisationCreate", "OrganisationCreateInput", "organisation", other).await;
    let days = json!([{ "date": "2027-04-11", "round": 1 }, { "date": "2027-06-01", "precision": "MONTH", "round": 2 }]);
    let election =
        json!({ "country": "PE", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": days, "responsibleBodyIds": [body["id"]] });
    let election = create("electionCreate", "ElectionCreateInput", "election", election).await;
    let programme = json!({ "names": name("Flags"), "operatorId": platform["id"], "covers": name("Example Video") });
    let programme = create("reportingProgrammeCreate", "ReportingProgrammeCreateInput", "reportingProgramme", programme).await;
    let instrument = json!({ "titles": name("Code"), "type": "CODE", "bindingness": "VOLUNTARY", "countries": ["PE"] });
    let instrument = create("instrumentCreate", "InstrumentCreateInput", "instrument", instrument).await;
    for (operation, input, entry, object, change) in [
        ("platformUpdate", "OrganisationUpdateInput", "platform", &platform, json!({ "website": "https://example.com" })),
        ("platformServiceUpdate", "PlatformServiceUpdateInput", "platformService", &service, json!({ "dsaStatus": "VLOP" })),
        ("electoralBodyUpdate", "ElectoralBodyUpdateInput", "electoralBody", &body, json!({ "status": "DISSOLVED" })),
        ("organisationUpdate", "OrganisationUpdateInput", "organisation", &other, json!({ "parentId": null })),
        ("channelUpdate", "ChannelUpdateInput", "channel", &channel, json!({ "languages": ["es"] })),
        ("expertUpdate", "ExpertUpdateInput", "expert", &expert, json!({ "languages": ["es"] })),
        ("publicationUpdate", "PublicationUpdateInput", "publication", &publication, json!({ "authors": ["Press Office"] })),
        ("electionUpdate", "ElectionUpdateInput", "election", &election, json!({ "status": "POSTPONED" })),
        ("instrumentUpdate", "InstrumentUpdateInput", "instrument", &instrument, json!({ "validTo": "2027-12-31" })),
        (
            "reportingProgrammeUpdate",
            "ReportingProgrammeUpdateInput",
            "reportingProgramme",
            &programme,
            json!({ "url": "https://example.com/flags" }),
        ),
    ] {
        let mut value = change;
        value["id"] = object["id"].clone();
        value["version"] = json!(1);
        let changed = create(operation, input, entry, value).await;
        assert_eq!(changed["version"], 2, "{operation}");
        let history = coordinator.data(HISTORY, json!({ "id": object["id"] })).await;
        let kept = history["directoryHistory"].as_array().unwrap();
        assert_eq!((kept.len(), &kept[0]["version"]), (1, &json!(1)), "{operation}");
        assert_eq!(kept[0]["replaced"].as_array().map(Vec::len), Some(1), "{operation}: {history}");
    }
}

const HISTORY: &str = "query ($id: ID!) { directoryHistory(id: $id) { version replaced { name value } } }";
const UPDATE: &str = "mutation ($input: OrganisationUpdateInput!) { organisationUpdate(input: $input) { organisation { id version name } userErrors { code reason path message } } }";
const CREATE: &str = "mutation ($input: OrganisationCreateInput!) { organisationCreate(input: $input) { organisation { id } userErrors { code reason path message } } }";

async fn an_administrator_edits_his_own_organisation_only(app: &TestApp) {
    let own = app.organisation(OrganisationKind::ElectoralBody, "Own board").await;
    let other = app.organisation(OrganisationKind::ElectoralBody, "Other board").await;
    let administrator = app.member("admin@own.example", own, Role::ElectoralBodyAdministrator).await;
    let edit = |organisation| json!({ "input": { "id": id(organisation), "version": 1, "names": name("Renamed"), "country": "PE" } });
    let changed = administrator.graphql(UPDATE, edit(own)).await.data();
    assert_eq!(changed["organisationUpdate"]["organisation"]["name"], "Renamed", "{changed}");
    assert_eq!(administrator.graphql(UPDATE, edit(other)).await.code(), "FORBIDDEN");
    let history = administrator.data(HISTORY, json!({ "id": id(own) })).await;
    assert_eq!(history["directoryHistory"][0]["version"], 1);
    assert_eq!(administrator.graphql(HISTORY, json!({ "id": id(other) })).await.code(), "FORBIDDEN");
    let officer = app.member("officer@own.example", own, Role::ElectoralBodyOfficer).await;
    assert_eq!(officer.graphql(UPDATE, edit(own)).await.code(), "FORBIDDEN");
}

async fn a_stale_version_changes_nothing(app: &TestApp) {
    let (coordinator, desk) = app.coordinator().await;
    let edit = |version: i32, text: &str| json!({ "input": { "id": id(desk), "version": version, "names": name(text) } });
    coordinator.graphql(UPDATE, edit(1, "First")).await.data();
    assert_eq!(coordinator.graphql(UPDATE, edit(1, "Second")).await.code(), "VERSION_MISMATCH");
    let found = app
        .anonymous()
        .data("query ($id: ID!) { node(id: $id) { ... on OtherOrganisation { name version } } }", json!({ "id": id(desk) }))
        .await;
    assert_eq!(found["node"], json!({ "name": "First", "version": 2 }));
}

async fn the_same_key_does_the_same_once(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let input = |text: &str| json!({ "kind": "MEDIA", "names": name(text), "idempotencyKey": "once" });
    let first = coordinator.mutate(CREATE, input("Radio")).await;
    let again = coordinator.mutate(CREATE, input("Radio")).await;
    assert_eq!(first["organisation"], again["organisation"]);
    let other = coordinator.graphql(CREATE, json!({ "input": input("Television") })).await;
    assert_eq!(other.code(), "CONFLICT");
    let found = app.anonymous().data("{ organisations(filter: { kind: [MEDIA] }) { totalCount } }", json!({})).await;
    assert_eq!(found["organisations"]["totalCount"], 1);
}

async fn every_fault_is_named_at_once(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let input = json!({
        "kind": "CSO",
        "names": [{ "language": "en", "text": "a\u{202E}b" }, { "language": "??", "text": "x".repeat(100_000) }],
        "website": "javascript:alert(1)",
        "country": "Peru",
        "timeZone": "Mars/Olympus",
        "foundedYear": 99,
    });
    let mut faults = coordinator.graphql(CREATE, json!({ "input": input })).await.faults();
    faults.sort();
    let expected = [
        "input.country MALFORMED",
        "input.foundedYear OUT_OF_RANGE",
        "input.names.0.text FORBIDDEN_CHARACTER",
        "input.names.1.language MALFORMED",
        "input.names.1.text TOO_LONG",
        "input.timeZone NOT_AN_OPTION",
        "input.website MALFORMED",
    ];
    assert_eq!(faults, expected);
    let unknown = json!({ "kind": "CSO", "names": name("Watch"), "country": "QQ", "parentId": "organisation_00000000000000000000000007" });
    let mut faults = coordinator.graphql(CREATE, json!({ "input": unknown })).await.faults();
    faults.sort();
    assert_eq!(faults, ["input.country NOT_AN_OPTION", "input.parentId UNKNOWN_ID"]);
    let wrong = json!({ "kind": "CSO", "names": name("Watch"), "parentId": "contact_00000000000000000000000007" });
    assert_eq!(coordinator.graphql(CREATE, json!({ "input": wrong })).await.faults(), ["input.parentId WRONG_KIND"]);
}

async fn nobody_else_edits(app: &TestApp) {
    let body = app.organisation(OrganisationKind::ElectoralBody, "Board").await;
    let platform = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    let input = json!({ "input": { "kind": "CSO", "names": name("Watch") } });
    assert_eq!(app.anonymous().graphql(CREATE, input.clone()).await.code(), "UNAUTHENTICATED");
    assert_eq!(app.anonymous().graphql(HISTORY, json!({ "id": id(body) })).await.code(), "UNAUTHENTICATED");
    for (email, organisation, role) in [
        ("officer@board.example", body, Role::ElectoralBodyOfficer),
        ("admin@board.example", body, Role::ElectoralBodyAdministrator),
        ("rep@company.example", platform, Role::PlatformRepresentative),
        ("admin@company.example", platform, Role::PlatformAdministrator),
        ("expert@board.example", body, Role::Expert),
    ] {
        let client = app.member(email, organisation, role).await;
        assert_eq!(client.graphql(CREATE, input.clone()).await.code(), "FORBIDDEN", "{role}");
    }
}
