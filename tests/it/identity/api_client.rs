//! Partners' programs: how they sign in, for whom they act, what they may, and when it ends.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, Reply, TestApp, people::id, socket::Socket, stories};

use super::REVOKE;
use crate::engagement::world::{World, act, done, list, read, references};

stories![
    acts_for_its_organisation_and_is_named_in_the_record,
    a_token_has_the_scopes_that_were_asked_for,
    refuses_in_the_words_of_the_rfc,
    loses_what_its_maker_loses,
    rotation_and_revocation_hold_at_once,
    it_ends_at_its_time,
    administrators_keep_their_own_organisation_s_clients,
    names_every_fault_and_keeps_the_limit,
    reads_only_what_its_scopes_open,
    counts_without_reading,
];

const CREATE: &str = "mutation($input: ApiClientCreateInput!) { apiClientCreate(input: $input) {
  apiClient { id name scopes expiresAt active organisation { id } } clientId clientSecret userErrors { code reason path message } } }";
const ROTATE: &str = "mutation($input: ApiClientRotateInput!) { apiClientRotate(input: $input) {
  apiClient { id rotatedAt } clientId clientSecret userErrors { code reason path message } } }";
const END: &str = "mutation($input: ApiClientRevokeInput!) { apiClientRevoke(input: $input) {
  apiClient { id active revokedAt } userErrors { code reason path message } } }";
const VIEWER: &str = "{ viewer { user { id } memberships { id } apiClient { id name lastUsedAt createdBy { id } organisation { id } } } }";
const CLIENTS: &str = "query($id: ID!, $ended: Boolean! = false) { apiClients(organisationId: $id, includeEnded: $ended) {
  totalCount nodes { id active lastUsedAt createdBy { name } } } }";

/// A client that was made, as its secret's holder has it.
pub(crate) struct Partner {
    pub(crate) id: Value,
    secret: String,
}

impl Partner {
    pub(crate) async fn new(maker: &Client, scopes: &[&str]) -> Self {
        Self::of(&maker.mutate(CREATE, json!({ "name": "Partner", "scopes": scopes })).await)
    }

    fn of(payload: &Value) -> Self {
        assert_eq!(payload["clientId"], payload["apiClient"]["id"]);
        Self { id: payload["clientId"].clone(), secret: payload["clientSecret"].as_str().expect("a secret").to_owned() }
    }

    fn basic(&self) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", self.id.as_str().unwrap(), self.secret)))
    }

    pub(crate) async fn ask(&self, app: &TestApp, more: &str) -> Reply {
        token(app, Some(&self.basic()), &format!("grant_type=client_credentials{more}")).await
    }

    pub(crate) async fn signed_in(&self, app: &TestApp) -> Client {
        let reply = self.ask(app, "").await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        app.with_token(reply.body["access_token"].as_str().unwrap())
    }
}

async fn token(app: &TestApp, authorization: Option<&str>, body: &str) -> Reply {
    let client = app.anonymous();
    let request = client.request(Method::POST, "/oauth/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = authorization.into_iter().fold(request, |request, value| request.header(AUTHORIZATION, value));
    client.send(request.body(body.to_owned())).await
}

/// Whether the server takes the client's token.
async fn is_known(client: &Client) -> bool {
    client.graphql("{ service { version } }", json!({})).await.status == StatusCode::OK
}

async fn acts_for_its_organisation_and_is_named_in_the_record(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, representative) = (world.colleague().await, world.representative().await);
    let partner = Partner::new(&administrator, &["contacts:write"]).await;
    let reply = partner.ask(app, "").await;
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!((&reply.body["token_type"], &reply.body["scope"]), (&json!("Bearer"), &json!("contacts:write")));
    assert_eq!(reply.body["expires_in"], 900);
    let program = partner.signed_in(app).await;
    let viewer = program.graphql(VIEWER, json!({})).await;
    let me = viewer.data()["viewer"].clone();
    assert_eq!((&me["user"], &me["memberships"], &me["apiClient"]["createdBy"]), (&Value::Null, &json!([]), &Value::Null));
    assert_eq!((&me["apiClient"]["id"], &me["apiClient"]["organisation"]["id"]), (&partner.id, &id(world.body)));
    assert_eq!(me["apiClient"]["lastUsedAt"], "2026-03-02T09:00:00Z");
    let contact = done(&program, "ContactLog", world.contact(&json!({ "visibility": "PARTIES" }))).await;
    done(&representative, "ContactAcknowledge", json!({ "contactId": contact["id"] })).await;
    let decided = json!({ "contactId": contact["id"], "outcome": "ACTION_TAKEN" });
    done(&program, "ContactDecide", decided).await;
    let facts = "query($id: ID!) { contact(id: $id) { transitions { assertedBy recordedBy { organisation { id } person { name } } } } }";
    for reader in [&administrator, &representative, &program] {
        let seen = reader.data(facts, json!({ "id": contact["id"] })).await["contact"]["transitions"].clone();
        let first = &seen[0];
        assert_eq!(first["recordedBy"], json!({ "organisation": { "id": id(world.body) }, "person": null }), "{seen}");
        assert_eq!(first["assertedBy"], "EB_OBSERVED");
    }
    let lines =
        "query($id: ID) { auditEntries(filter: { organisationId: $id }) { nodes { act actorId apiClientId organisation { id } } } }";
    let lines = administrator.data(lines, json!({ "id": id(world.body) })).await["auditEntries"]["nodes"].clone();
    let of =
        |act: &str| lines.as_array().unwrap().iter().find(|line| line["act"] == act).unwrap_or_else(|| panic!("no {act}: {lines}")).clone();
    for act in ["contact.log", "contact.decide", "apiClient.authenticate"] {
        let line = of(act);
        assert_eq!((&line["actorId"], &line["apiClientId"]), (&Value::Null, &partner.id), "{act}");
        assert_eq!(line["organisation"]["id"], id(world.body));
    }
    assert_eq!(of("apiClient.create")["apiClientId"], Value::Null);
    // One statement says who asks, for a client as for a person.
    let of_person = administrator.graphql("{ service { version } }", json!({})).await.statements();
    assert_eq!((of_person, program.graphql("{ service { version } }", json!({})).await.statements()), (1, 1));
}

async fn a_token_has_the_scopes_that_were_asked_for(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let partner = Partner::new(&administrator, &["contacts:write", "contacts:read", "directory:read"]).await;
    let reply = partner.ask(app, "&scope=contacts%3Aread").await;
    assert_eq!(reply.body["scope"], "contacts:read", "{}", reply.text);
    let reader = app.with_token(reply.body["access_token"].as_str().unwrap());
    let refused = act(&reader, "ContactLog", world.smallest()).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert!(refused.text.contains("contacts:write"), "{}", refused.text);
    assert_eq!(references(&list(&reader, json!({})).await), Vec::<String>::new());
    for wanted in ["dialogues%3Aread", "contacts%3Aread+dialogues%3Aread", "everything", "+"] {
        let reply = partner.ask(app, &format!("&scope={wanted}")).await;
        assert_eq!((reply.status, &reply.body["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_scope")), "{wanted}");
    }
}

async fn refuses_in_the_words_of_the_rfc(app: &TestApp) {
    let world = World::new(app).await;
    let partner = Partner::new(&world.colleague().await, &["contacts:read"]).await;
    let stolen = Partner { secret: "A".repeat(43), id: partner.id.clone() };
    let nobody = Partner { id: json!("client_00000000000000000000000001"), secret: partner.secret.clone() };
    for wrong in [&stolen, &nobody, &Partner { id: json!("x"), secret: "y".to_owned() }] {
        let reply = wrong.ask(app, "").await;
        assert_eq!((reply.status, &reply.body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")), "{}", reply.text);
        assert!(reply.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    }
    let in_body = format!("client_id={}&client_secret={}", partner.id.as_str().unwrap(), partner.secret);
    for (body, error) in [
        (in_body.clone(), "invalid_request"),
        (format!("{in_body}&grant_type=password"), "unsupported_grant_type"),
        (format!("{in_body}&grant_type=client_credentials&scope=a&scope=b"), "invalid_request"),
        ("grant_type=client_credentials".to_owned(), "invalid_client"),
    ] {
        let reply = token(app, None, &body).await;
        assert_eq!(reply.body["error"], error, "{body}: {}", reply.text);
        assert_eq!(reply.headers["cache-control"], "no-store");
    }
    assert_eq!(token(app, None, &format!("{in_body}&grant_type=client_credentials")).await.status, StatusCode::OK);
    let json = app.anonymous().post("/oauth/token", json!({ "grant_type": "client_credentials" })).await;
    assert_eq!((json.status, &json.body["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_request")));
}

async fn loses_what_its_maker_loses(app: &TestApp) {
    let world = World::new(app).await;
    let (maker, other) = (world.colleague().await, app.member("other@body.example", world.body, Role::ElectoralBodyAdministrator).await);
    let partner = Partner::new(&maker, &["contacts:write"]).await;
    let program = partner.signed_in(app).await;
    let mut socket = Socket::start(&app.url("/graphql"), program.token.as_deref()).await;
    let contact = done(&program, "ContactLog", world.smallest()).await;
    let mine = maker.data(super::VIEWER, json!({})).await["viewer"]["memberships"][0]["id"].clone();
    other.mutate(REVOKE, json!({ "membershipId": mine })).await;
    assert!(!is_known(&program).await);
    assert_eq!(socket.hear().await, Err(4401));
    let reply = partner.ask(app, "").await;
    assert_eq!((reply.status, &reply.body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    assert_eq!(read(&other, &contact["id"]).await["id"], contact["id"], "what it did stays");
}

async fn rotation_and_revocation_hold_at_once(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let former = Partner::new(&administrator, &["contacts:read"]).await;
    let program = former.signed_in(app).await;
    let mut socket = Socket::start(&app.url("/graphql"), program.token.as_deref()).await;
    let rotated = administrator.mutate(ROTATE, json!({ "apiClientId": former.id, "idempotencyKey": "once" })).await;
    assert!(!is_known(&program).await);
    assert_eq!(socket.hear().await, Err(4401));
    assert_eq!(former.ask(app, "").await.status, StatusCode::UNAUTHORIZED);
    let again = administrator.mutate(ROTATE, json!({ "apiClientId": former.id, "idempotencyKey": "once" })).await;
    assert_eq!((&again["apiClient"], &again["clientSecret"]), (&rotated["apiClient"], &Value::Null));
    let partner = Partner::of(&rotated);
    let program = partner.signed_in(app).await;
    let mut socket = Socket::start(&app.url("/graphql"), program.token.as_deref()).await;
    let revoked = administrator.mutate(END, json!({ "apiClientId": partner.id })).await;
    assert_eq!(revoked["apiClient"]["active"], false);
    assert!(!is_known(&program).await);
    assert_eq!(socket.hear().await, Err(4401));
    assert_eq!(partner.ask(app, "").await.status, StatusCode::UNAUTHORIZED);
    for (document, input) in [(END, json!({ "apiClientId": partner.id })), (ROTATE, json!({ "apiClientId": partner.id }))] {
        let refused = administrator.graphql(document, json!({ "input": input })).await;
        assert_eq!(refused.code(), "INVALID_TRANSITION");
    }
    let counted =
        async |ended: bool| administrator.data(CLIENTS, json!({ "id": id(world.body), "ended": ended })).await["apiClients"].clone();
    assert_eq!((&counted(false).await["totalCount"], &counted(true).await["totalCount"]), (&json!(0), &json!(1)));
    assert_eq!(counted(true).await["nodes"][0]["createdBy"]["name"], "carla.colleague");
}

async fn it_ends_at_its_time(app: &TestApp) {
    let world = World::new(app).await;
    let input = json!({ "name": "Short", "scopes": ["contacts:read"], "expiresAt": "2026-03-02T09:05:00Z" });
    let partner = Partner::of(&world.colleague().await.mutate(CREATE, input).await);
    let reply = partner.ask(app, "").await;
    assert_eq!(reply.body["expires_in"], 300, "no token outlives its client");
    let program = app.with_token(reply.body["access_token"].as_str().unwrap());
    assert!(is_known(&program).await);
    app.advance(TimeDelta::minutes(5));
    assert!(!is_known(&program).await);
    assert_eq!(partner.ask(app, "").await.body["error"], "invalid_client");
}

async fn administrators_keep_their_own_organisation_s_clients(app: &TestApp) {
    let world = World::new(app).await;
    let (administrator, officer, coordinator) = (world.colleague().await, world.officer().await, world.coordinator().await);
    let abroad = app.member("admin@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let platform = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let partner = Partner::new(&administrator, &["contacts:write", "dialogues:read"]).await;
    let program = partner.signed_in(app).await;
    let new = |place: Option<Value>| json!({ "input": { "name": "Partner", "scopes": ["contacts:read"], "organisationId": place } });
    for stranger in [&officer, &abroad, &platform, &coordinator, &program] {
        assert_eq!(stranger.graphql(CREATE, new(Some(id(world.body)))).await.code(), "FORBIDDEN");
        let list = stranger.graphql(CLIENTS, json!({ "id": id(world.body) })).await;
        assert_eq!(list.code(), "FORBIDDEN");
        let node = stranger.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": partner.id })).await;
        assert_eq!(node["node"], Value::Null);
    }
    for stranger in [&abroad, &platform, &coordinator] {
        for document in [ROTATE, END] {
            let refused = stranger.graphql(document, json!({ "input": { "apiClientId": partner.id } })).await;
            assert_eq!(refused.code(), "NOT_FOUND");
        }
    }
    for document in [ROTATE, END] {
        assert_eq!(program.graphql(document, json!({ "input": { "apiClientId": partner.id } })).await.code(), "FORBIDDEN", "not itself");
    }
    for keeper in [&abroad, &platform, &coordinator] {
        assert_eq!(keeper.graphql(CREATE, new(None)).await.faults(), Vec::<String>::new(), "each for the own organisation");
    }
    assert_eq!(app.anonymous().graphql(CREATE, new(None)).await.code(), "UNAUTHENTICATED");
}

async fn names_every_fault_and_keeps_the_limit(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let bad = json!({ "name": "", "scopes": ["contacts:read", "all"], "expiresAt": "2027-03-04T09:00:00Z" });
    let faults = administrator.graphql(CREATE, json!({ "input": bad })).await.faults();
    assert_eq!(faults, ["input.name REQUIRED", "input.scopes.1 NOT_AN_OPTION", "input.expiresAt OUT_OF_RANGE"]);
    let wrong = json!({ "name": "x", "scopes": ["contacts:read"], "organisationId": "contact_00000000000000000000000001" });
    assert_eq!(administrator.graphql(CREATE, json!({ "input": wrong })).await.code(), "INVALID_INPUT");
    let input = json!({ "name": "Partner", "scopes": ["contacts:read"], "idempotencyKey": "first" });
    let made = administrator.mutate(CREATE, input.clone()).await;
    let again = administrator.mutate(CREATE, input).await;
    assert_eq!((&again["apiClient"], &again["clientSecret"]), (&made["apiClient"], &Value::Null), "a secret is shown once");
    assert_eq!(made["apiClient"]["expiresAt"], "2026-05-31T09:00:00Z", "90 days by default");
    for _ in 1..20 {
        Partner::new(&administrator, &["contacts:read"]).await;
    }
    let more = json!({ "input": { "name": "One more", "scopes": ["contacts:read"] } });
    assert_eq!(administrator.graphql(CREATE, more.clone()).await.code(), "LIMIT_EXCEEDED");
    administrator.mutate(END, json!({ "apiClientId": made["apiClient"]["id"] })).await;
    assert_eq!(administrator.graphql(CREATE, more).await.code_or_none(), None);
}

async fn reads_only_what_its_scopes_open(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    let contact = done(&administrator, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    let blind = Partner::new(&administrator, &["dialogues:read"]).await.signed_in(app).await;
    let contacts = act(&blind, "ContactLog", world.smallest()).await;
    assert_eq!(contacts.code(), "FORBIDDEN");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(blind.data(node, json!({ "id": contact["id"] })).await["node"], Value::Null);
    assert_eq!(blind.graphql("{ contacts { totalCount } }", json!({})).await.code(), "FORBIDDEN");
    let seeing = Partner::new(&administrator, &["contacts:read"]).await.signed_in(app).await;
    assert_eq!(seeing.data(node, json!({ "id": contact["id"] })).await["node"]["id"], contact["id"]);
    let coalition = json!({
        "title": [{ "language": "en", "text": "Among us" }], "kind": "GLOBAL", "conveners": [id(world.desk)], "members": [],
        "recurrence": { "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=DAILY;COUNT=1" },
        "duration": "PT90M", "format": "ONLINE", "visibility": "COALITION",
    });
    let create = "mutation($input: DialogueCreateInput!) { dialogueCreate(input: $input) { dialogue { id } userErrors { code reason path message } } }";
    world.coordinator().await.mutate(create, coalition).await;
    let count = async |client: &Client| client.data("{ dialogues { totalCount } }", json!({})).await["dialogues"]["totalCount"].clone();
    assert_eq!((count(&blind).await, count(&seeing).await), (json!(1), json!(0)));
    let people =
        seeing.graphql("query($id: ID!) { memberships(organisationId: $id) { totalCount } }", json!({ "id": id(world.body) })).await;
    assert_eq!(people.code(), "FORBIDDEN");
    assert_eq!(seeing.get("/v1/contacts.csv").await.status, StatusCode::FORBIDDEN);
    assert_eq!(seeing.send(seeing.request(Method::DELETE, "/v1/session")).await.status, StatusCode::FORBIDDEN);
    // A platform's client sees what was shared with the platform.
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let theirs = Partner::new(&keeper, &["contacts:read"]).await.signed_in(app).await;
    assert_eq!(read(&theirs, &contact["id"]).await, Value::Null, "it was not shared");
    let shared = done(&administrator, "ContactLog", world.contact(&json!({ "visibility": "PARTIES" }))).await;
    assert_eq!(read(&theirs, &shared["id"]).await["id"], shared["id"]);
}

async fn counts_without_reading(app: &TestApp) {
    let world = World::new(app).await;
    let administrator = world.colleague().await;
    done(&administrator, "ContactLog", world.smallest()).await;
    done(&world.stranger().await, "ContactLog", world.smallest()).await;
    let figures = "query($filter: ResponsivenessFilter!) { responsiveness(filter: $filter, groupBy: [ELECTORAL_BODY, KIND]) {
        cells { sent dimensions { label } } } }";
    let own = json!({ "filter": {} });
    let counting = Partner::new(&administrator, &["statistics:read"]).await.signed_in(app).await;
    let told = counting.data(figures, own.clone()).await["responsiveness"]["cells"].clone();
    assert_eq!(told, json!([{ "sent": 1, "dimensions": [{ "label": "The Peruvian body" }, { "label": "Escalation" }] }]));
    assert_eq!(counting.graphql("{ contacts { totalCount } }", json!({})).await.code(), "FORBIDDEN");
    let reading = Partner::new(&administrator, &["contacts:read"]).await.signed_in(app).await;
    assert_eq!(reading.data(figures, own.clone()).await["responsiveness"]["cells"], told);
    let other = json!({ "filter": { "organisationId": id(world.other_body) } });
    assert_eq!(counting.graphql(figures, other).await.code(), "FORBIDDEN");
    let blind = Partner::new(&administrator, &["directory:read"]).await.signed_in(app).await;
    assert_eq!(blind.graphql(figures, own.clone()).await.code(), "FORBIDDEN");
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let theirs = Partner::new(&keeper, &["statistics:read"]).await.signed_in(app).await;
    assert_eq!(theirs.data(figures, own).await["responsiveness"]["cells"].as_array().unwrap().len(), 2, "of both bodies, as shared");
}
