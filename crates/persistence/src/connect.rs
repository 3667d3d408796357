//! From a URL to a [`Store`], and the tables brought up to date.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, IntoDatabaseExecutor, Statement, TransactionTrait,
};
use tertulia_domain::Error;
use tertulia_migrations::{Migrator, MigratorTrait};

use crate::{error::OrFail, held::Held, lane::Lanes, replica::Replica, store::Store, way::Way};

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// A replica of a PostgreSQL database that reads may go to.
    pub read_url: Option<String>,
    /// Connections that read on SQLite, or all connections on PostgreSQL.
    pub connections: u32,
    /// Threads that serve requests; 0 for a command.
    pub threads: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
}

/// What [`Store::migrate`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// There was no table yet: reference data is to be loaded.
    New,
    /// Some migrations were missing and have run.
    Updated,
    /// Nothing was missing.
    Current,
}

/// Connects, without touching the tables.
pub async fn connect(options: &Options) -> Result<Store, Error> {
    if options.url.starts_with("sqlite:") {
        let write = sqlite(options, 1).await?;
        let read = Way::Held(Held::new(sqlite(options, options.connections).await?.get_sqlite_connection_pool()));
        return Ok(Store { read, write, lanes: Lanes::default(), replica: None });
    }
    let share = Lanes::share(options.connections, options.threads);
    let shared = options.connections - share.unwrap_or(0) * options.threads;
    let pool = Database::connect(postgres(&options.url, options, shared)).await.or_fail()?;
    let mut lanes = Vec::new();
    if let Some(share) = share {
        for _ in 0..options.threads {
            // Lazily, so that the thread opens its connections itself.
            lanes.push(Database::connect(postgres(&options.url, options, share).connect_lazy(true).clone()).await.or_fail()?);
        }
    }
    // A replica that is away keeps no server from starting: the primary serves until it is there.
    let replica = match &options.read_url {
        Some(url) => {
            Some(Replica::new(Database::connect(postgres(url, options, options.connections).connect_lazy(true).clone()).await.or_fail()?))
        }
        None => None,
    };
    Ok(Store { read: Way::Pool(pool.clone()), write: pool, lanes: Lanes::new(lanes), replica })
}

fn base(url: &str, options: &Options, connections: u32) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(connections)
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(options.acquire_timeout)
        .sqlx_logging(false)
        .test_before_acquire(false);
    connect
}

/// How long a connection to PostgreSQL may lie idle and still be used without asking whether it is alive.
const TRUSTED: Duration = Duration::from_secs(1);

/// A connection that broke in use leaves the pool by itself; those that broke while nobody used them are found by asking before
/// the next use, which costs nothing under load, when none lies idle for long.
fn postgres(url: &str, options: &Options, connections: u32) -> ConnectOptions {
    let mut connect = base(url, options, connections);
    connect.statement_timeout(Duration::from_secs(30)).test_before_acquire_if_idle_for(TRUSTED);
    connect
}

/// How many rows of an answer SQLite's thread makes before it waits for the reader to take some: more than a page and what belongs
/// to it, since each wait costs more than the rows.
const ROW_BUFFER: usize = 1_000;

/// How much of the file each connection may keep in memory, in KiB with a minus sign, as SQLite has it; it takes what it needs.
const CACHE: &str = "-16384";

/// WAL lets readers go on beside the writer; FULL makes every commit survive a power loss.
async fn sqlite(options: &Options, connections: u32) -> Result<DatabaseConnection, Error> {
    let mut connect = base(&options.url, options, connections);
    connect.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .row_buffer_size(ROW_BUFFER)
            .pragma("temp_store", "memory")
            .pragma("cache_size", CACHE)
    });
    Database::connect(connect).await.or_fail()
}

/// Held while migrating on PostgreSQL, so that servers that start together do so in turn. Any constant will do.
const MIGRATION_LOCK: i64 = 0x7465_7274_756c_6961;

impl Store {
    /// Runs the migrations that are missing, one server at a time.
    pub async fn migrate(&self) -> Result<SchemaState, Error> {
        if self.write.get_database_backend() == DbBackend::Postgres {
            let lock = self.write.begin().await.or_fail()?;
            let statement = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
            lock.execute_raw(Statement::from_string(DbBackend::Postgres, statement)).await.or_fail()?;
            // What changes a large table takes its time; a migration that fails leaves everything as it was.
            lock.execute_unprepared("SET LOCAL statement_timeout = 0").await.or_fail()?;
            let state = run(&lock).await?;
            lock.commit().await.or_fail()?;
            return Ok(state);
        }
        run(&self.write).await
    }

    /// How many migrations are missing.
    pub async fn pending_migrations(&self) -> Result<usize, Error> {
        Ok(Migrator::get_pending_migrations(&self.write).await.or_fail()?.len())
    }
}

async fn run<C>(connection: &C) -> Result<SchemaState, Error>
where
    C: ConnectionTrait,
    for<'c> &'c C: IntoDatabaseExecutor<'c>,
{
    let pending = Migrator::get_pending_migrations(connection).await.or_fail()?.len();
    let all = Migrator::migrations().len();
    if pending == 0 {
        return Ok(SchemaState::Current);
    }
    Migrator::up(connection, None).await.or_fail()?;
    Ok(if pending == all { SchemaState::New } else { SchemaState::Updated })
}
