//! Spreadsheets (ECMA-376): the first sheet of a workbook, read cell by cell.

use std::{
    fs::File,
    io::{BufReader, Seek},
};

use calamine::{Data, DataRef, Reader, Xlsx};
use tertulia_domain::{Error, engagement::contact_import::Cell};

use super::{
    bounds::{self, damaged},
    sheet::{Line, Stop},
};

/// Reads the lines of the first sheet.
pub(super) fn each(mut file: File, take: &mut dyn FnMut(Line) -> Result<(), Stop>) -> Result<(), Stop> {
    bounds::hold(&mut file)?;
    file.rewind().map_err(|error| Stop::Unreadable(Error::internal(error)))?;
    let mut book = Xlsx::new(BufReader::new(file)).map_err(|_| damaged())?;
    let first = book.sheet_names().first().cloned().ok_or_else(damaged)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| damaged())?;
    let mut line = Line::new(0);
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let (number, column) = (i64::from(row) + 1, usize::try_from(column).unwrap_or(usize::MAX));
        if number != line.number {
            let full = std::mem::replace(&mut line, Line::new(number));
            if full.number > number {
                return Err(damaged());
            }
            take(full)?;
        }
        read(&mut line, column, cell.get_value())?;
    }
    take(line)
}

/// Puts a cell into its line. A text that many cells share is copied for none that it is too long for.
fn read(line: &mut Line, column: usize, value: &DataRef<'_>) -> Result<(), Stop> {
    match value {
        DataRef::Empty => Ok(()),
        DataRef::SharedString(text) => line.put_text(column, text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => line.put_text(column, text),
        DataRef::DateTime(at) if at.is_datetime() => line.put(column, at.as_datetime().map_or(Cell::Empty, Cell::Moment)),
        other => line.put_text(column, &Data::from(other.clone()).to_string()),
    }
}
