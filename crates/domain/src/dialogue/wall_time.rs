//! Wall times: what a clock on the wall shows at a place, and the instant that it means.
//!
//! A meeting is agreed in wall time. When the clocks change, some wall times do not occur and some occur twice; the
//! rule for both is that of RFC 5545, section 3.3.5, which calendar programs follow:
//!
//! * a wall time that occurs **twice** means its **first** occurrence;
//! * a wall time that **does not occur** is read with the offset **before** the gap, so that 02:30 in a gap from 02:00 to
//!   03:00 means 03:30.
//!
//! (Section 3.3.10 of the same standard would drop an occurrence in a gap and not count it. Clients do not, and a
//! monthly meeting that vanishes once a year helps nobody.)

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike};
use chrono_tz::Tz;

pub use crate::time::{day_begins, day_ends, resolve, resolve_noting_gap, wall};

use crate::{
    error::{Error, Reason, Result},
    time::Instant,
};

/// First year in which a wall time may lie.
pub const FIRST_YEAR: i32 = 1900;
/// First year in which a wall time may no longer lie.
pub const END_YEAR: i32 = 10_000;

/// Checks a wall time that somebody typed: a year from 1900 to 9999, whole seconds (iCalendar knows no parts of them).
pub fn check(wall: NaiveDateTime) -> Result<NaiveDateTime> {
    use chrono::Datelike;
    if !(FIRST_YEAR..END_YEAR).contains(&wall.year()) {
        return Err(Error::invalid(Reason::OutOfRange, "", format!("The year must be from {FIRST_YEAR} to {}.", END_YEAR - 1)));
    }
    wall.with_nanosecond(0).ok_or_else(|| Error::broken("a wall time without whole seconds"))
}

/// Reads a wall time, as `2026-12-08T19:00` or `2026-12-08T19:00:00`; an offset or a `Z` is refused.
pub fn parse(raw: &str) -> Result<NaiveDateTime> {
    let raw = raw.trim();
    ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(raw, form).ok())
        .ok_or_else(|| Error::invalid(Reason::Malformed, "", "This is not a local time as 2026-12-08T19:00:00, without an offset."))
        .and_then(check)
}

/// How long the hands of a clock in `zone` move between two instants: what `DTEND` must show.
pub fn end_wall(zone: Tz, starts_at: Instant, length: TimeDelta) -> NaiveDateTime {
    wall(zone, starts_at + length)
}

/// Prints a wall time as iCalendar writes it.
pub fn ical(wall: NaiveDateTime) -> String {
    wall.format("%Y%m%dT%H%M%S").to_string()
}

/// Prints an instant as iCalendar writes it.
pub fn ical_utc(at: Instant) -> String {
    DateTime::format(&at, "%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, wall: &str) -> String {
        resolve(zone.parse().expect("a zone"), parse(wall).expect("a wall time")).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn takes_the_first_of_two() {
        assert_eq!(at("Europe/Madrid", "2025-10-26T02:30"), "2025-10-26T00:30:00Z");
        assert_eq!(at("America/New_York", "2025-11-02T01:30"), "2025-11-02T05:30:00Z");
    }

    #[test]
    fn reads_a_gap_with_the_offset_before_it() {
        assert_eq!(at("Europe/Madrid", "2025-03-30T02:30"), "2025-03-30T01:30:00Z");
        // Midnight itself is missing.
        assert_eq!(at("Africa/Cairo", "2025-04-25T00:15"), "2025-04-24T22:15:00Z");
        // A whole day is missing: Samoa crossed the date line.
        assert_eq!(at("Pacific/Apia", "2011-12-30T10:00"), "2011-12-30T20:00:00Z");
    }

    #[test]
    fn reads_local_times_only() {
        assert!(parse("2025-01-01T10:00:00Z").is_err());
        assert!(parse("2025-01-01").is_err());
        assert_eq!(parse("2025-01-01T10:00").expect("a time"), parse("2025-01-01T10:00:00.25").expect("a time"));
        assert_eq!(parse("1899-01-01T10:00").map_err(|error| error.faults[0].reason), Err(Reason::OutOfRange));
    }
}
