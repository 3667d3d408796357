//! One transaction. What it writes and nobody asks about waits, so that it travels together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, QueryTrait, RuntimeErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    prelude::async_trait::async_trait,
    sea_query::Values,
    sqlx::{self, AssertSqlSafe},
};
use sea_query_sqlx::SqlxValues;
use tertulia_domain::Error;
use tokio::sync::OnceCell;

use crate::{
    error::OrFail,
    store::{Executes, Session, Statements},
};

/// How long the text of what waits may grow, in bytes. SQLite takes a million, and keeps what it prepared.
const TOGETHER: usize = 64 * 1024;

/// One transaction. Dropping it undoes everything.
///
/// SQLite's driver hands each statement to a thread of its own, which costs more than many an insert, and on SQLite all writers wait
/// for each other. So there the transaction begins with the first statement that somebody waits for, and what was
/// [put](Writer::put) is sent together.
#[derive(Debug)]
pub struct Writer {
    connection: DatabaseConnection,
    begun: OnceCell<DatabaseTransaction>,
    waiting: Mutex<Vec<Statement>>,
    statements: Statements,
}

impl Executes for Writer {
    fn exec(&self) -> Exec<'_> {
        self.statements.add();
        Exec::Writes(self)
    }

    fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }
}
impl Session for Writer {}

impl Writer {
    pub(crate) async fn begin(connection: &DatabaseConnection, statements: &Statements) -> Result<Self, Error> {
        let (begun, waiting) = (OnceCell::new(), Mutex::default());
        let writer = Self { connection: connection.clone(), begun, waiting, statements: statements.clone() };
        if writer.backend() != DbBackend::Sqlite {
            writer.transaction().await.or_fail()?;
        }
        Ok(writer)
    }

    /// Makes everything durable.
    pub async fn commit(self) -> Result<(), Error> {
        if self.begun.initialized() {
            self.send_waiting().await.or_fail()?;
        }
        let waiting = self.take_waiting();
        match (self.begun.into_inner(), waiting) {
            (Some(transaction), _) => transaction.commit().await.or_fail(),
            (None, Some(waiting)) => at_once(&self.connection, waiting).await.or_fail(),
            (None, None) => Ok(()),
        }
    }

    /// Writes something of which nobody asks how many rows it changed. On SQLite it waits for what is put after it, and goes when much
    /// waits, before the next statement or with the commit, which then answers for its errors.
    pub(crate) async fn put(&self, query: impl QueryTrait) -> Result<(), Error> {
        self.statements.add();
        self.waiting().push(query.build(self.backend()));
        if self.backend() == DbBackend::Sqlite && self.waiting_bytes() < TOGETHER {
            return Ok(());
        }
        self.send_waiting().await.or_fail()
    }

    async fn transaction(&self) -> Result<&DatabaseTransaction, DbErr> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        self.begun.get_or_try_init(|| self.connection.begin_with_options(options)).await
    }

    /// The transaction, after everything that was put.
    async fn up_to_date(&self) -> Result<&DatabaseTransaction, DbErr> {
        self.send_waiting().await?;
        self.transaction().await
    }

    async fn send_waiting(&self) -> Result<(), DbErr> {
        if let Some(waiting) = self.take_waiting() {
            self.transaction().await?.execute_raw(waiting).await?;
        }
        Ok(())
    }

    fn take_waiting(&self) -> Option<Statement> {
        std::mem::take(&mut *self.waiting()).into_iter().reduce(joined)
    }

    fn waiting_bytes(&self) -> usize {
        self.waiting().iter().map(|statement| statement.sql.len()).sum()
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Statement>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two statements in one text, which SQLite runs in turn; the values belong to the question marks in their order.
fn joined(mut first: Statement, next: Statement) -> Statement {
    first.sql.push_str("; ");
    first.sql.push_str(&next.sql);
    let values = [first.values, next.values].into_iter().flatten().flat_map(|Values(values)| values);
    first.values = Some(Values(values.collect()));
    first
}

/// Runs SQLite statements as one whole transaction, in one go.
async fn at_once(connection: &DatabaseConnection, statements: Statement) -> Result<(), DbErr> {
    let pool = connection.get_sqlite_connection_pool().clone();
    // On its own, so that a request that is given up does not leave the connection inside the transaction.
    let done = tokio::spawn(async move {
        let mut connection = pool.acquire().await?;
        let sql = format!("BEGIN IMMEDIATE; {}; COMMIT", statements.sql);
        let values = SqlxValues(statements.values.unwrap_or(Values(Vec::new())));
        let done = sqlx::query_with(AssertSqlSafe(sql), values).execute(&mut *connection).await;
        if done.is_err() {
            // Where SQLite has undone everything by itself there is nothing left to undo, and it says so.
            let _ = sqlx::query("ROLLBACK").execute(&mut *connection).await;
        }
        done.map(drop)
    });
    let sqlx_error = |error| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)));
    done.await.map_err(|error| DbErr::Custom(error.to_string()))?.map_err(sqlx_error)
}

/// The way to the database, for one statement.
#[derive(Debug)]
pub enum Exec<'a> {
    /// Outside a transaction.
    Reads(&'a DatabaseConnection),
    /// Inside one, after what waits.
    Writes(&'a Writer),
}

#[async_trait]
impl ConnectionTrait for Exec<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Reads(connection) => connection.get_database_backend(),
            Self::Writes(writer) => writer.backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reads(connection) => connection.execute_raw(statement).await,
            Self::Writes(writer) => writer.up_to_date().await?.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reads(connection) => connection.execute_unprepared(sql).await,
            Self::Writes(writer) => writer.up_to_date().await?.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Reads(connection) => connection.query_one_raw(statement).await,
            Self::Writes(writer) => writer.up_to_date().await?.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Reads(connection) => connection.query_all_raw(statement).await,
            Self::Writes(writer) => writer.up_to_date().await?.query_all_raw(statement).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tertulia_domain::{
        Code,
        id::{AuditEntryId, ContactId, Id},
        record::{audit::AuditEntry, event::Topic},
    };

    use super::*;
    use crate::{Options, connect, record::audit, store::Store};

    async fn store(folder: &tempfile::TempDir) -> Store {
        let url = format!("sqlite:{}", folder.path().join("tertulia.db").display());
        let acquire_timeout = std::time::Duration::from_secs(5);
        let store = connect(&Options { url, read_url: None, connections: 1, threads: 0, acquire_timeout }).await.expect("a database");
        store.migrate().await.expect("tables");
        store
    }

    fn entry(id: u128) -> (AuditEntry, Topic) {
        let contact: ContactId = Id::new(uuid::Uuid::from_u128(id));
        let id: AuditEntryId = Id::new(uuid::Uuid::from_u128(id));
        let (act, request_id, at) = ("contactLog".to_owned(), String::new(), DateTime::UNIX_EPOCH);
        let (user, organisation, fields, seq, hash) = (None, None, Vec::new(), None, None);
        (AuditEntry { id, at, act, object: contact.any(), user, organisation, fields, request_id, seq, hash }, Topic::ContactLogged)
    }

    async fn kept(store: &Store) -> usize {
        audit::unsealed(&store.reader(&Statements::default()), 10).await.expect("lines").len()
    }

    #[tokio::test]
    async fn what_waits_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let writer = store.writer(&Statements::default()).await.expect("a transaction");
        for id in [1, 2, 1] {
            audit::insert(&writer, &[entry(id)]).await.expect("nothing is sent yet");
        }
        assert_eq!(writer.commit().await.expect_err("a line twice").code, Code::Conflict);
        assert_eq!(kept(&store).await, 0);
        // The one connection is fit for the next.
        let writer = store.writer(&Statements::default()).await.expect("a transaction");
        audit::insert(&writer, &[entry(1)]).await.expect("a line");
        audit::insert(&writer, &[entry(2)]).await.expect("a line");
        writer.commit().await.expect("two lines");
        assert_eq!(kept(&store).await, 2);
    }

    #[tokio::test]
    async fn however_much_waits_it_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let writer = store.writer(&Statements::default()).await.expect("a transaction");
        for batch in 0..50_u128 {
            let lines: Vec<_> = (0..1_000).map(|line| entry(batch * 1_000 + line)).collect();
            audit::insert(&writer, &lines).await.expect("some lines");
        }
        writer.commit().await.expect("all lines");
        let lines = audit::unsealed(&store.reader(&Statements::default()), 100_000).await.expect("lines");
        assert_eq!(lines.len(), 50_000);
    }

    #[tokio::test]
    async fn a_statement_finds_what_was_put_before_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let writer = store.writer(&Statements::default()).await.expect("a transaction");
        audit::insert(&writer, &[entry(1)]).await.expect("a line");
        assert_eq!(audit::unsealed(&writer, 10).await.expect("lines").len(), 1);
        audit::insert(&writer, &[entry(2)]).await.expect("a line");
        drop(writer);
        assert_eq!(kept(&store).await, 0, "dropped, it undoes everything");
    }
}
