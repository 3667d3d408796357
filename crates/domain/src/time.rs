//! Instants, wall times and zones.
//!
//! What has happened is an instant in UTC with microseconds; what will happen at a place is wall time and an IANA zone.

use std::str::FromStr;

use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;

use crate::error::{Error, Reason, Result};

/// An instant in UTC.
pub type Instant = DateTime<Utc>;

/// How far a recorded moment may run ahead of the server's clock.
pub const TOLERANCE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// Cuts an instant to the microseconds that both databases keep.
pub fn to_micros(at: Instant) -> Instant {
    at.trunc_subsecs(6)
}

/// Reads the name of a zone of the IANA time zone database.
pub fn zone(raw: &str) -> Result<Tz> {
    Tz::from_str(raw.trim()).map_err(|_| Error::invalid(Reason::NotAnOption, "", "This is not a zone of the IANA time zone database."))
}
