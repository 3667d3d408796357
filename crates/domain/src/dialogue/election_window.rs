//! The days around an election in which its bodies have no time for meetings.
//!
//! A polling day known to the day makes a window in the zones of its country, from the first place where the first day begins to
//! the last where the last day ends; a meeting within it conflicts. One known to its month or year, or put off, only warns.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::wall_time::{day_begins, day_ends};
use crate::{
    directory::{
        election::{Election, ElectionStatus},
        entry::Precision,
        polling_day::PollingDay,
    },
    error::{Error, Faults, Reason, Result},
    id::ElectionId,
    text::CountryCode,
    time::{Instant, zone},
};

/// Most days before a polling day, and most after it.
pub const MOST_DAYS: u16 = 180;

/// How many days around a polling day are kept free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Before the first day of voting.
    pub before: u16,
    /// After the last one.
    pub after: u16,
}

impl Default for Window {
    fn default() -> Self {
        Self { before: 14, after: 7 }
    }
}

impl Window {
    /// A window as somebody typed it, in durations of days or weeks (`P14D`); what is left out is as in `usual`.
    pub fn parse(before: Option<&str>, after: Option<&str>, usual: Self) -> Result<Self> {
        let mut faults = Faults::default();
        let mut read = |path: &str, raw: Option<&str>, usual: u16| match raw {
            Some(raw) => faults.check(path, days(raw)),
            None => Some(usual),
        };
        let (before, after) = (read("before", before, usual.before), read("after", after, usual.after));
        faults.finish_with(before.zip(after).map(|(before, after)| Self { before, after }))
    }
}

/// Reads a duration of whole days or weeks.
fn days(raw: &str) -> Result<u16> {
    let malformed = || Error::invalid(Reason::Malformed, "", "This is not an ISO 8601 duration of whole days or weeks, as P14D.");
    let text = raw.trim().to_ascii_uppercase();
    let number = text
        .strip_prefix('P')
        .and_then(|rest| rest.strip_suffix('D').map(|days| (days, 1)).or(rest.strip_suffix('W').map(|weeks| (weeks, 7))));
    let (number, worth) =
        number.filter(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).ok_or_else(malformed)?;
    let days = number.parse::<u16>().ok().and_then(|number| number.checked_mul(worth));
    days.filter(|days| *days <= MOST_DAYS).ok_or_else(|| Error::invalid(Reason::OutOfRange, "", format!("At most {MOST_DAYS} days.")))
}

/// The time around one polling day of an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The country that votes.
    pub country: CountryCode,
    /// Its election.
    pub election: ElectionId,
    /// Its beginning.
    pub from: Instant,
    /// Its end, which is no more part of it.
    pub to: Instant,
    /// Whether the polling day is known to the day; otherwise it only warns.
    pub certain: bool,
}

impl Conflict {
    /// Whether something that takes place from `starts_at` to `ends_at` falls into it.
    pub fn holds(&self, starts_at: Instant, ends_at: Instant) -> bool {
        starts_at < self.to && ends_at > self.from
    }
}

/// The windows of an election, one a polling day, in `zones` where the polling day names none. One that was called off has none,
/// and neither has one of no single country.
pub fn of_election(election: &Election, zones: &[Tz], window: Window) -> Vec<Conflict> {
    let Some(country) = election.country.filter(|_| election.status != ElectionStatus::Cancelled) else { return Vec::new() };
    let one = |day: &PollingDay| {
        let named = day.zone.as_deref().and_then(|name| zone(name).ok());
        let zones = named.as_ref().map_or(zones, std::slice::from_ref);
        let (from, to) = around(day.date.date, day.last_day(), zones, window);
        let certain = day.date.precision == Precision::Day && election.status != ElectionStatus::Postponed;
        Conflict { country, election: election.id, from, to, certain }
    };
    election.polling_days.iter().map(one).collect()
}

/// From where on earth the first day begins first to where the last one ends last.
fn around(first: NaiveDate, last: NaiveDate, zones: &[Tz], window: Window) -> (Instant, Instant) {
    let zones = if zones.is_empty() { &[Tz::UTC] } else { zones };
    let first = first.checked_sub_days(Days::new(window.before.into())).unwrap_or(first);
    let last = last.checked_add_days(Days::new(window.after.into())).unwrap_or(last);
    let begins = zones.iter().map(|zone| day_begins(*zone, first)).min();
    let ends = zones.iter().map(|zone| day_ends(*zone, last)).max();
    (begins.unwrap_or_default(), ends.unwrap_or_default())
}

/// Those of the windows into which something falls, one an election, the earliest first; a certain one stands before one that
/// only warns.
pub fn met(windows: &[Conflict], starts_at: Instant, ends_at: Instant) -> Vec<Conflict> {
    let mut met: Vec<Conflict> = windows.iter().filter(|one| one.holds(starts_at, ends_at)).cloned().collect();
    met.sort_by_key(|one| (one.country, one.election, !one.certain, one.from));
    met.dedup_by_key(|one| (one.country, one.election));
    met.sort_by_key(|one| (one.from, one.country, one.election));
    met
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::directory::{
        election::{ElectionDraft, ElectionType},
        entry::Entry,
        polling_day::PollingDayDraft,
    };

    fn election(days: &[&str], status: ElectionStatus) -> Election {
        let draft = ElectionDraft {
            country: Some("KE".into()),
            kind: Some(ElectionType::Presidential),
            status: Some(status),
            polling_days: days.iter().map(|day| PollingDayDraft::read(day).expect("a day")).collect(),
            ..ElectionDraft::default()
        };
        Entry::born(ElectionId::new(uuid::Uuid::from_u128(1)), None, draft.check().expect("an election"), Instant::UNIX_EPOCH)
    }

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    const NAIROBI: Tz = Tz::Africa__Nairobi;

    #[test]
    fn a_day_makes_a_window_in_the_countrys_zones() {
        let one = &of_election(&election(&["2026-08-11"], ElectionStatus::Scheduled), &[NAIROBI], Window::default())[0];
        assert_eq!((one.from, one.to, one.certain), (at("2026-07-27T21:00:00Z"), at("2026-08-18T21:00:00Z"), true));
        let two = &of_election(
            &election(&["2026-08-11"], ElectionStatus::Scheduled),
            &[NAIROBI, Tz::Pacific__Honolulu],
            Window { before: 0, after: 0 },
        )[0];
        assert_eq!((two.from, two.to), (at("2026-08-10T21:00:00Z"), at("2026-08-12T10:00:00Z")));
        let own =
            &of_election(&election(&["2026-08-11 zone=Asia/Tokyo"], ElectionStatus::Scheduled), &[NAIROBI], Window { before: 0, after: 0 })
                [0];
        assert_eq!(own.from, at("2026-08-10T15:00:00Z"));
        assert!(!one.holds(at("2026-08-18T21:00:00Z"), at("2026-08-18T22:00:00Z")));
        assert!(!one.holds(at("2026-07-27T20:00:00Z"), at("2026-07-27T21:00:00Z")));
    }

    #[test]
    fn what_is_not_known_to_the_day_only_warns() {
        for (day, status) in
            [("2026-08", ElectionStatus::Expected), ("2026", ElectionStatus::Expected), ("2026-08-11", ElectionStatus::Postponed)]
        {
            let windows = of_election(&election(&[day], status), &[NAIROBI], Window::default());
            assert!(windows.iter().all(|one| !one.certain && one.holds(at("2026-08-11T10:00:00Z"), at("2026-08-11T11:00:00Z"))), "{day}");
        }
        assert!(of_election(&election(&["2026-08-11"], ElectionStatus::Cancelled), &[NAIROBI], Window::default()).is_empty());
    }

    #[test]
    fn an_election_is_named_once_and_by_what_is_certain() {
        let windows = of_election(
            &election(&["2026-08", "2026-08-11 round=1", "2026-08-20 round=2"], ElectionStatus::Scheduled),
            &[NAIROBI],
            Window::default(),
        );
        let met = met(&windows, at("2026-08-12T10:00:00Z"), at("2026-08-12T11:00:00Z"));
        assert_eq!(met.iter().map(|one| one.certain).collect::<Vec<_>>(), [true]);
    }

    #[test]
    fn reads_days_and_weeks() {
        let usual = Window::default();
        assert_eq!(Window::parse(None, None, usual).expect("a window"), usual);
        assert_eq!(Window::parse(Some("p2w"), Some("P0D"), usual).expect("a window"), Window { before: 14, after: 0 });
        let faults = Window::parse(Some("PT3H"), Some("P181D"), usual).expect_err("two faults").faults;
        assert_eq!(
            faults.iter().map(|fault| (fault.path.join("."), fault.reason)).collect::<Vec<_>>(),
            [("before".to_owned(), Reason::Malformed), ("after".to_owned(), Reason::OutOfRange),]
        );
    }

    proptest! {
        #[test]
        fn every_moment_of_the_polling_day_lies_within(before in 0_u16..60, after in 0_u16..60, minute in 0_i64..1440) {
            let windows = of_election(&election(&["2026-08-11"], ElectionStatus::Scheduled), &[NAIROBI], Window { before, after });
            let begins = at("2026-08-10T21:00:00Z");
            let moment = begins + chrono::TimeDelta::minutes(minute);
            prop_assert!(windows[0].holds(moment, moment + chrono::TimeDelta::minutes(1)));
            prop_assert_eq!(windows[0].from, begins - chrono::TimeDelta::days(before.into()));
            prop_assert_eq!(windows[0].to, begins + chrono::TimeDelta::days(1 + i64::from(after)));
        }
    }
}
