//! Dialogues, their meetings and their calendars.

mod calendar;
mod create;
mod feed;
mod meeting;
mod recurrence;
mod rest;
mod seed;
mod visibility;

use serde_json::{Value, json};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, Reply, TestApp, harness::Story};

/// The operations that front ends send, as they were agreed.
const OPERATIONS: &str = include_str!("../../operations/dialogue.graphql");

pub(crate) fn stories() -> Vec<Story> {
    [
        calendar::stories(),
        create::stories(),
        feed::stories(),
        meeting::stories(),
        recurrence::stories(),
        rest::stories(),
        seed::stories(),
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
        json!({
            "title": [{ "language": "en", "text": "Monthly" }, { "language": "es", "text": "Mensual" }],
            "kind": "GLOBAL",
            "conveners": [self.desk.to_string()],
            "members": [self.body.to_string()],
            "recurrence": { "localStart": "2026-10-15T19:00", "timeZone": "America/Los_Angeles", "rule": "FREQ=MONTHLY" },
            "duration": "PT90M",
            "format": "ONLINE",
            "visibility": visibility,
            "workingLanguages": ["en"],
            "joinUrl": "https://meet.example/secret",
        })
    }

    /// Creates a dialogue as the coordinator and answers it.
    async fn create(&self, input: Value) -> Value {
        let reply = run(&self.coordinator, "DialogueCreate", json!({ "input": input })).await;
        assert_eq!(reply.faults(), Vec::<String>::new(), "{}", reply.text);
        reply.data()["dialogueCreate"]["dialogue"].clone()
    }
}

async fn run(client: &Client, name: &str, variables: Value) -> Reply {
    client.operation(OPERATIONS, name, variables).await
}

/// Runs one of the mutations with this input.
async fn send(client: &Client, name: &str, input: Value) -> Reply {
    run(client, name, json!({ "input": input })).await
}

/// The texts of a field of each of these objects.
fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[field].as_str().unwrap()).collect()
}
