//! Channels: who keeps them, and who reads an address.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, stories};

stories![an_address_is_read_by_those_whom_it_is_for, a_platform_keeps_its_own_channels, no_filter_or_order_tells_an_address];

const CREATE: &str = "mutation ($input: ChannelCreateInput!) { channelCreate(input: $input) { channel { id version status } userErrors { code reason path message } } }";
const UPDATE: &str = "mutation ($input: ChannelUpdateInput!) { channelUpdate(input: $input) { channel { id version status } userErrors { code reason path message } } }";
const VERIFY: &str = "mutation ($input: ChannelVerifyInput!) { channelVerify(input: $input) { channel { id version status verifiedOn nextCheckDue verifiedBy { id } } userErrors { code reason path message } } }";
const RETIRE: &str = "mutation ($input: ChannelRetireInput!) { channelRetire(input: $input) { channel { id version status } userErrors { code reason path message } } }";
const LIST: &str = "query ($filter: ChannelFilter) { channels(filter: $filter) { totalCount nodes { id kind languages coverageCountries verifiedOn address instructions } } }";

async fn address(reader: &Client) -> Value {
    let found = reader.data(LIST, json!({})).await;
    let node = &found["channels"]["nodes"][0];
    assert_eq!((&node["kind"], &node["languages"], &node["coverageCountries"]), (&json!("EMAIL"), &json!(["es"]), &json!(["PE"])));
    let one = reader.data("query ($id: ID!) { node(id: $id) { ... on Channel { address } } }", json!({ "id": node["id"] })).await;
    assert_eq!(one["node"]["address"], node["address"], "one object, one rule");
    assert_eq!(node["address"].is_null(), node["instructions"].is_null());
    node["address"].clone()
}

async fn an_address_is_read_by_those_whom_it_is_for(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let platform = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    let rival = app.organisation(OrganisationKind::PlatformCompany, "Rival").await;
    let input = json!({ "platformId": id(platform), "kind": "EMAIL", "coverageCountries": ["PE"], "languages": ["es"], "address": "desk@company.example", "instructions": "Write in Spanish." });
    coordinator.mutate(CREATE, input).await;
    let body_of = async |country: &str| {
        let input = json!({ "names": [{ "language": "en", "text": format!("Board of {country}") }], "country": country });
        let document = "mutation ($input: ElectoralBodyCreateInput!) { electoralBodyCreate(input: $input) { electoralBody { id } userErrors { code reason path message } } }";
        coordinator.mutate(document, input).await["electoralBody"]["id"].as_str().unwrap().parse().unwrap()
    };
    let (peru, kenya) = (body_of("PE").await, body_of("KE").await);
    let known = json!("desk@company.example");
    assert_eq!(address(&coordinator).await, known);
    assert_eq!(address(&app.anonymous()).await, Value::Null);
    for (email, organisation, role, reads) in [
        ("officer@pe.example", peru, Role::ElectoralBodyOfficer, true),
        ("admin@pe.example", peru, Role::ElectoralBodyAdministrator, true),
        ("officer@ke.example", kenya, Role::ElectoralBodyOfficer, false),
        ("rep@company.example", platform, Role::PlatformRepresentative, true),
        ("admin@company.example", platform, Role::PlatformAdministrator, true),
        ("rep@rival.example", rival, Role::PlatformRepresentative, false),
        ("expert@pe.example", peru, Role::Expert, false),
    ] {
        let reader = app.member(email, organisation, role).await;
        assert_eq!(address(&reader).await, if reads { known.clone() } else { Value::Null }, "{email}");
    }
}

async fn a_platform_keeps_its_own_channels(app: &TestApp) {
    let platform = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    let rival = app.organisation(OrganisationKind::PlatformCompany, "Rival").await;
    let administrator = app.member("admin@company.example", platform, Role::PlatformAdministrator).await;
    let representative = app.member("rep@company.example", platform, Role::PlatformRepresentative).await;
    let input = |owner| json!({ "platformId": id(owner), "kind": "EMAIL", "address": "a@company.example", "hours": [{ "day": "MONDAY", "opensAt": "09:00", "closesAt": "17:00" }], "hoursTimeZone": "Europe/Dublin" });
    let channel = administrator.mutate(CREATE, input(platform)).await["channel"].clone();
    assert_eq!(channel["status"], "UNVERIFIED");
    assert_eq!(administrator.graphql(CREATE, json!({ "input": input(rival) })).await.code(), "FORBIDDEN");
    assert_eq!(representative.graphql(CREATE, json!({ "input": input(platform) })).await.code(), "FORBIDDEN");
    let verified =
        administrator.mutate(VERIFY, json!({ "id": channel["id"], "version": 1, "checkAfterDays": 30 })).await["channel"].clone();
    assert_eq!(
        (&verified["status"], &verified["verifiedOn"], &verified["nextCheckDue"]),
        (&json!("ACTIVE"), &json!("2026-03-02"), &json!("2026-04-01"))
    );
    assert_eq!(verified["verifiedBy"]["id"], id(platform));
    let moved =
        administrator.mutate(UPDATE, json!({ "id": channel["id"], "version": 2, "address": "b@company.example" })).await["channel"].clone();
    assert_eq!(moved["status"], "UNVERIFIED");
    let retired = administrator.mutate(RETIRE, json!({ "id": channel["id"], "version": 3, "reason": "Closed" })).await["channel"].clone();
    assert_eq!(retired["status"], "RETIRED");
    let again = administrator.graphql(VERIFY, json!({ "input": { "id": channel["id"], "version": 4 } })).await;
    assert_eq!(again.code(), "INVALID_TRANSITION");
    let listed = async |filter: Value| app.anonymous().data(LIST, json!({ "filter": filter })).await["channels"]["totalCount"].clone();
    assert_eq!(listed(json!({})).await, 0);
    assert_eq!(listed(json!({ "status": ["RETIRED"], "country": "KE", "platformId": id(platform) })).await, 1);
}

async fn no_filter_or_order_tells_an_address(app: &TestApp) {
    let schema = app.anonymous().data("{ filter: __type(name: \"ChannelFilter\") { inputFields { name } } order: __type(name: \"ChannelOrder\") { enumValues { name } } }", json!({})).await;
    let text = schema.to_string().to_lowercase();
    assert!(!text.contains("address") && !text.contains("search") && !text.contains("instructions"), "{text}");
}
