//! Each mutation of the schema is in the record: it commits an audit entry with its own act and as many events as entries.

mod numbers;
mod people;

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::types::BaseType;
use serde_json::{Value, json};
use tertulia_domain::policy::{Act, OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, stories};

use super::coverage::Schema;
use crate::engagement::{
    contact_import::{ended, hold_elsewhere},
    file::uploaded,
    world::World,
};

stories![each_mutation_commits_its_act_and_an_event];

/// Mutations that are one act under several names, since an organisation is one object.
const SHARED: [(&str, &str); 5] = [
    ("dialogueImport", "dialogue.create"),
    ("platformCreate", "organisation.create"),
    ("platformUpdate", "organisation.update"),
    ("electoralBodyCreate", "organisation.create"),
    ("electoralBodyUpdate", "organisation.update"),
];

/// The act of a mutation: `contactAcknowledge` is `contact.acknowledge`.
fn act_of(mutation: &str) -> &'static str {
    if let Some((_, act)) = SHARED.iter().find(|(name, _)| *name == mutation) {
        return act;
    }
    let same = |act: &&Act| act.name().replace('.', "").eq_ignore_ascii_case(mutation);
    Act::ALL.iter().find(same).unwrap_or_else(|| panic!("{mutation} has no act of its name")).name()
}

/// What was run, and what the record held before and after.
struct Book<'a> {
    app: &'a TestApp,
    schema: Schema,
    run: BTreeSet<String>,
}

type Counts = BTreeMap<String, i64>;

/// What is more in `after`.
fn grown(before: &Counts, after: &Counts) -> Counts {
    let more = |(word, many): (&String, &i64)| Some((word.clone(), many - before.get(word).unwrap_or(&0))).filter(|(_, more)| *more > 0);
    after.iter().filter_map(more).collect()
}

impl Book<'_> {
    async fn record(&self) -> (Counts, Counts) {
        let acts = self.app.database.counts("SELECT act, count(*) FROM audit_entry GROUP BY act").await;
        (acts, self.app.database.counts("SELECT topic, count(*) FROM audit_entry GROUP BY topic").await)
    }

    /// The object in the payload of a mutation, with the input's type: `("contact", "ContactLogInput")`.
    fn shape(&self, mutation: &str) -> (String, String) {
        let fields = self.schema.fields("Mutation");
        let field = fields.iter().find(|field| field.name.node == mutation).unwrap_or_else(|| panic!("there is no {mutation}"));
        let named = |base: &BaseType| match base {
            BaseType::Named(name) => name.to_string(),
            BaseType::List(of) => match &of.base {
                BaseType::Named(name) => name.to_string(),
                BaseType::List(_) => String::new(),
            },
        };
        let payload = self.schema.fields(&named(&field.ty.node.base));
        let is_object = |name: &str| self.schema.fields(name).iter().any(|field| field.name.node == "id");
        let object =
            payload.iter().find(|field| is_object(&named(&field.ty.node.base))).unwrap_or_else(|| panic!("{mutation} answers nothing"));
        (object.name.node.to_string(), named(&field.arguments[0].node.ty.node.base))
    }

    /// Runs a mutation, which must succeed and be in the record; answers the object's id.
    async fn act(&mut self, client: &Client, mutation: &str, input: Value) -> Value {
        let (object, kind) = self.shape(mutation);
        let document = format!(
            "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {object} {{ id }} userErrors {{ code reason path message }} }} }}"
        );
        let (acts, topics) = self.record().await;
        let payload = client.mutate(&document, input).await;
        let (acts, topics) = {
            let (more_acts, more_topics) = self.record().await;
            (grown(&acts, &more_acts), grown(&topics, &more_topics))
        };
        let act = act_of(mutation);
        // A choice tells of the poll, of the meeting that it sets and of the dialogue that it extends.
        let lines = if mutation == "slotPollChoose" { 3 } else { 1 };
        assert_eq!(acts.get(act), Some(&lines), "{mutation} is in the audit log as {act}: {acts:?}");
        let (about, _) = act.split_once('.').unwrap();
        assert!(topics.keys().any(|topic| topic.starts_with(&format!("{about}."))), "{mutation} tells of its {about}: {topics:?}");
        self.run.insert(mutation.to_owned());
        payload[&object]["id"].clone()
    }

    /// Creates an object and edits it.
    async fn entry(&mut self, client: &Client, create: &str, input: Value, update: &str, mut change: Value) -> Value {
        let made = self.act(client, create, input).await;
        change["id"] = made.clone();
        change["version"] = json!(1);
        self.act(client, update, change).await;
        made
    }
}

async fn each_mutation_commits_its_act_and_an_event(app: &TestApp) {
    let world = World::new(app).await;
    let mut book = Book { app, schema: Schema::read(), run: BTreeSet::new() };
    let coordinator = world.coordinator().await;
    keep_the_directory(&mut book, &coordinator).await;
    list_an_expert(&mut book, &coordinator).await;
    move_contacts(&mut book, &world, &coordinator).await;
    import_contacts(&mut book, &world).await;
    keep_templates(&mut book, &world).await;
    keep_incidents(&mut book, &world).await;
    schedule(&mut book, &world, &coordinator).await;
    keep_commitments(&mut book, &coordinator, &world).await;
    people::manage(&mut book, &world).await;
    numbers::tell(&mut book, world).await;
    let all: BTreeSet<String> = book.schema.fields("Mutation").iter().map(|field| field.name.node.to_string()).collect();
    let left: Vec<&String> = all.difference(&book.run).collect();
    assert!(left.is_empty(), "never run: {left:?}");
}

fn name(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

async fn keep_the_directory(book: &mut Book<'_>, by: &Client) {
    let website = json!({ "website": "https://example.org/new" });
    let platform = book.entry(by, "platformCreate", json!({ "names": name("Company") }), "platformUpdate", website.clone()).await;
    let service = json!({ "platformId": platform, "names": name("Company Video"), "type": "VIDEO" });
    book.entry(by, "platformServiceCreate", service, "platformServiceUpdate", website.clone()).await;
    let other = json!({ "kind": "CSO", "names": name("Watch") });
    book.entry(by, "organisationCreate", other, "organisationUpdate", website.clone()).await;
    let body = json!({ "names": name("Board"), "country": "PE" });
    let body = book.entry(by, "electoralBodyCreate", body, "electoralBodyUpdate", website).await;
    let days = json!([{ "date": "2027-04-11", "round": 1 }]);
    let election =
        json!({ "country": "PE", "type": "PRESIDENTIAL", "status": "SCHEDULED", "pollingDays": days, "responsibleBodyIds": [body] });
    book.entry(by, "electionCreate", election, "electionUpdate", json!({ "status": "POSTPONED" })).await;
    let programme = json!({ "names": name("Flags"), "operatorId": platform, "covers": name("Company Video") });
    book.entry(by, "reportingProgrammeCreate", programme, "reportingProgrammeUpdate", json!({ "url": "https://example.org/flags" })).await;
    let instrument = json!({ "titles": name("Code"), "type": "CODE", "bindingness": "VOLUNTARY", "proposedById": body });
    let instrument = book.entry(by, "instrumentCreate", instrument, "instrumentUpdate", json!({ "validTo": "2027-12-31" })).await;
    book.act(by, "instrumentConfirm", json!({ "id": instrument, "version": 2 })).await;
    let publication = json!({ "titles": name("Handbook"), "type": "GUIDE", "publisherIds": [body] });
    book.entry(by, "publicationCreate", publication, "publicationUpdate", json!({ "authors": ["Press Office"] })).await;
    let channel = json!({ "platformId": platform, "kind": "EMAIL", "address": "a@company.example" });
    let channel = book.entry(by, "channelCreate", channel, "channelUpdate", json!({ "address": "b@company.example" })).await;
    book.act(by, "channelVerify", json!({ "id": channel, "version": 2 })).await;
    book.act(by, "channelRetire", json!({ "id": channel, "version": 3, "reason": "Closed" })).await;
}

async fn list_an_expert(book: &mut Book<'_>, by: &Client) {
    let university = book.app.organisation(OrganisationKind::Academia, "University").await;
    let expert = book.app.member("ada@university.example", university, Role::Expert).await;
    let profile = json!({ "name": "Ada Example", "email": "ada@university.example" });
    book.entry(by, "expertRecord", profile, "expertUpdate", json!({ "topics": ["Deepfakes"] })).await;
    book.act(&expert, "expertConsent", json!({ "listed": "PUBLIC", "until": "2026-06-01T00:00:00Z" })).await;
    book.act(&expert, "expertConsentWithdraw", json!({})).await;
}

async fn move_contacts(book: &mut Book<'_>, world: &World<'_>, coordinator: &Client) {
    let (officer, representative) = (&world.officer().await, &world.representative().await);
    let target = json!({ "platformId": world.platform.to_string(), "decideWithin": "P30D", "nature": "AGREED", "proposedById": world.body.to_string() });
    let target = book.entry(officer, "responseTargetCreate", target, "responseTargetUpdate", json!({ "decideWithin": "P20D" })).await;
    book.act(coordinator, "responseTargetConfirm", json!({ "id": target, "version": 2 })).await;
    let contact = book.act(officer, "contactLog", world.contact(&json!({ "sentAt": null }))).await;
    let of = |more: Value| {
        let mut input = more;
        input["contactId"] = contact.clone();
        input
    };
    book.act(officer, "contactSend", of(json!({}))).await;
    book.act(officer, "contactShare", of(json!({ "visibility": "PARTIES" }))).await;
    book.act(representative, "contactAcknowledge", of(json!({}))).await;
    book.act(representative, "contactAsk", of(json!({ "text": "Which minute?" }))).await;
    book.act(officer, "contactReply", of(json!({}))).await;
    book.act(representative, "contactDecide", of(json!({ "outcome": "ACTION_TAKEN" }))).await;
    book.act(officer, "contactDispute", of(json!({ "reason": "Rule 7" }))).await;
    book.act(officer, "contactComment", of(json!({ "text": "See the rule" }))).await;
    book.act(officer, "contactClose", of(json!({ "reason": "Nothing more to say" }))).await;
    book.act(officer, "contactReopen", of(json!({ "reason": "It is back" }))).await;
    book.act(officer, "contactAttach", of(json!({ "fileId": uploaded(officer, "x.txt", "evidence").await }))).await;
    let document = "query($id: ID!) { contact(id: $id) { attachments { nodes { id } } } }";
    let attachments = officer.data(document, json!({ "id": contact })).await["contact"]["attachments"]["nodes"].clone();
    book.act(officer, "contactDetach", of(json!({ "attachmentId": attachments[0]["id"], "reason": "By mistake" }))).await;
    let facts = officer.data("query($id: ID!) { contact(id: $id) { transitions { id } } }", json!({ "id": contact })).await;
    let sent = &facts["contact"]["transitions"][0]["id"];
    let correct = json!({ "transitionId": sent, "occurredAt": "2026-03-02T08:30:00Z", "reason": "Sent earlier" });
    book.act(officer, "contactCorrect", of(correct)).await;
    for (end, sent_at) in [("contactWithdraw", Some("2026-03-02T08:00:00Z")), ("contactDiscard", None), ("contactRefer", None)] {
        let other = book.act(officer, "contactLog", world.contact(&json!({ "sentAt": sent_at }))).await;
        book.act(officer, end, json!({ "contactId": other, "reason": "A reason" })).await;
    }
    let named = world.contact(&json!({ "platformServiceId": null, "platformName": "Parley, the video one" }));
    let named = book.act(officer, "contactLog", named).await;
    let service = id(world.service);
    book.act(coordinator, "contactResolvePlatform", json!({ "contactId": named, "platformServiceId": service })).await;
}

async fn keep_templates(book: &mut Book<'_>, world: &World<'_>) {
    let administrator = book.app.member("writer@body.example", world.body, Role::ElectoralBodyAdministrator).await;
    let text = json!({ "name": "Notice", "language": "es", "description": "{{PLATFORM}}" });
    let mut change = text.clone();
    change["name"] = json!("Second notice");
    let made = book.entry(&administrator, "contactTemplateCreate", text, "contactTemplateUpdate", change).await;
    book.act(&administrator, "contactTemplateArchive", json!({ "id": made, "version": 2 })).await;
}

async fn import_contacts(book: &mut Book<'_>, world: &World<'_>) {
    let officer = &world.app.signed_in("olga.officer@body.example").await;
    let table = "Kind,Legal basis,Platform\nESCALATION,NONE,Parley Video\n";
    let input = json!({ "fileId": uploaded(officer, "x.csv", table).await, "timeZone": "America/Lima", "dryRun": true });
    let import = book.act(officer, "contactsImport", input).await;
    ended(officer, &import).await;
    hold_elsewhere(world.app, &import, "2126-01-01T00:00:00Z", (2, 1)).await;
    book.act(officer, "contactsImportCancel", json!({ "contactImportId": import })).await;
}

async fn keep_incidents(book: &mut Book<'_>, world: &World<'_>) {
    let officer = &world.app.signed_in("olga.officer@body.example").await;
    let incident = book.act(officer, "incidentOpen", json!({ "title": "False dates" })).await;
    let change = json!({ "incidentId": incident, "version": 1, "techniques": ["T0086"] });
    book.act(officer, "incidentUpdate", change).await;
    book.act(officer, "incidentMonitor", json!({ "incidentId": incident, "version": 2 })).await;
    book.act(officer, "incidentClose", json!({ "incidentId": incident, "version": 3, "reason": "It is over" })).await;
    book.act(officer, "incidentReopen", json!({ "incidentId": incident, "version": 4 })).await;
    let beside = book.app.organisation(OrganisationKind::ElectoralBody, "Another Peruvian body").await;
    let share = json!({ "incidentId": incident, "electoralBodyId": id(beside) });
    book.act(officer, "incidentShare", share.clone()).await;
    book.act(officer, "incidentUnshare", share).await;
    let contact = book.act(officer, "contactLog", world.smallest()).await;
    let administrator = &world.app.member("ada.admin@body.example", world.body, Role::ElectoralBodyAdministrator).await;
    let mandate = book.act(administrator, "mandateGrant", json!({ "expiresAt": "2026-04-01T00:00:00Z" })).await;
    book.act(administrator, "mandateRevoke", json!({ "mandateId": mandate })).await;
    let place = json!({ "incidentId": incident, "contactId": contact });
    book.act(officer, "incidentContactAdd", place.clone()).await;
    book.act(officer, "incidentContactRemove", place).await;
}

async fn schedule(book: &mut Book<'_>, world: &World<'_>, coordinator: &Client) {
    let dialogue = json!({
        "title": name("Monthly"), "kind": "GLOBAL", "conveners": [id(world.desk)], "members": [id(world.body)],
        "recurrence": { "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=MONTHLY;BYDAY=2TU" },
        "duration": "PT90M", "format": "ONLINE", "visibility": "PUBLIC",
    });
    let dialogue = book.act(coordinator, "dialogueCreate", dialogue).await;
    let members = json!({ "dialogueId": dialogue, "members": [id(world.body), id(world.other_body)], "version": 1 });
    book.act(coordinator, "dialogueMembersSet", members).await;
    let meetings = "query($id: ID!) { dialogue(id: $id) { meetings(first: 2) { nodes { id version } } } }";
    let meetings = coordinator.data(meetings, json!({ "id": dialogue })).await["dialogue"]["meetings"]["nodes"].clone();
    let (first, second) = (&meetings[0], &meetings[1]);
    let moved =
        json!({ "meetingId": first["id"], "localStart": "2026-04-15T10:00:00", "timeZone": "Europe/Madrid", "version": first["version"] });
    book.act(coordinator, "meetingReschedule", moved).await;
    book.act(coordinator, "meetingPostpone", json!({ "meetingId": second["id"], "version": second["version"] })).await;
    let version = second["version"].as_i64().unwrap() + 1;
    book.act(coordinator, "meetingCancel", json!({ "meetingId": second["id"], "version": version })).await;
    keep_papers(book, coordinator, &first["id"]).await;
    let elsewhere = json!({ "meetingId": first["id"], "joinUrl": "https://meet.example/other", "version": 3 });
    book.act(coordinator, "meetingRelocate", elsewhere).await;
    // One whose only meeting lies behind, so that an act on it changes nothing else.
    let past = json!({
        "title": name("Once"), "kind": "GLOBAL", "conveners": [id(world.desk)], "members": [id(world.body)],
        "recurrence": { "localStart": "2026-02-10T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=DAILY;COUNT=1" },
        "duration": "PT90M", "format": "ONLINE", "visibility": "PUBLIC",
    });
    let past = book.act(coordinator, "dialogueCreate", past).await;
    book.act(coordinator, "dialogueUpdate", json!({ "dialogueId": past, "duration": "PT2H", "version": 1 })).await;
    for (version, act) in (2..).zip(["dialoguePause", "dialogueResume", "dialogueEnd"]) {
        book.act(coordinator, act, json!({ "dialogueId": past, "version": version })).await;
    }
    let file = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Once\nDTSTART:20260210T190000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR";
    let file = json!({ "text": file, "kind": "GLOBAL", "conveners": [id(world.desk)], "format": "ONLINE", "visibility": "PUBLIC", "dryRun": false });
    book.act(coordinator, "dialogueImport", file).await;
    ask_about_slots(book, coordinator, &dialogue).await;
    take_part(book, world, coordinator).await;
    let feed = book.act(coordinator, "feedTokenCreate", json!({ "scope": "MY_MEETINGS" })).await;
    book.act(coordinator, "feedTokenRevoke", json!({ "feedTokenId": feed })).await;
}

async fn take_part(book: &mut Book<'_>, world: &World<'_>, by: &Client) {
    // Under way, so that one can still come and it is known who came.
    let dialogue = json!({
        "title": name("Today"), "kind": "GLOBAL", "conveners": [id(world.desk)], "members": [id(world.body)],
        "recurrence": { "localStart": "2026-03-02T08:30:00", "timeZone": "UTC", "rule": "FREQ=DAILY;COUNT=1" },
        "duration": "PT90M", "format": "HYBRID", "visibility": "PUBLIC",
    });
    let dialogue = book.act(by, "dialogueCreate", dialogue).await;
    let meetings = "query($id: ID!) { dialogue(id: $id) { meetings(first: 1) { nodes { id } } } }";
    let meeting = by.data(meetings, json!({ "id": dialogue })).await["dialogue"]["meetings"]["nodes"][0]["id"].clone();
    let of = |more: Value| {
        let mut input = more;
        input["meetingId"] = meeting.clone();
        input
    };
    book.act(by, "meetingCapacitySet", of(json!({ "inPerson": 5, "version": 1 }))).await;
    book.act(by, "meetingRegistrationSet", of(json!({ "mode": "APPROVAL", "version": 2 }))).await;
    book.act(by, "interpretationOffer", of(json!({ "language": "fr", "kind": "SIGN", "version": 3 }))).await;
    book.act(by, "interpretationConfirm", of(json!({ "language": "fr", "version": 4 }))).await;
    book.act(by, "meetingInvite", of(json!({ "invitees": [{ "organisationId": id(world.body) }] }))).await;
    let officer = &world.app.member("comes@body.example", world.body, Role::ElectoralBodyOfficer).await;
    let comes = book.act(officer, "invitationRespond", of(json!({ "response": "ACCEPTED" }))).await;
    let asks = &world.app.member("asks@chile.example", world.other_body, Role::ElectoralBodyOfficer).await;
    let asked = book.act(asks, "meetingRegister", of(json!({}))).await;
    book.act(by, "registrationDecide", json!({ "participationId": asked, "decision": "APPROVED" })).await;
    book.act(asks, "registrationWithdraw", json!({ "participationId": asked })).await;
    book.act(by, "attendanceRecord", of(json!({ "attendances": [{ "participationId": comes, "attended": true }] }))).await;
}

async fn keep_papers(book: &mut Book<'_>, by: &Client, meeting: &Value) {
    book.act(by, "agendaRevise", json!({ "meetingId": meeting, "items": [{ "title": name("Welcome") }], "version": 2 })).await;
    book.act(by, "minutesRevise", json!({ "meetingId": meeting, "text": "Said" })).await;
    book.act(by, "minutesCirculate", json!({ "meetingId": meeting, "version": 1 })).await;
    book.act(by, "minutesComment", json!({ "meetingId": meeting, "text": "Rather so" })).await;
    book.act(by, "minutesAdopt", json!({ "meetingId": meeting, "version": 2 })).await;
    book.act(by, "minutesAmend", json!({ "meetingId": meeting, "text": "Said otherwise", "version": 3 })).await;
}

async fn keep_commitments(book: &mut Book<'_>, by: &Client, world: &World<'_>) {
    let (officer, representative) =
        (&book.app.signed_in("olga.officer@body.example").await, &book.app.signed_in("rosa.representative@parley.example").await);
    let promise = json!({ "committedById": id(world.platform), "toWhom": [id(world.body)], "text": "Sooner", "dueOn": "2026-12-01" });
    let first = book.act(by, "commitmentCreate", promise.clone()).await;
    let second = book.act(by, "commitmentCreate", promise.clone()).await;
    let third = book.act(by, "commitmentCreate", promise).await;
    book.act(representative, "commitmentAccept", json!({ "commitmentId": first })).await;
    book.act(representative, "commitmentReport", json!({ "commitmentId": first, "note": "Half way" })).await;
    book.act(officer, "commitmentConfirm", json!({ "commitmentId": first })).await;
    book.act(representative, "commitmentSupersede", json!({ "commitmentId": second, "successorId": third })).await;
    book.act(representative, "commitmentWithdraw", json!({ "commitmentId": third, "reason": "Too much" })).await;
}

/// A poll that is chosen from, and one that ends without a choice.
async fn ask_about_slots(book: &mut Book<'_>, by: &Client, dialogue: &Value) {
    let slot = |day: u32| json!({ "localStart": format!("2026-06-{day:02}T10:00:00"), "timeZone": "Europe/Madrid" });
    let poll = json!({ "dialogueId": dialogue, "candidates": [slot(2), slot(3)], "closesAt": "2026-06-01T00:00:00Z" });
    let first = book.act(by, "slotPollOpen", poll.clone()).await;
    book.act(by, "slotPollAnswer", json!({ "pollId": first, "answers": ["AVAILABLE", "IF_NEEDED"] })).await;
    book.act(by, "slotPollChoose", json!({ "pollId": first, "candidate": 0, "version": 1 })).await;
    let second = book.act(by, "slotPollOpen", poll).await;
    book.act(by, "slotPollClose", json!({ "pollId": second, "version": 1 })).await;
}
