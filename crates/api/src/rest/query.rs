//! The query string of a list: its filter, order and page. A parameter that the list does not have is refused, so that a
//! misspelt filter never answers more than was asked for.

use std::collections::BTreeMap;

use actix_web::web::Query;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type};
use serde_json::{Map, Value, json};
use tertulia_domain::{Error, Faults, Reason, Result};

use super::{check, contract::Contract};

/// Most values that a query string holds.
const VALUES: usize = 200;

/// What a query string asks for.
pub(super) struct Asked {
    /// The variables of the list's document.
    pub(super) variables: Map<String, Value>,
    /// The query string without its cursor, in the same order.
    pub(super) pairs: Vec<(String, String)>,
}

/// Reads the query string of a list that `field` of the schema answers.
pub(super) fn read(contract: &Contract, field: &FieldDefinition, text: &str) -> Result<Asked> {
    let unreadable = |_| Error::invalid(Reason::Malformed, "", "The query string cannot be read.");
    let pairs = Query::<Vec<(String, String)>>::from_query(text).map_err(unreadable)?.into_inner();
    if pairs.len() > VALUES {
        return Err(Error::new(tertulia_domain::Code::LimitExceeded, Reason::TooMany, "", format!("At most {VALUES} parameters.")));
    }
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in &pairs {
        given.entry(name.as_str()).or_default().push(value.as_str());
    }
    let mut faults = Faults::default();
    let page = page(&mut given, &mut faults);
    let order = single(&mut given, "orderBy", &mut faults).map(str::to_owned);
    let options = argument(field, "orderBy").and_then(|order| contract.options(&name_of(order)));
    if let Some(order) = &order
        && !options.unwrap_or_default().iter().any(|option| option.node.value.node == order.as_str())
    {
        faults.add(Reason::NotAnOption, "orderBy", "This is no order of the list.");
    }
    let filter = filter(contract, field, given, &mut faults);
    faults.finish()?;
    let mut variables = page;
    variables.extend(order.map(|order| ("orderBy".to_owned(), Value::String(order))));
    variables.insert("changed".to_owned(), filter.contains_key("changedAfter").into());
    if !filter.is_empty() {
        variables.insert("filter".to_owned(), filter.into());
    }
    let pairs = pairs.into_iter().filter(|(name, _)| name != "cursor").collect();
    Ok(Asked { variables, pairs })
}

/// `limit`, `cursor` and `count` as the arguments of the list.
fn page(given: &mut BTreeMap<&str, Vec<&str>>, faults: &mut Faults) -> Map<String, Value> {
    let limit = single(given, "limit", faults).map(str::parse::<i32>);
    if limit.as_ref().is_some_and(Result::is_err) {
        faults.add(Reason::Malformed, "limit", "This must be a whole number.");
    }
    let counted = match single(given, "count", faults) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            faults.add(Reason::Malformed, "count", "This must be true or false.");
            false
        }
    };
    let limit = limit.and_then(Result::ok).unwrap_or(i32::from(tertulia_domain::page::DEFAULT));
    let mut page = Map::from_iter([("counted".to_owned(), counted.into())]);
    let (size, place) = match single(given, "cursor", faults).map(|cursor| cursor.split_at_checked(1)) {
        None => ("first", None),
        Some(Some(("a", after))) => ("first", Some(("after", after))),
        Some(Some(("b", before))) => ("last", Some(("before", before))),
        Some(_) => {
            faults.add(Reason::Malformed, "cursor", "This is no cursor of a list.");
            ("first", None)
        }
    };
    page.insert(size.to_owned(), limit.into());
    page.extend(place.map(|(name, cursor)| (name.to_owned(), cursor.into())));
    page
}

/// What is left, as the list's filter.
fn filter(contract: &Contract, field: &FieldDefinition, given: BTreeMap<&str, Vec<&str>>, faults: &mut Faults) -> Map<String, Value> {
    let input = argument(field, "filter").map(name_of).unwrap_or_default();
    let members = contract.members(&input).unwrap_or_default();
    let mut filter = Map::new();
    for (name, values) in given {
        let Some(member) = members.iter().find(|member| member.node.name.node == name) else {
            faults.check::<()>("", Err(unknown(name)));
            continue;
        };
        let wanted = &member.node.ty.node;
        let value = match (&wanted.base, values.as_slice()) {
            (BaseType::List(inner), values) => values.iter().map(|value| typed(inner, value)).collect(),
            (BaseType::Named(_), [value]) => typed(wanted, value),
            _ => {
                faults.add(Reason::Duplicate, name, "This parameter stands once.");
                continue;
            }
        };
        filter.insert(name.to_owned(), value);
    }
    faults.check("", check::members(contract, &input, &[], &filter));
    filter
}

/// A text as the JSON value that its type has; what does not fit stays text and is refused as such.
fn typed(wanted: &Type, text: &str) -> Value {
    match (wanted.base.to_string().as_str(), text) {
        ("Boolean", "true") => json!(true),
        ("Boolean", "false") => json!(false),
        ("Int" | "Float", text) => text.parse::<serde_json::Number>().map_or_else(|_| text.into(), Value::Number),
        _ => text.into(),
    }
}

/// The refusal of a parameter that there is not.
pub(super) fn unknown(name: &str) -> Error {
    let shown: String = name.chars().take(60).collect();
    Error::invalid(Reason::NotAnOption, "", format!("There is no parameter `{}` here.", shown.escape_debug()))
}

fn single<'a>(given: &mut BTreeMap<&str, Vec<&'a str>>, name: &str, faults: &mut Faults) -> Option<&'a str> {
    let values = given.remove(name)?;
    if values.len() > 1 {
        faults.add(Reason::Duplicate, name, "This parameter stands once.");
    }
    values.first().copied()
}

/// The type of an argument of a list.
pub(super) fn argument<'a>(field: &'a FieldDefinition, name: &str) -> Option<&'a Type> {
    field.arguments.iter().find(|argument| argument.node.name.node == name).map(|argument| &argument.node.ty.node)
}

/// The name of a type that is no list.
pub(super) fn name_of(wanted: &Type) -> String {
    wanted.base.to_string()
}
