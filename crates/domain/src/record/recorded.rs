//! Events on their way into the record, and as they come out of it.

use serde::Serialize;

use super::event::Topic;
use crate::{id::AnyId, time::Instant};

/// What a use case hands to the unit of work with its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub topic: Topic,
    /// To which object.
    pub object: AnyId,
    /// Names of the fields that changed, never their values.
    pub fields: Vec<&'static str>,
}

impl Event {
    /// An event whose topic says everything.
    pub fn new(topic: Topic, object: AnyId) -> Self {
        Self { topic, object, fields: Vec::new() }
    }

    /// An event of an edit of these fields.
    pub fn edit(topic: Topic, object: AnyId, fields: Vec<&'static str>) -> Self {
        Self { topic, object, fields }
    }
}

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

fn as_text<S: serde::Serializer>(id: &AnyId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
