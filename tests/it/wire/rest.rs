//! REST: reading the directory and the dialogues, the description, and how what there is not is refused.

use std::{collections::BTreeSet, path::Path};

use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tertulia_api::{graphql::sdl, rest::openapi::description};
use tertulia_domain::policy::OrganisationKind;
use tertulia_tests::{Client, TestApp, checks, stories};

use crate::whole::root;

stories![
    lists_answer_what_graphql_answers,
    pages_lead_to_each_other,
    names_come_in_the_readers_language,
    tags_save_the_transfer,
    limits_and_unknown_parameters_are_refused,
    unknown_paths_and_methods_are_problems,
    the_reader_loads_nothing_from_elsewhere,
];

checks![the_description_is_current, every_act_on_contacts_has_its_path];

fn the_description_is_current() {
    let file = std::fs::read_to_string(root().join("openapi.json")).unwrap_or_default();
    let text = &description().unwrap().text;
    assert!(file == *text, "openapi.json is not what the server serves. Write it anew:\n\n    cargo run -- openapi > openapi.json\n");
}

fn every_act_on_contacts_has_its_path() {
    let document: Value = serde_json::from_str(&description().unwrap().text).unwrap();
    let told: BTreeSet<String> =
        document["paths"].as_object().unwrap().values().filter_map(|path| Some(path["post"]["operationId"].as_str()?.to_owned())).collect();
    let sdl = sdl();
    let mutations = sdl.lines().filter_map(|line| line.strip_prefix("\tcontact")?.strip_suffix('('));
    // Others that begin so are a subscription, queries, and what a body's templates go by.
    let others = |name: &str| name.starts_with("Template") || ["Changed", "Import", "Imports"].contains(&name);
    let mutations = mutations.filter(|name| name.starts_with(char::is_uppercase) && !others(name));
    let missing: Vec<String> = mutations.map(|name| format!("contact{name}")).filter(|name| !told.contains(name)).collect();
    assert_eq!(missing, Vec::<String>::new());
    assert!(told.contains("contactLog") && told.contains("contactResolvePlatform"), "{told:?}");
}

/// The targets of a `Link` header, by relation.
fn link(headers: &HeaderMap, relation: &str) -> Option<String> {
    let links = headers.get("link")?.to_str().unwrap();
    let link = links.split(", ").find(|link| link.ends_with(&format!("rel=\"{relation}\"")))?;
    Some(link.trim_start_matches('<').split('>').next().unwrap().to_owned())
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn bodies(app: &TestApp, count: usize) -> Client {
    for index in 0..count {
        app.organisation(OrganisationKind::ElectoralBody, &format!("The body number {index}")).await;
    }
    app.anonymous()
}

async fn lists_answer_what_graphql_answers(app: &TestApp) {
    let client = bodies(app, 3).await;
    app.organisation(OrganisationKind::PlatformCompany, "Parley").await;
    for (path, field) in [
        ("/v1/electoral-bodies?count=true&search=number&orderBy=NAME", "electoralBodies(filter: { search: \"number\" }, orderBy: NAME)"),
        (
            "/v1/electoral-bodies?count=true&country=PE&status=ACTIVE&status=DISSOLVED",
            "electoralBodies(filter: { country: \"PE\", status: [ACTIVE, DISSOLVED] })",
        ),
        ("/v1/electoral-bodies?count=true&search=nobody", "electoralBodies(filter: { search: \"nobody\" })"),
        ("/v1/platforms?count=true&includeHistorical=true", "platforms(filter: { includeHistorical: true })"),
        ("/v1/elections?count=true&pollingDayFrom=2026-01-01", "elections(filter: { pollingDayFrom: \"2026-01-01\" })"),
    ] {
        let reply = client.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text);
        let wanted = client.data(&format!("{{ list: {field} {{ nodes {{ id }} totalCount }} }}"), json!({})).await["list"].clone();
        assert_eq!((ids(&reply.body["items"]), &reply.body["totalCount"]), (ids(&wanted["nodes"]), &wanted["totalCount"]), "{path}");
    }
    let found = client.get("/v1/electoral-bodies?search=number%201").await.body;
    assert_eq!(found.get("totalCount"), None, "counted only when asked for");
    assert_eq!(found["items"][0]["name"], "The body number 1");
    let one = client.get(&format!("/v1/electoral-bodies/{}", ids(&found["items"])[0])).await;
    assert_eq!(one.body, found["items"][0]);
    let path = format!("/v1/electoral-bodies/{}", ids(&found["items"])[0]);
    for path in [path.as_str(), "/v1/electoral-bodies?search=nobody"] {
        let (get, head) = (client.get(path).await, client.send(client.request(Method::HEAD, path)).await);
        assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""), "{path}");
        assert_eq!(head.headers["etag"], get.headers["etag"], "{path}");
    }
}

async fn pages_lead_to_each_other(app: &TestApp) {
    let client = bodies(app, 5).await;
    let whole = ids(&client.get("/v1/electoral-bodies?search=number").await.body["items"]);
    assert_eq!(whole.len(), 5);
    let first = client.get("/v1/electoral-bodies?search=number&limit=2").await;
    assert_eq!(link(&first.headers, "prev"), None);
    let (mut forth, mut next, mut last) = (ids(&first.body["items"]), link(&first.headers, "next"), first.clone());
    while let Some(path) = next {
        last = client.get(&path).await;
        assert_eq!(link(&last.headers, "first").as_deref(), Some("/v1/electoral-bodies?search=number&limit=2"));
        forth.extend(ids(&last.body["items"]));
        next = link(&last.headers, "next");
    }
    assert_eq!(forth, whole);
    let middle = client.get(&link(&last.headers, "prev").unwrap()).await;
    assert_eq!(ids(&middle.body["items"]), whole[2..4]);
    let front = client.get(&link(&middle.headers, "prev").unwrap()).await;
    assert_eq!((ids(&front.body["items"]), link(&front.headers, "prev")), (whole[..2].to_vec(), None));
}

async fn names_come_in_the_readers_language(app: &TestApp) {
    let (coordinator, _) = app.coordinator().await;
    let names = json!([{ "language": "en", "text": "The council" }, { "language": "es", "text": "El consejo" }]);
    let input = json!({ "names": names, "country": "PE" });
    let document = "mutation($input: ElectoralBodyCreateInput!) { electoralBodyCreate(input: $input) { electoralBody { id } userErrors { path message } } }";
    let made = coordinator.mutate(document, input).await;
    let path = format!("/v1/electoral-bodies/{}", made["electoralBody"]["id"].as_str().unwrap());
    let client = app.anonymous();
    let mut tags = BTreeSet::new();
    for (languages, name) in [("en", "The council"), ("es-PE, en;q=0.5", "El consejo")] {
        let reply = client.send(client.request(Method::GET, &path).header("accept-language", languages)).await;
        assert_eq!(reply.body["name"], name, "{}", reply.text);
        assert!(reply.headers["vary"].to_str().unwrap().contains("Accept-Language"));
        tags.insert(reply.headers["etag"].clone());
    }
    assert_eq!(tags.len(), 2, "what reads differently has another tag");
}

async fn tags_save_the_transfer(app: &TestApp) {
    let client = bodies(app, 1).await;
    for path in ["/v1/electoral-bodies?search=number", "/v1/openapi.json"] {
        let reply = client.get(path).await;
        let tag = reply.headers["etag"].clone();
        let again = client.send(client.request(Method::GET, path).header("if-none-match", tag.clone())).await;
        assert_eq!((again.status, again.text.as_str(), &again.headers["etag"]), (StatusCode::NOT_MODIFIED, "", &tag), "{path}");
        let other = client.send(client.request(Method::GET, path).header("if-none-match", "\"other\"")).await;
        assert_eq!((other.status, other.text), (StatusCode::OK, reply.text), "{path}");
    }
}

async fn limits_and_unknown_parameters_are_refused(app: &TestApp) {
    let client = app.anonymous();
    assert_eq!(client.get("/v1/electoral-bodies?limit=100").await.status, StatusCode::OK);
    let many = "&status=ACTIVE".repeat(200);
    for (query, code, path) in [
        ("limit=101", "LIMIT_EXCEEDED", vec!["limit"]),
        ("limit=-1", "LIMIT_EXCEEDED", vec!["limit"]),
        ("limit=x", "INVALID_INPUT", vec!["limit"]),
        ("limit=1&limit=2", "INVALID_INPUT", vec!["limit"]),
        ("cursor=x", "INVALID_INPUT", vec!["cursor"]),
        ("cursor=ax", "INVALID_INPUT", vec!["cursor"]),
        ("count=yes", "INVALID_INPUT", vec!["count"]),
        ("orderBy=X", "INVALID_INPUT", vec!["orderBy"]),
        ("status=X", "INVALID_INPUT", vec!["status", "0"]),
        ("country=PE&country=CL", "INVALID_INPUT", vec!["country"]),
        ("country=XX1", "INVALID_INPUT", vec!["country"]),
        ("contry=PE", "INVALID_INPUT", vec![]),
        (&format!("limit=1{many}"), "LIMIT_EXCEEDED", vec![]),
    ] {
        let reply = client.get(&format!("/v1/electoral-bodies?{query}")).await;
        assert_eq!(
            (reply.status, reply.headers["content-type"].to_str().unwrap()),
            (StatusCode::BAD_REQUEST, "application/problem+json"),
            "{query}"
        );
        assert_eq!((reply.body["code"].as_str(), &reply.body["errors"][0]["path"]), (Some(code), &json!(path)), "{query}: {}", reply.text);
    }
    let reply = client.get("/v1/electoral-bodies?contry=PE&limit=x&region=1").await;
    assert_eq!(reply.body["errors"].as_array().unwrap().len(), 2, "every fault at once: {}", reply.text);
    let one = client.get("/v1/electoral-bodies/organisation_00000000000000000000000001").await;
    assert_eq!((one.status, one.code()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
    assert_eq!(client.get("/v1/electoral-bodies/x").await.body["errors"][0]["path"], json!(["id"]));
    assert_eq!(client.get("/v1/electoral-bodies/x?lang=en").await.status, StatusCode::BAD_REQUEST);
}

async fn unknown_paths_and_methods_are_problems(app: &TestApp) {
    let client = app.anonymous();
    let lost = client.get("/v1/nothing").await;
    assert_eq!(
        (lost.status, lost.code(), lost.headers["content-type"].to_str().unwrap()),
        (StatusCode::NOT_FOUND, "NOT_FOUND", "application/problem+json")
    );
    for (method, path, allow) in [
        (Method::PUT, "/v1/electoral-bodies", "GET, HEAD"),
        (Method::DELETE, "/v1/contacts", "GET, HEAD, POST"),
        (Method::GET, "/v1/contacts/contact_00000000000000000000000001/acknowledge", "POST"),
        (Method::PATCH, "/v1/session", "DELETE, POST"),
    ] {
        let reply = client.send(client.request(method, path)).await;
        assert_eq!((reply.status, reply.headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, allow), "{path}");
        assert_eq!(
            (reply.body["status"].as_u64(), reply.headers["content-type"].to_str().unwrap()),
            (Some(405), "application/problem+json")
        );
    }
    let bad = app.with_token("x").get("/v1/electoral-bodies").await;
    assert_eq!((bad.status, bad.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "a bad token is not taken for none");
    assert!(bad.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
}

async fn the_reader_loads_nothing_from_elsewhere(app: &TestApp) {
    let client = app.anonymous();
    let page = client.get("/docs").await;
    assert_eq!(page.status, StatusCode::OK, "the redirect was followed");
    assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'self'"));
    let is_part = |part: &&str| Path::new(part).extension().is_some_and(|extension| extension == "js" || extension == "css");
    let parts: Vec<&str> = page.text.split(['"', '\'']).filter(is_part).collect();
    assert!(parts.len() >= 3, "{}", page.text);
    for part in parts {
        assert!(!part.contains("//"), "{part}");
        let reply = client.get(&format!("/docs/{}", part.trim_start_matches("./"))).await;
        assert_eq!(reply.status, StatusCode::OK, "{part}");
    }
    let start = client.get("/docs/swagger-initializer.js").await.text;
    assert!(start.contains("/v1/openapi.json") && !start.contains("://"), "{start}");
    assert_eq!(client.get("/docs/nothing.js").await.code(), "NOT_FOUND");
}
