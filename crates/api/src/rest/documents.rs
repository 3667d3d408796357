//! The documents that REST runs: for each field of the schema that it serves, one operation and the fragments that say what is
//! answered. `selections.graphql` holds the fragments.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
};

use async_graphql::{
    Name, Positioned,
    parser::{
        parse_query,
        types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
    },
};
use tertulia_domain::{Error, Result};

use super::{
    contract::Contract,
    export::Format,
    resource::{Act, CONTACTS, LOG, RESOURCES, Resource},
};

const SELECTIONS: &str = include_str!("selections.graphql");
const PAGE: &str = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount @include(if: $counted)";
const CHANGES: &str = "changes @include(if: $changed) { lostSight mustResync completeTo }";

/// The documents by the field of the schema that each asks for; those of files by their paths.
#[derive(Debug)]
pub(super) struct Documents(HashMap<String, ExecutableDocument>);

impl Documents {
    /// Writes and parses them all.
    pub(super) fn prepare(contract: &Contract, acts: &[Act]) -> Result<Self> {
        let mut documents = HashMap::new();
        for resource in &RESOURCES {
            documents.insert(resource.list.to_owned(), parsed(&list(contract, resource, resource.item)?)?);
            let one = format!("query($id: ID!) {{ answer: {}(id: $id) {{ ...{} }} }}", resource.one, resource.whole);
            documents.insert(resource.one.to_owned(), parsed(&one)?);
        }
        for format in Format::ALL {
            documents.insert(format.path().to_owned(), parsed(&list(contract, &CONTACTS, format.shape())?)?);
        }
        let logging = [(LOG, "ContactLogInput")];
        for (mutation, input) in acts.iter().map(|act| (act.mutation.as_str(), act.input.as_str())).chain(logging) {
            let answer = "contact { ...Contact } userErrors { code reason path message }";
            let text = format!("mutation($input: {input}!) {{ answer: {mutation}(input: $input) {{ {answer} }} }}");
            documents.insert(mutation.to_owned(), parsed(&text)?);
        }
        Ok(Self(documents))
    }

    /// The document that asks for a field.
    pub(super) fn of(&self, field: &str) -> Result<&ExecutableDocument> {
        self.0.get(field).ok_or_else(|| Error::broken("REST has no document for this field"))
    }
}

/// The fragments of `selections.graphql`.
pub(super) fn fragments() -> Result<HashMap<Name, Positioned<FragmentDefinition>>> {
    Ok(parse_query(format!("{{ __typename }} {SELECTIONS}")).map_err(Error::internal)?.fragments)
}

/// The operation of a list of items of this shape, with every argument that the schema's field has.
fn list(contract: &Contract, resource: &Resource, item: &str) -> Result<String> {
    let field = contract.field("Query", resource.list)?;
    let (mut variables, mut arguments) = (String::from("$counted: Boolean!"), String::new());
    for argument in &field.arguments {
        let argument = &argument.node;
        // What has a default may be left out: the variable is nullable and has the same one.
        let default = argument.default_value.as_ref().map(|value| format!(" = {}", value.node)).unwrap_or_default();
        let kind = argument.ty.node.to_string();
        let kind = if default.is_empty() { kind.as_str() } else { kind.trim_end_matches('!') };
        let name = &argument.name.node;
        let _ = write!(variables, ", ${name}: {kind}{default}");
        let _ = write!(arguments, " {name}: ${name}");
    }
    let connection = field.ty.node.base.to_string();
    let has_changes = contract.fields(&connection).iter().any(|field| field.node.name.node == "changes");
    let changes = if has_changes { CHANGES } else { "" };
    variables.push_str(if has_changes { ", $changed: Boolean!" } else { "" });
    Ok(format!("query({variables}) {{ answer: {}({arguments}) {{ nodes {{ ...{} }} {PAGE} {changes} }} }}", resource.list, item))
}

/// The document with the fragments that it uses, and no other.
fn parsed(operation: &str) -> Result<ExecutableDocument> {
    let mut document = parse_query(format!("{operation} {SELECTIONS}")).map_err(Error::internal)?;
    let mut used = BTreeSet::new();
    for (_, operation) in document.operations.iter() {
        spreads(&operation.node.selection_set.node, &document.fragments, &mut used);
    }
    document.fragments.retain(|name, _| used.contains(name.as_str()));
    Ok(document)
}

fn spreads(set: &SelectionSet, fragments: &HashMap<Name, Positioned<FragmentDefinition>>, used: &mut BTreeSet<String>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => spreads(&field.node.selection_set.node, fragments, used),
            Selection::InlineFragment(inline) => spreads(&inline.node.selection_set.node, fragments, used),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if used.insert(name.to_string())
                    && let Some(fragment) = fragments.get(name)
                {
                    spreads(&fragment.node.selection_set.node, fragments, used);
                }
            }
        }
    }
}
