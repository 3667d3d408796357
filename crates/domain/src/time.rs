//! Instants, wall times and zones.
//!
//! What has happened is an instant in UTC with microseconds; what will happen at a place is wall time and an IANA zone.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

use crate::error::{Error, Reason, Result};

/// An instant in UTC.
pub type Instant = DateTime<Utc>;

/// How far a recorded moment may run ahead of the server's clock.
pub const TOLERANCE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// The first year of which anything is recorded.
const FIRST_YEAR: i32 = 2000;

/// What is wrong with a moment at which something is said to have happened: it has not come yet, or is nothing but a slip of the pen.
pub fn fault_of(at: Instant, now: Instant) -> Option<(Reason, &'static str)> {
    if at > now + TOLERANCE {
        return Some((Reason::InFuture, "This moment has not come yet."));
    }
    (at.year() < FIRST_YEAR).then_some((Reason::OutOfRange, "This moment lies before the year 2000."))
}

/// Cuts an instant to the microseconds that both databases keep.
pub fn to_micros(at: Instant) -> Instant {
    at.trunc_subsecs(6)
}

/// Reads an instant as RFC 3339 has it. As both databases write it, in UTC with whole seconds or microseconds, it is read at once:
/// a page holds hundreds.
pub fn read(text: &str) -> Option<Instant> {
    in_utc(text.as_bytes()).or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()))
}

/// `2026-03-01T10:00:00.123456Z`, with or without the fraction, and `+00:00` for `Z`.
fn in_utc(text: &[u8]) -> Option<Instant> {
    let (moment, rest) = text.split_at_checked(19)?;
    let (fraction, zone) = rest.split_at_checked(if rest.starts_with(b".") { 7 } else { 0 })?;
    if !matches!(zone, b"Z" | b"+00:00")
        || [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')].iter().any(|(at, mark)| moment.get(*at) != Some(mark))
    {
        return None;
    }
    let number = |from: usize, to: usize| digits(moment.get(from..to)?);
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
    let micros = if fraction.is_empty() { 0 } else { digits(fraction.get(1..)?)? };
    Some(date.and_hms_micro_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?, micros)?.and_utc())
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// Reads the name of a zone of the IANA time zone database.
pub fn zone(raw: &str) -> Result<Tz> {
    Tz::from_str(raw.trim()).map_err(|_| Error::invalid(Reason::NotAnOption, "", "This is not a zone of the IANA time zone database."))
}

/// Reads a duration of ISO 8601 in weeks, days, hours and minutes, as `PT90M`, in minutes. Days have 24 hours here; months, years
/// and parts of a minute are refused.
pub fn minutes(raw: &str) -> Result<i64> {
    let malformed =
        || Error::invalid(Reason::Malformed, "", "This is not an ISO 8601 duration of weeks, days, hours or minutes, as PT90M.");
    let text = raw.trim().to_ascii_uppercase();
    let text = text.strip_prefix('P').filter(|rest| !rest.is_empty() && rest.len() <= 40).ok_or_else(malformed)?;
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut minutes = sum(date, &[('W', 7 * 24 * 60), ('D', 24 * 60)]).ok_or_else(malformed)?;
    if let Some(time) = time.map(|time| time.strip_suffix("M0S").map_or_else(|| time.to_owned(), |rest| format!("{rest}M"))) {
        let part = sum(&time, &[('H', 60), ('M', 1)]).filter(|_| !time.is_empty()).ok_or_else(malformed)?;
        minutes = minutes.saturating_add(part);
    }
    Ok(minutes)
}

/// Adds up `3H30M`, each unit once and in this order.
fn sum(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut minutes = 0_i64;
    for (unit, worth) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            if number.is_empty() || number.len() > 9 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            minutes = minutes.checked_add(number.parse::<i64>().ok()?.checked_mul(*worth)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(minutes)
}

/// Minutes as ISO 8601 writes them, in hours and minutes.
pub fn iso_minutes(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

/// The instant that `wall` means in `zone`, and whether the clocks jump over that wall time.
pub fn resolve_noting_gap(zone: Tz, wall: NaiveDateTime) -> (Instant, bool) {
    if let Some(at) = zone.from_local_datetime(&wall).earliest() {
        return (at.to_utc(), false);
    }
    // The instant with the offset before the gap is as far behind the gap's end as the wall time is behind its begin.
    let resolved = GapInfo::new(&wall, &zone).and_then(|gap| {
        let (begin, _) = gap.begin?;
        Some(gap.end?.to_utc() + (wall - begin))
    });
    (resolved.unwrap_or_else(|| wall.and_utc()), true)
}

/// The instant that `wall` means in `zone`.
pub fn resolve(zone: Tz, wall: NaiveDateTime) -> Instant {
    resolve_noting_gap(zone, wall).0
}

/// What the clocks of `zone` show at an instant.
pub fn wall(zone: Tz, at: Instant) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// The first instant of a day in `zone`.
pub fn day_begins(zone: Tz, day: NaiveDate) -> Instant {
    resolve(zone, day.and_time(NaiveTime::MIN))
}

/// The first instant after a day in `zone`.
pub fn day_ends(zone: Tz, day: NaiveDate) -> Instant {
    day_begins(zone, day.checked_add_days(Days::new(1)).unwrap_or(day))
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_spelling_of_an_instant_is_read_as_chrono_reads_it(micros in -62_135_596_800_000_000_i64..=253_402_300_799_999_999) {
            let at = DateTime::from_timestamp_micros(micros).expect("an instant");
            for format in [SecondsFormat::Secs, SecondsFormat::Millis, SecondsFormat::Micros, SecondsFormat::AutoSi] {
                for z in [true, false] {
                    let text = at.to_rfc3339_opts(format, z);
                    let told = DateTime::parse_from_rfc3339(&text).expect("RFC 3339").to_utc();
                    prop_assert_eq!(read(&text), Some(told));
                }
            }
        }

        #[test]
        fn what_chrono_refuses_is_refused(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})") {
            let told = DateTime::parse_from_rfc3339(&text).ok().map(|at| at.to_utc());
            prop_assert_eq!(read(&text), told);
        }
    }
}
