//! What a document may ask for, counted before anything runs.
//!
//! The library counts depth and complexity by walking every fragment out, so that 25 fragments that each spread the next
//! one twice pin a processor for minutes. Here each fragment is measured once and its measure used again, so the work is
//! linear in the text; the request is refused before validation sees it.

mod measure;
mod scan;
#[cfg(test)]
mod tests;

use async_graphql::{
    Name, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use tertulia_domain::{Code, Error, Reason, Result};

use measure::Measurer;
pub(in crate::graphql) use scan::skip_string;

/// The largest document that runs; the default configuration explains each number, which is the last one allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Limits {
    pub bytes: usize,
    pub nesting: usize,
    pub operations: usize,
    pub fragments: usize,
    pub aliases: usize,
    pub directives: usize,
    pub repeats: usize,
    pub fields: u64,
    pub depth: usize,
    pub introspection: usize,
    pub cost: u64,
}

/// What the transport must know of the operation that will run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Whether it asks for the schema.
    pub introspects: bool,
    /// Its name, if it has one.
    pub name: Option<String>,
}

/// Parses a document, refusing first what is too large to parse.
pub fn parse(limits: &Limits, text: &str) -> Result<ExecutableDocument> {
    if text.len() > limits.bytes {
        return Err(exceeded(Reason::TooLong, "bytes", text.len() as u64, limits.bytes as u64));
    }
    at_most("nesting", scan::nesting(text) as u64, limits.nesting as u64)?;
    parse_query(text).map_err(|error| {
        let place = error.positions().next().map(|at| format!(" at line {}, column {}", at.line, at.column)).unwrap_or_default();
        document(match error {
            async_graphql::parser::Error::Syntax { .. } => format!("The document is not GraphQL{place}."),
            other => format!("{other}{place}"),
        })
    })
}

/// Refuses a document that is larger than the limits, and says what the operation named (or the only one) is.
pub fn check(limits: &Limits, parsed: &ExecutableDocument, name: Option<&str>, variables: &Variables) -> Result<Operation> {
    at_most("operations", parsed.operations.iter().len() as u64, limits.operations as u64)?;
    at_most("fragments", parsed.fragments.len() as u64, limits.fragments as u64)?;
    let (chosen_name, chosen) = choose(&parsed.operations, name)?;
    let nothing = Variables::default();
    let (mut fields, mut introspects) = (0_u64, false);
    for (_, operation) in parsed.operations.iter() {
        let operation = &operation.node;
        let runs = std::ptr::eq(operation, chosen);
        let measure = Measurer::new(limits, parsed, operation, if runs { variables } else { &nothing }).operation()?;
        fields = fields.saturating_add(measure.fields);
        at_most("fields", fields, limits.fields)?;
        at_most("depth", measure.depth as u64, limits.depth as u64)?;
        if runs {
            introspects = measure.introspects;
            at_most("cost", measure.cost(), limits.cost)?;
        }
    }
    measure::counts(limits, parsed)?;
    coerce(chosen, variables)?;
    Ok(Operation { kind: chosen.ty, name: chosen_name.map(ToString::to_string), introspects })
}

fn choose<'a>(operations: &'a DocumentOperations, name: Option<&str>) -> Result<(Option<&'a Name>, &'a OperationDefinition)> {
    let name = name.filter(|name| !name.is_empty());
    match (operations, name) {
        (DocumentOperations::Single(only), None) => Ok((None, &only.node)),
        (DocumentOperations::Single(_), Some(name)) => Err(unknown(name)),
        (DocumentOperations::Multiple(all), Some(name)) => {
            all.get_key_value(name).map(|(name, found)| (Some(name), &found.node)).ok_or_else(|| unknown(name))
        }
        (DocumentOperations::Multiple(all), None) => match all.iter().next() {
            Some((name, only)) if all.len() == 1 => Ok((Some(name), &only.node)),
            _ => Err(document("The document has several operations; `operationName` must say which one runs.")),
        },
    }
}

fn unknown(name: &str) -> Error {
    document(format!("The document has no operation named `{}`.", name.escape_debug()))
}

/// A variable that must be there is there. The library notices a missing one only while fields already run.
fn coerce(operation: &OperationDefinition, variables: &Variables) -> Result<()> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let given = variables.get(&definition.name.node).is_some_and(|value| *value != async_graphql::Value::Null);
        let explicit_null = variables.get(&definition.name.node).is_some() && !given;
        let needed = !definition.var_type.node.nullable;
        if needed && (explicit_null || (!given && definition.default_value.is_none())) {
            return Err(document(format!("The variable `${}` must have a value.", definition.name.node)));
        }
    }
    Ok(())
}

fn document(message: impl Into<String>) -> Error {
    Error::new(Code::InvalidDocument, Reason::Malformed, "", message)
}

fn at_most(limit: &str, is: u64, most: u64) -> Result<()> {
    if is > most { Err(exceeded(Reason::TooMany, limit, is, most)) } else { Ok(()) }
}

fn exceeded(reason: Reason, limit: &str, is: u64, most: u64) -> Error {
    Error::new(Code::LimitExceeded, reason, "", format!("The document's `{limit}` is {is}; at most {most} is allowed."))
}
