//! Reads of restricted data leave lines in the audit log: contacts that name their readers, people's addresses, what people need.

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, people::id, socket::Socket, stories};

use super::api_client::Partner;
use crate::engagement::world::{World, done, list, operation, read};

stories![
    who_reads_a_contact_that_names_its_readers_is_noted,
    a_page_of_ordinary_contacts_writes_nothing,
    a_read_that_cannot_be_noted_is_refused,
    who_reads_people_s_addresses_and_needs_is_noted,
];

const LINES: &str = "query($act: [String!]) { auditEntries(filter: { act: $act }, first: 100) {
  nodes { act objectId actorId fields requestId organisation { id } } } }";

/// The lines of an act that a reader of the log sees, as object, organisation and way, the oldest first; those that tell of a read.
async fn lines(client: &Client, act: &str) -> Vec<(String, String, String)> {
    let found = client.data(LINES, json!({ "act": [act] })).await["auditEntries"]["nodes"].clone();
    let told = |line: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&line["objectId"]), text(&line["organisation"]["id"]), text(&line["fields"][0]))
    };
    let mut told: Vec<_> = found.as_array().unwrap().iter().map(told).filter(|(_, _, way)| !way.is_empty()).collect();
    told.reverse();
    told
}

async fn me(client: &Client) -> Value {
    client.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone()
}

/// A contact that names the officer and the representative.
async fn named(world: &World<'_>, officer: &Client, representative: &Client) -> Value {
    let readers = json!({ "visibility": "NAMED", "namedReaders": [me(representative).await] });
    done(officer, "ContactLog", world.contact(&readers)).await["id"].clone()
}

async fn who_reads_a_contact_that_names_its_readers_is_noted(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, colleague, representative) = (world.officer().await, world.colleague().await, world.representative().await);
    let auditor = world.auditor().await;
    let contact = named(&world, &officer, &representative).await;
    assert_eq!(lines(&auditor, "contact.read").await, [], "who logs it does not read it");
    assert_eq!(read(&representative, &contact).await["id"], contact);
    let line =
        |organisation: Value, way: &str| (contact.as_str().unwrap().to_owned(), organisation.as_str().unwrap().to_owned(), way.to_owned());
    let theirs = line(id(world.platform), "get");
    assert_eq!(lines(&auditor, "contact.read").await, std::slice::from_ref(&theirs), "before the answer");
    let noted = auditor.data(LINES, json!({ "act": ["contact.read"] })).await["auditEntries"]["nodes"].clone();
    let (first, noted) =
        (me(&representative).await, noted.as_array().unwrap().iter().find(|line| line["fields"] == json!(["get"])).unwrap().clone());
    assert_eq!(noted["actorId"], first);
    assert!(noted["requestId"].as_str().is_some_and(|id| !id.is_empty()));
    // Again within the hour: nothing; in another way: another line; after an hour: again.
    let costs = operation(&representative, "Contact", json!({ "id": contact })).await.statements();
    assert_eq!(read(&representative, &contact).await["id"], contact);
    list(&officer, json!({})).await;
    read(&officer, &contact).await;
    let own = |way: &str| line(id(world.body), way);
    assert_eq!(lines(&auditor, "contact.read").await, [theirs.clone(), own("list"), own("get")]);
    // The rest of the body reads of it what it read before: nothing, and so nothing is noted.
    assert_eq!(read(&colleague, &contact).await, Value::Null);
    assert_eq!(lines(&colleague, "contact.read").await, [own("list"), own("get")], "the body's own lines, for its administrator");
    app.advance(TimeDelta::hours(1));
    let representative = app.signed_in("rosa.representative@parley.example").await;
    let again = operation(&representative, "Contact", json!({ "id": contact })).await;
    assert!(again.statements() > costs, "it is noted anew");
    let auditor = app.signed_in("auditor@desk.example").await;
    assert_eq!(lines(&auditor, "contact.read").await.len(), 4);
    // A subscriber who is told of a change reads it.
    let mut socket = Socket::start(&app.url("/graphql"), representative.token.as_deref()).await;
    socket.subscribe("1", "subscription { contactChanged { contact { subject } } }", json!({})).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Ok(json!({ "type": "pong" })));
    let officer = app.signed_in("olga.officer@body.example").await;
    done(&officer, "ContactComment", json!({ "contactId": contact, "text": "See this" })).await;
    assert_eq!(socket.hear().await.unwrap()["type"], "next");
    assert_eq!(lines(&auditor, "contact.read").await.pop(), Some(line(id(world.platform), "follow")));
}

async fn a_page_of_ordinary_contacts_writes_nothing(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, auditor) = (world.officer().await, world.auditor().await);
    for _ in 0..3 {
        done(&officer, "ContactLog", world.smallest()).await;
    }
    let before = app.database.counts("SELECT 'lines', count(*) FROM audit_entry").await;
    let first = operation(&officer, "Contacts", json!({})).await;
    let again = operation(&officer, "Contacts", json!({})).await;
    assert!(again.statements() <= first.statements());
    assert_eq!(lines(&auditor, "contact.read").await, []);
    assert_eq!(app.database.counts("SELECT 'lines', count(*) FROM audit_entry").await, before);
}

async fn a_read_that_cannot_be_noted_is_refused(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let contact = named(&world, &officer, &representative).await;
    let ordinary = done(&officer, "ContactLog", world.smallest()).await;
    assert_eq!(read(&representative, &ordinary["id"]).await["id"], ordinary["id"]);
    tertulia_app::record::drain(&app.app).await.unwrap();
    let database = app.database.connect().await;
    let rename = async |from: &str, to: &str| database.execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}")).await.unwrap();
    rename("audit_entry", "audit_entry_away").await;
    let refused = operation(&representative, "Contact", json!({ "id": contact })).await;
    assert_eq!((refused.code(), &refused.body["data"]["contact"]), ("INTERNAL", &Value::Null), "{}", refused.text);
    assert!(!refused.text.contains("parley.example/post/1"), "{}", refused.text);
    assert_eq!(read(&representative, &ordinary["id"]).await["id"], ordinary["id"], "others are read as before");
    rename("audit_entry_away", "audit_entry").await;
    database.close().await.unwrap();
    assert_eq!(read(&representative, &contact).await["id"], contact);
    let auditor = world.auditor().await;
    assert_eq!(lines(&auditor, "contact.read").await.len(), 1, "what was refused was not remembered as noted");
}

async fn who_reads_people_s_addresses_and_needs_is_noted(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, administrator, coordinator) = (world.officer().await, world.colleague().await, world.coordinator().await);
    let auditor = world.auditor().await;
    let members = "query($id: ID!) { memberships(organisationId: $id) { nodes { user { id name email } } } }";
    let names = "query($id: ID!) { memberships(organisationId: $id) { nodes { user { id name } } } }";
    administrator.data(names, json!({ "id": id(world.body) })).await;
    assert_eq!(lines(&auditor, "membership.read").await, [], "names are no addresses");
    let told = administrator.data(members, json!({ "id": id(world.body) })).await;
    assert!(told.to_string().contains("olga.officer@body.example"));
    let hers = (me(&officer).await.as_str().unwrap().to_owned(), world.body.to_string(), "email".to_owned());
    assert_eq!(lines(&auditor, "membership.read").await, std::slice::from_ref(&hers), "one's own is not noted");
    administrator.data(members, json!({ "id": id(world.body) })).await;
    assert_eq!(lines(&auditor, "membership.read").await, [hers]);
    // How to reach a person, by a client too.
    let keeper = app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await;
    let make =
        "mutation($input: ChannelCreateInput!) { channelCreate(input: $input) { channel { id } userErrors { code reason path message } } }";
    let channel = |kind: &str| json!({ "platformId": id(world.platform), "kind": kind, "address": "liaison@parley.example", "coverageCountries": ["PE"] });
    keeper.mutate(make, channel("EMAIL")).await;
    let person = keeper.mutate(make, channel("LIAISON_PERSON")).await["channel"]["id"].clone();
    let channels = "{ channels(first: 10) { nodes { id kind address instructions } } }";
    let told = officer.data(channels, json!({})).await;
    assert_eq!(told.to_string().matches("liaison@parley.example").count(), 2);
    let line = (person.as_str().unwrap().to_owned(), world.body.to_string(), "address".to_owned());
    assert_eq!(lines(&auditor, "channel.address.read").await, std::slice::from_ref(&line), "the mailbox is nobody's own");
    app.anonymous().data(channels, json!({})).await;
    let program = Partner::new(&administrator, &["directory:read"]).await.signed_in(app).await;
    program.data(channels, json!({})).await;
    assert_eq!(lines(&auditor, "channel.address.read").await, [line.clone(), line], "a line for each reader who is told");
    // What somebody needs to take part.
    let dialogue = json!({
        "title": [{ "language": "en", "text": "Monthly" }], "kind": "GLOBAL", "conveners": [id(world.desk)], "members": [id(world.body)],
        "recurrence": { "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=DAILY;COUNT=1" },
        "duration": "PT90M", "format": "ONLINE", "visibility": "PUBLIC",
    });
    let create = "mutation($input: DialogueCreateInput!) { dialogueCreate(input: $input) {
      dialogue { meetings(first: 1) { nodes { id } } } userErrors { code reason path message } } }";
    let meeting = coordinator.mutate(create, dialogue).await["dialogue"]["meetings"]["nodes"][0]["id"].clone();
    let register = "mutation($input: MeetingRegisterInput!) { meetingRegister(input: $input) {
      participation { id accessNeeds } userErrors { code reason path message } } }";
    let opened = "mutation($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) { userErrors { code reason path message } } }";
    coordinator.mutate(opened, json!({ "meetingId": meeting, "mode": "OPEN", "version": 1 })).await;
    let own = officer.mutate(register, json!({ "meetingId": meeting, "accessNeeds": "A ramp" })).await["participation"].clone();
    assert_eq!(own["accessNeeds"], "A ramp");
    assert_eq!(lines(&auditor, "participation.read").await, []);
    let who = "query($id: ID!) { meeting(id: $id) { participants(first: 5) { nodes { id accessNeeds } } } }";
    let told = coordinator.data(who, json!({ "id": meeting })).await;
    assert!(told.to_string().contains("A ramp"), "{told}");
    let noted = lines(&auditor, "participation.read").await;
    assert_eq!(
        noted.iter().map(|(object, _, way)| (object.as_str(), way.as_str())).collect::<Vec<_>>(),
        [(own["id"].as_str().unwrap(), "accessNeeds")]
    );
}
