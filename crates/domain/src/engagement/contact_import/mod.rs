//! Contacts from a file: which column says what, what a row says, and what is reported of it.

mod field;
mod header;
mod moment;
mod names;
mod row;
mod template;

#[cfg(test)]
mod row_tests;

pub use self::{
    field::Field,
    header::{Columns, title},
    moment::{Cell, DateOrder, Moments},
    names::{Known, Names},
    row::{Planned, read},
    template::{Explained, template},
};

use crate::{
    error::{Reason, closed},
    id::{ContactImportId, FileId, MembershipId, OrganisationId, UserId},
    time::Instant,
};

closed! {
    /// How far an import is.
    ImportStatus {
        /// It waits for a server.
        Queued = "QUEUED",
        /// It is under way.
        Running = "RUNNING",
        /// Every row was looked at.
        Done = "DONE",
        /// The file cannot be imported; nothing more of it will be.
        Failed = "FAILED",
        /// Somebody stopped it; what was imported before stays.
        Cancelled = "CANCELLED",
    }
}

impl ImportStatus {
    /// Whether rows may still be looked at.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// What an import is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Order {
    /// Whether the rows are only checked.
    pub dry_run: bool,
    /// The IANA zone of dates and times that name none.
    pub time_zone: String,
    /// The order of day, month and year in dates with slashes; without it those are refused.
    pub date_order: Option<DateOrder>,
    /// What columns say whose headers do not tell it, by their headers.
    pub columns: Vec<(String, Field)>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactImport {
    /// Its id.
    pub id: ContactImportId,
    /// The body whose contacts they become.
    pub electoral_body: OrganisationId,
    /// The file.
    pub file: FileId,
    /// Its name, until it is forgotten.
    pub file_name: String,
    /// What was asked.
    pub order: Order,
    /// Who asked.
    pub requested_by: UserId,
    /// Under which membership.
    pub membership: MembershipId,
    /// When.
    pub requested_at: Instant,
    /// How far it is.
    pub status: ImportStatus,
    /// Rows of the file below the header, once they were counted.
    pub total: Option<i64>,
    /// The last line that was looked at and kept.
    pub line: i64,
    /// Rows that became contacts, or would.
    pub accepted: i64,
    /// Rows with faults.
    pub rejected: i64,
    /// Rows that were imported before.
    pub duplicate: i64,
    /// Headers of columns that say nothing to the import.
    pub ignored: Vec<String>,
    /// Why it failed.
    pub failure: Option<(Reason, String)>,
    /// When it came to its end.
    pub finished_at: Option<Instant>,
    /// When what it reported of its rows and the file's name were forgotten.
    pub forgotten_at: Option<Instant>,
}

impl ContactImport {
    /// The share of rows that were looked at, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share of some hundred thousand rows")]
    pub fn progress(&self) -> f64 {
        let looked_at = self.accepted + self.rejected + self.duplicate;
        match (self.status, self.total) {
            (ImportStatus::Done, _) => 1.0,
            (_, Some(total)) if total > 0 => (looked_at as f64 / total as f64).min(1.0),
            _ => 0.0,
        }
    }
}

/// One thing that is reported of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The line of the file, from 1; in a spreadsheet the number of the row.
    pub line: i64,
    /// The header of the column, if it is about one.
    pub column: Option<String>,
    /// What it is.
    pub reason: Reason,
    /// The same in English, for a person.
    pub message: String,
}
