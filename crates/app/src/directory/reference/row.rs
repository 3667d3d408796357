//! A row of a file of reference data: named cells, read and written.

use std::str::FromStr;

use tertulia_domain::{
    Reason, Result,
    directory::{entry::RawTexts, provenance::ProvenanceDraft},
};

use super::sheet::Problems;

/// One row and where it stands.
#[derive(Debug)]
pub(super) struct Row {
    file: &'static str,
    pub(super) line: u64,
    columns: &'static [&'static str],
    cells: Vec<String>,
}

impl Row {
    /// A row of `file` with a cell for each of its columns.
    pub(super) fn new(file: &'static str, line: u64, columns: &'static [&'static str], cells: Vec<String>) -> Self {
        Self { file, line, columns, cells }
    }

    /// The cell, or nothing if it is empty.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        let place = self.columns.iter().position(|known| *known == column)?;
        self.cells.get(place).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    /// Codes separated by spaces.
    pub(super) fn codes(&self, column: &str) -> Vec<String> {
        self.text(column).map(|cell| cell.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// Texts separated by `|`.
    pub(super) fn list(&self, column: &str) -> Vec<String> {
        self.text(column).map(|cell| split(&cell)).unwrap_or_default()
    }

    /// Texts by language: `en=Electoral Board|ca=Junta Electoral`.
    pub(super) fn texts(&self, column: &str, problems: &mut Problems) -> RawTexts {
        let mut texts = RawTexts::new();
        for part in self.list(column) {
            match part.split_once('=') {
                Some((language, text)) => texts.push((language.trim().to_owned(), text.to_owned())),
                None => self.fault(problems, Reason::Malformed, column, "A text is written language=text, as en=Electoral Board."),
            }
        }
        texts
    }

    /// A member of a closed list.
    pub(super) fn member<T: Copy + std::fmt::Display>(
        &self,
        column: &str,
        all: &[T],
        parse: fn(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let cell = self.text(column)?;
        let member = parse(&cell);
        if member.is_none() {
            let options: Vec<String> = all.iter().map(ToString::to_string).collect();
            self.fault(problems, Reason::NotAnOption, column, &format!("One of {} is needed here.", options.join(", ")));
        }
        member
    }

    /// Members of a closed list, separated by spaces.
    pub(super) fn members<T: Copy + std::fmt::Display>(
        &self,
        column: &str,
        all: &[T],
        parse: fn(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Vec<T> {
        let mut members = Vec::new();
        for code in self.codes(column) {
            if let Some(member) = parse(&code) {
                members.push(member);
            } else {
                let options: Vec<String> = all.iter().map(ToString::to_string).collect();
                self.fault(problems, Reason::NotAnOption, column, &format!("{code} is none of {}.", options.join(", ")));
            }
        }
        members
    }

    /// A whole number.
    pub(super) fn number<T: FromStr>(&self, column: &str, problems: &mut Problems) -> Option<T> {
        let number = self.text(column)?.parse().ok();
        if number.is_none() {
            self.fault(problems, Reason::Malformed, column, "A whole number is needed here.");
        }
        number
    }

    /// Where the row's facts come from.
    pub(super) fn provenance(&self, problems: &mut Problems) -> ProvenanceDraft {
        use tertulia_domain::directory::provenance::ProvenanceState;
        ProvenanceDraft {
            state: self.member("provenance_state", ProvenanceState::ALL, ProvenanceState::parse, problems),
            source_url: self.text("source_url"),
            source_note: self.text("source_note"),
            as_of: self.text("as_of"),
        }
    }

    /// Notes a fault of one cell.
    pub(super) fn fault(&self, problems: &mut Problems, reason: Reason, column: &str, message: &str) {
        problems.add(reason, self.file, self.line, column, message);
    }

    /// The checked fields, or the faults of the check, each at the column that its path names.
    pub(super) fn checked<T>(&self, checked: Result<T>, problems: &mut Problems) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(error) => {
                for fault in error.faults {
                    self.fault(problems, fault.reason, &self.column_of(&fault.path), &fault.message);
                }
                None
            }
        }
    }

    /// The column of a path: the first of its names that is one (`provenance.sourceUrl` is `source_url`).
    fn column_of(&self, path: &[String]) -> String {
        let columns = path.iter().map(|name| match name.as_str() {
            "publisherIds" => "publishers".to_owned(),
            "responsibleBodyIds" => "responsible_bodies".to_owned(),
            name => snake(name),
        });
        columns.into_iter().find(|column| self.columns.contains(&column.as_str())).unwrap_or_default()
    }
}

fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut snake, c| {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        snake
    })
}

/// Splits at `|`; a `\` takes the character after it as it is.
fn split(cell: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = cell.chars();
    while let Some(c) = characters.next() {
        match c {
            '|' => parts.push(String::new()),
            '\\' => parts.last_mut().into_iter().for_each(|part| part.extend(characters.next())),
            other => parts.last_mut().into_iter().for_each(|part| part.push(other)),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Texts joined so that [`Row::list`] reads them.
pub(super) fn join<T: AsRef<str>>(parts: impl IntoIterator<Item = T>) -> String {
    parts.into_iter().map(|part| part.as_ref().replace('\\', "\\\\").replace('|', "\\|")).collect::<Vec<_>>().join("|")
}

/// Texts by language so that [`Row::texts`] reads them.
pub(super) fn join_texts(texts: &RawTexts) -> String {
    join(texts.iter().map(|(language, text)| format!("{language}={text}")))
}

/// Codes so that [`Row::codes`] reads them.
pub(super) fn join_codes<T: std::fmt::Display>(codes: impl IntoIterator<Item = T>) -> String {
    codes.into_iter().map(|code| code.to_string()).collect::<Vec<_>>().join(" ")
}

/// The cells of a provenance.
pub(super) fn provenance_cells(draft: ProvenanceDraft) -> [String; 4] {
    let state = draft.state.map(|state| state.to_string());
    [state, draft.source_url, draft.source_note, draft.as_of].map(Option::unwrap_or_default)
}
