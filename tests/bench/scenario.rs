//! The requests that are measured, for the server and for the bare handlers.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tertulia_domain::id::{DialogueId, Id, MeetingId, OrganisationId, PlatformServiceId};
use uuid::Uuid;

use crate::{
    load, own_figures,
    prepare::{Look, PASSWORD, World},
    process::Server,
};

/// A request in some variants, so that not every answer comes from the same pages of the database.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) ours: Vec<Vec<u8>>,
    pub(crate) bare: Vec<Vec<u8>>,
    /// What is new with each answer, and not compared.
    pub(crate) fresh: &'static [&'static str],
    /// How many ask at once.
    pub(crate) connections: usize,
}

impl Scenario {
    pub(crate) fn request(&self, bare: bool, variant: usize) -> Vec<u8> {
        if bare { self.bare[variant].clone() } else { self.ours[variant].clone() }
    }

    pub(crate) fn variants(&self, bare: bool) -> usize {
        if bare { self.bare.len() } else { self.ours.len() }
    }

    /// An answer as it is compared.
    pub(crate) fn comparable(&self, answer: &str) -> Value {
        let mut answer: Value = serde_json::from_str(answer).unwrap_or_else(|error| panic!("{}: {error}: {answer}", self.name));
        self.strip(&mut answer);
        answer
    }

    fn strip(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| !self.fresh.contains(&name.as_str()));
                members.values_mut().for_each(|member| self.strip(member));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.strip(item)),
            _ => {}
        }
    }
}

/// How many ask at once, where it is a question of how much the server can do.
const CONNECTIONS: usize = 32;

const BODY: &str = "query Body($id: ID!) { electoralBody(id: $id) { id name shortName model status website country { code name } } }";
const CONTACTS: &str = "query Contacts($after: String) { contacts(orderBy: SENT_AT_DESC, first: 50, after: $after) { nodes {
    id reference kind urgency status subject sentAt generated
    electoralBody { id name country { code } } platformService { id name platform { id name } } } } }";
const FACTS: &str = "query Facts($after: String) { contacts(orderBy: SENT_AT_DESC, first: 50, after: $after) { nodes {
    id reference status recentTransitions(limit: 3) { to occurredAt } } } }";
const MEETINGS: &str =
    "query Meetings($dialogues: [ID!]) { meetings(filter: { dialogueIds: $dialogues }, orderBy: STARTS_AT, first: 20) { nodes {
    id status startsAt endsAt localStart timeZone agenda { position title duration } } } }";
const LOG: &str =
    "mutation Log($input: ContactLogInput!) { contactLog(input: $input) { contact { id reference status } userErrors { code } } }";
const DIALOGUE: &str =
    "mutation Make($input: DialogueCreateInput!) { dialogueCreate(input: $input) { dialogue { id } userErrors { message } } }";

/// Every scenario, with what it asks for.
pub(crate) async fn all(world: &World, server: &Server) -> Vec<Scenario> {
    let coordinator = sign_in(server, &world.coordinator).await;
    let officer = sign_in(server, &world.officer).await;
    let dialogue = dialogue(world, server, &coordinator).await;
    let by_places = |name, document, path: &str, places: &[(DateTime<Utc>, Uuid)]| {
        let cursors: Vec<String> = places.iter().map(cursor).collect();
        Scenario {
            name,
            ours: cursors.iter().map(|after| graphql(document, &json!({ "after": after }), Some(&coordinator))).collect(),
            bare: cursors.iter().map(|after| get(&format!("{path}?after={after}"))).collect(),
            fresh: &[],
            connections: CONNECTIONS,
        }
    };
    let body = |id: &Uuid| graphql(BODY, &json!({ "id": OrganisationId::new(*id).to_string() }), None);
    let input = contact(world, "ESCALATION");
    let in_dialogue = Id::new(dialogue);
    let mut all = vec![
        Scenario {
            name: "one electoral body",
            ours: world.bodies.iter().map(body).collect(),
            bare: world.bodies.iter().map(|id| get(&format!("/body?id={id}"))).collect(),
            fresh: &[],
            connections: CONNECTIONS,
        },
        by_places("50 contacts with names", CONTACTS, "/contacts", &world.top),
        Scenario {
            name: "20 meetings with 10 points",
            ours: vec![graphql(MEETINGS, &json!({ "dialogues": [DialogueId::to_string(&in_dialogue)] }), None)],
            bare: vec![get(&format!("/meetings?dialogue={dialogue}"))],
            fresh: &[],
            connections: CONNECTIONS,
        },
        by_places("50 contacts with 3 facts", FACTS, "/facts", &world.top),
        by_places("50 contacts, nine tenths down", CONTACTS, "/contacts", &world.deep),
        Scenario {
            name: "logging a contact",
            ours: vec![graphql(LOG, &json!({ "input": input }), Some(&officer))],
            bare: vec![post("/log", &input.to_string(), None)],
            fresh: &["id", "reference"],
            connections: CONNECTIONS,
        },
    ];
    all.extend(own_figures::scenarios(world, server).await);
    all
}

/// A contact of this kind, as it is logged.
fn contact(world: &World, kind: &str) -> Value {
    json!({
        "platformServiceId": PlatformServiceId::new(world.service).to_string(), "kind": kind, "legalBasis": "PLATFORM_TERMS",
        "sentAt": "2026-03-01T10:00:00Z", "items": [{ "url": "https://content.example/1" }],
    })
}

/// Logging a contact of a kind by an officer.
pub(crate) async fn logging(world: &World, server: &Server, kind: &str) -> Scenario {
    let officer = sign_in(server, &world.officer).await;
    let ours = vec![graphql(LOG, &json!({ "input": contact(world, kind) }), Some(&officer))];
    Scenario { name: "logging", ours, bare: Vec::new(), fresh: &[], connections: CONNECTIONS }
}

/// A cursor as the server writes it.
fn cursor((at, id): &(DateTime<Utc>, Uuid)) -> String {
    URL_SAFE_NO_PAD.encode([id.as_bytes(), at.timestamp_micros().to_string().as_bytes()].concat())
}

pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes()
}

fn post(path: &str, body: &str, token: Option<&str>) -> Vec<u8> {
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: bench\r\n{token}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

pub(crate) fn graphql(document: &str, variables: &Value, token: Option<&str>) -> Vec<u8> {
    post("/graphql", &json!({ "query": document, "variables": variables }).to_string(), token)
}

pub(crate) async fn sign_in(server: &Server, email: &str) -> String {
    let request = post("/v1/session", &json!({ "email": email, "password": PASSWORD }).to_string(), None);
    let answer: Value = serde_json::from_str(&load::once(server.address(), &request).await).expect("JSON");
    answer["accessToken"].as_str().expect("a token").to_owned()
}

/// A weekly public dialogue of thirty meetings, each with ten points on its agenda; answers its id.
async fn dialogue(world: &World, server: &Server, coordinator: &str) -> Uuid {
    let input = json!({
        "title": [{ "language": "en", "text": "The benchmark's dialogue" }], "kind": "GLOBAL", "conveners": [world.desk.to_string()],
        "recurrence": { "localStart": "2027-01-12T15:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=WEEKLY;COUNT=30" },
        "duration": "PT90M", "format": "ONLINE", "visibility": "PUBLIC",
    });
    let request = graphql(DIALOGUE, &json!({ "input": input }), Some(coordinator));
    let answer: Value = serde_json::from_str(&load::once(server.address(), &request).await).expect("JSON");
    let id: DialogueId = answer["data"]["dialogueCreate"]["dialogue"]["id"].as_str().expect("a dialogue").parse().expect("an id");
    let request = graphql(
        "query Of($id: ID!) { dialogue(id: $id) { meetings(first: 100) { nodes { id } } } }",
        &json!({ "id": id.to_string() }),
        Some(coordinator),
    );
    let answer: Value = serde_json::from_str(&load::once(server.address(), &request).await).expect("JSON");
    let nodes = answer["data"]["dialogue"]["meetings"]["nodes"].as_array().expect("meetings").clone();
    let meetings: Vec<Uuid> =
        nodes.iter().map(|node| node["id"].as_str().expect("an id").parse::<MeetingId>().expect("an id").uuid()).collect();
    Look::connect(&world.url).await.agendas(&meetings).await;
    id.uuid()
}
