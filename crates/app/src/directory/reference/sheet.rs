//! A file of reference data as rows of named cells, and the faults found in it: each says file, line and column.

use std::str::FromStr;

use tertulia_domain::{
    Code, Error, Reason, Result,
    directory::{entry::RawTexts, provenance::ProvenanceDraft},
    error::Fault,
};

/// Faults that a refusal lists; of the rest it gives the number.
const LISTED: usize = 100;
/// Largest file that is read, in bytes.
const LARGEST: usize = 50_000_000;

/// A file as it was found.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Every fault of all files.
#[derive(Debug, Default)]
pub(super) struct Problems {
    listed: Vec<Fault>,
    count: usize,
}

impl Problems {
    /// Notes a fault; line 1 is the header.
    pub(super) fn add(&mut self, reason: Reason, file: &str, line: u64, column: &str, message: &str) {
        self.count += 1;
        if self.listed.len() < LISTED {
            let place = if column.is_empty() { format!("{file}, line {line}") } else { format!("{file}, line {line}, column {column}") };
            let path = vec![file.to_owned(), line.to_string(), column.to_owned()];
            self.listed.push(Fault { reason, path, message: format!("{place}: {message}") });
        }
    }

    /// Refuses with everything noted.
    pub(super) fn finish(mut self) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        if self.count > LISTED {
            let message = format!("{} more faults are not listed.", self.count - LISTED);
            self.listed.push(Fault { reason: Reason::TooMany, path: Vec::new(), message });
        }
        Err(Error::of(Code::InvalidInput, self.listed))
    }
}

/// One row and where it stands.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) file: &'static str,
    pub(super) line: u64,
    columns: &'static [&'static str],
    cells: Vec<String>,
}

/// Reads a file whose header must be `columns`, in this order.
pub(super) fn read(name: &'static str, columns: &'static [&'static str], bytes: &[u8], problems: &mut Problems) -> Vec<Row> {
    if bytes.len() > LARGEST {
        problems.add(Reason::TooLong, name, 1, "", "The file is larger than 50 MB.");
        return Vec::new();
    }
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut rows = Vec::new();
    for (index, record) in reader.byte_records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.add(Reason::Malformed, name, 0, "", &format!("This is no CSV: {error}."));
                return Vec::new();
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if index == 0 {
            if !is_header(&record, columns) {
                problems.add(Reason::Malformed, name, line, "", &format!("The header must be: {}", columns.join(",")));
                return Vec::new();
            }
        } else if let Some(cells) = cells(name, columns, &record, line, problems) {
            rows.push(Row { file: name, line, columns, cells });
        }
    }
    rows
}

fn is_header(record: &csv::ByteRecord, columns: &[&str]) -> bool {
    record.len() == columns.len() && record.iter().zip(columns).all(|(cell, column)| cell == column.as_bytes())
}

fn cells(name: &str, columns: &[&str], record: &csv::ByteRecord, line: u64, problems: &mut Problems) -> Option<Vec<String>> {
    if record.len() != columns.len() {
        let message = format!("There are {} cells where {} are needed.", record.len(), columns.len());
        problems.add(Reason::Malformed, name, line, "", &message);
        return None;
    }
    let mut cells = Vec::with_capacity(columns.len());
    for (cell, column) in record.iter().zip(columns) {
        match std::str::from_utf8(cell) {
            Ok(text) => cells.push(plain(text).to_owned()),
            Err(_) => problems.add(Reason::Malformed, name, line, column, "This is not UTF-8."),
        }
    }
    (cells.len() == columns.len()).then_some(cells)
}

/// A cell that a spreadsheet would take for a formula has a `'` before it.
fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\'', '\t', '\r'])
}

/// A file with this header and these rows.
pub(super) fn write(name: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<File> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record(columns).map_err(Error::internal)?;
    for row in rows {
        let cells = row.into_iter().map(|cell| if is_formula(&cell) { format!("'{cell}") } else { cell });
        writer.write_record(cells).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(|_| Error::broken("a file of reference data could not be written"))?;
    Ok(File { name: name.to_owned(), bytes })
}

impl Row {
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
        let columns = path.iter().map(|name| snake(name));
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

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["key", "names"];

    #[test]
    fn what_is_written_is_read_again() {
        let texts = vec![("en".to_owned(), r"a|b\c".to_owned()), ("fr".to_owned(), "d=e".to_owned())];
        let file =
            write("x.csv", COLUMNS, [vec!["=1+1".to_owned(), join_texts(&texts)], vec!["'quoted".into(), String::new()]]).expect("a file");
        assert!(String::from_utf8(file.bytes.clone()).expect("UTF-8").contains("\n'=1+1,"));
        let mut problems = Problems::default();
        let rows = read("x.csv", COLUMNS, &file.bytes, &mut problems);
        assert_eq!(rows[0].text("key").as_deref(), Some("=1+1"));
        assert_eq!(rows[0].texts("names", &mut problems), texts);
        assert_eq!(rows[1].text("key").as_deref(), Some("'quoted"));
        problems.finish().expect("no problems");
    }

    #[test]
    fn each_fault_says_where_it_stands() {
        let mut problems = Problems::default();
        let bytes = b"key,names\na,en=x\nb\nc,\xff\n";
        let rows = read("x.csv", COLUMNS, bytes, &mut problems);
        assert_eq!(rows.len(), 1);
        assert!(read("y.csv", COLUMNS, b"names,key\n", &mut problems).is_empty());
        let error = problems.finish().expect_err("three faults");
        let places: Vec<String> = error.faults.iter().map(|fault| fault.path.join("/")).collect();
        assert_eq!(places, ["x.csv/3/", "x.csv/4/names", "y.csv/1/"]);
    }
}
