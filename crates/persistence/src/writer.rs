//! One transaction. What it writes and nobody asks about waits, so that it travels together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExecResult, QueryResult, QueryTrait,
    RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
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
    way::Way,
};

/// How long the text of what waits may grow, in bytes. SQLite takes a million, and keeps what it prepared; PostgreSQL takes 65,535 values.
const TOGETHER: usize = 64 * 1024;

/// One transaction. Dropping it undoes everything.
///
/// Each statement that is sent costs two threads or two programs a hand-over, more than many an insert. So the transaction begins
/// with the first statement that somebody waits for, and what was [put](Writer::put) is sent together; if nobody waits for
/// anything, it is sent as one whole transaction.
#[derive(Debug)]
pub struct Writer {
    connection: DatabaseConnection,
    begun: OnceCell<DatabaseTransaction>,
    waiting: Mutex<Vec<Waiting>>,
    statements: Statements,
}

/// A statement that waits, and the table to which it writes.
#[derive(Debug)]
struct Waiting {
    table: &'static str,
    statement: Statement,
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
    pub(crate) fn new(connection: &DatabaseConnection, statements: &Statements) -> Self {
        let (begun, waiting) = (OnceCell::new(), Mutex::default());
        Self { connection: connection.clone(), begun, waiting, statements: statements.clone() }
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

    /// Lets each statement of this transaction take as long as it takes, for commands of the operator that go through whole tables.
    pub async fn unhurried(&self) -> Result<(), Error> {
        if self.backend() == DbBackend::Postgres {
            let transaction = self.transaction().await.or_fail()?;
            transaction.execute_unprepared("SET LOCAL statement_timeout = 0").await.or_fail()?;
        }
        Ok(())
    }

    /// Writes to the entity's table something of which nobody asks how many rows it changed. It waits for what is put after it, and
    /// goes when much waits, before the next statement or with the commit, which then answers for its errors.
    pub(crate) async fn put<E: EntityTrait>(&self, entity: E, query: impl QueryTrait) -> Result<(), Error> {
        self.statements.add();
        let waiting = Waiting { table: entity.table_name(), statement: query.build(self.backend()) };
        let bytes = waiting.statement.sql.len();
        if !self.has_room(waiting.table, bytes) {
            self.send_waiting().await.or_fail()?;
        }
        self.waiting().push(waiting);
        if bytes < TOGETHER { Ok(()) } else { self.send_waiting().await.or_fail() }
    }

    /// Whether a statement may wait with those that do. On PostgreSQL they become one, whose parts do not see each other's rows.
    fn has_room(&self, table: &str, bytes: usize) -> bool {
        let waiting = self.waiting();
        waiting.iter().map(|waiting| waiting.statement.sql.len()).sum::<usize>() + bytes < TOGETHER
            && (self.backend() == DbBackend::Sqlite || waiting.iter().all(|waiting| waiting.table != table))
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
        let waiting: Vec<Statement> = std::mem::take(&mut *self.waiting()).into_iter().map(|waiting| waiting.statement).collect();
        (!waiting.is_empty()).then(|| together(self.backend(), waiting))
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Several statements as one. SQLite runs them in turn, and their values belong to the question marks in their order; for PostgreSQL they
/// become parts of one statement.
fn together(backend: DbBackend, mut statements: Vec<Statement>) -> Statement {
    if statements.len() == 1 {
        return statements.swap_remove(0);
    }
    let (mut sql, mut values) = (Vec::with_capacity(statements.len()), Vec::new());
    for (place, statement) in statements.into_iter().enumerate() {
        sql.push(match backend {
            DbBackend::Sqlite => statement.sql,
            _ => format!("part{place} AS ({})", renumbered(&statement.sql, values.len())),
        });
        values.extend(statement.values.into_iter().flat_map(|Values(values)| values));
    }
    let sql = match backend {
        DbBackend::Sqlite => sql.join("; "),
        _ => format!("WITH {} SELECT 1", sql.join(", ")),
    };
    Statement::from_sql_and_values(backend, sql, values)
}

/// The same statement, its values numbered after `before` others. What sea-query builds has a dollar sign before such a number and
/// nowhere else.
fn renumbered(sql: &str, before: usize) -> String {
    let mut parts = sql.split('$');
    let start = parts.next().unwrap_or_default().to_owned();
    let moved = parts.map(|part| {
        let (number, rest) = part.split_at(part.find(|next: char| !next.is_ascii_digit()).unwrap_or(part.len()));
        format!("${}{rest}", number.parse().unwrap_or(0) + before)
    });
    std::iter::once(start).chain(moved).collect()
}

/// Runs what waited as one whole transaction, in one go. On PostgreSQL it is one statement, which is a transaction.
async fn at_once(connection: &DatabaseConnection, statements: Statement) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Sqlite {
        return connection.execute_raw(statements).await.map(drop);
    }
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
    Reads(&'a Way),
    /// Inside one, after what waits.
    Writes(&'a Writer),
}

fn cannot_write() -> DbErr {
    DbErr::Custom("a reader was asked to write".to_owned())
}

#[async_trait]
impl ConnectionTrait for Exec<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Reads(way) => way.backend(),
            Self::Writes(writer) => writer.backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reads(_) => Err(cannot_write()),
            Self::Writes(writer) => writer.up_to_date().await?.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reads(_) => Err(cannot_write()),
            Self::Writes(writer) => writer.up_to_date().await?.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Reads(way) => way.query_one(statement).await,
            Self::Writes(writer) => writer.up_to_date().await?.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Reads(way) => way.query_all(statement).await,
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
        let (user, client, organisation, fields, seq, hash) = (None, None, None, Vec::new(), None, None);
        (AuditEntry { id, at, act, object: contact.any(), user, client, organisation, fields, request_id, seq, hash }, Topic::ContactLogged)
    }

    async fn kept(store: &Store) -> usize {
        audit::unsealed(&store.reader(&Statements::default()), 10).await.expect("lines").len()
    }

    #[test]
    fn for_postgresql_statements_become_parts_of_one() {
        let statement =
            |sql: &str, values: [i64; 2]| Statement::from_sql_and_values(DbBackend::Postgres, sql, values.map(sea_orm::Value::from));
        let insert = statement("INSERT INTO a VALUES ($1, $2)", [10, 20]);
        let update = statement("UPDATE b SET x = $2 WHERE y = $1", [30, 40]);
        let all = together(DbBackend::Postgres, vec![insert, update]);
        let parts = "part0 AS (INSERT INTO a VALUES ($1, $2)), part1 AS (UPDATE b SET x = $4 WHERE y = $3)";
        assert_eq!(all.sql, format!("WITH {parts} SELECT 1"));
        assert_eq!(all.values, Some(Values([10_i64, 20, 30, 40].map(sea_orm::Value::from).to_vec())));
    }

    #[tokio::test]
    async fn what_waits_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let writer = store.writer(&Statements::default());
        for id in [1, 2, 1] {
            audit::insert(&writer, &[entry(id)]).await.expect("nothing is sent yet");
        }
        assert_eq!(writer.commit().await.expect_err("a line twice").code, Code::Conflict);
        assert_eq!(kept(&store).await, 0);
        // The one connection is fit for the next.
        let writer = store.writer(&Statements::default());
        audit::insert(&writer, &[entry(1)]).await.expect("a line");
        audit::insert(&writer, &[entry(2)]).await.expect("a line");
        writer.commit().await.expect("two lines");
        assert_eq!(kept(&store).await, 2);
    }

    #[tokio::test]
    async fn however_much_waits_it_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let writer = store.writer(&Statements::default());
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
        let writer = store.writer(&Statements::default());
        audit::insert(&writer, &[entry(1)]).await.expect("a line");
        assert_eq!(audit::unsealed(&writer, 10).await.expect("lines").len(), 1);
        audit::insert(&writer, &[entry(2)]).await.expect("a line");
        drop(writer);
        assert_eq!(kept(&store).await, 0, "dropped, it undoes everything");
    }
}
