//! Connections that read a SQLite file and are kept between statements. Each time a connection goes back to sqlx's pool, the pool asks
//! it whether it still lives: with a file, which does not go away, that is a hand-over to the connection's thread and back for nothing.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::{
    ConnAcquireErr, DbErr, QueryResult, RuntimeErr, Statement,
    sea_query::Values,
    sqlx::{self, AssertSqlSafe, Sqlite, SqlitePool, pool::PoolConnection, query::Query},
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::pool::Pool;

/// The connections of a pool, taken out of it as they are needed and not given back before the pool closes.
#[derive(Debug)]
pub struct Held {
    pool: SqlitePool,
    idle: Mutex<Vec<PoolConnection<Sqlite>>>,
    turns: Semaphore,
    patience: Duration,
}

impl Held {
    /// Those of a pool that nobody else takes connections from.
    pub(crate) fn new(pool: &SqlitePool) -> Arc<Self> {
        let most = usize::try_from(pool.options().get_max_connections()).unwrap_or(Semaphore::MAX_PERMITS);
        let patience = pool.options().get_acquire_timeout();
        Arc::new(Self { pool: pool.clone(), idle: Mutex::default(), turns: Semaphore::new(most), patience })
    }

    /// How many there are.
    pub(crate) fn connections(&self, name: &'static str) -> Pool {
        let number = |value| usize::try_from(value).unwrap_or(usize::MAX);
        let (open, limit) = (number(self.pool.size()), number(self.pool.options().get_max_connections()));
        Pool { name, open, idle: self.pool.num_idle() + self.kept().len(), limit }
    }

    /// Closes the pool, once what its connections do has ended.
    pub(crate) async fn close(&self) {
        let closed = self.pool.close();
        self.kept().clear();
        closed.await;
    }

    /// The first row that a statement finds.
    pub(crate) async fn query_one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut taken = self.take().await?;
        let found = query(statement).fetch_optional(taken.connection()?).await;
        taken.settle(found).map(|row| row.map(QueryResult::from))
    }

    /// The rows that a statement finds.
    pub(crate) async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut taken = self.take().await?;
        let found = query(statement).fetch_all(taken.connection()?).await;
        taken.settle(found).map(|rows| rows.into_iter().map(QueryResult::from).collect())
    }

    async fn take(&self) -> Result<Taken<'_>, DbErr> {
        let turn = tokio::time::timeout(self.patience, self.turns.acquire()).await;
        let turn = turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        let turn = turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let kept = self.kept().pop();
        let connection = match kept {
            Some(connection) => connection,
            None => self.pool.acquire().await.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?,
        };
        Ok(Taken { held: self, connection: Some(connection), _turn: turn })
    }

    fn kept(&self) -> MutexGuard<'_, Vec<PoolConnection<Sqlite>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection in use. Whoever gives up waiting for a statement gives it back too: its thread ends a statement whose rows nobody
/// takes before it begins the next.
struct Taken<'a> {
    held: &'a Held,
    connection: Option<PoolConnection<Sqlite>>,
    _turn: SemaphorePermit<'a>,
}

impl Taken<'_> {
    fn connection(&mut self) -> Result<&mut sqlx::SqliteConnection, DbErr> {
        self.connection.as_deref_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// What a statement found. A connection that failed goes to the pool, which looks whether it lives.
    fn settle<T>(mut self, found: Result<T, sqlx::Error>) -> Result<T, DbErr> {
        found.map_err(|error| {
            self.connection = None;
            DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
        })
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let mut kept = self.held.kept();
        if !self.held.pool.is_closed() {
            kept.push(connection);
        }
    }
}

fn query(statement: Statement) -> Query<'static, Sqlite, SqlxValues> {
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(statement.values.unwrap_or(Values(Vec::new()))))
}

#[cfg(test)]
mod tests {
    use futures::poll;
    use sea_orm::DbBackend;

    use super::*;
    use crate::{Options, connect, store::Store, way::Way};

    async fn store(folder: &tempfile::TempDir) -> Store {
        let url = format!("sqlite:{}", folder.path().join("tertulia.db").display());
        connect(&Options { url, read_url: None, connections: 1, threads: 0, acquire_timeout: Duration::from_secs(5) })
            .await
            .expect("a database")
    }

    fn statement(sql: &str) -> Statement {
        Statement::from_string(DbBackend::Sqlite, sql)
    }

    /// Counts long enough to be given up.
    const LONG: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT count(*) FROM n";

    async fn number(way: &Way, sql: &str) -> Result<i64, DbErr> {
        way.query_one(statement(sql)).await?.expect("a row").try_get_by_index(0)
    }

    #[tokio::test]
    async fn the_one_connection_serves_after_a_failure_and_after_who_gave_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        number(&store.read, "SELECT nothing").await.expect_err("no such column");
        {
            let given_up = number(&store.read, LONG);
            tokio::pin!(given_up);
            assert!(poll!(given_up.as_mut()).is_pending());
        }
        for wanted in [7, 8] {
            assert_eq!(number(&store.read, &format!("SELECT {wanted}")).await, Ok(wanted));
        }
        let Way::Held(held) = &store.read else { panic!("SQLite's connections are kept") };
        let there = held.connections("reading");
        assert_eq!((there.open, there.idle, there.limit), (1, 1, 1));
    }

    #[tokio::test]
    async fn closing_lets_go_of_what_is_kept_and_waits_for_what_is_in_use() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        assert_eq!(number(&store.read, "SELECT 1").await, Ok(1));
        let running = number(&store.read, LONG);
        tokio::pin!(running);
        assert!(poll!(running.as_mut()).is_pending());
        let (ended, closed) = tokio::join!(running, store.close());
        assert_eq!(ended, Ok(100_000));
        closed.expect("closed");
        number(&store.read, "SELECT 1").await.expect_err("closed");
    }
}
