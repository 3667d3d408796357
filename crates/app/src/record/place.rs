//! How far somebody who is told of events has come among all: the opaque cursors of changes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tertulia_domain::{Error, Reason, Result, record::event::RecordedEvent};

/// The cursor of a change.
pub fn cursor(event: &RecordedEvent) -> String {
    URL_SAFE_NO_PAD.encode(event.seq.to_be_bytes())
}

/// The number that a cursor stands for.
pub fn place(cursor: &str) -> Result<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    let place = bytes.map(i64::from_be_bytes).filter(|place| *place >= 0);
    place.ok_or_else(|| Error::invalid(Reason::Malformed, "after", "This is no cursor of a change."))
}
