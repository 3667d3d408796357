//! How long a meeting or a point of its agenda takes.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Reason, Result};

/// Longest length, in minutes: a week.
pub const MOST_MINUTES: i64 = 7 * 24 * 60;

/// A length in whole minutes, 1 to [`MOST_MINUTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(i64);

impl Length {
    /// A length of so many minutes.
    pub fn of_minutes(minutes: i64) -> Result<Self> {
        if (1..=MOST_MINUTES).contains(&minutes) {
            Ok(Self(minutes))
        } else {
            Err(Error::invalid(Reason::OutOfRange, "", "This must be from one minute to one week."))
        }
    }

    /// Reads a duration of ISO 8601 in weeks, days, hours and minutes, as `PT90M`. Days have 24 hours here; months, years
    /// and parts of a minute are refused.
    pub fn parse(raw: &str) -> Result<Self> {
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
        Self::of_minutes(minutes)
    }

    /// How many minutes.
    pub const fn minutes(self) -> i64 {
        self.0
    }

    /// The same as a difference of instants.
    pub fn delta(self) -> TimeDelta {
        TimeDelta::minutes(self.0)
    }
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

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 60, self.0 % 60) {
            (0, minutes) => write!(f, "PT{minutes}M"),
            (hours, 0) => write!(f, "PT{hours}H"),
            (hours, minutes) => write!(f, "PT{hours}H{minutes}M"),
        }
    }
}
impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_iso_8601() {
        for (text, printed) in
            [("PT90M", "PT1H30M"), ("PT4H45M", "PT4H45M"), ("P1D", "PT24H"), ("P1W", "PT168H"), ("pt15m", "PT15M"), ("PT2H0M0S", "PT2H")]
        {
            assert_eq!(Length::parse(text).expect(text).to_string(), printed);
        }
        for text in ["", "P", "PT", "90", "P1M", "P1Y", "PT1S", "PT0M", "P8D", "PT1M1H", "PT-5M", "PTM", "P1DT", "PT99999999999M"] {
            assert!(Length::parse(text).is_err(), "{text}");
        }
    }
}
