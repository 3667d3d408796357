//! A replica that reads may go to, and how far it is known to have come.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tertulia_domain::{Error, time::Instant};

use crate::{error::OrFail, store::Store};

/// A replica. It serves reads only as far as it is known to hold what was committed.
#[derive(Clone, Debug)]
pub(crate) struct Replica {
    pub(crate) pool: DatabaseConnection,
    /// It holds everything that was committed before this instant, in microseconds since 1970; 0 while nothing is known.
    as_of: Arc<AtomicI64>,
}

impl Replica {
    pub(crate) fn new(pool: DatabaseConnection) -> Self {
        Self { pool, as_of: Arc::new(AtomicI64::new(0)) }
    }

    /// Whether it holds everything that was committed before `at`.
    pub(crate) fn holds(&self, at: Instant) -> bool {
        self.as_of.load(Ordering::Acquire) >= at.timestamp_micros()
    }
}

/// A place in the primary's log: what was committed before lies before it.
#[derive(Clone, Debug)]
pub struct Position {
    at: Instant,
    /// The system, the database and the place in its log, as PostgreSQL writes them.
    system: String,
    database: String,
    lsn: String,
}

/// Where the primary is. Everything that is committed is before this place.
const HERE: &str = "SELECT system_identifier::text, current_database()::text, pg_current_wal_insert_lsn()::text FROM pg_control_system()";

/// Whether a replica of that system has come to a place. A server that is no replica has not: one that was promoted goes its own way.
const THERE: &str = "SELECT pg_is_in_recovery() AND system_identifier::text = $1 AND current_database()::text = $2 \
                     AND COALESCE(pg_last_wal_replay_lsn() >= $3::text::pg_lsn, FALSE) FROM pg_control_system()";

impl Store {
    /// Whether reads may go to a replica at all.
    pub fn has_replica(&self) -> bool {
        self.replica.is_some()
    }

    /// Whether the replica is known to hold everything that was committed before `at`.
    pub fn replica_holds(&self, at: Instant) -> bool {
        self.replica.as_ref().is_some_and(|replica| replica.holds(at))
    }

    /// The place in the primary's log now, which is `at`.
    pub async fn position(&self, at: Instant) -> Result<Position, Error> {
        let row = self.write.query_one_raw(Statement::from_string(DbBackend::Postgres, HERE)).await.or_fail()?;
        let row = row.ok_or_else(|| Error::broken("the primary does not say where it is"))?;
        let text = |index| row.try_get_by_index::<String>(index).or_fail();
        Ok(Position { at, system: text(0)?, database: text(1)?, lsn: text(2)? })
    }

    /// Asks the replica whether it has come to this place; if so, that is known from now on. A replica that does not answer
    /// serves nothing until it does.
    pub async fn replica_reached(&self, position: &Position) -> Result<bool, Error> {
        let Some(replica) = &self.replica else { return Ok(false) };
        let values = [position.system.clone().into(), position.database.clone().into(), position.lsn.clone().into()];
        let asked = replica.pool.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, THERE, values)).await;
        match asked.and_then(|row| row.map_or(Ok(false), |row| row.try_get_by_index::<bool>(0))) {
            Ok(reached) => {
                if reached {
                    replica.as_of.store(position.at.timestamp_micros(), Ordering::Release);
                }
                Ok(reached)
            }
            Err(error) => {
                replica.as_of.store(0, Ordering::Release);
                Err(crate::error::from_db(error))
            }
        }
    }
}
