//! The lines of a file, whatever its form, read one after the other and handed on in batches, so that few are in memory at once.

use std::{fs::File, sync::Arc};

use tertulia_domain::{
    Error, Reason, Result,
    engagement::{contact_import::Cell, content_item, file::MediaType},
    text,
};
use tokio::{sync::mpsc, task::spawn_blocking};

use super::{table, workbook};

/// Most columns of a file.
const MOST_COLUMNS: usize = 200;
/// Bytes of a cell: as many as the longest has that a column takes, which is the one of addresses.
pub(super) const MOST_OF_CELL: usize = content_item::MOST * (text::URL + 1);
/// Bytes of the cells of a line together. Of what comes after them no cell is taken.
const MOST_OF_LINE: usize = 1024 * 1024;
/// Bytes of the lines of a batch together, but for its last one.
const MOST_OF_BATCH: usize = 8 * 1024 * 1024;
/// Batches that are read before the first of them is done with.
const AHEAD: usize = 2;

/// A line with something in it.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: i64,
    /// What it holds.
    pub(super) cells: Vec<Cell>,
    /// Bytes of its texts.
    bytes: usize,
}

impl Line {
    pub(super) fn new(number: i64) -> Self {
        Self { number, cells: Vec::new(), bytes: 0 }
    }

    /// Puts a text into a column; it is not copied if it is too long.
    pub(super) fn put_text(&mut self, column: usize, text: &str) -> Result<(), Stop> {
        let is_too_long = text.len() > MOST_OF_CELL || self.bytes + text.len() > MOST_OF_LINE;
        if is_too_long {
            return self.put(column, Cell::TooLong);
        }
        self.bytes += text.len();
        self.put(column, if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) })
    }

    /// Puts something into a column.
    pub(super) fn put(&mut self, column: usize, cell: Cell) -> Result<(), Stop> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(too_wide());
        }
        self.cells.resize(self.cells.len().max(column + 1), Cell::Empty);
        if let Some(place) = self.cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    /// Refuses a line that has a column of that place, whatever stands in it.
    pub(super) fn has_room(column: usize) -> Result<(), Stop> {
        if column >= MOST_COLUMNS { Err(too_wide()) } else { Ok(()) }
    }
}

fn too_wide() -> Stop {
    Stop::unreadable(Reason::TooLong, "The file has more than 200 columns.")
}

/// Why a file cannot be read, or that nobody wants more of it.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file cannot be read.
    Unreadable(Error),
    /// Enough was read.
    Enough,
}

impl Stop {
    pub(super) fn unreadable(reason: Reason, message: &str) -> Self {
        Self::Unreadable(Error::invalid(reason, "", message))
    }
}

/// Reads the lines of a file from the first one on; blocks.
pub(super) fn each(file: File, kind: MediaType, take: &mut dyn FnMut(Line) -> Result<(), Stop>) -> Result<()> {
    let mut checked = |line: Line| {
        if line.cells.iter().all(Cell::is_blank) { Ok(()) } else { take(line) }
    };
    let read = match kind {
        MediaType::Xlsx => workbook::each(file, &mut checked),
        _ => table::each(file, &mut checked),
    };
    match read {
        Ok(()) | Err(Stop::Enough) => Ok(()),
        Err(Stop::Unreadable(error)) => Err(error),
    }
}

/// The lines behind line `after`, in batches.
#[derive(Debug)]
pub(super) struct Lines(mpsc::Receiver<Result<Vec<Line>>>);

impl Lines {
    /// Begins to read.
    pub(super) fn read(file: Arc<File>, kind: MediaType, after: i64, batch: usize) -> Self {
        let (sender, receiver) = mpsc::channel(AHEAD);
        drop(spawn_blocking(move || {
            let (mut waiting, mut bytes) = (Vec::with_capacity(batch), 0);
            let mut take = |line: Line| {
                if line.number > after {
                    bytes += line.bytes;
                    waiting.push(line);
                }
                if waiting.len() < batch && bytes < MOST_OF_BATCH {
                    return Ok(());
                }
                bytes = 0;
                let full = std::mem::replace(&mut waiting, Vec::with_capacity(batch));
                sender.blocking_send(Ok(full)).map_err(|_| Stop::Enough)
            };
            let read = file.try_clone().map_err(Error::internal).and_then(|file| each(file, kind, &mut take));
            // Whoever does not listen any more needs nothing more.
            let _ = sender.blocking_send(read.map(|()| waiting));
        }));
        Self(receiver)
    }

    /// The next batch; none at the end.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<Line>>> {
        self.0.recv().await
    }
}
