//! Ids on the wire.

use async_graphql::ID;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    id::{AnyId, Id, Kind, ParseIdError},
};

/// The id of a `K` in an argument called `path`.
pub fn id<K: Kind>(raw: &str, path: &str) -> Result<Id<K>> {
    raw.parse().map_err(|error| refused(error, path))
}

/// The id of an object of any kind.
pub fn any(raw: &str, path: &str) -> Result<AnyId> {
    raw.parse().map_err(|error| refused(error, path))
}

/// The id in an input that may leave it out; a bad one is noted.
pub fn noted<K: Kind>(faults: &mut Faults, path: &str, raw: Option<&ID>) -> Option<Id<K>> {
    raw.and_then(|raw| faults.check("", id(raw, path)))
}

/// The ids in a list of an input; each bad one is noted.
pub fn noted_list<K: Kind>(faults: &mut Faults, path: &str, raw: &[ID]) -> Vec<Id<K>> {
    raw.iter().enumerate().filter_map(|(index, raw)| faults.check("", id(raw, &format!("{path}.{index}")))).collect()
}

fn refused(error: ParseIdError, path: &str) -> Error {
    match error {
        ParseIdError::Malformed => Error::invalid(Reason::Malformed, path, "This is no id."),
        ParseIdError::WrongKind => Error::invalid(Reason::WrongKind, path, "This is the id of another kind of object."),
    }
}
