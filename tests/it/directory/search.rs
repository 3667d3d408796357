//! Reading the directory: the front ends' documents, search in scripts, pages both ways, what a level costs.

use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};

use super::OPERATIONS;

stories![
    the_documents_of_front_ends_run,
    search_finds_in_every_script_and_without_accents,
    every_name_and_abbreviation_of_a_body_finds_it,
    the_names_of_countries_find_their_bodies_in_every_language,
    countries_platforms_services_and_organisations_are_searched_alike,
    historical_bodies_are_shown_only_when_asked_for,
    pages_run_both_ways_without_gap_or_repetition,
    an_expected_election_whose_day_has_passed_reads_unconfirmed,
    a_level_costs_one_statement,
    hostile_input_is_refused_with_a_code,
    names_come_in_the_readers_language,
];

async fn the_documents_of_front_ends_run(app: &TestApp) {
    let anyone = app.anonymous();
    let run = async |name: &str, variables: Value| anyone.operation(OPERATIONS, name, variables).await.data();
    let bodies = run("ElectoralBodies", json!({ "country": "PE", "language": "es" })).await;
    assert_eq!(bodies["electoralBodies"]["totalCount"], 3);
    let body = &bodies["electoralBodies"]["nodes"][0];
    assert_eq!(body["country"]["name"], "Perú");
    assert_eq!(body["country"]["region"]["code"], "019");
    assert_eq!(body["elections"]["nodes"].as_array().map(Vec::len), Some(2), "{body}");
    let elections = run("Elections", json!({ "from": "2024-11-01", "to": "2024-11-30", "country": "NA" })).await;
    assert_eq!(elections["elections"]["nodes"][0]["status"], "HELD", "{elections}");
    let platforms = run("Platforms", json!({})).await;
    assert_eq!(platforms["platforms"]["totalCount"], 38);
    let services = run("PlatformServices", json!({ "search": "meta", "types": ["SOCIAL"] })).await;
    let names: Vec<&str> =
        services["platformServices"]["nodes"].as_array().unwrap().iter().filter_map(|node| node["name"].as_str()).collect();
    assert_eq!(names, ["Facebook", "Instagram", "Threads"]);
    assert_eq!(run("Experts", json!({})).await["experts"]["totalCount"], 0);
    let programmes = run("ReportingProgrammes", json!({})).await;
    assert_eq!(programmes["reportingProgrammes"]["nodes"].as_array().map(Vec::len), Some(8));
    let found = run("AnyObject", json!({ "id": body["id"] })).await;
    assert_eq!(found["node"], json!({ "__typename": "ElectoralBody", "id": body["id"] }));
    let unknown = "organisation_00000000000000000000000007";
    let found = run("AnyObjects", json!({ "ids": [body["id"], unknown] })).await;
    assert_eq!(found["nodes"], json!([{ "__typename": "ElectoralBody", "id": body["id"] }, null]));
}

async fn countries_of(reader: &Client, search: &str) -> Vec<String> {
    let document = "query ($search: String) { electoralBodies(filter: { search: $search }, first: 100) { nodes { country { code } } } }";
    let found = reader.data(document, json!({ "search": search })).await;
    let mut codes: Vec<String> = found["electoralBodies"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["country"]["code"].as_str().unwrap().to_owned())
        .collect();
    codes.dedup();
    codes
}

async fn search_finds_in_every_script_and_without_accents(app: &TestApp) {
    let anyone = app.anonymous();
    for (search, country) in
        [("peru", "PE"), ("PERÚ", "PE"), ("السودان", "SD"), ("ไทย", "TH"), ("ሱዳን", "SD"), ("pérou", "PE"), ("Кения", "KE")]
    {
        let found = countries_of(&anyone, search).await;
        assert!(found.iter().any(|code| code == country), "{search}: {found:?}");
    }
    // Words may stand in different places: one in the body's name, one in the country's.
    assert_eq!(countries_of(&anyone, "electoral perú").await, ["PE"]);
    assert_eq!(countries_of(&anyone, "100%").await, Vec::<String>::new());
    assert_eq!(countries_of(&anyone, "IEBC").await, ["KE"]);
}

/// Every electoral body, the dissolved ones too, with what it should be found by.
async fn all_bodies(reader: &Client) -> Vec<Value> {
    let document = "query ($after: String) { electoralBodies(filter: { includeHistorical: true }, first: 100, after: $after) { nodes { id shortName names { text } country { code names { text } } } pageInfo { hasNextPage endCursor } } }";
    let (mut bodies, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = reader.data(document, json!({ "after": after })).await["electoralBodies"].take();
        bodies.extend(page["nodes"].as_array().unwrap().iter().cloned());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return bodies;
        }
    }
}

/// The first six words, in capitals: fewer than search takes at most, and case must not matter.
fn term(text: &str) -> String {
    text.split_whitespace().take(6).collect::<Vec<_>>().join(" ").to_uppercase().chars().take(100).collect()
}

/// The terms of `wanted` that do not find their body among those of its country, ten a request.
async fn missed(reader: &Client, wanted: &[(String, Value)]) -> Vec<String> {
    let mut missed = Vec::new();
    for some in wanted.chunks(10) {
        let field = |(index, (term, body)): (usize, &(String, Value))| {
            let (term, country) = (json!(term), &body["country"]["code"]);
            format!(
                "s{index}: electoralBodies(filter: {{ search: {term}, country: {country}, includeHistorical: true }}) {{ nodes {{ id }} }} "
            )
        };
        let document: String = some.iter().enumerate().map(field).collect();
        let found = reader.data(&format!("{{ {document} }}"), json!({})).await;
        for (index, (term, body)) in some.iter().enumerate() {
            if found[format!("s{index}")]["nodes"].as_array().unwrap().iter().all(|node| node["id"] != body["id"]) {
                missed.push(term.clone());
            }
        }
    }
    missed
}

async fn every_name_and_abbreviation_of_a_body_finds_it(app: &TestApp) {
    let anyone = app.anonymous();
    let bodies = all_bodies(&anyone).await;
    assert_eq!(bodies.len(), 188);
    let mut wanted = Vec::new();
    for body in &bodies {
        let names = body["names"].as_array().unwrap().iter().filter_map(|name| name["text"].as_str());
        wanted.extend(names.chain(body["shortName"].as_str()).map(|text| (term(text), body.clone())));
    }
    assert!(wanted.len() > 350, "{}", wanted.len());
    assert_eq!(missed(&anyone, &wanted).await, Vec::<String>::new());
}

async fn the_names_of_countries_find_their_bodies_in_every_language(app: &TestApp) {
    let anyone = app.anonymous();
    // A language for each body, another for the next: all seventeen take their turn.
    let wanted: Vec<(String, Value)> = all_bodies(&anyone)
        .await
        .iter()
        .enumerate()
        .map(|(turn, body)| {
            let names = body["country"]["names"].as_array().unwrap();
            (term(names[turn % names.len()]["text"].as_str().unwrap()), body.clone())
        })
        .collect();
    assert_eq!(missed(&anyone, &wanted).await, Vec::<String>::new());
    let peru =
        |search: &str| format!("{{ electoralBodies(filter: {{ search: \"{search}\" }}) {{ totalCount nodes {{ country {{ code }} }} }} }}");
    for search in ["peru", "PERÚ", "pérou", "秘鲁", "بيرو"] {
        let found = anyone.data(&peru(search), json!({})).await["electoralBodies"].take();
        assert_eq!(found["totalCount"], 3, "{search} {found}");
        assert!(found["nodes"].as_array().unwrap().iter().all(|node| node["country"]["code"] == "PE"), "{search} {found}");
    }
}

async fn countries_platforms_services_and_organisations_are_searched_alike(app: &TestApp) {
    let anyone = app.anonymous();
    let country = async |search: &str| {
        let found = anyone
            .data("query ($s: String) { countries(filter: { search: $s }) { totalCount nodes { code } } }", json!({ "s": search }))
            .await;
        let codes = found["countries"]["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned());
        codes.collect::<Vec<_>>().join(" ")
    };
    for (search, codes) in [("cote d'ivoire", "CI"), ("XKX", "XK"), ("ประเทศ", ""), ("السودان", "SS SD"), ("ไทย", "TH")]
    {
        assert_eq!(country(search).await, codes, "{search}");
    }
    let first = async |field: &str, search: &str| {
        let document = format!("query ($s: String) {{ found: {field}(filter: {{ search: $s }}, first: 1) {{ nodes {{ name }} }} }}");
        anyone.data(&document, json!({ "s": search })).await["found"]["nodes"][0]["name"].clone()
    };
    assert_eq!(first("platforms", "wikimedia").await, "Wikimedia Foundation");
    assert_eq!(first("platformServices", "BYTEDANCE").await, "TikTok", "a service by its company's name");
    assert_eq!(first("organisations", "casa arabe").await, "Casa Árabe");
    assert_eq!(first("organisations", "action coalition").await, "Action Coalition on Information Integrity in Elections");
}

async fn historical_bodies_are_shown_only_when_asked_for(app: &TestApp) {
    let anyone = app.anonymous();
    let count = async |filter: &str| {
        let document = format!("{{ electoralBodies(filter: {{ country: \"ML\" {filter} }}) {{ totalCount nodes {{ status }} }} }}");
        anyone.data(&document, json!({})).await["electoralBodies"]["totalCount"].clone()
    };
    assert_eq!(count("").await, 0);
    assert_eq!(count(", includeHistorical: true").await, 2);
    assert_eq!(count(", status: [DISSOLVED]").await, 2);
}

async fn pages_run_both_ways_without_gap_or_repetition(app: &TestApp) {
    let anyone = app.anonymous();
    let document = "query ($first: Int, $after: String, $last: Int, $before: String) { countries(first: $first, after: $after, last: $last, before: $before) { nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    let codes = |page: &Value| -> Vec<String> {
        page["countries"]["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect()
    };
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = anyone.data(document, json!({ "first": 60, "after": after })).await;
        forward.extend(codes(&page));
        if page["countries"]["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["countries"]["pageInfo"]["endCursor"].clone();
    }
    let (mut backward, mut before) = (Vec::new(), Value::Null);
    loop {
        let page = anyone.data(document, json!({ "last": 70, "before": before })).await;
        backward.splice(0..0, codes(&page));
        if page["countries"]["pageInfo"]["hasPreviousPage"] == json!(false) {
            break;
        }
        before = page["countries"]["pageInfo"]["startCursor"].clone();
    }
    assert_eq!(forward.len(), 250);
    assert_eq!(forward, backward);
    let refused = anyone.graphql("{ countries(first: 101) { nodes { code } } }", json!({})).await;
    assert_eq!(refused.code(), "LIMIT_EXCEEDED");
}

async fn an_expected_election_whose_day_has_passed_reads_unconfirmed(app: &TestApp) {
    let anyone = app.anonymous();
    let document = "query ($status: [ElectionStatus!]) { elections(filter: { status: $status }, first: 100) { totalCount nodes { status pollingDays { date until precision } } } }";
    let count = async |status: &str| {
        let found = anyone.data(document, json!({ "status": [status] })).await;
        let nodes = found["elections"]["nodes"].as_array().unwrap();
        assert!(nodes.iter().all(|node| node["status"] == status), "{status}");
        found["elections"]["totalCount"].as_i64().unwrap()
    };
    let (expected, unconfirmed) = (count("EXPECTED").await, count("UNCONFIRMED").await);
    assert_eq!(expected + unconfirmed, 206);
    assert!(unconfirmed >= 35, "{unconfirmed}");
    app.advance(chrono::TimeDelta::days(3_000));
    assert_eq!((count("EXPECTED").await, count("UNCONFIRMED").await), (0, 206));
}

async fn a_level_costs_one_statement(app: &TestApp) {
    let anyone = app.anonymous();
    let run = async |variables: Value| anyone.operation(OPERATIONS, "ElectoralBodies", variables).await.statements();
    run(json!({ "first": 100 })).await;
    // Bodies, their count, regions, elections; the countries are at hand.
    let counts = [
        run(json!({ "first": 5 })).await,
        run(json!({ "first": 20 })).await,
        run(json!({ "first": 50 })).await,
        run(json!({ "first": 100 })).await,
    ];
    assert_eq!(counts, [4, 4, 4, 4]);
    assert_eq!(anyone.operation(OPERATIONS, "Platforms", json!({})).await.statements(), 3);
    let counted = anyone.graphql("{ electoralBodies { nodes { id } } }", json!({})).await;
    assert_eq!(counted.statements(), 1, "the count is not asked for");
}

async fn hostile_input_is_refused_with_a_code(app: &TestApp) {
    let anyone = app.anonymous();
    let long = "x".repeat(100_000);
    for (query, code) in [
        ("query ($v: String!) { electoralBodies(filter: { search: $v }) { totalCount } }", "INVALID_INPUT"),
        ("query ($v: ID!) { electoralBody(id: $v) { id } }", "INVALID_INPUT"),
        ("query ($v: ID!) { node(id: $v) { id } }", "INVALID_INPUT"),
        ("query ($v: String!) { electoralBodies(after: $v) { totalCount nodes { id } } }", "INVALID_INPUT"),
        ("query ($v: CountryCode!) { country(code: $v) { code } }", "INVALID_INPUT"),
    ] {
        for value in ["a\u{0}b", "\u{202E}abc", "'; DROP TABLE organisation; --", long.as_str()] {
            let reply = anyone.graphql(query, json!({ "v": value })).await;
            if reply.body.get("errors").is_some() {
                assert_eq!(reply.code(), code, "{query} {}", reply.text);
            }
        }
    }
    let wrong_kind = anyone.graphql("{ electoralBody(id: \"contact_00000000000000000000000007\") { id } }", json!({})).await;
    assert_eq!(wrong_kind.body["errors"][0]["extensions"]["reason"], "WRONG_KIND");
    let many: Vec<String> = (0..101).map(|_| "organisation_00000000000000000000000007".to_owned()).collect();
    let too_many = anyone.graphql("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": many })).await;
    assert_eq!(too_many.code(), "LIMIT_EXCEEDED");
}

async fn names_come_in_the_readers_language(app: &TestApp) {
    let anyone = app.anonymous();
    let found = anyone
        .data(
            "{ country(code: \"SD\") { ar: name(language: \"ar\") fallback: name(language: \"xx\") names { language direction } } }",
            json!({}),
        )
        .await;
    let country = &found["country"];
    assert_eq!((&country["ar"], &country["fallback"]), (&json!("السودان"), &json!("Sudan")));
    assert_eq!(country["names"].as_array().map(Vec::len), Some(17));
    assert!(country["names"].as_array().unwrap().contains(&json!({ "language": "ur", "direction": "RIGHT_TO_LEFT" })));
    let bad = anyone.graphql("{ country(code: \"SD\") { name(language: \"?\") } }", json!({})).await;
    assert_eq!(bad.code(), "INVALID_INPUT");
}
