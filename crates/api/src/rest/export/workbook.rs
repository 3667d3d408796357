//! Contacts as a spreadsheet, written beside the memory: each page of rows goes to the disk, and the whole to whoever asked when it is
//! there. Cells are texts, and none of them a formula.

use std::io::Seek;

use actix_web::web;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use serde_json::Value;
use tempfile::tempfile;
use tertulia_domain::{Code, Error, Reason, Result};
use tokio::fs::File;

use super::table;

/// Characters of a cell, as the form allows.
const LONGEST: usize = 32_767;

/// A spreadsheet that grows by pages.
pub(super) struct Sheet {
    book: Workbook,
    rows: u32,
}

impl Sheet {
    /// One with the columns' names.
    pub(super) fn new() -> Result<Self> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
        write(sheet, 0, table::names().map(str::to_owned))?;
        Ok(Self { book, rows: 1 })
    }

    /// Adds the rows of a page.
    pub(super) fn add(&mut self, rows: &[Value]) -> Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(Error::internal)?;
        for row in rows {
            write(sheet, self.rows, table::cells(row))?;
            self.rows += 1;
        }
        Ok(())
    }

    /// The whole file, from its beginning, and its length. It has no name and goes when it is closed.
    pub(super) async fn finish(mut self) -> Result<(File, u64)> {
        let written = web::block(move || {
            let mut file = tempfile()?;
            self.book.save_to_writer(&mut file).map_err(std::io::Error::other)?;
            let length = file.stream_position()?.max(file.metadata()?.len());
            file.rewind()?;
            Ok::<_, std::io::Error>((file, length))
        });
        let (file, length) = written.await.map_err(Error::internal)?.map_err(Error::internal)?;
        Ok((File::from_std(file), length))
    }
}

fn write(sheet: &mut Worksheet, row: u32, cells: impl Iterator<Item = String>) -> Result<()> {
    for (column, cell) in (0..).zip(cells) {
        let is_long = cell.encode_utf16().count() > LONGEST;
        let cell = if is_long { cell.chars().take(LONGEST / 2 - 2).chain(" …".chars()).collect() } else { cell };
        sheet.write_string(row, column, cell).map_err(refused)?;
    }
    Ok(())
}

fn refused(error: XlsxError) -> Error {
    if !matches!(error, XlsxError::RowColumnLimitError) {
        return Error::internal(error);
    }
    let message = "A spreadsheet has at most 1,048,576 rows. Narrow the list, or take /v1/contacts.csv.";
    Error::new(Code::LimitExceeded, Reason::TooMany, "", message)
}
