//! Contacts as a table. A cell that a spreadsheet would take for a formula begins with an apostrophe, so that what a stranger wrote is
//! shown and never run (OWASP, "CSV Injection"); so does, in a table of text, what follows a sign that a spreadsheet may separate cells by.
//! Where `;` is that sign, as in much of Europe and Latin America, quotes alone would not keep a text together: the comma does not end it.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use serde_json::Value;
use tertulia_domain::{
    Error, Result,
    text::{guard, guard_parts},
};

/// The columns: each one's name, and where its value stands in a row.
const COLUMNS: [(&str, &str); 32] = [
    ("reference", "/reference"),
    ("status", "/status"),
    ("direction", "/direction"),
    ("kind", "/kind"),
    ("urgency", "/urgency"),
    ("medium", "/medium"),
    ("legalBasis", "/legalBasis"),
    ("issueTypes", "/issueTypes"),
    ("subject", "/subject"),
    ("description", "/description"),
    ("language", "/language"),
    ("caseNumber", "/caseNumber"),
    ("electoralBody", "/electoralBody/name"),
    ("country", "/electoralBody/country/code"),
    ("platform", "/platformService/platform/name"),
    ("platformService", "/platformService/name"),
    ("platformName", "/platformName"),
    ("sentAt", "/sentAt"),
    ("acknowledgedAt", "/acknowledgedAt"),
    ("decidedAt", "/decidedAt"),
    ("closedAt", "/closedAt"),
    ("closure", "/closure"),
    ("outcome", "/decision/outcome"),
    ("extent", "/decision/extent"),
    ("actions", "/decision/actions"),
    ("assertedBy", "/decision/assertedBy"),
    ("urls", "/items"),
    ("attachments", "/attachments/nodes"),
    ("recordedAt", "/recordedAt"),
    ("changedAt", "/changedAt"),
    ("generated", "/generated"),
    ("id", "/id"),
];

/// What stands between the values of a cell that holds several. URLs contain no space, and names of files no slash.
const BETWEEN: &str = " ";
const BETWEEN_NAMES: &str = " / ";

/// The rows as RFC 4180 has them, below the columns' names if they are the first.
pub(super) fn write(rows: &[Value], is_first: bool) -> Result<Vec<u8>> {
    let mut form = WriterBuilder::new();
    form.terminator(Terminator::CRLF);
    let mut names_of = form.from_writer(Vec::new());
    if is_first {
        names_of.write_record(names()).map_err(Error::internal)?;
    }
    let mut table = form.quote_style(QuoteStyle::Always).from_writer(names_of.into_inner().map_err(Error::internal)?);
    for row in rows {
        table.write_record(values(row).map(|cell| guard_parts(&cell))).map_err(Error::internal)?;
    }
    table.into_inner().map_err(Error::internal)
}

/// The names of the columns.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(name, _)| *name)
}

/// The cells of a row, none of them to be taken for a formula.
pub(super) fn cells(row: &Value) -> impl Iterator<Item = String> {
    values(row).map(|cell| guard(&cell))
}

fn values(row: &Value) -> impl Iterator<Item = String> {
    COLUMNS.iter().map(|(_, place)| text(row.pointer(place)))
}

/// A value as a cell shows it; several values one after the other.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => {
            let has_names = values.iter().any(|value| value.get("name").is_some());
            values.iter().map(|value| text(Some(value))).collect::<Vec<_>>().join(if has_names { BETWEEN_NAMES } else { BETWEEN })
        }
        Some(item @ Value::Object(_)) => text(
            ["url", "platformContentId", "description", "name"].iter().filter_map(|name| item.get(name)).find(|value| !value.is_null()),
        ),
        Some(other) => other.to_string(),
    }
}
