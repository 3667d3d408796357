//! Connections for each thread that serves requests. A socket is watched by the thread that opened it; used by another thread, it
//! costs two wake-ups more with every statement. So, on PostgreSQL, each such thread has connections of its own where there are
//! enough, and everything else shares the rest.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use sea_orm::DatabaseConnection;

use crate::store::Store;

/// Connections that are shared by what is not a lane.
pub(crate) const SHARED: u32 = 2;
/// Fewest connections that make a lane.
const FEWEST: u32 = 3;

thread_local! {
    /// This thread's lane, from 1; 0 for none.
    static HERE: Cell<usize> = const { Cell::new(0) };
}

/// One pool for each thread that serves requests, or none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lanes {
    pools: Arc<[DatabaseConnection]>,
    taken: Arc<AtomicUsize>,
}

impl Lanes {
    pub(crate) fn new(pools: Vec<DatabaseConnection>) -> Self {
        Self { pools: pools.into(), taken: Arc::default() }
    }

    /// How many connections each of `lanes` has out of `connections`, if that makes lanes.
    pub(crate) fn share(connections: u32, lanes: u32) -> Option<u32> {
        connections.saturating_sub(SHARED).checked_div(lanes).filter(|share| *share >= FEWEST)
    }

    /// The pool of this thread, if it has one.
    pub(crate) fn here(&self) -> Option<&DatabaseConnection> {
        self.pools.get(HERE.get().checked_sub(1)?)
    }

    pub(crate) fn pools(&self) -> &[DatabaseConnection] {
        &self.pools
    }
}

impl Store {
    /// Gives this thread connections of its own, if there are lanes. A thread serves one store in its life.
    pub fn serve_here(&self) {
        if HERE.get() == 0 && !self.lanes.pools.is_empty() {
            HERE.set(1 + self.lanes.taken.fetch_add(1, Ordering::Relaxed) % self.lanes.pools.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_need_three_connections_each_and_two_beside() {
        assert_eq!(Lanes::share(8, 2), Some(3));
        assert_eq!(Lanes::share(26, 8), Some(3));
        assert_eq!(Lanes::share(25, 8), None);
        assert_eq!(Lanes::share(8, 0), None);
        assert_eq!(Lanes::share(1, 1), None);
    }
}
