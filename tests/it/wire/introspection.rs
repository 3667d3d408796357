//! What the server tells of its schema, and to whom it does not.

use reqwest::StatusCode;
use serde_json::json;
use tertulia_tests::{TestApp, stories};

stories![tells_its_schema, tells_no_schema_where_that_is_off, suggests_no_names_where_that_is_off];

/// An introspection query with as many levels of `ofType` as clients send, and the lists that they ask for.
const INTROSPECTION: &str = "query Introspection {
    __schema { queryType { name } mutationType { name } subscriptionType { name } types { ...Type } directives { name locations args { ...Input } } }
}
fragment Type on __Type {
    kind name description specifiedByURL
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...Input } type { ...Ref } isDeprecated deprecationReason }
    inputFields(includeDeprecated: true) { ...Input }
    interfaces { ...Ref }
    enumValues(includeDeprecated: true) { name isDeprecated deprecationReason }
    possibleTypes { ...Ref }
}
fragment Input on __InputValue { name description type { ...Ref } defaultValue }
fragment Ref on __Type {
    kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
        kind name ofType { kind name ofType { kind name } } } } } } } } }
}";

async fn tells_its_schema(app: &TestApp) {
    let told = app.anonymous().data(INTROSPECTION, json!({})).await;
    let types = told["__schema"]["types"].as_array().unwrap();
    let url = types.iter().find(|one| one["name"] == "URL").unwrap();
    assert_eq!(url["specifiedByURL"], "https://url.spec.whatwg.org/");
    assert!(types.iter().any(|one| one["name"] == "Contact"));
    let reply = app.anonymous().graphql("{ platforms { nodes { nam } } }", json!({})).await;
    assert!(reply.body.to_string().contains("Did you mean"), "{}", reply.body);
}

async fn tells_no_schema_where_that_is_off(app: &TestApp) {
    let silent = TestApp::start_with(app.database.backend, |config| config.graphql.introspection = false).await;
    let client = silent.anonymous();
    let spread = "{ ...A } fragment A on Query { service { version } ...B } fragment B on Query { __type(name: \"Contact\") { name } }";
    for document in [INTROSPECTION, "{ __schema { queryType { name } } }", "{ a: __type(name: \"Contact\") { name } }", spread] {
        let reply = client.graphql(document, json!({})).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::OK, "INVALID_DOCUMENT"), "{document}");
        assert!(reply.body.get("data").is_none(), "{document}");
    }
    // What the objects of an answer are is no secret, and clients ask for it everywhere.
    let typed = client.data("{ __typename service { __typename } }", json!({})).await;
    assert_eq!(typed, json!({ "__typename": "Query", "service": { "__typename": "Service" } }));
    silent.finish().await;
}

async fn suggests_no_names_where_that_is_off(app: &TestApp) {
    let curt = TestApp::start_with(app.database.backend, |config| config.graphql.suggestions = false).await;
    for document in [
        "{ platforms { nam } }",
        "{ platfroms { nodes { id } } }",
        "{ platforms(firts: 1) { nodes { id } } }",
        "{ platforms { nodes { ...on Platfrom { id } } } }",
    ] {
        let reply = curt.anonymous().graphql(document, json!({})).await;
        assert_eq!(reply.code(), "INVALID_DOCUMENT", "{document}");
        assert!(!reply.body.to_string().contains("Did you mean"), "{}", reply.body);
    }
    curt.finish().await;
}
