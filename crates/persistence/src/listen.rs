//! News between the servers of one database, by PostgreSQL's LISTEN and NOTIFY. It says that there is something to look for, and
//! nothing else; whoever misses it looks a little later by himself.

use sea_orm::{ConnectionTrait, DbBackend, sqlx::postgres::PgListener, sqlx::postgres::PgPoolOptions};
use tertulia_domain::Error;

use crate::{
    error::OrFail,
    store::{Executes, Store, Writer},
};

const CHANNEL: &str = "tertulia_record";

/// Hears of what other servers have committed.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// Waits for news. A connection that breaks is made again, and that counts as news too: some may have been missed.
    pub async fn heard(&mut self) -> Result<(), Error> {
        self.0.try_recv().await.map(drop).map_err(failed)
    }
}

impl Store {
    /// Listens on a connection of its own; `None` on SQLite, which one server has for itself.
    pub async fn listen(&self) -> Result<Option<Listener>, Error> {
        if self.write.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let options = self.write.get_postgres_connection_pool().connect_options();
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = pool.connect_with(options.as_ref().clone()).await.map_err(failed)?;
        let mut listener = PgListener::connect_with(&pool).await.map_err(failed)?;
        listener.listen(CHANNEL).await.map_err(failed)?;
        Ok(Some(Listener(listener)))
    }
}

/// Tells every server, with this transaction's commit. Commits that tell wait for each other, so only the numbering of events
/// does it, once for many changes.
pub async fn tell(writer: &Writer) -> Result<(), Error> {
    let exec = writer.exec();
    if exec.get_database_backend() == DbBackend::Postgres {
        exec.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await.or_fail()?;
    }
    Ok(())
}

fn failed(error: sea_orm::sqlx::Error) -> Error {
    Error::unavailable(error)
}
