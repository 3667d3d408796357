//! Lists of contacts.

use serde_json::{Value, json};
use tertulia_tests::{TestApp, stories};

use super::world::{World, act, done, list, operation, read, references};

stories![
    pages_lead_to_the_end_both_ways,
    filters_narrow_by_each_field,
    each_field_reads_alike_in_a_list_and_by_id,
    a_level_costs_one_statement
];

async fn pages_lead_to_the_end_both_ways(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let mut all = Vec::new();
    for number in 0..12 {
        // Pairs share their moment, so that the id must decide.
        let sent = format!("2026-03-01T{:02}:00:00Z", number / 2);
        all.push(done(&officer, "ContactLog", world.contact(&json!({ "sentAt": sent }))).await["reference"].as_str().unwrap().to_owned());
    }
    let newest: Vec<String> = references(&list(&officer, json!({ "first": 100 })).await);
    let oldest: Vec<String> = references(&list(&officer, json!({ "first": 100, "orderBy": "SENT_AT" })).await);
    assert_eq!(oldest, all);
    assert_eq!(newest, all.iter().rev().cloned().collect::<Vec<_>>());
    let mut paged = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = list(&officer, json!({ "first": 5, "after": after })).await;
        assert_eq!(page["totalCount"], 12);
        paged.extend(references(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(paged, newest);
    let back =
        "query($before: String) { contacts(last: 5, before: $before) { nodes { reference } pageInfo { hasPreviousPage startCursor } } }";
    let (mut paged, mut before) = (Vec::new(), Value::Null);
    loop {
        let page = officer.data(back, json!({ "before": before })).await["contacts"].clone();
        paged.splice(0..0, references(&page));
        if page["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
        before = page["pageInfo"]["startCursor"].clone();
    }
    assert_eq!(paged, newest);
    assert_eq!(officer.graphql("{ contacts(first: 101) { totalCount } }", json!({})).await.code(), "LIMIT_EXCEEDED");
    assert_eq!(officer.graphql("{ contacts(after: \"x\") { totalCount } }", json!({})).await.code(), "INVALID_INPUT");
}

/// A list loads of its contacts what the document asks for: whatever that is, it is the same.
async fn each_field_reads_alike_in_a_list_and_by_id(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let told = json!({ "caseNumber": "7/2026", "language": "es", "issueTypes": ["OTHER"], "description": "At length.", "subject": "\"A\" \\ line, 🎈" });
    let contact = done(&officer, "ContactLog", world.contact(&told)).await;
    let decided = json!({ "contactId": contact["id"], "occurredAt": "2026-03-02T08:50:00Z", "outcome": "REFERRED" });
    done(&officer, "ContactDecide", decided).await;
    let types = "{ __type(name: \"Contact\") { fields { name type { kind ofType { kind ofType { kind ofType { kind } } } } } } }";
    let fields = officer.data(types, json!({})).await["__type"]["fields"].clone();
    let is_object = |kind: &Value| kind.to_string().contains("OBJECT");
    for field in fields.as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        let selected = if is_object(&field["type"]) { format!("{name} {{ __typename }}") } else { name.to_owned() };
        let listed = officer.data(&format!("{{ contacts {{ nodes {{ {selected} }} }} }}"), json!({})).await["contacts"]["nodes"][0].clone();
        let whole = format!("query($id: ID!) {{ contact(id: $id) {{ medium description {selected} }} }}");
        let whole = officer.data(&whole, json!({ "id": contact["id"] })).await["contact"].clone();
        assert_eq!(listed[name], whole[name], "{name}");
    }
}

async fn filters_narrow_by_each_field(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let one = done(
        &officer,
        "ContactLog",
        world.contact(&json!({ "urgency": "CRITICAL", "issueTypes": ["DOXING_OR_LEAK", "OTHER"], "subject": "Ñandú en Cusco 100%" })),
    )
    .await;
    let two = json!({ "platformServiceId": world.rival_service.to_string(), "kind": "POLICY_QUESTION", "sentAt": "2026-02-01T00:00:00Z" });
    let two = done(&officer, "ContactLog", world.contact(&two)).await;
    done(&officer, "ContactAcknowledge", json!({ "contactId": two["id"] })).await;
    let (first, second) = (vec![one["reference"].as_str().unwrap()], vec![two["reference"].as_str().unwrap()]);
    let both = vec![first[0], second[0]];
    for (filter, expected) in [
        (json!({ "electoralBodyId": world.body.to_string() }), &both),
        (json!({ "electoralBodyId": world.other_body.to_string() }), &vec![]),
        (json!({ "platformId": world.platform.to_string() }), &first),
        (json!({ "platformId": [world.platform.to_string(), world.rival_platform.to_string()] }), &both),
        (json!({ "platformServiceId": world.rival_service.to_string() }), &second),
        (json!({ "country": "PE" }), &both),
        (json!({ "country": ["CL"] }), &vec![]),
        (json!({ "kind": ["POLICY_QUESTION"] }), &second),
        (json!({ "status": ["SENT"] }), &first),
        (json!({ "status": ["SENT", "ACKNOWLEDGED"] }), &both),
        (json!({ "urgency": ["CRITICAL"] }), &first),
        (json!({ "issueType": ["OTHER", "GENDERED_ABUSE"] }), &first),
        (json!({ "sentFrom": "2026-03-01T00:00:00Z" }), &first),
        (json!({ "sentTo": "2026-03-01T00:00:00Z" }), &second),
        (json!({ "search": "nandu cusco" }), &first),
        (json!({ "search": "cusco 100%" }), &first),
        (json!({ "search": one["reference"] }), &first),
        (json!({ "search": one["reference"].as_str().unwrap().replace('-', "").to_lowercase() }), &first),
        (json!({ "search": "  " }), &both),
        (json!({ "kind": ["ESCALATION"], "status": ["ACKNOWLEDGED"] }), &vec![]),
    ] {
        let page = list(&officer, json!({ "filter": filter })).await;
        assert_eq!(references(&page), *expected, "{filter}");
        assert_eq!(page["totalCount"], json!(expected.len()), "{filter}");
    }
    let wrong = json!({ "filter": { "electoralBodyId": "x", "country": ["Peru"], "platformServiceId": [world.body.to_string()] } });
    let refused = officer.graphql("query($filter: ContactFilter) { contacts(filter: $filter) { totalCount } }", wrong).await;
    let faults = refused.body["errors"][0]["extensions"]["faults"].as_array().unwrap().len();
    assert_eq!((refused.code(), faults), ("INVALID_INPUT", 3));
}

async fn a_level_costs_one_statement(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let statements = async |client: &tertulia_tests::Client| operation(client, "Contacts", json!({})).await.statements();
    done(&officer, "ContactLog", world.smallest()).await;
    // What is kept at hand is there before anything is counted.
    statements(&officer).await;
    let few = statements(&officer).await;
    for _ in 0..10 {
        let contact = done(&officer, "ContactLog", world.smallest()).await;
        assert!(act(&representative, "ContactAcknowledge", json!({ "contactId": contact["id"] })).await.data().is_object());
        assert!(read(&representative, &contact["id"]).await.is_object());
    }
    assert_eq!(statements(&officer).await, few, "more contacts cost no more statements");
    statements(&representative).await;
    assert_eq!(statements(&representative).await, few, "what was read before costs nothing beside");
}
