//! Channels: who keeps them, and who reads an address.

use serde_json::{Value, json};
use tertulia_app::directory::reference::{self, File};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, TestApp, people::id, stories};

stories![
    an_address_is_read_by_those_whom_it_is_for,
    a_platform_keeps_its_own_channels,
    no_filter_or_order_tells_an_address,
    those_in_the_reader_s_language_come_first,
    near_an_election_a_channel_is_checked_earlier,
    a_channel_names_the_instrument_that_it_stands_on,
];

const CREATE: &str = "mutation ($input: ChannelCreateInput!) { channelCreate(input: $input) { channel { id version status } userErrors { code reason path message } } }";
const UPDATE: &str = "mutation ($input: ChannelUpdateInput!) { channelUpdate(input: $input) { channel { id version status } userErrors { code reason path message } } }";
const VERIFY: &str = "mutation ($input: ChannelVerifyInput!) { channelVerify(input: $input) { channel { id version status verifiedOn nextCheckDue verifiedBy { id } } userErrors { code reason path message } } }";
const RETIRE: &str = "mutation ($input: ChannelRetireInput!) { channelRetire(input: $input) { channel { id version status } userErrors { code reason path message } } }";
const LIST: &str = "query ($filter: ChannelFilter) { channels(filter: $filter) { totalCount nodes { id kind languages coverageCountries verifiedOn address instructions } } }";

/// A channel on which somebody answers at this address, edited once.
pub(crate) async fn liaison(coordinator: &Client, platform: OrganisationId, address: &str) {
    let channel = json!({ "platformId": id(platform), "kind": "LIAISON_PERSON", "address": address });
    let channel = coordinator.mutate(CREATE, channel).await["channel"].clone();
    coordinator.mutate(UPDATE, json!({ "id": channel["id"], "version": channel["version"], "languages": ["es"] })).await;
}

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

async fn those_in_the_reader_s_language_come_first(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let platform = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    for (name, languages) in [
        ("unknown", json!([])),
        ("english", json!(["en"])),
        ("french", json!(["fr"])),
        ("spanish", json!(["es"])),
        ("both", json!(["fr-CH", "es-PE"])),
    ] {
        coordinator.mutate(CREATE, json!({ "platformId": id(platform), "kind": "EMAIL", "address": name, "languages": languages })).await;
    }
    let document = "query($first: Int, $after: String, $last: Int, $before: String) {
      channels(orderBy: LANGUAGE_MATCH, first: $first, after: $after, last: $last, before: $before) {
        pageInfo { endCursor startCursor hasNextPage hasPreviousPage } nodes { address } } }";
    let ask = async |languages: &str, variables: Value| {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = coordinator.request(reqwest::Method::POST, "/graphql").header("content-type", "application/json");
        coordinator.send(request.header("accept-language", languages).body(body)).await.data()["channels"].clone()
    };
    let names = |page: &Value| -> Vec<String> {
        page["nodes"].as_array().unwrap().iter().map(|node| node["address"].as_str().unwrap().to_owned()).collect()
    };
    let all = names(&ask("es-PE, fr;q=0.8", json!({ "first": 10 })).await);
    let (mut best, rest) = (all[..2].to_vec(), all[2..].to_vec());
    best.sort();
    assert_eq!((best, rest), (vec!["both".into(), "spanish".into()], vec!["french".into(), "unknown".into(), "english".into()]));
    // A page at a time, forward and back, is the same list.
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = ask("es-PE, fr;q=0.8", json!({ "first": 1, "after": after })).await;
        forward.extend(names(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(forward, all);
    let back = ask("es-PE, fr;q=0.8", json!({ "last": 2, "before": after })).await;
    assert_eq!((names(&back), &back["pageInfo"]["hasPreviousPage"]), (all[2..4].to_vec(), &json!(true)));
    // Without a language of the reader's, what is not known comes before what is another.
    assert_eq!(names(&ask("sw", json!({ "first": 1 })).await), ["unknown"]);
    let wrong = coordinator.graphql(document, json!({ "first": 1, "after": "x" })).await;
    assert_eq!(wrong.code(), "INVALID_INPUT");
}

async fn near_an_election_a_channel_is_checked_earlier(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let platform = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    let make = async |countries: Value| {
        let input = json!({ "platformId": id(platform), "kind": "EMAIL", "address": "a@company.example", "coverageCountries": countries });
        coordinator.mutate(CREATE, input).await["channel"]["id"].clone()
    };
    let verify = async |channel: &Value, version: i32| {
        coordinator.mutate(VERIFY, json!({ "id": channel, "version": version })).await["channel"]["nextCheckDue"].clone()
    };
    let (monaco, everywhere) = (make(json!(["MC"])).await, make(json!([])).await);
    assert_eq!(verify(&monaco, 1).await, "2026-05-31", "90 days");
    let due = "query($id: ID!) { node(id: $id) { ... on Channel { nextCheckDue version } } }";
    let text = "key,version,country,jurisdiction,type,status,polling_days,silence_periods,campaign_from,campaign_to,responsible_bodies,\
        provenance_state,source_url,source_note,as_of\n\
        story-mc,,MC,,PRESIDENTIAL,SCHEDULED,2026-04-26,,,,,UNVERIFIED,,Made for this story,2026-03-01\n";
    let file = File { name: "elections.csv".to_owned(), bytes: text.as_bytes().to_vec() };
    reference::import(&app.app, &app.app.system(), &[file], false).await.unwrap();
    let brought = coordinator.data(due, json!({ "id": monaco })).await["node"]["nextCheckDue"].clone();
    assert_eq!(brought, "2026-04-12", "an election from a file counts as one that somebody enters");
    let vote = "mutation($input: ElectionCreateInput!) { electionCreate(input: $input) { election { id } userErrors { code reason path message } } }";
    let day = |date: &str| json!({ "country": "MC", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": [{ "date": date, "round": 1 }] });
    coordinator.mutate(vote, day("2026-04-12")).await;
    let brought = coordinator.data(due, json!({ "id": monaco })).await["node"].clone();
    assert_eq!(brought, json!({ "nextCheckDue": "2026-03-29", "version": 2 }), "two weeks before, at once");
    assert_eq!(verify(&monaco, 2).await, "2026-03-29");
    assert_eq!(verify(&everywhere, 1).await, "2026-05-31", "somewhere people always vote");
    coordinator.mutate(vote, day("2026-03-10")).await;
    assert_eq!(verify(&monaco, 3).await, "2026-03-09", "every week from then on");
}

async fn a_channel_names_the_instrument_that_it_stands_on(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let platform = app.organisation(OrganisationKind::PlatformCompany, "Company").await;
    let administrator = app.member("admin@company.example", platform, Role::PlatformAdministrator).await;
    let make = "mutation($input: InstrumentCreateInput!) { instrumentCreate(input: $input) { instrument { id } userErrors { code reason path message } } }";
    let code = json!({ "titles": [{ "language": "en", "text": "Code" }], "type": "CODE", "bindingness": "VOLUNTARY" });
    let confirmed = coordinator.mutate(make, code.clone()).await["instrument"]["id"].clone();
    let mut proposal = code;
    proposal["proposedById"] = id(platform);
    let proposed = administrator.mutate(make, proposal).await["instrument"]["id"].clone();
    let input = |instrument: &Value| json!({ "platformId": id(platform), "kind": "EMAIL", "address": "a@company.example", "instrumentId": instrument });
    for (wrong, reason) in [(&proposed, "UNKNOWN_ID"), (&id(platform), "WRONG_KIND")] {
        let refused =
            administrator.graphql(CREATE, json!({ "input": input(wrong) })).await.data()["channelCreate"]["userErrors"][0].clone();
        assert_eq!((&refused["reason"], &refused["path"]), (&json!(reason), &json!(["input", "instrumentId"])));
    }
    let channel = administrator.mutate(CREATE, input(&confirmed)).await["channel"]["id"].clone();
    let read = "query($id: ID!) { node(id: $id) { ... on Channel { instrument { id title } } } }";
    let seen = app.anonymous().data(read, json!({ "id": channel })).await["node"]["instrument"].clone();
    assert_eq!(seen, json!({ "id": confirmed, "title": "Code" }));
    administrator.mutate(UPDATE, json!({ "id": channel, "version": 1, "instrumentId": null })).await;
    assert_eq!(app.anonymous().data(read, json!({ "id": channel })).await["node"]["instrument"], Value::Null);
}
