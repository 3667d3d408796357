//! Dialogues, their meetings and their calendars.

mod agenda;
mod calendar;
mod calendar_letter;
mod chatham_house;
mod chatham_house_people;
mod commitment;
mod commitment_rights;
mod course;
mod create;
mod election_window;
mod feed;
mod import;
mod interpretation;
mod measure;
mod meeting;
mod minutes;
mod minutes_comment;
mod participation;
mod passing;
mod postpone;
mod readiness;
mod recurrence;
mod reminder;
mod rest;
mod seed;
mod series;
mod slot_poll;
mod slots;
mod subscription;
mod visibility;

use serde_json::{Value, json};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, Reply, TestApp, harness::Story};

/// The operations that front ends send, as they were agreed.
const OPERATIONS: &str = include_str!("../../operations/dialogue.graphql");

/// The operations that front ends send to run a dialogue, as they were agreed.
const FULL: &str = include_str!("../../operations/dialogue-full.graphql");

pub(crate) fn stories() -> Vec<Story> {
    [
        agenda::stories(),
        calendar::stories(),
        calendar_letter::stories(),
        chatham_house::stories(),
        chatham_house_people::stories(),
        course::stories(),
        commitment::stories(),
        commitment_rights::stories(),
        create::stories(),
        election_window::stories(),
        feed::stories(),
        import::all(),
        measure::stories(),
        interpretation::stories(),
        meeting::stories(),
        minutes::stories(),
        minutes_comment::stories(),
        readiness::stories(),
        participation::stories(),
        passing::stories(),
        postpone::stories(),
        recurrence::stories(),
        reminder::stories(),
        rest::stories(),
        seed::stories(),
        series::stories(),
        subscription::stories(),
        slot_poll::stories(),
        slots::stories(),
        visibility::stories(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Who takes part in these stories.
struct Cast {
    coordinator: Client,
    /// An officer of a body that belongs to the dialogue.
    officer: Client,
    /// A representative of a platform that does not.
    stranger: Client,
    desk: OrganisationId,
    body: OrganisationId,
    platform: OrganisationId,
}

impl Cast {
    async fn of(app: &TestApp) -> Self {
        let (coordinator, desk) = app.coordinator().await;
        let body = app.organisation(OrganisationKind::ElectoralBody, "Junta").await;
        let platform = app.organisation(OrganisationKind::PlatformCompany, "Platform").await;
        let officer = app.member("officer@body.example", body, Role::ElectoralBodyAdministrator).await;
        let stranger = app.member("rep@platform.example", platform, Role::PlatformAdministrator).await;
        Self { coordinator, officer, stranger, desk, body, platform }
    }

    /// A monthly dialogue at 19:00 in Los Angeles, from 15 October 2026, of the desk and the body.
    fn monthly(&self, visibility: &str) -> Value {
        monthly(self.desk, self.body, visibility)
    }

    /// Creates a dialogue as the coordinator and answers it.
    async fn create(&self, input: Value) -> Value {
        let reply = run(&self.coordinator, "DialogueCreate", json!({ "input": input })).await;
        assert_eq!(reply.faults(), Vec::<String>::new(), "{}", reply.text);
        reply.data()["dialogueCreate"]["dialogue"].clone()
    }
}

fn monthly(desk: OrganisationId, body: OrganisationId, visibility: &str) -> Value {
    json!({
        "title": [{ "language": "en", "text": "Monthly" }, { "language": "es", "text": "Mensual" }],
        "kind": "GLOBAL",
        "conveners": [desk.to_string()],
        "members": [body.to_string()],
        "recurrence": { "localStart": "2026-10-15T19:00", "timeZone": "America/Los_Angeles", "rule": "FREQ=MONTHLY" },
        "duration": "PT90M",
        "format": "ONLINE",
        "visibility": visibility,
        "workingLanguages": ["en"],
        "joinUrl": "https://meet.example/secret",
    })
}

/// Creates a public monthly dialogue of the coordinator's desk and a body, and answers it.
pub(crate) async fn monthly_of(coordinator: &Client, desk: OrganisationId, body: OrganisationId) -> Value {
    let input = monthly(desk, body, "PUBLIC");
    run(coordinator, "DialogueCreate", json!({ "input": input })).await.data()["dialogueCreate"]["dialogue"].clone()
}

async fn run(client: &Client, name: &str, variables: Value) -> Reply {
    client.operation(OPERATIONS, name, variables).await
}

/// Runs one of the mutations with this input.
async fn send(client: &Client, name: &str, input: Value) -> Reply {
    run(client, name, json!({ "input": input })).await
}

/// The circles around one meeting, from the nearest out.
struct Circles {
    cast: Cast,
    /// A member of an organisation that convenes the dialogue beside the desk.
    organiser: Client,
    convener: OrganisationId,
    anonymous: Client,
    /// The first meeting of the dialogue.
    meeting: Value,
}

impl Circles {
    /// Around a monthly dialogue that the desk and an association convene.
    async fn around(app: &TestApp, visibility: &str, attribution: &str) -> Self {
        let cast = Cast::of(app).await;
        let convener = app.organisation(OrganisationKind::Cso, "Association").await;
        let organiser = app.member("expert@association.example", convener, Role::Expert).await;
        let mut circles = Self { cast, organiser, convener, anonymous: app.anonymous(), meeting: Value::Null };
        circles.meeting = circles.another(visibility, attribution).await;
        circles
    }

    /// The first meeting of one more such dialogue.
    async fn another(&self, visibility: &str, attribution: &str) -> Value {
        let mut input = self.cast.monthly(visibility);
        input["conveners"] = json!([self.cast.desk.to_string(), self.convener.to_string()]);
        input["attributionDefault"] = attribution.into();
        self.cast.create(input).await["upcoming"]["nodes"][0]["id"].clone()
    }

    /// Everybody, with a word for who it is.
    fn everybody(&self) -> [(&'static str, &Client); 5] {
        [
            ("coordinator", &self.cast.coordinator),
            ("organiser", &self.organiser),
            ("participant", &self.cast.officer),
            ("stranger", &self.cast.stranger),
            ("anonymous", &self.anonymous),
        ]
    }
}

/// A commitment of the strangers' platform to the body, due in ten days.
fn promise(circles: &Circles) -> Value {
    json!({
        "committedById": circles.cast.platform.to_string(), "toWhom": [circles.cast.body.to_string()],
        "text": "To name a person who answers at weekends", "dueOn": "2026-03-12",
    })
}

/// The mutations of commitments that [`FULL`] does not have.
fn act(name: &str) -> String {
    format!(
        "mutation($input: Commitment{name}Input!) {{ commitment{name}(input: $input) {{ commitment {{ id status version claim
            confirmedBy {{ name }} supersededBy {{ id }} }} userErrors {{ code reason path message }} }} }}"
    )
}

/// The texts of the commitments that a caller reads under a filter.
async fn commitments(client: &Client, filter: Value) -> Vec<String> {
    let found = full(client, "Commitments", json!({ "filter": filter })).await.data()["commitments"].clone();
    let texts: Vec<String> = each(&found["nodes"], "text").into_iter().map(str::to_owned).collect();
    assert_eq!(found["totalCount"], texts.len());
    texts
}

/// Where and when meetings stand, apart from how far they came: the worker may note at any moment that one was held.
pub(crate) fn places(meetings: &[Value]) -> Vec<[Value; 3]> {
    meetings.iter().map(|one| ["id", "localStart", "startsAt"].map(|name| one[name].clone())).collect()
}

/// The texts of a field of each of these objects.
fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[field].as_str().unwrap()).collect()
}

/// Runs one operation of [`FULL`], without the others.
async fn full(client: &Client, name: &str, variables: Value) -> Reply {
    let is_start = |line: &str| ["query ", "mutation ", "subscription "].iter().any(|word| line.starts_with(word));
    let named = |line: &str| is_start(line) && line.split([' ', '(']).nth(1) == Some(name);
    let mut lines = FULL.lines().skip_while(|line| !named(line));
    let first = lines.next().unwrap_or_else(|| panic!("there is no {name}"));
    let rest = lines.take_while(|line| !is_start(line)).collect::<Vec<_>>().join("\n");
    client.operation(&format!("{first}\n{rest}"), name, variables).await
}

/// Runs one of its mutations, which must be done; answers the field of its payload.
pub(crate) async fn done(client: &Client, name: &str, field: &str, input: Value) -> Value {
    let reply = full(client, name, json!({ "input": input })).await;
    assert_eq!(reply.faults(), Vec::<String>::new(), "{name}: {}", reply.text);
    let data = reply.data();
    data.as_object().unwrap().values().next().unwrap()[field].clone()
}
