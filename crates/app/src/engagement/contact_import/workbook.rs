//! Spreadsheets (ECMA-376): the first sheet of a workbook, read cell by cell.
//!
//! A workbook is an archive whose parts may be a thousand times as large as itself. So they are unpacked once for nothing, up to a limit,
//! before anything is read from them.

use std::{
    fs::File,
    io::{BufReader, Read, Seek},
};

use calamine::{Data, DataRef, Reader, Xlsx};
use tertulia_domain::{Error, Reason, engagement::contact_import::Cell};
use zip::ZipArchive;

use super::sheet::{Line, MOST_COLUMNS, Stop};

/// Bytes of all parts together, unpacked.
const UNPACKED: u64 = 400 * 1024 * 1024;
/// Bytes of the list of texts, which is held in memory.
const TEXTS: u64 = 64 * 1024 * 1024;
/// Texts that the list may say it has: memory is set aside for as many.
const MOST_TEXTS: u64 = 5_000_000;
/// Parts of a workbook.
const PARTS: usize = 5_000;

/// Reads the lines of the first sheet.
pub(super) fn each(mut file: File, take: &mut dyn FnMut(Line) -> Result<(), Stop>) -> Result<(), Stop> {
    weigh(&mut file)?;
    file.rewind().map_err(|error| Stop::Unreadable(Error::internal(error)))?;
    let mut book = Xlsx::new(BufReader::new(file)).map_err(|_| damaged())?;
    let first = book.sheet_names().first().cloned().ok_or_else(damaged)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| damaged())?;
    let mut line = Line { number: 0, cells: Vec::new() };
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let (number, column) = (i64::from(row) + 1, usize::try_from(column).unwrap_or(usize::MAX));
        if number != line.number {
            let full = std::mem::replace(&mut line, Line { number, cells: Vec::new() });
            if full.number > number {
                return Err(damaged());
            }
            take(full)?;
        }
        let value = read(cell.get_value());
        if value != Cell::Empty && column >= MOST_COLUMNS {
            return Err(Stop::unreadable(Reason::TooLong, "The file has more than 200 columns."));
        }
        if value != Cell::Empty {
            line.cells.resize(line.cells.len().max(column + 1), Cell::Empty);
            if let Some(place) = line.cells.get_mut(column) {
                *place = value;
            }
        }
    }
    take(line)
}

fn damaged() -> Stop {
    Stop::unreadable(Reason::Malformed, "The workbook is damaged or protected by a password.")
}

fn read(value: &DataRef<'_>) -> Cell {
    match Data::from(value.clone()) {
        Data::Empty => Cell::Empty,
        Data::DateTime(at) if at.is_datetime() => at.as_datetime().map_or(Cell::Empty, Cell::Moment),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(text),
        other => Cell::Text(other.to_string()),
    }
}

/// Refuses a workbook that unpacks to more than it may.
fn weigh(file: &mut File) -> Result<(), Stop> {
    let too_large = || Stop::unreadable(Reason::TooLong, "Unpacked, the workbook is larger than this server takes.");
    file.rewind().map_err(|error| Stop::Unreadable(Error::internal(error)))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| damaged())?;
    if archive.len() > PARTS {
        return Err(too_large());
    }
    let mut left = UNPACKED;
    let mut piece = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| damaged())?;
        let is_texts = part.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let (mut of_part, mut claim) = (0_u64, Claim::default());
        loop {
            let length = part.read(&mut piece).map_err(|_| damaged())?;
            if length == 0 {
                break;
            }
            of_part += length as u64;
            left = left.checked_sub(length as u64).ok_or_else(too_large)?;
            if is_texts && (of_part > TEXTS || claim.is_too_much(piece.get(..length).unwrap_or_default())) {
                return Err(too_large());
            }
        }
    }
    Ok(())
}

/// How many texts a list says it has, wherever in it that stands.
#[derive(Debug, Default)]
struct Claim {
    /// How much of the attribute's name was just read.
    read: usize,
    number: Option<u64>,
}

impl Claim {
    const NAME: &'static [u8] = b"uniqueCount";

    /// Reads on; says whether there was a number that is too large.
    fn is_too_much(&mut self, piece: &[u8]) -> bool {
        piece.iter().any(|byte| {
            if let Some(number) = self.number {
                self.number = match byte {
                    b'0'..=b'9' => Some(number.saturating_mul(10).saturating_add(u64::from(byte - b'0'))),
                    b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n' if number == 0 => Some(0),
                    _ => None,
                };
            } else if Self::NAME.get(self.read) == Some(byte) {
                self.read += 1;
            } else {
                self.read = usize::from(Self::NAME.first() == Some(byte));
            }
            if self.read == Self::NAME.len() {
                (self.read, self.number) = (0, Some(0));
            }
            self.number.is_some_and(|number| number > MOST_TEXTS)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_number_of_texts_that_is_too_large_in_whatever_pieces_it_comes() {
        let find = |pieces: &[&str]| {
            let mut claim = Claim::default();
            pieces.iter().any(|piece| claim.is_too_much(piece.as_bytes()))
        };
        assert!(find(&["<sst uniqueCou", "nt = '99999", "99'>"]));
        assert!(find(&["uniqueCount=\"1\" uuniqueCount=\"99999999999999999999\""]));
        assert!(!find(&["<sst count=\"99999999\" uniqueCount=\"5000000\">99999999"]));
        assert!(!find(&["uniqueCount 12 99999999"]));
    }
}
