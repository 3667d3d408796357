//! Events inside one server: the worker publishes what is numbered, subscriptions listen, commits wake the worker.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use tertulia_domain::record::event::RecordedEvent;
use tokio::sync::{Notify, broadcast};

/// Events that a slow listener may be behind before he is told that he missed some.
const BACKLOG: usize = 1_024;

/// The server's own distribution of events.
#[derive(Debug)]
pub struct Bus {
    sender: broadcast::Sender<Arc<RecordedEvent>>,
    committed: Notify,
    mailed: Notify,
    published: AtomicI64,
}

impl Default for Bus {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG), committed: Notify::new(), mailed: Notify::new(), published: AtomicI64::new(0) }
    }
}

impl Bus {
    /// Listens to every event numbered from now on, in order. A listener that falls more than 1,024 events behind is told
    /// so by the channel and must go on from its cursor.
    pub fn listen(&self) -> broadcast::Receiver<Arc<RecordedEvent>> {
        self.sender.subscribe()
    }

    /// The number of the last event that this server has published, or found when it started.
    pub(crate) fn published(&self) -> i64 {
        self.published.load(Ordering::Acquire)
    }

    /// Says where publishing begins: after the events that were there when the server started.
    pub(crate) fn begin_after(&self, seq: i64) {
        self.published.store(seq, Ordering::Release);
    }

    pub(crate) fn publish(&self, event: RecordedEvent) {
        self.published.store(event.seq, Ordering::Release);
        // Nobody listening is no fault.
        let _ = self.sender.send(Arc::new(event));
    }

    pub(crate) fn wake(&self, has_mail: bool) {
        self.committed.notify_one();
        if has_mail {
            self.mailed.notify_one();
        }
    }

    pub(crate) async fn committed(&self) {
        self.committed.notified().await;
    }

    /// As [`Self::committed`], for the one who sends mail.
    pub(crate) async fn mailed(&self) {
        self.mailed.notified().await;
    }
}
