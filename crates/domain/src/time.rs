//! Instants, wall times and zones.
//!
//! What has happened is an instant in UTC with microseconds; what will happen at a place is wall time and an IANA zone.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
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
