//! The hours around a poll for which a response target holds.
//!
//! A poll may have several days (two rounds, seven phases): each has its own window. Only days that are known to the day have one.

use chrono::{Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    directory::{
        election::{ElectionFields, ElectionStatus},
        entry::Precision,
        polling_day::PollingDay,
    },
    error::{Faults, Reason, closed},
    time::{Instant, day_begins, day_ends, minutes, resolve, zone},
};

/// Longest time before or after a poll, in days.
pub const MOST_DAYS: i64 = 60;
const DAY: i64 = 24 * 60;

closed! {
    /// What of a poll a time counts from.
    Anchor {
        /// When polling stations open; the day's beginning where no source says when.
        PollOpen = "POLL_OPEN",
        /// When polling stations close; the day's end where no source says when.
        PollClose = "POLL_CLOSE",
        /// The whole polling day, in whole days before and after it.
        PollDay = "POLL_DAY",
    }
}

/// A time around a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectionSpan {
    /// What it counts from.
    pub anchor: Anchor,
    /// How many minutes before it the span begins.
    pub before: i64,
    /// How many minutes after it the span ends; the end is no more part of it.
    pub after: i64,
}

/// A time around a poll as somebody typed it.
#[derive(Clone, Debug)]
pub struct ElectionSpanDraft {
    /// What it counts from.
    pub anchor: Anchor,
    /// ISO 8601; nothing if left out.
    pub before: Option<String>,
    /// ISO 8601; nothing if left out.
    pub after: Option<String>,
}

impl ElectionSpanDraft {
    /// Checks the draft; faults stand below `path`.
    pub(super) fn check(&self, faults: &mut Faults, path: &str) -> Option<ElectionSpan> {
        let mut read = |name: &str, raw: &Option<String>| {
            let path = format!("{path}.{name}");
            let Some(raw) = raw.as_deref() else { return Some(0) };
            let time = faults.check(&path, minutes(raw))?;
            if time > MOST_DAYS * DAY {
                faults.add(Reason::OutOfRange, &path, format!("At most {MOST_DAYS} days."));
            } else if self.anchor == Anchor::PollDay && time % DAY != 0 {
                faults.add(Reason::OutOfRange, &path, "Around a polling day whole days are counted.");
            }
            Some(time)
        };
        let (before, after) = (read("before", &self.before), read("after", &self.after));
        if before == Some(0) && after == Some(0) && self.anchor != Anchor::PollDay {
            faults.add(Reason::Required, &format!("{path}.before"), "Say how long before or after it.");
        }
        before.zip(after).map(|(before, after)| ElectionSpan { anchor: self.anchor, before, after })
    }
}

impl ElectionSpan {
    /// The span as somebody would type it again.
    pub fn draft(&self) -> ElectionSpanDraft {
        let text = |time: i64| (time > 0).then(|| crate::time::iso_minutes(time));
        ElectionSpanDraft { anchor: self.anchor, before: text(self.before), after: text(self.after) }
    }

    /// The half-open windows around the polling days of an election, in `zones` where a day names none: from where on earth it
    /// begins first to where it ends last. An election that was called off or put off has none.
    pub fn windows(&self, election: &ElectionFields, zones: &[Tz]) -> Vec<(Instant, Instant)> {
        if matches!(election.status, ElectionStatus::Cancelled | ElectionStatus::Postponed) {
            return Vec::new();
        }
        let days = election.polling_days.iter().filter(|day| day.date.precision == Precision::Day);
        days.map(|day| self.window(day, zones)).collect()
    }

    fn window(&self, day: &PollingDay, zones: &[Tz]) -> (Instant, Instant) {
        let named = day.zone.as_deref().and_then(|name| zone(name).ok());
        let zones = named.as_ref().map_or(zones, std::slice::from_ref);
        let zones = if zones.is_empty() { &[Tz::UTC] } else { zones };
        let windows: Vec<_> = zones.iter().map(|zone| self.at(day, *zone)).collect();
        let begins = windows.iter().map(|window| window.0).min().unwrap_or_default();
        let ends = windows.iter().map(|window| window.1).max().unwrap_or_default();
        (begins, ends)
    }

    fn at(&self, day: &PollingDay, zone: Tz) -> (Instant, Instant) {
        let (first, last) = (day.date.date, day.last_day());
        let around = |anchor: Instant| (anchor - TimeDelta::minutes(self.before), anchor + TimeDelta::minutes(self.after));
        match self.anchor {
            Anchor::PollOpen => around(day.opens_at.map_or_else(|| day_begins(zone, first), |at| resolve(zone, first.and_time(at)))),
            Anchor::PollClose => around(day.closes_at.map_or_else(|| day_ends(zone, last), |at| resolve(zone, last.and_time(at)))),
            Anchor::PollDay => {
                let before = first.checked_sub_days(whole_days(self.before)).unwrap_or(NaiveDate::MIN);
                let after = last.checked_add_days(whole_days(self.after)).unwrap_or(NaiveDate::MAX);
                (day_begins(zone, before), day_ends(zone, after))
            }
        }
    }

    /// Whether a moment lies in a window of one of these elections.
    pub fn holds<'a>(&self, elections: impl IntoIterator<Item = &'a ElectionFields>, zones: &[Tz], at: Instant) -> bool {
        elections.into_iter().flat_map(|election| self.windows(election, zones)).any(|(from, to)| from <= at && at < to)
    }
}

fn whole_days(time: i64) -> Days {
    Days::new(u64::try_from(time / DAY).unwrap_or_default())
}
