//! What the database answers when it fails, as the domain's error. Its texts go to the log only.

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use tertulia_domain::{Code, Error, Reason};

/// The database failed: it is away, busy, or the statement is wrong.
pub(crate) fn from_db(error: DbErr) -> Error {
    let away = matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_connection_loss(&error);
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::new(Code::Conflict, Reason::Duplicate, "", "There is one like this already, or somebody else just made it. Try again.")
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::not_found(""),
        _ if away => Error::unavailable(error),
        _ => Error::internal(error),
    }
}

/// The connection broke under the statement; a new one may serve the next.
fn is_connection_loss(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else { return false };
    match cause.as_ref() {
        sea_orm::SqlxError::Io(_)
        | sea_orm::SqlxError::PoolTimedOut
        | sea_orm::SqlxError::PoolClosed
        | sea_orm::SqlxError::WorkerCrashed => true,
        // These pass: classes 57 (operator intervention), 53 (out of resources), 40 (rolled back by the server), 08 (connection),
        // 25006 (a primary that has just become a replica), and SQLite's 5, which is "busy".
        sea_orm::SqlxError::Database(database) => database.code().is_some_and(|code| {
            ["57", "53", "40", "08"].iter().any(|class| code.starts_with(class)) || ["25006", "5"].contains(&code.as_ref())
        }),
        _ => false,
    }
}

/// A stored row that cannot be read: the table, and what in it is wrong.
#[derive(Debug)]
pub(crate) struct Undecodable {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) found: String,
}

impl std::fmt::Display for Undecodable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "table {} column {} holds {:?}, which cannot be read", self.table, self.column, self.found)
    }
}
impl std::error::Error for Undecodable {}

/// Reads a stored enum or other text, or says which column holds what cannot be read.
pub(crate) fn decoded<T>(value: Option<T>, table: &'static str, column: &'static str, found: &str) -> Result<T, Error> {
    value.ok_or_else(|| Error::internal(Undecodable { table, column, found: found.chars().take(80).collect() }))
}

/// `?` on a database result inside this crate.
pub(crate) trait OrFail<T> {
    /// The same result with the domain's error.
    fn or_fail(self) -> Result<T, Error>;
}
impl<T> OrFail<T> for Result<T, DbErr> {
    fn or_fail(self) -> Result<T, Error> {
        self.map_err(from_db)
    }
}
