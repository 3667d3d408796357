//! Every root field of the schema and every REST route either refuses a caller who has not signed in, or stands on the public
//! list here.

use std::collections::BTreeSet;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use serde_json::json;
use tertulia_api::{graphql::sdl, rest::openapi::description};
use tertulia_domain::id::PREFIXES;
use tertulia_tests::{TestApp, socket::Socket, stories};

use super::root;

stories![fields_refuse_strangers_or_are_public, routes_refuse_strangers_or_are_public];

/// What anyone may ask for.
const PUBLIC: &[&str] = &[
    "Query.service",
    "Query.viewer",
    "Query.node",
    "Query.nodes",
    "Query.countries",
    "Query.country",
    "Query.electoralBodies",
    "Query.electoralBody",
    "Query.elections",
    "Query.election",
    "Query.platforms",
    "Query.platform",
    "Query.platformServices",
    "Query.platformService",
    "Query.organisations",
    "Query.organisation",
    "Query.channels",
    "Query.channel",
    "Query.experts",
    "Query.expert",
    "Query.reportingProgrammes",
    "Query.reportingProgramme",
    "Query.instruments",
    "Query.instrument",
    "Query.publications",
    "Query.publication",
    "Query.dialogues",
    "Query.dialogue",
    "Query.meetings",
    "Query.meeting",
    "Query.commitment",
    "Query.commitments",
    "Query.recurrencePreview",
    "Query.statisticReleases",
    "Query.statisticRelease",
];

/// The schema as its text has it.
pub(super) struct Schema(Vec<TypeDefinition>);

impl Schema {
    pub(super) fn read() -> Self {
        let definitions = parse_schema(sdl()).expect("the schema's text").definitions;
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        Self(types.collect())
    }

    pub(super) fn find(&self, name: &str) -> Option<&TypeDefinition> {
        self.0.iter().find(|definition| definition.name.node == name)
    }

    pub(super) fn fields(&self, of: &str) -> Vec<&FieldDefinition> {
        match self.find(of).map(|definition| &definition.kind) {
            Some(TypeKind::Object(object)) => object.fields.iter().map(|field| &field.node).collect(),
            Some(TypeKind::Interface(interface)) => interface.fields.iter().map(|field| &field.node).collect(),
            _ => Vec::new(),
        }
    }

    /// A value that fits a type: only what must be there. An id is one of the kind that its `place` speaks of.
    fn value(&self, wanted: &Type, place: &str) -> String {
        let name = match &wanted.base {
            BaseType::List(inner) => return format!("[{}]", self.value(inner, place)),
            BaseType::Named(name) => name.as_str(),
        };
        match (name, self.find(name).map(|definition| &definition.kind)) {
            ("ID", _) => format!("{:?}", id_of(place)),
            ("Int" | "Float", _) => "1".to_owned(),
            ("Boolean", _) => "true".to_owned(),
            ("DateTime", _) => "\"2026-01-01T00:00:00Z\"".to_owned(),
            ("LocalDateTime", _) => "\"2026-01-01T00:00:00\"".to_owned(),
            ("Date", _) => "\"2026-01-01\"".to_owned(),
            (_, Some(TypeKind::Enum(members))) => members.values[0].node.value.node.to_string(),
            (_, Some(TypeKind::InputObject(object))) => {
                let needed =
                    object.fields.iter().map(|field| &field.node).filter(|field| needed(&field.ty.node, field.default_value.is_some()));
                let members: Vec<String> =
                    needed.map(|field| format!("{}: {}", field.name.node, self.value(&field.ty.node, field.name.node.as_str()))).collect();
                format!("{{ {} }}", members.join(", "))
            }
            _ => "\"x\"".to_owned(),
        }
    }

    /// The shortest document that asks for a root field.
    fn document(&self, root: &str, field: &FieldDefinition) -> String {
        let arguments = field.arguments.iter().map(|argument| &argument.node);
        let needed = arguments.filter(|argument| needed(&argument.ty.node, argument.default_value.is_some()));
        let given: Vec<String> = needed
            .map(|argument| {
                format!(
                    "{}: {}",
                    argument.name.node,
                    self.value(&argument.ty.node, place(argument.name.node.as_str(), field.name.node.as_str()))
                )
            })
            .collect();
        let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
        let leaf = self.is_leaf(&field.ty.node);
        format!("{} {{ {}{given}{} }}", root.to_lowercase(), field.name.node, if leaf { "" } else { " { __typename }" })
    }

    fn is_leaf(&self, wanted: &Type) -> bool {
        match &wanted.base {
            BaseType::List(inner) => self.is_leaf(inner),
            BaseType::Named(name) => match self.find(name).map(|definition| &definition.kind) {
                Some(TypeKind::Enum(_) | TypeKind::Scalar) | None => true,
                Some(_) => false,
            },
        }
    }
}

/// What an argument is the id of: `organisationId` of an organisation, `id` of what the field is named after.
fn place<'a>(argument: &'a str, field: &'a str) -> &'a str {
    if argument == "id" { field } else { argument }
}

/// An id of the kind that a name speaks of, as `contact`, `contacts` or `contactId`; nobody has it.
fn id_of(name: &str) -> String {
    let kind = name.trim_end_matches("Id").trim_end_matches('s');
    if PREFIXES.contains(&kind) { format!("{kind}_00000000000000000000000001") } else { "x".to_owned() }
}

fn needed(wanted: &Type, has_default: bool) -> bool {
    !wanted.nullable && !has_default
}

async fn fields_refuse_strangers_or_are_public(app: &TestApp) {
    let schema = Schema::read();
    let mut wrong = Vec::new();
    for root in ["Query", "Mutation"] {
        for field in schema.fields(root) {
            let name = format!("{root}.{}", field.name.node);
            let document = schema.document(root, field);
            let reply = app.anonymous().graphql(&document, json!({})).await;
            let code = reply.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
            let public = PUBLIC.contains(&name.as_str());
            if public == (code == "UNAUTHENTICATED") || code == "INVALID_DOCUMENT" {
                wrong.push(format!("{name} answers a stranger: {}", reply.text));
            }
        }
    }
    for field in schema.fields("Subscription") {
        let mut socket = Socket::start(&app.url("/graphql"), None).await;
        socket.subscribe("1", &schema.document("Subscription", field), json!({})).await;
        let reply = socket.hear().await.unwrap();
        if reply["payload"][0]["extensions"]["code"] != "UNAUTHENTICATED" {
            wrong.push(format!("Subscription.{} answers a stranger: {reply}", field.name.node));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Routes for anyone: what signs in, what carries its own secret, what is published.
const OPEN: &[(&str, &str)] = &[
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    // On an address of its own, which only those who watch can reach.
    ("GET", "/metrics"),
    ("GET", "/graphql"),
    ("POST", "/graphql"),
    ("GET", "/graphiql"),
    ("GET", "/graphiql/{file}"),
    ("GET", "/"),
    ("POST", "/demo/session"),
    ("POST", "/oauth/token"),
    ("POST", "/v1/session"),
    ("POST", "/v1/session/refresh"),
    ("POST", "/v1/password-reset"),
    ("POST", "/v1/password-reset/confirm"),
    ("POST", "/v1/invitations/accept"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/v1/dialogues/{id}/calendar.ics"),
    ("GET", "/v1/feeds/{token}.ics"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/docs/{file:.*}"),
    ("GET", "/v1/electoral-bodies"),
    ("GET", "/v1/electoral-bodies/{id}"),
    ("GET", "/v1/platforms"),
    ("GET", "/v1/platforms/{id}"),
    ("GET", "/v1/elections"),
    ("GET", "/v1/elections/{id}"),
    ("GET", "/v1/dialogues"),
    ("GET", "/v1/dialogues/{id}"),
    ("GET", "/v1/meetings"),
    ("GET", "/v1/meetings/{id}"),
    ("GET", "/v1/statistic-releases"),
    ("GET", "/v1/statistic-releases/{id}"),
];

/// Whether a route is for anyone; HEAD is where GET is.
fn is_open(method: &str, path: &str) -> bool {
    OPEN.contains(&(if method == "HEAD" { "GET" } else { method }, path))
}

/// Routes that the OpenAPI description leaves out: GraphQL, pages for people, the metrics and the demo's own. An act's path is there by its name.
const UNDESCRIBED: &[&str] =
    &["/graphql", "/metrics", "/graphiql", "/graphiql/{file}", "/", "/demo/session", "/docs", "/docs/{file:.*}", "/v1/contacts/{id}/{act}"];

async fn routes_refuse_strangers_or_are_public(app: &TestApp) {
    let mut wrong = Vec::new();
    let mut there = BTreeSet::new();
    let described = described();
    let registered = routes();
    let known: BTreeSet<&str> = described.iter().map(|(_, path, _)| path.as_str()).chain(UNDESCRIBED.iter().copied()).collect();
    wrong.extend(registered.iter().filter(|(_, path)| !known.contains(path.as_str())).map(|(_, path)| format!("{path} is not described")));
    for (method, path, public) in &described {
        if *public != is_open(method, path) {
            wrong.push(format!("{method} {path} is described as {}", if *public { "public" } else { "for who has signed in" }));
        }
    }
    let described = described.into_iter().map(|(method, path, _)| (method, path));
    for (method, path) in registered.into_iter().chain(described) {
        there.insert((method.clone(), path.clone()));
        if is_open(&method, &path) {
            continue;
        }
        let client = app.anonymous();
        let parts: Vec<&str> = path.split('/').collect();
        let filled = |(index, part): (usize, &&str)| if part.starts_with('{') { id_of(parts[index - 1]) } else { (*part).to_owned() };
        let asked = parts.iter().enumerate().map(filled).collect::<Vec<_>>().join("/");
        let request = client.request(method.parse().unwrap(), &asked).header("content-type", "application/json").body("{}");
        let reply = client.send(request).await;
        if reply.status != 401 {
            wrong.push(format!("{method} {path} answers a stranger: {} {}", reply.status, reply.text));
        }
    }
    let listed = OPEN.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned()));
    wrong.extend(listed.filter(|route| !there.contains(route)).map(|(method, path)| format!("{method} {path} is listed and not there")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every route of the OpenAPI description, and whether it says that anyone may ask.
fn described() -> Vec<(String, String, bool)> {
    let document: serde_json::Value = serde_json::from_str(&description().unwrap().text).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let methods = |(path, methods): (&String, &serde_json::Value)| {
        let methods = methods.as_object().unwrap().iter();
        let route = |(method, operation): (&String, &serde_json::Value)| {
            let security = operation["security"].as_array().unwrap();
            (method.to_uppercase(), path.clone(), security.is_empty() || security.contains(&json!({})))
        };
        methods.map(route).collect::<Vec<_>>()
    };
    paths.flat_map(methods).collect()
}

/// Every route that the sources register: `web::resource("PATH")` and the methods that follow it.
fn routes() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates/api/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            for (_, after) in source.match_indices("web::resource(").map(|(at, _)| source.split_at(at)) {
                let route = after.split('"').nth(1).unwrap();
                let rest = &after[14..];
                let own = rest.split("web::resource(").next().unwrap();
                for (call, method) in [
                    ("web::get()", "GET"),
                    ("web::post()", "POST"),
                    ("web::delete()", "DELETE"),
                    ("web::put()", "PUT"),
                    ("web::patch()", "PATCH"),
                ] {
                    if own.contains(call) {
                        found.push((method.to_owned(), route.to_owned()));
                    }
                }
            }
        }
    }
    assert!(!found.is_empty(), "no route was found");
    found
}
