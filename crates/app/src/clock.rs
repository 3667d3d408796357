//! Where time and ids come from: the only callers of the system's clock and of the id generator.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use tertulia_domain::{
    id::Id,
    time::{Instant, to_micros},
};
use uuid::Uuid;

/// The time, in UTC and whole microseconds, as both databases keep it.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Set(Arc<Mutex<Instant>>),
}

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is moved: for tests and replays.
    pub fn set(at: Instant) -> Self {
        Self(Source::Set(Arc::new(Mutex::new(to_micros(at)))))
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => to_micros(chrono::Utc::now()),
            Source::Set(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a clock that was set; the system's goes on by itself.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Set(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

/// New ids: UUIDs of version 7, which sort by the time they were made.
#[derive(Clone, Copy, Debug)]
pub struct Ids;

impl Ids {
    /// A new id.
    pub fn new_id<K>(self) -> Id<K> {
        Id::new(self.uuid())
    }

    /// A new UUID for a row that has no name outside.
    #[expect(clippy::disallowed_methods, reason = "this is the id source")]
    pub fn uuid(self) -> Uuid {
        Uuid::now_v7()
    }

    /// A new id for a request that brought none.
    pub fn request_id(self) -> String {
        self.uuid().simple().to_string()
    }
}
