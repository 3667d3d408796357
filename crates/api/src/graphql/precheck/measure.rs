//! The measures of selection sets, each fragment measured once.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use tertulia_domain::{Result, page::DEFAULT};

use super::{Limits, at_most, document};

/// No page that a list allows is longer; a larger `first` is left for the list to refuse by its own limit.
const LONGEST_PAGE: u64 = 1_000;
/// Selection sets and spreads one inside the other, before the walk stops; far over what `depth` lets through.
const LEVELS: usize = 100;
/// Lists of the introspection types.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

/// What one selection set asks for, fragments put in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    /// Cost of what is asked for once.
    flat: u64,
    /// Cost of what is asked for once a row: all below `nodes` and `edges` that stand directly here.
    paged: u64,
    /// Fields.
    pub(super) fields: u64,
    /// Fields one below the other.
    pub(super) depth: usize,
    /// Selection sets one inside the other, those of fragments counted.
    levels: usize,
    /// Lists of the introspection types one below the other.
    lists: usize,
    /// Whether it asks for the schema.
    pub(super) introspects: bool,
}

impl Measure {
    /// The cost of an operation.
    pub(super) fn cost(self) -> u64 {
        self.flat.saturating_add(self.paged)
    }

    fn beside(self, other: Self) -> Self {
        Self {
            flat: self.flat.saturating_add(other.flat),
            paged: self.paged.saturating_add(other.paged),
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            levels: self.levels.max(other.levels),
            lists: self.lists.max(other.lists),
            introspects: self.introspects || other.introspects,
        }
    }
}

/// Measures one operation.
pub(super) struct Measurer<'a> {
    limits: &'a Limits,
    parsed: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    /// `None` while the fragment is being measured: met again then, it spreads itself.
    fragments: HashMap<&'a str, Option<Measure>>,
}

impl<'a> Measurer<'a> {
    pub(super) fn new(
        limits: &'a Limits,
        parsed: &'a ExecutableDocument,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
    ) -> Self {
        Self { limits, parsed, operation, variables, fragments: HashMap::new() }
    }

    pub(super) fn operation(&mut self) -> Result<Measure> {
        self.set(&self.operation.selection_set.node, 0)
    }

    fn set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Measure> {
        at_most("nesting", level as u64, LEVELS as u64)?;
        let mut sum = Measure::default();
        for item in &set.items {
            let one = match &item.node {
                Selection::Field(field) => self.field(&field.node, level)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, level + 1)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level)?,
            };
            sum = sum.beside(one);
        }
        sum.levels += 1;
        at_most("nesting", sum.levels as u64, LEVELS as u64)?;
        Ok(sum)
    }

    fn fragment(&mut self, name: &'a Name, level: usize) -> Result<Measure> {
        match self.fragments.get(name.as_str()) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return Err(document(format!("The fragment `{name}` spreads itself."))),
            None => {}
        }
        // A fragment that is not defined is refused by validation.
        let Some(fragment) = self.parsed.fragments.get(name) else { return Ok(Measure::default()) };
        self.fragments.insert(name, None);
        let measure = self.set(&fragment.node.selection_set.node, level + 1)?;
        self.fragments.insert(name, Some(measure));
        Ok(measure)
    }

    fn field(&mut self, field: &'a Field, level: usize) -> Result<Measure> {
        let name = field.name.node.as_str();
        let below =
            if field.selection_set.node.items.is_empty() { Measure::default() } else { self.set(&field.selection_set.node, level + 1)? };
        let page = self.number(field, &["first", "last", "limit"]);
        let asked = self.length(field, "ids");
        let cost = match (below.paged, page.or(asked)) {
            (0, None) => below.flat,
            (0, Some(rows)) => below.flat.saturating_mul(rows),
            (rows, page) => below.flat.saturating_add(rows.saturating_mul(page.unwrap_or_else(|| u64::from(DEFAULT)))),
        }
        .saturating_add(1);
        let a_row = matches!(name, "nodes" | "edges") && page.is_none() && asked.is_none();
        let lists = below.lists + usize::from(INTROSPECTION_LISTS.contains(&name));
        let introspects = matches!(name, "__schema" | "__type");
        if introspects {
            at_most("introspection", lists as u64, self.limits.introspection as u64)?;
        }
        Ok(Measure {
            flat: if a_row { 0 } else { cost },
            paged: if a_row { cost } else { 0 },
            fields: below.fields.saturating_add(1),
            depth: below.depth + 1,
            levels: below.levels,
            lists,
            introspects: introspects || below.introspects,
        })
    }

    fn number(&self, field: &Field, names: &[&str]) -> Option<u64> {
        match names.iter().find_map(|name| self.argument(field, name))? {
            // A negative number asks for nothing that the list would not refuse.
            Value::Number(number) => Some(number.as_u64().unwrap_or(0).min(LONGEST_PAGE)),
            _ => None,
        }
    }

    fn length(&self, field: &Field, name: &str) -> Option<u64> {
        match self.argument(field, name)? {
            Value::List(items) => Some((items.len() as u64).max(1)),
            _ => None,
        }
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let given = field.get_argument(name)?.node.clone();
        given.into_const_with(|variable| self.variable(&variable).ok_or(())).ok()
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        self.variables.get(name).cloned().or_else(|| {
            let mut definitions = self.operation.variable_definitions.iter().map(|definition| &definition.node);
            definitions.find(|definition| definition.name.node == *name)?.default_value().cloned()
        })
    }
}

/// Refuses too many aliases, directives or repeated names, all counted as they stand in the text.
pub(super) fn counts(limits: &Limits, parsed: &ExecutableDocument) -> Result<()> {
    let mut counter = Counter { limits, aliases: 0, directives: 0 };
    for (_, operation) in parsed.operations.iter() {
        counter.directives(&operation.node.directives)?;
        for variable in &operation.node.variable_definitions {
            counter.directives(&variable.node.directives)?;
        }
        counter.set(&operation.node.selection_set.node)?;
    }
    for fragment in parsed.fragments.values() {
        counter.directives(&fragment.node.directives)?;
        counter.set(&fragment.node.selection_set.node)?;
    }
    Ok(())
}

struct Counter<'a> {
    limits: &'a Limits,
    aliases: usize,
    directives: usize,
}

impl Counter<'_> {
    fn directives(&mut self, more: &[Positioned<Directive>]) -> Result<()> {
        self.directives += more.len();
        at_most("directives", self.directives as u64, self.limits.directives as u64)
    }

    /// The parser has bounded how deep this goes.
    fn set(&mut self, set: &SelectionSet) -> Result<()> {
        let mut names: HashMap<&str, u64> = HashMap::new();
        for item in &set.items {
            self.directives(item.node.directives())?;
            match &item.node {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.node.alias.is_some());
                    at_most("aliases", self.aliases as u64, self.limits.aliases as u64)?;
                    let times = names.entry(field.node.response_key().node.as_str()).or_default();
                    *times += 1;
                    at_most("repeats", *times, self.limits.repeats as u64)?;
                    self.set(&field.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let times = names.entry(spread.node.fragment_name.node.as_str()).or_default();
                    *times += 1;
                    at_most("repeats", *times, self.limits.repeats as u64)?;
                }
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node)?,
            }
        }
        Ok(())
    }
}
