//! Whether a JSON value fits an input of the schema: every fault at once, each with its place.

use async_graphql::{
    ScalarType, Value as GraphQl,
    parser::types::{BaseType, Type},
};
use serde_json::{Map, Value};
use tertulia_domain::{Faults, Reason, Result};

use super::contract::Contract;
use crate::graphql::scalar::{Date, DateTime, LocalDateTime};

/// Faults after which a body is not looked at further.
const FAULTS: usize = 100;

/// Refuses members that do not fit the input object `input`. Those named in `without` are no members here.
pub(super) fn members(contract: &Contract, input: &str, without: &[&str], members: &Map<String, Value>) -> Result<()> {
    let mut check = Check { contract, faults: Faults::default(), found: 0 };
    check.object(input, without, members, "");
    check.faults.finish()
}

struct Check<'a> {
    contract: &'a Contract,
    faults: Faults,
    found: usize,
}

impl Check<'_> {
    fn add(&mut self, reason: Reason, path: &str, message: &str) {
        self.found += 1;
        if self.found <= FAULTS {
            self.faults.add(reason, path, message);
        }
    }

    fn object(&mut self, input: &str, without: &[&str], members: &Map<String, Value>, path: &str) {
        let Some(fields) = self.contract.members(input) else { return };
        let known: Vec<_> = fields.iter().map(|field| &field.node).filter(|field| !without.contains(&field.name.node.as_str())).collect();
        for name in members.keys().filter(|name| !known.iter().any(|field| field.name.node == name.as_str())) {
            let shown: String = name.chars().take(60).collect();
            self.add(Reason::NotAnOption, path, &format!("There is no member `{}` here.", shown.escape_debug()));
        }
        for field in known {
            let name = field.name.node.as_str();
            let place = below(path, name);
            match members.get(name) {
                None | Some(Value::Null) if field.ty.node.nullable => {}
                None if field.default_value.is_some() => {}
                None | Some(Value::Null) => self.add(Reason::Required, &place, "This member is needed."),
                Some(value) => self.value(&field.ty.node, value, &place),
            }
        }
    }

    fn value(&mut self, wanted: &Type, value: &Value, path: &str) {
        if self.found > FAULTS {
            return;
        }
        match (&wanted.base, value) {
            (BaseType::List(inner), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(inner, item, &below(path, &index.to_string()));
                }
            }
            (BaseType::List(_), _) => self.add(Reason::Malformed, path, "This must be a list."),
            (BaseType::Named(name), Value::Object(members)) if self.contract.members(name).is_some() => {
                self.object(name, &[], members, path);
            }
            (BaseType::Named(name), value) => self.leaf(name, value, path),
        }
    }

    fn leaf(&mut self, name: &str, value: &Value, path: &str) {
        if self.contract.members(name).is_some() {
            return self.add(Reason::Malformed, path, "This must be an object.");
        }
        if let Some(options) = self.contract.options(name) {
            if !options.iter().any(|option| Some(option.node.value.node.as_str()) == value.as_str()) {
                self.add(Reason::NotAnOption, path, "This is none of the values that are possible here.");
            }
            return;
        }
        let parsed = |fits: bool| if fits { None } else { Some("This has not the form that is asked for.") };
        let wrong = match (name, value) {
            ("Int", value) => {
                value.as_i64().and_then(|number| i32::try_from(number).ok()).is_none().then_some("This must be a whole number.")
            }
            ("Float", value) => (!value.is_number()).then_some("This must be a number."),
            ("Boolean", value) => (!value.is_boolean()).then_some("This must be true or false."),
            ("DateTime", Value::String(text)) => parsed(DateTime::parse(GraphQl::String(text.clone())).is_ok()),
            ("Date", Value::String(text)) => parsed(Date::parse(GraphQl::String(text.clone())).is_ok()),
            ("LocalDateTime", Value::String(text)) => parsed(LocalDateTime::parse(GraphQl::String(text.clone())).is_ok()),
            (_, Value::String(_)) => None,
            _ => Some("This must be text."),
        };
        if let Some(message) = wrong {
            self.add(Reason::Malformed, path, message);
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
