//! Events as subscribers get them.

use serde::{Serialize, Serializer};

use super::event::Topic;
use crate::{id::AnyId, time::Instant};

/// An event as it was recorded and numbered, the way subscribers get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordedEvent {
    /// Its place among all events, from 1 without a gap; given by one dispatcher after commit, so that who has read up to N misses nothing.
    pub seq: i64,
    /// What happened.
    pub topic: Topic,
    /// The prefix and UUID of the object.
    #[serde(serialize_with = "as_text")]
    pub object: AnyId,
    /// When it was committed.
    pub at: Instant,
}

fn as_text<S: Serializer>(id: &AnyId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
