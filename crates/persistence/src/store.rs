//! The two ways to the database: a reader that cannot write, and a writer that is one transaction.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sea_orm::{DatabaseConnection, DbBackend, Statement};
use tertulia_domain::{Error, time::Instant};

pub use crate::writer::Writer;
use crate::{error::OrFail, lane::Lanes, replica::Replica, way::Way, writer::Exec};

/// How long closing waits for connections that are still in use.
const PATIENCE: Duration = Duration::from_secs(5);

/// Counts the statements of one request. Cloned into everything that serves the request, loaders included.
#[derive(Clone, Debug, Default)]
pub struct Statements(Arc<AtomicU32>);

impl Statements {
    /// How many so far.
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) read: Way,
    /// On SQLite one connection, so that writers queue here and never meet `SQLITE_BUSY`; on PostgreSQL the same pool.
    pub(crate) write: DatabaseConnection,
    /// Taken before both by the threads that serve requests.
    pub(crate) lanes: Lanes,
    /// Where reads may go that need not know the last seconds.
    pub(crate) replica: Option<Replica>,
}

impl Store {
    /// A reader whose statements count as the given request's.
    pub fn reader(&self, statements: &Statements) -> Reader {
        let way = self.lanes.here().map_or_else(|| self.read.clone(), |lane| Way::Pool(lane.clone()));
        Reader { way, statements: statements.clone() }
    }

    /// A reader that may not know what was committed after `since`: the replica's, if it holds everything before.
    pub fn reader_since(&self, since: Instant, statements: &Statements) -> Reader {
        let replica = self.replica.as_ref().filter(|replica| replica.holds(since));
        match replica {
            Some(replica) => Reader { way: Way::Pool(replica.pool.clone()), statements: statements.clone() },
            None => self.reader(statements),
        }
    }

    /// A transaction that may write. Only the application's unit of work calls this.
    pub fn writer(&self, statements: &Statements) -> Writer {
        Writer::new(self.lanes.here().unwrap_or(&self.write), statements)
    }

    /// Closes every connection, once what they do has ended.
    pub async fn close(&self) -> Result<(), Error> {
        let all = async {
            if let Some(replica) = &self.replica {
                replica.pool.close_by_ref().await?;
            }
            for lane in self.lanes.pools() {
                lane.close_by_ref().await?;
            }
            self.read.close().await?;
            self.write.close_by_ref().await
        };
        // A connection that is never given back must not keep a server from stopping; its transaction is undone either way.
        tokio::time::timeout(PATIENCE, all).await.map_or(Ok(()), OrFail::or_fail)
    }

    /// Whether both ways answer.
    pub async fn ping(&self) -> Result<(), Error> {
        self.read.query_one(Statement::from_string(self.read.backend(), "SELECT 1")).await.or_fail()?;
        self.write.ping().await.or_fail()
    }
}

pub(crate) mod sealed {
    /// What only this crate can do with a session: run a statement. Each call counts as one.
    pub trait Executes: Send + Sync {
        /// The way to the database, for one statement.
        fn exec(&self) -> crate::writer::Exec<'_>;

        /// Which database it is.
        fn backend(&self) -> sea_orm::DbBackend;
    }
}
pub(crate) use sealed::Executes;

/// A way to read: outside a transaction, or inside one. Other crates can hand it on, not query through it.
pub trait Session: sealed::Executes {}

/// Reads outside a transaction.
#[derive(Clone, Debug)]
pub struct Reader {
    way: Way,
    statements: Statements,
}

impl Executes for Reader {
    fn exec(&self) -> Exec<'_> {
        self.statements.add();
        Exec::Reads(&self.way)
    }

    fn backend(&self) -> DbBackend {
        self.way.backend()
    }
}
impl Session for Reader {}
