//! What is found out about a file before its first row becomes a contact: what its columns say, and how many rows it has.

use std::{fs::File, sync::Arc};

use tertulia_domain::{
    Error, Reason, Result,
    engagement::{
        contact_import::{Columns, Order, Report},
        file::MediaType,
    },
};
use tokio::task::spawn_blocking;

use super::sheet::{Stop, each};

/// What was found out.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) columns: Columns,
    /// Rows below the headers.
    pub(super) rows: i64,
}

/// Why nothing of the file can be imported.
#[derive(Debug)]
pub(super) enum Refused {
    /// It cannot be read, or has too many rows.
    File(Error),
    /// Its headers do not say what is needed.
    Headers(Vec<Report>),
}

/// Looks through a file.
pub(super) async fn survey(file: &Arc<File>, kind: MediaType, order: &Order, most: i64) -> Result<Survey, Refused> {
    let (file, told) = (Arc::clone(file), order.columns.clone());
    let looked = spawn_blocking(move || {
        let (mut columns, mut rows) = (None, 0_i64);
        let mut take = |line: super::sheet::Line| {
            if columns.is_none() {
                let headers: Vec<String> = line.cells.iter().map(|cell| cell.text().unwrap_or_default()).collect();
                let found = Columns::find(&headers, &told, line.number);
                let is_refused = found.is_err();
                columns = Some(found);
                return if is_refused { Err(Stop::Enough) } else { Ok(()) };
            }
            rows += 1;
            if rows > most {
                let message = format!("The file has more than {most} rows. Divide it.");
                return Err(Stop::Unreadable(Error::invalid(Reason::TooMany, "", message)));
            }
            Ok(())
        };
        file.try_clone().map_err(Error::internal).and_then(|file| each(file, kind, &mut take)).map(|()| (columns, rows))
    });
    // A reader that panics says as much about the file as one that refuses it.
    let unreadable = |_| Refused::File(Error::invalid(Reason::Malformed, "", "The file cannot be read."));
    let (columns, rows) = looked.await.map_err(unreadable)?.map_err(Refused::File)?;
    let empty = || Refused::File(Error::invalid(Reason::TooShort, "", "The file has no line with anything in it."));
    let columns = columns.ok_or_else(empty)?.map_err(Refused::Headers)?;
    Ok(Survey { columns, rows })
}
