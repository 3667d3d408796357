//! The parameters of a request, from a query string or a JSON body.

use std::collections::HashMap;

use actix_web::{HttpRequest, http::header::CONTENT_LENGTH, web};
use async_graphql::Variables;
use futures::StreamExt;
use serde_json::{Map, Value};
use tertulia_domain::{Code, Error, Reason, Result};

use crate::graphql::documents::Digest;

/// The parameters that GraphQL over HTTP names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// The document, unless its hash stands for it.
    pub query: Option<String>,
    /// The hash of the document, as automatic persisted queries send it.
    pub hash: Option<Digest>,
    /// Which of its operations runs.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Variables,
}

/// Why a body was not read.
pub(super) enum Unread {
    /// It is longer than allowed.
    TooLarge(Error),
    /// It is not what it should be.
    Malformed(Error),
}

/// Reads a body of at most `most` bytes.
pub(super) async fn body(request: &HttpRequest, payload: &mut web::Payload, most: usize) -> Result<Vec<u8>, Unread> {
    let over = || Unread::TooLarge(Error::new(Code::LimitExceeded, Reason::TooLong, "", format!("A body has at most {most} bytes.")));
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > most) {
        return Err(over());
    }
    let mut body = Vec::with_capacity(announced.unwrap_or_default());
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Unread::Malformed(malformed("The body ended before its end.")))?;
        if body.len() + chunk.len() > most {
            return Err(over());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads a JSON body.
pub(super) fn from_json(body: &[u8]) -> Result<Parameters> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| malformed(format!("The body is not JSON: line {}, column {}.", error.line(), error.column())))?;
    from_value(value)
}

/// Reads the members of a JSON object.
pub fn from_value(value: Value) -> Result<Parameters> {
    match value {
        Value::Object(members) => from_members(members),
        Value::Array(_) => Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", "A request holds one operation; batches are refused.")),
        _ => Err(malformed("The request must be a JSON object.")),
    }
}

fn from_members(mut members: Map<String, Value>) -> Result<Parameters> {
    let query = members.remove("query");
    let variables = object(&mut members, "variables")?;
    let hash = hash(&object(&mut members, "extensions")?)?;
    let query = match (query, hash) {
        (None | Some(Value::Null), Some(_)) => None,
        (Some(Value::String(query)), hash) => Some(query).filter(|query| hash.is_none() || !query.is_empty()),
        _ => return Err(malformed("`query` must be a string that holds a GraphQL document.")),
    };
    let operation_name = match members.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(_) => return Err(malformed("`operationName` must be a string.")),
    };
    Ok(Parameters { query, hash, operation_name, variables: Variables::from_json(Value::Object(variables)) })
}

/// The hash that stands for the document, or for which it is to be kept.
fn hash(extensions: &Map<String, Value>) -> Result<Option<Digest>> {
    let Some(persisted) = extensions.get("persistedQuery").filter(|given| !given.is_null()) else { return Ok(None) };
    let digest = persisted.get("sha256Hash").and_then(Value::as_str).and_then(digest);
    match (persisted.get("version").and_then(Value::as_u64), digest) {
        (Some(1), Some(digest)) => Ok(Some(digest)),
        _ => Err(malformed("`extensions.persistedQuery` must hold `version` 1 and `sha256Hash`, a SHA-256 hash in 64 hexadecimal digits.")),
    }
}

fn digest(text: &str) -> Option<Digest> {
    let mut digest = Digest::default();
    if text.len() != 2 * digest.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, place) in digest.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(place..place + 2)?, 16).ok()?;
    }
    Some(digest)
}

fn object(members: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(malformed(format!("`{name}` must be an object."))),
    }
}

/// Reads a query string, in which `variables` and `extensions` are JSON texts.
pub(super) fn from_query_string(text: &str) -> Result<Parameters> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| malformed("The query string cannot be read."))?;
    let mut given: HashMap<String, String> = HashMap::new();
    for (name, value) in pairs.into_inner() {
        if given.insert(name, value).is_some() {
            return Err(malformed("A parameter stands twice in the query string."));
        }
    }
    let mut members = Map::new();
    for name in ["query", "operationName"] {
        members.extend(given.remove(name).map(|value| (name.to_owned(), Value::String(value))));
    }
    for name in ["variables", "extensions"] {
        let Some(value) = given.remove(name).filter(|value| !value.is_empty()) else { continue };
        let value = serde_json::from_str(&value).map_err(|_| malformed(format!("`{name}` must be an object in JSON.")))?;
        members.insert(name.to_owned(), value);
    }
    from_members(members)
}

fn malformed(message: impl Into<String>) -> Error {
    Error::new(Code::InvalidDocument, Reason::Malformed, "", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_both_forms_alike() {
        let expected = Parameters {
            query: Some("{a}".to_owned()),
            hash: None,
            operation_name: Some("Q".to_owned()),
            variables: Variables::from_json(json!({ "n": 1 })),
        };
        let body = json!({ "query": "{a}", "operationName": "Q", "variables": { "n": 1 }, "extensions": null, "other": 1 });
        assert_eq!(from_json(body.to_string().as_bytes()).expect("a request"), expected);
        assert_eq!(from_query_string("query=%7Ba%7D&operationName=Q&variables=%7B%22n%22:1%7D").expect("a request"), expected);
    }

    #[test]
    fn reads_hashes() {
        let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": "0F".repeat(32) } });
        let read = |body: Value| from_value(body).ok().map(|read| (read.query, read.hash));
        let hash = Some([15; 32]);
        assert_eq!(read(json!({ "extensions": extensions })), Some((None, hash)));
        assert_eq!(read(json!({ "query": "", "extensions": extensions })), Some((None, hash)));
        assert_eq!(read(json!({ "query": "{a}", "extensions": extensions })), Some((Some("{a}".to_owned()), hash)));
        assert_eq!(read(json!({ "query": "", "extensions": {} })), Some((Some(String::new()), None)));
        let text = format!("extensions={}", extensions.to_string().replace('"', "%22"));
        assert_eq!(from_query_string(&text).ok().map(|read| read.hash), Some(hash));
    }

    #[test]
    fn refuses_parameters_of_another_type() {
        for body in [
            "",
            "{",
            "1",
            "{}",
            r#"{"query":1}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","operationName":7}"#,
            r#"{"query":"{a}","extensions":"x"}"#,
            r#"{"extensions":{"persistedQuery":{"version":1}}}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#,
            &format!(r#"{{"extensions":{{"persistedQuery":{{"version":2,"sha256Hash":"{}"}}}}}}"#, "a".repeat(64)),
            &format!(r#"{{"extensions":{{"persistedQuery":{{"version":1,"sha256Hash":"{}"}}}}}}"#, "\u{e9}".repeat(32)),
        ] {
            assert_eq!(from_json(body.as_bytes()).map_err(|error| error.code), Err(Code::InvalidDocument), "{body}");
        }
        assert_eq!(from_json(br#"[{"query":"{a}"}]"#).map_err(|error| error.code), Err(Code::LimitExceeded));
        for text in ["", "query={a}&variables=7", "query={a}&variables={", "query={a}&query={b}"] {
            assert!(from_query_string(text).is_err(), "{text}");
        }
    }
}
