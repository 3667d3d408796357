//! What a list gives can be read again by its id, by whoever may read the list and by nobody else.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, stories};

stories![countries_are_objects_with_an_id, memberships_and_audit_lines_are_there_for_who_may_read_them];

const NODE: &str = "query($id: ID!) { node(id: $id) {
    __typename id ... on Country { code } ... on Membership { role } ... on AuditEntry { act requestId } } }";

async fn node(client: &Client, id: &Value) -> Value {
    client.data(NODE, json!({ "id": id })).await["node"].clone()
}

async fn countries_are_objects_with_an_id(app: &TestApp) {
    let client = app.anonymous();
    let country = client.data("{ country(code: \"PE\") { __typename id code } }", json!({})).await["country"].clone();
    assert_eq!(node(&client, &country["id"]).await, country);
    // ZZ is nobody's code, and the second id is made of no code at all.
    for nobody in ["country_00000000000000000000000ppt", "country_01h455vb4pex5vsknk084sn02q"] {
        assert_eq!(node(&client, &json!(nobody)).await, Value::Null, "{nobody}");
    }
}

async fn memberships_and_audit_lines_are_there_for_who_may_read_them(app: &TestApp) {
    let (one, two) =
        (app.organisation(OrganisationKind::ElectoralBody, "One").await, app.organisation(OrganisationKind::ElectoralBody, "Two").await);
    let administrator = app.member("a@one.example", one, Role::ElectoralBodyAdministrator).await;
    let other = app.member("a@two.example", two, Role::ElectoralBodyAdministrator).await;
    let officer = app.member("o@two.example", two, Role::ElectoralBodyOfficer).await;
    let lists = "query($id: ID!) { memberships(organisationId: $id) { nodes { __typename id role } }
        auditEntries { nodes { __typename id act requestId } } }";
    let read = administrator.data(lists, json!({ "id": id(one) })).await;
    for list in ["memberships", "auditEntries"] {
        let entry = &read[list]["nodes"][0];
        assert_eq!(&node(&administrator, &entry["id"]).await, entry, "{list}");
        assert_eq!(node(&other, &entry["id"]).await, Value::Null, "{list} of another organisation");
        assert_eq!(node(&officer, &entry["id"]).await, Value::Null, "{list} for an officer");
        let stranger = app.anonymous().graphql(NODE, json!({ "id": entry["id"] })).await;
        assert_eq!(stranger.code(), "UNAUTHENTICATED", "{list}");
    }
}
