//! The operations that REST derives from the schema: lists, single objects, logging and the acts.

use async_graphql::parser::types::{FieldDefinition, Type};
use serde_json::{Map, Value, json};
use tertulia_domain::{
    Result,
    page::{DEFAULT, MAX},
};

use super::schema::{Schemas, bounded, with};
use crate::rest::{
    contract::{Contract, words},
    export::Format,
    query::{argument, name_of},
    resource::{Act, CONTACTS, ELSEWHERE, LOG, Resource},
};

/// A list.
pub(super) fn list(contract: &Contract, schemas: &mut Schemas<'_>, resource: &Resource) -> Result<Value> {
    let field = contract.field("Query", resource.list)?;
    let mut parameters = vec![
        query(
            "limit",
            &format!("Items of the page; {DEFAULT} by default."),
            &json!({ "type": "integer", "minimum": 0, "maximum": MAX, "default": DEFAULT }),
        ),
        query("cursor", "Where the page begins: from the `Link` header of another page of the same list.", &json!({ "type": "string" })),
        query("count", "Whether the whole list is counted, as `totalCount`.", &json!({ "type": "boolean", "default": false })),
    ];
    parameters.extend(narrowing(contract, schemas, field));
    parameters.extend(["AcceptLanguage", "IfNoneMatch"].map(parameter));
    let filter = argument(field, "filter").map(name_of).unwrap_or_default();
    let mut items = Map::from_iter([
        ("items".to_owned(), json!({ "type": "array", "description": "The items of the page.", "items": schemas.shape(resource.item)? })),
        ("totalCount".to_owned(), json!({ "type": "integer", "description": "Items of the whole list, if they were asked for." })),
    ]);
    if contract.members(&filter).unwrap_or_default().iter().any(|member| member.node.name.node == "changedAfter") {
        items.insert("changes".to_owned(), changes(contract)?);
    }
    let answer = json!({
        "description": "A page of the list.",
        "headers": { "ETag": header("ETag"), "Link": header("Link") },
        "content": json_of(&json!({ "type": "object", "properties": items, "required": ["items"] })),
    });
    let responses = responses(&[("200", answer)], resource.signed_in, &["304", "400", "401", "500", "503"]);
    let description = words(field.description.as_ref());
    Ok(operation(resource.list, resource.tag, &description, resource.signed_in, &parameters, &responses))
}

/// The parameters by which a list is sorted and narrowed.
fn narrowing(contract: &Contract, schemas: &mut Schemas<'_>, field: &FieldDefinition) -> Vec<Value> {
    let mut parameters: Vec<Value> = order(schemas, field).into_iter().collect();
    let filter = argument(field, "filter").map(name_of).unwrap_or_default();
    for member in contract.members(&filter).unwrap_or_default() {
        let member = &member.node;
        let said = words(member.description.as_ref());
        parameters.push(query(&member.name.node, &said, &bounded(schemas.needed(&member.ty.node), &said)));
    }
    parameters
}

/// A list of contacts as a file.
pub(super) fn export(contract: &Contract, schemas: &mut Schemas<'_>, format: Format) -> Result<Value> {
    let mut parameters = narrowing(contract, schemas, contract.field("Query", CONTACTS.list)?);
    parameters.push(parameter("AcceptLanguage"));
    let (name, said) = match format {
        Format::Csv => (
            "contactsAsCsv",
            "A table (RFC 4180), each value in quotes. A value that a spreadsheet would take for a formula begins with an apostrophe, and so does what follows a `;`, a tab or a line break in it.",
        ),
        Format::Xlsx => ("contactsAsXlsx", "A spreadsheet of the same columns as `contacts.csv`, at most 1,048,575 contacts."),
        Format::Ndjson => ("contactsAsNdjson", "A JSON object a line, each as `GET /v1/contacts/{id}` answers it."),
    };
    let description = format!(
        "The contacts that you read and the filter leaves, as a file. {said} A file that could not be read to its end breaks off. Taking it \
         out stands in the audit log. Who: members of a party, and COORDINATOR."
    );
    let media_type = format.media_type().split(';').next().unwrap_or_default();
    let answer = json!({ "description": "The file.", "content": { media_type: { "schema": { "type": "string" } } } });
    let responses = responses(&[("200", answer)], true, &["400", "401", "500", "503"]);
    Ok(operation(name, CONTACTS.tag, &description, true, &parameters, &responses))
}

/// What changed beside the contacts, with `changedAfter`.
fn changes(contract: &Contract) -> Result<Value> {
    let said = |name: &str| Ok::<_, tertulia_domain::Error>(words(contract.field("ContactChanges", name)?.description.as_ref()));
    Ok(json!({
        "type": "object",
        "description": "What else changed, with `changedAfter`.",
        "properties": {
            "lostSight": { "type": "array", "items": { "type": "string" }, "description": said("lostSight")? },
            "mustResync": { "type": "boolean", "description": said("mustResync")? },
            "completeTo": { "type": "string", "format": "date-time", "description": said("completeTo")? },
        },
        "required": ["lostSight", "mustResync", "completeTo"],
    }))
}

fn order(schemas: &mut Schemas<'_>, field: &FieldDefinition) -> Option<Value> {
    let kind: &Type = argument(field, "orderBy")?;
    let given = field.arguments.iter().find(|argument| argument.node.name.node == "orderBy")?;
    let mut schema = schemas.needed(kind);
    if let Some(default) = &given.node.default_value {
        schema = with(schema, "default", default.node.to_string());
    }
    Some(query("orderBy", &words(given.node.description.as_ref()), &schema))
}

/// One object.
pub(super) fn one(contract: &Contract, schemas: &mut Schemas<'_>, resource: &Resource) -> Result<Value> {
    let field = contract.field("Query", resource.one)?;
    let said = words(field.description.as_ref());
    let who = said.split_once("Who:").map_or("", |(_, who)| who.trim());
    let answer = json!({
        "description": "The object.",
        "headers": { "ETag": header("ETag") },
        "content": json_of(&schemas.shape(resource.whole)?),
    });
    let responses = responses(&[("200", answer)], resource.signed_in, &["304", "400", "401", "404", "500", "503"]);
    let parameters = vec![id(resource.prefix), parameter("AcceptLanguage"), parameter("IfNoneMatch")];
    let description = format!("One of them, by its id. Who: {who}");
    Ok(operation(resource.one, resource.tag, &description, resource.signed_in, &parameters, &responses))
}

/// The same as a `get` without its body (RFC 9110, 9.3.2).
pub(super) fn head(get: &Value) -> Value {
    let said = |status: &str| if status.starts_with('2') { "It is there." } else { "What `get` answers, without its body." };
    let answer = |(status, answer): (&String, &Value)| {
        let headers = answer.get("headers").map(|headers| ("headers".to_owned(), headers.clone()));
        let described = ("description".to_owned(), said(status).into());
        (status.clone(), Value::Object([described].into_iter().chain(headers).collect()))
    };
    let responses: Map<String, Value> = get.get("responses").and_then(Value::as_object).into_iter().flatten().map(answer).collect();
    let name = get.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let head = with(get.clone(), "operationId", format!("{name}Head"));
    with(with(head, "summary", "The same without its body."), "responses", responses)
}

/// Logging a contact.
pub(super) fn log(contract: &Contract, schemas: &mut Schemas<'_>) -> Result<Value> {
    let answer = json!({
        "description": "The contact, logged.",
        "headers": { "ETag": header("ETag"), "Location": header("Location") },
        "content": json_of(&schemas.shape("Contact")?),
    });
    let responses = responses(&[("201", answer)], true, &["400", "401", "404", "409", "413", "415", "500", "503"]);
    let parameters = ["IdempotencyKey", "AcceptLanguage"].map(parameter).to_vec();
    let description = words(contract.field("Mutation", LOG)?.description.as_ref());
    let operation = operation(LOG, "Contacts", &description, true, &parameters, &responses);
    Ok(with(operation, "requestBody", body(schemas, "ContactLogInput")))
}

/// An act on a contact.
pub(super) fn act(contract: &Contract, schemas: &mut Schemas<'_>, act: &Act) -> Result<Value> {
    let answer = json!({
        "description": "The contact as it is now.",
        "headers": { "ETag": header("ETag") },
        "content": json_of(&schemas.shape("Contact")?),
    });
    let responses = responses(&[("200", answer)], true, &["400", "401", "404", "409", "412", "413", "415", "500", "503"]);
    let parameters = vec![id("contact"), parameter("IfMatch"), parameter("IdempotencyKey"), parameter("AcceptLanguage")];
    let description = words(contract.field("Mutation", &act.mutation)?.description.as_ref());
    let operation = operation(&act.mutation, "Contacts", &description, true, &parameters, &responses);
    Ok(with(operation, "requestBody", body(schemas, &act.input)))
}

fn body(schemas: &mut Schemas<'_>, input: &str) -> Value {
    json!({ "required": true, "content": json_of(&schemas.input(input, &ELSEWHERE)) })
}

fn operation(name: &str, tag: &str, description: &str, signed_in: bool, parameters: &[Value], responses: &Value) -> Value {
    let summary = description.split_once(". ").map_or(description, |(first, _)| first);
    let security = if signed_in { json!([{ "bearer": [] }]) } else { json!([{}, { "bearer": [] }]) };
    json!({
        "operationId": name, "tags": [tag], "summary": format!("{}.", summary.trim_end_matches('.')), "description": description,
        "security": security, "parameters": parameters, "responses": responses,
    })
}

/// The answers of an operation: its own, and refusals by their statuses.
fn responses(own: &[(&str, Value)], signed_in: bool, refusals: &[&str]) -> Value {
    let mut all: Map<String, Value> = own.iter().map(|(status, answer)| ((*status).to_owned(), answer.clone())).collect();
    let forbidden = if signed_in { Some("403") } else { None };
    all.extend(refusals.iter().copied().chain(forbidden).map(|status| (status.to_owned(), refusal(status))));
    all.into()
}

fn refusal(status: &str) -> Value {
    let name = match status {
        "304" => "NotModified",
        "400" => "BadRequest",
        "401" => "Unauthenticated",
        "403" => "Forbidden",
        "404" => "NotFound",
        "409" => "Conflict",
        "412" => "PreconditionFailed",
        "413" => "TooLarge",
        "415" => "UnsupportedMediaType",
        "503" => "Unavailable",
        _ => "ServerFault",
    };
    json!({ "$ref": format!("#/components/responses/{name}") })
}

fn query(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

fn id(prefix: &str) -> Value {
    let schema = json!({ "type": "string", "pattern": format!("^{prefix}_[0-9a-z]{{26}}$") });
    json!({ "name": "id", "in": "path", "required": true, "description": "The id.", "schema": schema })
}

fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn json_of(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}
