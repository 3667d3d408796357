//! The lines of a file, whatever its form, read one after the other and handed on in batches, so that few are in memory at once.

use std::{fs::File, sync::Arc};

use tertulia_domain::{
    Error, Reason, Result,
    engagement::{contact_import::Cell, file::MediaType},
};
use tokio::{sync::mpsc, task::spawn_blocking};

use super::{table, workbook};

/// Most columns of a file.
pub(super) const MOST_COLUMNS: usize = 200;
/// Batches that are read before the first of them is done with.
const AHEAD: usize = 2;

/// A line with something in it.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: i64,
    /// What it holds.
    pub(super) cells: Vec<Cell>,
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
        if line.cells.len() > MOST_COLUMNS {
            return Err(Stop::unreadable(Reason::TooLong, "The file has more than 200 columns."));
        }
        if line.cells.iter().all(|cell| cell.text().is_none()) { Ok(()) } else { take(line) }
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
            let mut waiting = Vec::with_capacity(batch);
            let mut take = |line: Line| {
                if line.number > after {
                    waiting.push(line);
                }
                if waiting.len() < batch {
                    return Ok(());
                }
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
