//! The GraphQL schema, read as the contract that REST keeps too: which fields an input has, what an answer holds, and the
//! words that describe them.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{EnumValueDefinition, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};
use tertulia_domain::{Error, Result};

use crate::graphql::sdl;

/// The types of the schema by name.
#[derive(Clone, Debug)]
pub(super) struct Contract(HashMap<String, TypeDefinition>);

impl Contract {
    /// Reads the schema.
    pub(super) fn read() -> Result<Self> {
        let document = parse_schema(sdl()).map_err(Error::internal)?;
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some((definition.node.name.node.to_string(), definition.node)),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        Ok(Self(types.collect()))
    }

    /// The type of that name; none for the built-in scalars.
    pub(super) fn find(&self, name: &str) -> Option<&TypeDefinition> {
        self.0.get(name)
    }

    /// The fields of an object or interface.
    pub(super) fn fields(&self, name: &str) -> &[Positioned<FieldDefinition>] {
        match self.find(name).map(|definition| &definition.kind) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        }
    }

    /// One field of an object or interface.
    pub(super) fn field(&self, name: &str, field: &str) -> Result<&FieldDefinition> {
        let found = self.fields(name).iter().find(|candidate| candidate.node.name.node == field);
        found.map(|field| &field.node).ok_or_else(|| Error::broken("REST names a field that the schema does not have"))
    }

    /// The members of an input object, if the name is one's.
    pub(super) fn members(&self, name: &str) -> Option<&[Positioned<InputValueDefinition>]> {
        match self.find(name).map(|definition| &definition.kind) {
            Some(TypeKind::InputObject(object)) => Some(&object.fields),
            _ => None,
        }
    }

    /// The members of an enum, if the name is one's.
    pub(super) fn options(&self, name: &str) -> Option<&[Positioned<EnumValueDefinition>]> {
        match self.find(name).map(|definition| &definition.kind) {
            Some(TypeKind::Enum(members)) => Some(&members.values),
            _ => None,
        }
    }
}

/// A description on one line, as the schema has it.
pub(super) fn words(description: Option<&Positioned<String>>) -> String {
    description.map_or_else(String::new, |text| text.node.split_whitespace().collect::<Vec<_>>().join(" "))
}
