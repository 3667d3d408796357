//! How many sockets and event streams are open, in all and a caller, and how all of them are closed.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::watch;
use uuid::Uuid;

/// The connections of this server that stay open: sockets and event streams.
#[derive(Debug, Default)]
pub struct Places {
    open: AtomicUsize,
    callers: Mutex<HashMap<Uuid, usize>>,
    stop: watch::Sender<bool>,
}

impl Places {
    /// Closes every one and takes no new one.
    pub fn close(&self) {
        self.stop.send_replace(true);
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Turns true when all are to be closed.
    pub(in crate::graphql) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// A place for one more, if there is one under `most`.
    pub(in crate::graphql) fn enter(self: &Arc<Self>, most: usize) -> Option<Place> {
        let place = Place { places: Arc::clone(self), caller: None };
        // Counted first: what is over goes with the place when that is dropped.
        let before = self.open.fetch_add(1, Ordering::Relaxed);
        (before < most && !*self.stop.borrow()).then_some(place)
    }
}

/// One open connection, counted until it is dropped.
#[derive(Debug)]
pub(in crate::graphql) struct Place {
    places: Arc<Places>,
    caller: Option<Uuid>,
}

impl Place {
    /// Counts it as this person's or client's, if he has fewer than `most`.
    pub(in crate::graphql) fn belongs_to(&mut self, caller: Uuid, most: usize) -> bool {
        let mut callers = self.places.callers.lock().unwrap_or_else(PoisonError::into_inner);
        let count = callers.entry(caller).or_default();
        if *count >= most {
            return false;
        }
        *count += 1;
        self.caller = Some(caller);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.open.fetch_sub(1, Ordering::Relaxed);
        let Some(caller) = self.caller else { return };
        let mut callers = self.places.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = callers.get_mut(&caller) {
            *count -= 1;
            if *count == 0 {
                callers.remove(&caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_until_one_is_closed() {
        let places = Arc::new(Places::default());
        let caller = Uuid::from_u128(1);
        let mut first = places.enter(2).expect("the first");
        let mut second = places.enter(2).expect("the second");
        assert!(places.enter(2).is_none());
        assert!(first.belongs_to(caller, 1));
        assert!(!second.belongs_to(caller, 1));
        drop(first);
        assert!(second.belongs_to(caller, 1));
        assert!(places.enter(2).is_some());
        places.close();
        assert!(places.enter(2).is_none());
    }
}
