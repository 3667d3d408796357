//! Files of reference data, read and written, and the faults found in it: each says file, line and column.

use tertulia_domain::{
    Code, Error, Reason, Result,
    error::Fault,
    text::{bare, guard},
};

use super::row::Row;

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
            rows.push(Row::new(name, line, columns, cells));
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
            // A cell that a spreadsheet would take for a formula has a `'` before it.
            Ok(text) => cells.push(bare(text).to_owned()),
            Err(_) => problems.add(Reason::Malformed, name, line, column, "This is not UTF-8."),
        }
    }
    (cells.len() == columns.len()).then_some(cells)
}

/// A file with this header and these rows.
pub(super) fn write(name: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<File> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record(columns).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| guard(cell))).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(|_| Error::broken("a file of reference data could not be written"))?;
    Ok(File { name: name.to_owned(), bytes })
}

#[cfg(test)]
mod tests {
    use super::{super::row::join_texts, *};

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
