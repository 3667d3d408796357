//! How many connections there are, for those who watch.

use sea_orm::{DatabaseConnection, DbBackend};

use crate::{store::Store, way::Way};

/// The connections of one pool.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// `all` or `replica` on PostgreSQL, `reading` or `writing` on SQLite.
    pub name: &'static str,
    /// Connections that are open.
    pub open: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// The most that there may be.
    pub limit: usize,
}

impl Store {
    /// Every pool.
    pub fn pools(&self) -> Vec<Pool> {
        if let Way::Held(held) = &self.read {
            return vec![held.connections("reading"), of("writing", &self.write)];
        }
        let all = self.lanes.pools().iter().fold(of("all", &self.write), |all, lane| {
            let lane = of("all", lane);
            Pool { open: all.open + lane.open, idle: all.idle + lane.idle, limit: all.limit + lane.limit, ..all }
        });
        let replica = self.replica.as_ref().map(|replica| of("replica", &replica.pool));
        [all].into_iter().chain(replica).collect()
    }
}

fn of(name: &'static str, connection: &DatabaseConnection) -> Pool {
    let (open, idle, limit) = if connection.get_database_backend() == DbBackend::Sqlite {
        let pool = connection.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    } else {
        let pool = connection.get_postgres_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    };
    let number = |value| usize::try_from(value).unwrap_or(usize::MAX);
    Pool { name, open: number(open), idle, limit: number(limit) }
}
