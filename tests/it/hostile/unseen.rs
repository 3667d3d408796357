//! What a caller may not read answers as if it did not exist: no list, count, filter, order, search, nested field or id tells
//! him. The same documents are sent before and after things come into being that are not his, and the whole answers are the same.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, stories};

use crate::engagement::world::{World, act, done};

stories![contacts_of_others_do_not_exist, experts_and_dialogues_of_others_do_not_exist, people_and_records_of_others_do_not_exist];

/// Lists of contacts by each filter and order that could tell of one.
const CONTACTS: &str = "query($body: ID!, $platform: [ID!], $service: [ID!]) {
  all: contacts { ...C } oldest: contacts(orderBy: SENT_AT) { ...C } latest: contacts(orderBy: CHANGED_AT_DESC) { ...C }
  word: contacts(filter: { search: \"Hidden\" }) { ...C } number: contacts(filter: { search: \"HID-417\" }) { ...C }
  country: contacts(filter: { search: \"PE-\" }) { ...C } body: contacts(filter: { electoralBodyId: $body }) { ...C }
  platform: contacts(filter: { platformId: $platform }) { ...C } service: contacts(filter: { platformServiceId: $service }) { ...C }
  peru: contacts(filter: { country: [\"PE\"] }) { ...C } drafts: contacts(filter: { status: [DRAFT] }) { ...C }
  sent: contacts(filter: { status: [SENT, ACKNOWLEDGED], sentFrom: \"2026-03-02T00:00:00Z\" }) { ...C }
  urgent: contacts(filter: { urgency: [CRITICAL], issueType: [DOXING_OR_LEAK] }) { ...C }
  changed: contacts(filter: { changedAfter: \"2026-03-02T08:00:00Z\" }, orderBy: CHANGED_AT) { ...C changes { lostSight } }
}
fragment C on ContactConnection { totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";

/// Every way to one object by its id.
async fn by_id(client: &Client, kind: &str, object: &Value) -> Value {
    let query = format!("query($id: ID!) {{ one: {kind}(id: $id) {{ id }} node(id: $id) {{ id }} nodes(ids: [$id]) {{ id }} }}");
    client.data(&query, json!({ "id": object })).await
}

fn nothing() -> Value {
    json!({ "one": null, "node": null, "nodes": [null] })
}

async fn contacts_of_others_do_not_exist(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let readers = [world.stranger().await, world.rival().await, world.colleague().await, world.representative().await];
    let variables = json!({ "body": id(world.body), "platform": [id(world.platform)], "service": [id(world.service)] });
    // Each reads something of his own, so that orders and pages have a place where something could be missing.
    done(&readers[0], "ContactLog", world.contact(&json!({ "urgency": "CRITICAL", "platformServiceId": id(world.rival_service) }))).await;
    done(&officer, "ContactLog", world.contact(&json!({ "sentAt": "2026-03-02T08:30:00Z" }))).await;
    let look = async || {
        let mut seen = Vec::new();
        for reader in &readers {
            let reply = reader.graphql(CONTACTS, variables.clone()).await;
            assert!(reply.text.contains("\"id\""), "each reads something: {}", reply.text);
            seen.push(reply.data().to_string());
        }
        seen
    };
    let before = look().await;
    let own = officer.data(CONTACTS, variables.clone()).await;
    let mine = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
    let hidden = |change: Value| {
        let mut input = json!({ "subject": "Hidden", "caseNumber": "HID-417", "urgency": "CRITICAL", "issueTypes": ["DOXING_OR_LEAK"] });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        world.contact(&input)
    };
    let named = done(&officer, "ContactLog", hidden(json!({ "visibility": "NAMED", "namedReaders": [mine] }))).await;
    done(&officer, "ContactAcknowledge", json!({ "contactId": named["id"], "occurredAt": "2026-03-02T08:20:00Z" })).await;
    assert_eq!(look().await, before, "a contact of named readers tells nobody else of itself, on no side");
    let draft = done(&officer, "ContactLog", hidden(json!({ "sentAt": null, "visibility": "PARTIES" }))).await;
    let inside = done(&officer, "ContactLog", hidden(json!({ "visibility": "ORGANISATION" }))).await;
    let after = look().await;
    for place in [0, 1, 3] {
        assert_eq!(after[place], before[place], "drafts and what a body keeps to itself are not another's");
    }
    assert_ne!(after[2], before[2], "a colleague reads both");
    assert_ne!(officer.data(CONTACTS, variables).await, own, "and the document would tell");
    for contact in [&named, &draft, &inside] {
        for reader in [&readers[0], &readers[1], &readers[3]] {
            assert_eq!(by_id(reader, "contact", &contact["id"]).await, nothing());
            let history = reader.get(&format!("/v1/contacts/{}/history", contact["id"].as_str().unwrap())).await;
            let unknown = reader.get("/v1/contacts/contact_00000000000000000000000001/history").await;
            assert_eq!((history.status, history.code()), (unknown.status, unknown.code()));
            assert_eq!(act(reader, "ContactComment", json!({ "contactId": contact["id"], "text": "x" })).await.code(), "NOT_FOUND");
        }
    }
}

/// Lists of experts, dialogues and meetings by each filter and order that could tell of one.
const PUBLISHED: &str = "query($desk: ID!, $dialogue: [ID!]) {
  experts { ...E } ada: experts(filter: { search: \"Ada\" }) { ...E } topic: experts(filter: { topic: \"deepfakes\" }) { ...E }
  language: experts(filter: { language: \"es\" }) { ...E } region: experts(filter: { region: \"019\" }, orderBy: NAME) { ...E }
  dialogues { ...D } global: dialogues(filter: { kinds: [GLOBAL], statuses: [ACTIVE] }) { ...D }
  ours: dialogues(filter: { organisationId: $desk }) { ...D }
  meetings { ...M } last: meetings(orderBy: STARTS_AT_DESC) { ...M } upcoming: meetings(filter: { upcoming: true }) { ...M }
  some: meetings(filter: { dialogueIds: $dialogue }) { ...M } window: meetings(filter: { startsFrom: \"2026-01-01T00:00:00Z\" }) { ...M }
}
fragment E on ExpertConnection { totalCount nodes { id name affiliation { id } } pageInfo { hasNextPage endCursor } }
fragment D on DialogueConnection { totalCount nodes { id title members { id } meetings(first: 3) { totalCount } } pageInfo { hasNextPage endCursor } }
fragment M on MeetingConnection { totalCount nodes { id dialogue { id } } pageInfo { hasNextPage endCursor } }";

async fn experts_and_dialogues_of_others_do_not_exist(app: &TestApp) {
    let world = World::new(app).await;
    let (coordinator, officer, stranger) = (world.coordinator().await, world.officer().await, world.stranger().await);
    let record =
        "mutation($input: ExpertRecordInput!) { expertRecord(input: $input) { expert { id } userErrors { code reason path message } } }";
    let create = "mutation($input: DialogueCreateInput!) { dialogueCreate(input: $input) { dialogue { id } userErrors { code reason path message } } }";
    let monthly = |visibility: &str| {
        json!({ "title": [{ "language": "en", "text": "Monthly" }], "kind": "GLOBAL", "conveners": [id(world.desk)], "members": [id(world.body)],
            "recurrence": { "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=MONTHLY;BYDAY=2TU" },
            "duration": "PT90M", "format": "ONLINE", "visibility": visibility })
    };
    coordinator.mutate(create, monthly("PUBLIC")).await;
    let unknown = json!("dialogue_00000000000000000000000001");
    let look = async |dialogue: &Value| {
        let variables = json!({ "desk": id(world.desk), "dialogue": [dialogue] });
        let mut seen = Vec::new();
        for reader in [&app.anonymous(), &stranger] {
            seen.push(reader.data(PUBLISHED, variables.clone()).await.to_string());
        }
        (seen, officer.data(PUBLISHED, variables).await.to_string())
    };
    let (before, inside_before) = look(&unknown).await;
    let expert =
        json!({ "name": "Ada Example", "topics": ["Deepfakes"], "languages": ["es"], "regions": ["019"], "affiliationId": id(world.body) });
    let expert = coordinator.mutate(record, expert).await["expert"]["id"].clone();
    let dialogue = coordinator.mutate(create, monthly("PARTIES")).await["dialogue"]["id"].clone();
    let (after, inside_after) = look(&dialogue).await;
    assert_eq!(after, before, "an expert who is not listed, and a dialogue of its parties alone");
    assert_ne!(inside_after, inside_before, "a member reads it: the document would tell");
    for reader in [&app.anonymous(), &stranger] {
        assert_eq!(by_id(reader, "expert", &expert).await, nothing());
        assert_eq!(by_id(reader, "dialogue", &dialogue).await, nothing());
        let calendar = reader.get(&format!("/v1/dialogues/{}/calendar.ics", dialogue.as_str().unwrap())).await;
        let no_calendar = reader.get(&format!("/v1/dialogues/{}/calendar.ics", unknown.as_str().unwrap())).await;
        assert_eq!((calendar.status, calendar.code()), (no_calendar.status, no_calendar.code()));
    }
}

/// People and the audit log, by each filter that could tell of somebody else's.
const RECORDS: &str = "query($body: ID!, $contact: ID!) {
  all: auditEntries { ...A } body: auditEntries(filter: { organisationId: $body }) { ...A }
  object: auditEntries(filter: { objectId: $contact }) { ...A }
  acts: auditEntries(filter: { act: [\"contact.log\", \"session.start\", \"user.create\", \"membership.revoke\"] }) { ...A }
  types: auditEntries(filter: { objectType: [\"contact\", \"membership\", \"user\"], from: \"2026-03-02T00:00:00Z\" }) { ...A }
  viewer { user { id } memberships { id organisation { id } user { id name email } } }
}
fragment A on AuditEntryConnection { totalCount nodes { id objectId actorId organisation { id } } pageInfo { hasNextPage hasPreviousPage } }";

async fn people_and_records_of_others_do_not_exist(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let other = app.member("a@chile.example", world.other_body, Role::ElectoralBodyAdministrator).await;
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let contact = done(&officer, "ContactLog", world.contact(&json!({ "visibility": "ORGANISATION" }))).await;
    let variables = json!({ "body": id(world.body), "contact": contact["id"] });
    let members = "query($id: ID!) { memberships(organisationId: $id) { totalCount nodes { id user { name } } } }";
    let look = async || {
        let mut seen = Vec::new();
        for reader in [&other, &keeper] {
            seen.push(reader.data(RECORDS, variables.clone()).await.to_string());
            let listed = reader.graphql(members, json!({ "id": id(world.body) })).await;
            assert_eq!(listed.code(), "FORBIDDEN");
            seen.push(listed.body["data"].to_string());
        }
        seen
    };
    let before = look().await;
    let administrator = world.colleague().await;
    done(&officer, "ContactComment", json!({ "contactId": contact["id"], "text": "x" })).await;
    app.account("second@body.example", world.body, Role::ElectoralBodyOfficer).await;
    app.organisation(OrganisationKind::Cso, "Watch").await;
    assert_eq!(look().await, before, "what another organisation does, and who belongs to it");
    let own = administrator.data(RECORDS, variables.clone()).await;
    assert!(own["object"]["totalCount"].as_i64() > Some(1) && own["body"] == own["all"], "its own administrator reads it: {own}");
    let empty = other.data(RECORDS, variables).await;
    for part in ["body", "object"] {
        assert_eq!((&empty[part]["totalCount"], &empty[part]["nodes"]), (&json!(0), &json!([])), "{part}");
    }
    let list =
        administrator.data("query($id: ID!) { memberships(organisationId: $id) { nodes { id } } }", json!({ "id": id(world.body) })).await;
    let foreign = &list["memberships"]["nodes"][0]["id"];
    let revoke = "mutation($input: MembershipRevokeInput!) { membershipRevoke(input: $input) { userErrors { code reason path message } } }";
    let answer = async |membership: Value| other.graphql(revoke, json!({ "input": { "membershipId": membership } })).await;
    let (refused, unknown) = (answer(foreign.clone()).await, answer(json!("membership_00000000000000000000000001")).await);
    assert_eq!((refused.code(), refused.faults()), (unknown.code(), unknown.faults()), "one that there is not");
    let user = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
    let node = other.graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": user })).await;
    let nobody = other.graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": "user_00000000000000000000000001" })).await;
    assert_eq!(node.text, nobody.text);
}
