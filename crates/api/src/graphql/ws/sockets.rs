//! How many sockets are open, in all and a user, and how all of them are closed.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tertulia_domain::id::UserId;
use tokio::sync::watch;

/// The sockets of this server.
#[derive(Debug, Default)]
pub struct Sockets {
    open: AtomicUsize,
    users: Mutex<HashMap<UserId, usize>>,
    stop: watch::Sender<bool>,
}

impl Sockets {
    /// Closes every socket and takes no new one.
    pub fn close(&self) {
        self.stop.send_replace(true);
    }

    /// Turns true when the sockets are to be closed.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// A place for one more socket, if there is one under `most`.
    pub(super) fn enter(self: &Arc<Self>, most: usize) -> Option<Place> {
        let place = Place { sockets: Arc::clone(self), user: None };
        // Counted first: what is over goes with the place when that is dropped.
        let before = self.open.fetch_add(1, Ordering::Relaxed);
        (before < most && !*self.stop.borrow()).then_some(place)
    }
}

/// One open socket, counted until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    sockets: Arc<Sockets>,
    user: Option<UserId>,
}

impl Place {
    /// Counts the socket as this user's, if he has fewer than `most`.
    pub(super) fn belongs_to(&mut self, user: UserId, most: usize) -> bool {
        let mut users = self.sockets.users.lock().unwrap_or_else(PoisonError::into_inner);
        let count = users.entry(user).or_default();
        if *count >= most {
            return false;
        }
        *count += 1;
        self.user = Some(user);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.sockets.open.fetch_sub(1, Ordering::Relaxed);
        let Some(user) = self.user else { return };
        let mut users = self.sockets.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = users.get_mut(&user) {
            *count -= 1;
            if *count == 0 {
                users.remove(&user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_until_a_socket_is_closed() {
        let sockets = Arc::new(Sockets::default());
        let user = UserId::new(uuid::Uuid::from_u128(1));
        let mut first = sockets.enter(2).expect("the first");
        let mut second = sockets.enter(2).expect("the second");
        assert!(sockets.enter(2).is_none());
        assert!(first.belongs_to(user, 1));
        assert!(!second.belongs_to(user, 1));
        drop(first);
        assert!(second.belongs_to(user, 1));
        assert!(sockets.enter(2).is_some());
        sockets.close();
        assert!(sockets.enter(2).is_none());
    }
}
