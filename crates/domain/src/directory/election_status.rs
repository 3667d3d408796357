//! How certain an election is.

use chrono::NaiveDate;

use crate::error::closed;

closed! {
    /// How certain an election is, and how far it has come.
    ElectionStatus {
        /// The authorities announced it without a day.
        Announced = "ANNOUNCED",
        /// A source expects it.
        Expected = "EXPECTED",
        /// It was expected, its day has passed, and no source says that it was held. Never stored: it follows from the date.
        Unconfirmed = "UNCONFIRMED",
        /// The authorities set its day.
        Scheduled = "SCHEDULED",
        /// It was put off.
        Postponed = "POSTPONED",
        /// It was called off.
        Cancelled = "CANCELLED",
        /// It was held.
        Held = "HELD",
        /// Its result is final.
        Certified = "CERTIFIED",
    }
}

impl ElectionStatus {
    /// What the status stored reads as on `today`, the last polling day being `last`.
    #[must_use]
    pub fn on(self, last: Option<NaiveDate>, today: NaiveDate) -> Self {
        if self == Self::Expected && last.is_some_and(|last| last < today) { Self::Unconfirmed } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::entry::day, *};

    fn date(text: &str) -> NaiveDate {
        day(text).expect("a date")
    }

    #[test]
    fn only_an_expected_election_reads_differently() {
        let past = Some(date("2020-01-01"));
        for status in ElectionStatus::ALL {
            let reads = status.on(past, date("2026-01-01"));
            assert_eq!(reads == *status, *status != ElectionStatus::Expected, "{status}");
        }
        assert_eq!(ElectionStatus::Expected.on(None, date("2026-01-01")), ElectionStatus::Expected);
    }
}
