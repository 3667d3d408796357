//! JSON Schemas of what REST answers and takes, derived from the schema's types and the fragments of the documents.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{
    Name, Positioned,
    parser::types::{BaseType, FragmentDefinition, Selection, SelectionSet, Type},
};
use serde_json::{Map, Value, json};
use tertulia_domain::{Error, Result};

use crate::rest::contract::{Contract, words};

/// The components as they are met.
pub(super) struct Schemas<'a> {
    contract: &'a Contract,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    made: BTreeMap<String, Value>,
}

impl<'a> Schemas<'a> {
    /// None yet.
    pub(super) fn new(contract: &'a Contract, fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>) -> Self {
        Self { contract, fragments, made: BTreeMap::new() }
    }

    /// All that were met.
    pub(super) fn into_components(self) -> BTreeMap<String, Value> {
        self.made
    }

    /// The shape of a fragment, as a component.
    pub(super) fn shape(&mut self, name: &str) -> Result<Value> {
        if !self.made.contains_key(name) {
            let fragment = self.fragments.get(name).ok_or_else(|| Error::broken("REST names a fragment that there is not"))?;
            let on = fragment.node.type_condition.node.on.node.as_str();
            self.made.insert(name.to_owned(), Value::Null);
            let said = self.contract.find(on).map(|kind| words(kind.description.as_ref())).unwrap_or_default();
            let schema = with(self.selected(on, &fragment.node.selection_set.node)?, "description", said);
            self.made.insert(name.to_owned(), schema);
        }
        Ok(reference(name))
    }

    /// What is selected of an object.
    fn selected(&mut self, on: &str, set: &SelectionSet) -> Result<Value> {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for item in &set.items {
            let Selection::Field(field) = &item.node else { return Err(Error::broken("a shape of REST mixes fields and fragments")) };
            let definition = self.contract.field(on, &field.node.name.node)?;
            let schema = self.answered(&definition.ty.node, &field.node.selection_set.node)?;
            let schema = with(schema, "description", words(definition.description.as_ref()));
            let key = field.node.response_key().node.to_string();
            required.push(key.clone());
            properties.insert(key, schema);
        }
        Ok(json!({ "type": "object", "properties": properties, "required": required }))
    }

    fn answered(&mut self, kind: &Type, set: &SelectionSet) -> Result<Value> {
        let schema = match (&kind.base, set.items.as_slice()) {
            (BaseType::List(inner), _) => json!({ "type": "array", "items": self.answered(inner, set)? }),
            (BaseType::Named(name), []) => self.leaf(name),
            (BaseType::Named(name), [only]) if matches!(only.node, Selection::FragmentSpread(_)) => {
                let Selection::FragmentSpread(spread) = &only.node else { return self.selected(name, set) };
                self.shape(&spread.node.fragment_name.node)?
            }
            (BaseType::Named(name), _) => self.selected(name, set)?,
        };
        Ok(if kind.nullable { nullable(schema) } else { schema })
    }

    /// An input object without some of its members; unknown members are refused.
    pub(super) fn input(&mut self, name: &str, without: &[&str]) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for member in self.contract.members(name).unwrap_or_default() {
            let (member, key) = (&member.node, member.node.name.node.to_string());
            if without.contains(&key.as_str()) {
                continue;
            }
            let said = words(member.description.as_ref());
            let schema = with(bounded(self.taken(&member.ty.node), &said), "description", said);
            if !member.ty.node.nullable && member.default_value.is_none() {
                required.push(key.clone());
            }
            properties.insert(key, schema);
        }
        let description = self.contract.find(name).map(|kind| words(kind.description.as_ref())).unwrap_or_default();
        json!({ "type": "object", "description": description, "properties": properties, "required": required, "additionalProperties": false })
    }

    /// A value that is taken, null where it may be left out.
    pub(super) fn taken(&mut self, kind: &Type) -> Value {
        let schema = self.needed(kind);
        if kind.nullable { nullable(schema) } else { schema }
    }

    /// A value that is taken, never null.
    pub(super) fn needed(&mut self, kind: &Type) -> Value {
        match &kind.base {
            BaseType::List(inner) => json!({ "type": "array", "items": self.taken(inner) }),
            BaseType::Named(name) if self.contract.members(name).is_some() => {
                if !self.made.contains_key(name.as_str()) {
                    let schema = self.input(name, &[]);
                    self.made.insert(name.to_string(), schema);
                }
                reference(name)
            }
            BaseType::Named(name) => self.leaf(name),
        }
    }

    /// A scalar, or an enum as a component.
    fn leaf(&mut self, name: &str) -> Value {
        let Some(options) = self.contract.options(name) else { return scalar(name) };
        if !self.made.contains_key(name) {
            let names: Vec<&str> = options.iter().map(|option| option.node.value.node.as_str()).collect();
            let meaning =
                options.iter().map(|option| format!("- `{}`: {}", option.node.value.node, words(option.node.description.as_ref())));
            let description = self.contract.find(name).map(|kind| words(kind.description.as_ref())).unwrap_or_default();
            let description = format!("{description}\n\n{}", meaning.collect::<Vec<_>>().join("\n"));
            self.made.insert(name.to_owned(), json!({ "type": "string", "enum": names, "description": description }));
        }
        reference(name)
    }
}

/// A component by its name.
fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The same with one more member.
pub(super) fn with(mut schema: Value, name: &str, value: impl Into<Value>) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
    schema
}

/// The same with the limit that the words about it state: "at most 300 characters" of a text, "at most 50" of a list, "1 to 100
/// characters" of a key. So a limit is told in one place, and the front ends of both read the same.
pub(super) fn bounded(schema: Value, said: &str) -> Value {
    let kind = schema.get("type").map(|kind| kind.get(0).unwrap_or(kind).clone());
    let limit = |before: &str| {
        let (_, rest) = said.split_once(before)?;
        let number = rest.split(' ').next()?.trim_end_matches(['.', ';', ',']).replace(',', "");
        Some((number.parse::<u64>().ok()?, rest.split(' ').nth(1).is_some_and(|unit| unit.starts_with("character"))))
    };
    match (kind.as_ref().and_then(Value::as_str), limit("at most "), limit("1 to ")) {
        (Some("string"), Some((most, true)), _) | (Some("string"), None, Some((most, true))) => with(schema, "maxLength", most),
        (Some("array"), Some((most, false)), _) => with(schema, "maxItems", most),
        _ => schema,
    }
}

fn nullable(schema: Value) -> Value {
    match schema.get("type").and_then(Value::as_str).map(str::to_owned) {
        Some(kind) => with(schema, "type", json!([kind, "null"])),
        None => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

/// The scalars. What people type (addresses, zones, countries, languages) is text here: the use case says what is wrong with it.
fn scalar(name: &str) -> Value {
    match name {
        "Int" => json!({ "type": "integer" }),
        "Float" => json!({ "type": "number" }),
        "Boolean" => json!({ "type": "boolean" }),
        "DateTime" => json!({ "type": "string", "format": "date-time" }),
        "Date" => json!({ "type": "string", "format": "date" }),
        _ => json!({ "type": "string" }),
    }
}
