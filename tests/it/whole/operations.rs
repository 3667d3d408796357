//! The documents that front ends send run unchanged, each under the default limits, and each level of a document costs one
//! SQL statement at most: the number of statements of each operation is bounded by a budget, the same on both databases.

mod rooms;

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
};

use serde_json::{Value, json};
use tertulia_app::directory::{platform, reference};
use tertulia_domain::{
    directory::platform::{PlatformServiceDraft, PlatformServiceType},
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, TestApp, stories};

use crate::engagement::file::uploaded;

stories![documents_run_and_cost_what_is_written_down, more_rows_cost_no_more_statements];

const DOCUMENTS: [(&str, &str); 8] = [
    ("directory", include_str!("../../operations/directory.graphql")),
    ("identity", include_str!("../../operations/identity.graphql")),
    ("engagement", include_str!("../../operations/engagement.graphql")),
    ("engagement-full", include_str!("../../operations/engagement-full.graphql")),
    ("engagement-files", include_str!("../../operations/engagement-files.graphql")),
    ("engagement-templates", include_str!("../../operations/engagement-templates.graphql")),
    ("dialogue", include_str!("../../operations/dialogue.graphql")),
    ("dialogue-full", include_str!("../../operations/dialogue-full.graphql")),
];

fn document(file: &str) -> &'static str {
    DOCUMENTS.iter().find(|(name, _)| *name == file).unwrap().1
}

/// The operations of a document.
fn operations(document: &str) -> Vec<String> {
    let first = |line: &str| {
        let mut words = line.split([' ', '(', '{']);
        let kind = words.next()?;
        ["query", "mutation"].contains(&kind).then(|| words.next().unwrap_or_default().to_owned())
    };
    document.lines().filter_map(first).collect()
}

/// What was run, and what it cost.
#[derive(Default)]
struct Book {
    lines: String,
    run: BTreeSet<(String, String)>,
}

impl Book {
    /// Runs an operation, which must succeed; answers its first field.
    async fn run(&mut self, client: &Client, file: &str, name: &str, variables: Value) -> Value {
        let reply = client.operation(document(file), name, variables).await;
        if self.run.insert((file.to_owned(), name.to_owned())) {
            writeln!(self.lines, "{file:<13} {name:<21} {}", reply.statements()).unwrap();
        }
        let data = reply.data();
        let field = data.as_object().unwrap().values().next().unwrap().clone();
        assert!(field.get("userErrors").is_none_or(|errors| *errors == json!([])), "{name}: {field}");
        field
    }

    /// The same of a mutation; answers the contact.
    async fn act(&mut self, client: &Client, name: &str, input: Value) -> Value {
        self.run(client, "engagement", name, json!({ "input": input })).await["contact"].clone()
    }
}

struct Cast {
    coordinator: Client,
    auditor: Client,
    officer: Client,
    representative: Client,
    desk: Value,
    body: Value,
    vacant: Value,
    platform: Value,
    service: Value,
}

impl Cast {
    async fn of(app: &TestApp) -> Self {
        reference::load_new(&app.app, &app.app.system()).await.unwrap();
        let (coordinator, desk) = app.coordinator().await;
        let auditor = app.member("auditor@desk.example", desk, Role::Auditor).await;
        let body = app.organisation(OrganisationKind::ElectoralBody, "A body").await;
        let vacant = app.organisation(OrganisationKind::ElectoralBody, "A body without people").await;
        let company = app.organisation(OrganisationKind::PlatformCompany, "A platform").await;
        let officer = app.member("officer@body.example", body, Role::ElectoralBodyAdministrator).await;
        let representative = app.member("representative@platform.example", company, Role::PlatformAdministrator).await;
        let names = vec![("en".to_owned(), "A service".to_owned())];
        let draft = PlatformServiceDraft { platform: Some(company), names, kind: Some(PlatformServiceType::Social), ..Default::default() };
        let service = platform::create(&app.app, &app.app.system(), Ok(draft), None).await.unwrap().id;
        let text = |id: String| Value::String(id);
        Self {
            coordinator,
            auditor,
            officer,
            representative,
            desk: text(desk.to_string()),
            body: text(body.to_string()),
            vacant: text(vacant.to_string()),
            platform: text(company.to_string()),
            service: text(service.to_string()),
        }
    }

    fn contact(&self, sent_at: Option<&str>) -> Value {
        json!({
            "platformServiceId": self.service, "kind": "ESCALATION", "legalBasis": "PLATFORM_TERMS", "sentAt": sent_at,
            "visibility": "PARTIES", "items": [{ "url": "https://platform.example/post/1" }],
        })
    }
}

async fn documents_run_and_cost_what_is_written_down(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut book = Book::default();
    read_the_directory(app, &cast, &mut book).await;
    manage_people(&cast, &mut book).await;
    move_contacts(&cast, &mut book).await;
    book.run(&app.anonymous(), "engagement-full", "LatestRelease", json!({})).await;
    schedule(&cast, &mut book).await;
    rooms::run(app, &cast, &mut book).await;
    let all = DOCUMENTS.iter().flat_map(|(file, document)| operations(document).into_iter().map(|name| ((*file).to_owned(), name)));
    let left: Vec<(String, String)> = all.filter(|operation| !book.run.contains(operation)).collect();
    assert!(left.is_empty(), "never run: {left:?}");
    let spent = budget(&book.lines);
    for (operation, most) in budget(BUDGET) {
        let statements = spent.get(operation).unwrap_or_else(|| panic!("{operation} was not run"));
        assert!(*statements <= most, "{operation} took {statements} statements, and may take {most} (statements.txt)");
    }
    assert_eq!(spent.len(), budget(BUDGET).len(), "statements.txt has a line for each operation:\n{}", book.lines);
}

/// How many statements each operation may take at most: one a level, and what its act writes. A load that comes between two
/// turns of the resolvers may find fewer ids to put together, so that a run now and then takes less.
const BUDGET: &str = include_str!("statements.txt");

/// The lines of a budget: the operation and its number.
fn budget(lines: &str) -> HashMap<&str, u32> {
    let parts = lines.lines().filter_map(|line| line.rsplit_once(' '));
    parts.map(|(operation, number)| (operation.trim_end(), number.parse().unwrap())).collect()
}

async fn read_the_directory(app: &TestApp, cast: &Cast, book: &mut Book) {
    let anyone = app.anonymous();
    let bodies = book.run(&anyone, "directory", "ElectoralBodies", json!({})).await;
    assert_eq!(bodies["nodes"].as_array().unwrap().len(), 20, "real data is loaded");
    let year = json!({ "from": "2025-01-01", "to": "2025-12-31" });
    let elections = book.run(&anyone, "directory", "Elections", year).await;
    assert!(elections["totalCount"].as_i64().unwrap() > 0);
    for name in ["Platforms", "PlatformServices", "Experts", "ReportingProgrammes"] {
        book.run(&anyone, "directory", name, json!({})).await;
    }
    let node = book.run(&anyone, "directory", "AnyObject", json!({ "id": cast.body })).await;
    assert_eq!(node["__typename"], "ElectoralBody");
    let nodes =
        book.run(&anyone, "directory", "AnyObjects", json!({ "ids": [cast.body, cast.service, elections["nodes"][0]["id"]] })).await;
    let kinds: Vec<&Value> = nodes.as_array().unwrap().iter().map(|node| &node["__typename"]).collect();
    assert_eq!(kinds, ["ElectoralBody", "PlatformService", "Election"]);
}

async fn manage_people(cast: &Cast, book: &mut Book) {
    let person = |email: &str, organisation: &Value, role: &str| json!({ "input": { "email": email, "name": "Somebody", "organisationId": organisation, "role": role } });
    let first = person("first@vacant.example", &cast.vacant, "ELECTORAL_BODY_ADMINISTRATOR");
    book.run(&cast.coordinator, "identity", "UserInvite", first).await;
    let grant = person("representative@platform.example", &cast.body, "ELECTORAL_BODY_OFFICER");
    let granted = book.run(&cast.officer, "identity", "MembershipGrant", grant).await;
    let revoke = json!({ "input": { "membershipId": granted["membership"]["id"] } });
    book.run(&cast.officer, "identity", "MembershipRevoke", revoke).await;
    let entries = book.run(&cast.auditor, "identity", "AuditEntries", json!({})).await;
    assert!(!entries["nodes"].as_array().unwrap().is_empty());
}

async fn move_contacts(cast: &Cast, book: &mut Book) {
    let (officer, representative) = (&cast.officer, &cast.representative);
    let viewer = book.run(officer, "engagement", "Viewer", json!({})).await;
    assert_eq!(viewer["memberships"][0]["organisation"]["id"], cast.body);
    let contact = book.act(officer, "ContactLog", cast.contact(None)).await;
    let id = &contact["id"];
    book.act(officer, "ContactSend", json!({ "contactId": id })).await;
    book.act(officer, "ContactShare", json!({ "contactId": id })).await;
    book.act(representative, "ContactAcknowledge", json!({ "contactId": id })).await;
    book.act(representative, "ContactAsk", json!({ "contactId": id })).await;
    book.act(officer, "ContactReply", json!({ "contactId": id })).await;
    book.act(representative, "ContactDecide", json!({ "contactId": id, "outcome": "ACTION_TAKEN", "actions": ["LABELLED"] })).await;
    book.act(officer, "ContactDispute", json!({ "contactId": id, "reason": "It breaks rule 7" })).await;
    book.act(officer, "ContactComment", json!({ "contactId": id, "text": "See the rule" })).await;
    book.act(officer, "ContactClose", json!({ "contactId": id, "reason": "Nothing more to say" })).await;
    book.act(officer, "ContactReopen", json!({ "contactId": id, "reason": "It is back" })).await;
    let read = book.run(officer, "engagement", "Contact", json!({ "id": id })).await;
    let sent = &read["transitions"][0]["id"];
    let correct = json!({ "contactId": id, "transitionId": sent, "occurredAt": "2026-03-02T08:30:00Z", "reason": "Sent earlier" });
    book.act(officer, "ContactCorrect", correct).await;
    for (name, sent_at) in [("ContactWithdraw", Some("2026-03-02T08:00:00Z")), ("ContactDiscard", None), ("ContactRefer", None)] {
        let other = book.act(officer, "ContactLog", cast.contact(sent_at)).await;
        let input = json!({ "contactId": other["id"], "reason": "A reason" });
        book.act(officer, name, input).await;
    }
    let list = book.run(officer, "engagement", "Contacts", json!({})).await;
    assert_eq!(list["totalCount"], 4);
    let attach = json!({ "input": { "contactId": id, "fileId": uploaded(officer, "x.txt", "evidence").await } });
    book.run(officer, "engagement-files", "ContactAttach", attach).await;
    let list = book.run(officer, "engagement-files", "ContactsWithAttachments", json!({})).await;
    let attachments: Vec<&Value> = list["nodes"].as_array().unwrap().iter().map(|one| &one["attachments"]["nodes"][0]["id"]).collect();
    let attachment = attachments.into_iter().find(|one| !one.is_null()).unwrap();
    let detach = json!({ "input": { "contactId": id, "attachmentId": attachment, "reason": "By mistake" } });
    book.run(officer, "engagement-files", "ContactDetach", detach).await;
    keep_templates(officer, book).await;
    let target = json!({ "platformId": cast.platform, "acknowledgeWithin": "PT1H", "decideWithin": "PT3H", "nature": "AGREED" });
    let create =
        "mutation($input: ResponseTargetCreateInput!) { responseTargetCreate(input: $input) { userErrors { code reason path message } } }";
    cast.coordinator.mutate(create, target).await;
    let mut late = cast.contact(Some("2026-03-02T08:00:00Z"));
    for subject in ["One", "Another"] {
        late["subject"] = json!(subject);
        book.act(officer, "ContactLog", late.clone()).await;
    }
    let overdue = book.run(officer, "engagement-full", "Overdue", json!({ "electoralBodyId": cast.body })).await;
    assert_eq!(overdue["totalCount"], 2);
    let figures = json!({ "filter": {}, "groupBy": ["PLATFORM", "REGION", "PERIOD"] });
    let figures = book.run(officer, "engagement-full", "Responsiveness", figures).await;
    assert_eq!(figures["cells"][0]["dimensions"][0]["label"], "A platform");
    find_a_channel(cast, book).await;
    let client = json!({ "input": { "name": "Partner", "scopes": ["contacts:read"] } });
    let client = book.run(officer, "engagement-full", "ApiClientCreate", client).await;
    assert_eq!(client["clientId"], client["apiClient"]["id"]);
    keep_webhooks(cast, officer, book).await;
    let table = "Kind,Legal basis,Platform,Sent at\nESCALATION,NONE,A service,2026-02-01\n";
    let input = json!({ "fileId": uploaded(officer, "x.csv", table).await, "timeZone": "America/Lima", "dryRun": true });
    let asked = book.run(officer, "engagement-full", "ContactsImport", json!({ "input": input })).await;
    book.run(officer, "engagement-full", "ContactImport", json!({ "id": asked["import"]["id"] })).await;
}

async fn keep_webhooks(cast: &Cast, officer: &Client, book: &mut Book) {
    let hook = json!({ "input": { "url": "https://partner.example/hook", "topics": ["contact.logged"] } });
    let hook = book.run(officer, "engagement-full", "WebhookEndpointCreate", hook).await;
    assert_eq!(hook["webhookEndpoint"]["status"], "ACTIVE");
    book.run(officer, "engagement-full", "WebhookEndpoints", json!({ "organisationId": cast.body })).await;
    let of = json!({ "id": hook["webhookEndpoint"]["id"] });
    book.run(officer, "engagement-full", "WebhookDeliveries", of).await;
}

async fn keep_templates(officer: &Client, book: &mut Book) {
    const FILE: &str = "engagement-templates";
    let text = json!({ "name": "Notice", "language": "es", "description": "{{PLATFORM}}" });
    let made = book.run(officer, FILE, "ContactTemplateCreate", json!({ "input": text })).await["contactTemplate"].clone();
    let mut change = text;
    (change["id"], change["version"], change["name"]) = (made["id"].clone(), made["version"].clone(), json!("Second notice"));
    book.run(officer, FILE, "ContactTemplateUpdate", json!({ "input": change })).await;
    book.run(officer, FILE, "ContactTemplates", json!({ "filter": { "kind": "ESCALATION" } })).await;
    book.run(officer, FILE, "ContactTemplateArchive", json!({ "input": { "id": made["id"], "version": 2 } })).await;
}

async fn find_a_channel(cast: &Cast, book: &mut Book) {
    let create = "mutation ($input: ChannelCreateInput!) { channelCreate(input: $input) { channel { id } userErrors { code reason path message } } }";
    let verify = "mutation ($input: ChannelVerifyInput!) { channelVerify(input: $input) { channel { id } userErrors { code reason path message } } }";
    let input = json!({ "platformId": cast.platform, "kind": "EMAIL", "address": "desk@platform.example" });
    let channel = cast.representative.mutate(create, input).await["channel"]["id"].clone();
    cast.representative.mutate(verify, json!({ "id": channel, "version": 1 })).await;
    let ask = json!({ "country": "PE", "platformId": cast.platform, "purpose": "ESCALATION" });
    let found = book.run(&cast.officer, "engagement-full", "ChannelsFor", ask).await;
    assert_eq!(found["nodes"][0]["address"], "desk@platform.example");
}

async fn schedule(cast: &Cast, book: &mut Book) {
    let recurrence = json!({ "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=MONTHLY;BYDAY=2TU" });
    let create = json!({ "input": {
        "title": [{ "language": "en", "text": "Monthly" }], "kind": "GLOBAL", "conveners": [cast.desk], "members": [cast.body],
        "recurrence": recurrence, "duration": "PT90M", "format": "ONLINE", "visibility": "PUBLIC", "joinUrl": "https://meet.example/1",
    } });
    let created = book.run(&cast.coordinator, "dialogue", "DialogueCreate", create).await;
    let dialogue = &created["dialogue"];
    let members = json!({ "input": { "dialogueId": dialogue["id"], "members": [cast.body], "version": dialogue["version"] } });
    book.run(&cast.coordinator, "dialogue", "DialogueMembersSet", members).await;
    let meeting = |index: usize| dialogue["upcoming"]["nodes"][index]["id"].clone();
    let move_it =
        json!({ "input": { "meetingId": meeting(0), "localStart": "2026-04-15T10:00:00", "timeZone": "Europe/Madrid", "version": 1 } });
    book.run(&cast.coordinator, "dialogue", "MeetingReschedule", move_it).await;
    book.run(&cast.coordinator, "dialogue", "MeetingCancel", json!({ "input": { "meetingId": meeting(1), "version": 1 } })).await;
    let feed = book.run(&cast.officer, "dialogue", "FeedTokenCreate", json!({ "input": { "scope": "MY_MEETINGS" } })).await;
    let revoke = json!({ "input": { "feedTokenId": feed["feedToken"]["id"] } });
    book.run(&cast.officer, "dialogue", "FeedTokenRevoke", revoke).await;
    let preview = book.run(&cast.officer, "dialogue", "RecurrencePreview", json!({ "recurrence": recurrence })).await;
    assert!(!preview["occurrences"].as_array().unwrap().is_empty());
    book.run(&cast.officer, "dialogue", "Dialogues", json!({})).await;
    let window = json!({ "from": "2026-04-01T00:00:00Z", "to": "2026-12-31T00:00:00Z", "timeZone": "America/Lima" });
    let meetings = book.run(&cast.officer, "dialogue", "Meetings", window).await;
    assert!(meetings["nodes"].as_array().unwrap().len() > 5);
}

async fn more_rows_cost_no_more_statements(app: &TestApp) {
    let cast = Cast::of(app).await;
    for _ in 0..4 {
        let mut book = Book::default();
        book.act(&cast.officer, "ContactLog", cast.contact(Some("2026-03-02T08:00:00Z"))).await;
    }
    for (client, file, name) in [
        (&app.anonymous(), "directory", "ElectoralBodies"),
        (&app.anonymous(), "directory", "Platforms"),
        (&app.anonymous(), "directory", "PlatformServices"),
        (&app.anonymous(), "directory", "ReportingProgrammes"),
        (&cast.officer, "engagement", "Contacts"),
    ] {
        let run = async |first: u32| {
            let reply = client.operation(document(file), name, json!({ "first": first })).await;
            let rows = reply.body["data"].as_object().unwrap().values().next().unwrap()["nodes"].as_array().unwrap().len();
            (rows, reply.statements())
        };
        // What is kept at hand is there before anything is counted.
        run(20).await;
        let ((one, few), (many, more)) = (run(1).await, run(20).await);
        assert!(one == 1 && many > 1, "{name}: {one} and {many} rows");
        assert_eq!(few, more, "{name} costs more for {many} rows than for one");
    }
    rooms::a_full_room_costs_no_more(app, &cast).await;
}
