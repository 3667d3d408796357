//! How long a meeting or a point of its agenda takes.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    error::{Error, Reason, Result},
    time::{iso_minutes, minutes},
};

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
        Self::of_minutes(minutes(raw)?)
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

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&iso_minutes(self.0))
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
