//! Business time: the hours of a week in which somebody works, at one place, without its holidays.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    directory::{
        entry::day as date,
        hours::{HoursSpan, HoursSpanDraft, check_hours},
    },
    error::{Faults, Reason},
    time::{Instant, day_begins, day_ends, resolve, wall, zone},
};

/// Most holidays of one calendar.
pub const MOST_HOLIDAYS: usize = 400;
/// Days that are looked through at most: a calendar that is never open that long is no calendar.
const FAR: u32 = 3_660;

/// When somebody works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The IANA zone by whose clocks the hours go.
    pub zone: String,
    /// The hours of the week, at least one span.
    pub hours: Vec<HoursSpan>,
    /// Days on which nobody works, in order.
    pub holidays: Vec<NaiveDate>,
}

/// A calendar as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct CalendarDraft {
    /// The IANA zone.
    pub zone: String,
    /// The hours of the week.
    pub hours: Vec<HoursSpanDraft>,
    /// `2026-12-25`.
    pub holidays: Vec<String>,
}

impl CalendarDraft {
    /// Checks the draft; faults stand below `path`.
    pub(super) fn check(&self, faults: &mut Faults, path: &str) -> Option<Calendar> {
        let at = |name: &str| format!("{path}.{name}");
        let zone = faults.check(&at("timeZone"), zone(&self.zone));
        let hours = check_hours(faults, &at("hours"), &self.hours);
        if self.hours.is_empty() {
            faults.add(Reason::Required, &at("hours"), "Say when somebody works.");
        }
        if self.holidays.len() > MOST_HOLIDAYS {
            faults.add(Reason::TooLong, &at("holidays"), format!("At most {MOST_HOLIDAYS} days."));
            return None;
        }
        let read = |(index, raw): (usize, &String)| faults.check(&format!("{path}.holidays.{index}"), date(raw));
        let mut holidays: Vec<NaiveDate> = self.holidays.iter().enumerate().filter_map(read).collect();
        holidays.sort_unstable();
        holidays.dedup();
        Some(Calendar { zone: zone?.name().to_owned(), hours, holidays })
    }
}

impl Calendar {
    /// The calendar as somebody would type it again.
    pub fn draft(&self) -> CalendarDraft {
        let span = |span: &HoursSpan| HoursSpanDraft {
            day: span.day,
            opens_at: span.opens_at.format("%H:%M:%S").to_string(),
            closes_at: span.closes_at.format("%H:%M:%S").to_string(),
        };
        CalendarDraft {
            zone: self.zone.clone(),
            hours: self.hours.iter().map(span).collect(),
            holidays: self.holidays.iter().map(NaiveDate::to_string).collect(),
        }
    }

    fn tz(&self) -> Tz {
        zone(&self.zone).unwrap_or(Tz::UTC)
    }

    /// When somebody works on a day: half-open stretches in order that do not touch each other.
    fn open_on(&self, day: NaiveDate) -> Vec<(Instant, Instant)> {
        if self.holidays.binary_search(&day).is_ok() {
            return Vec::new();
        }
        let zone = self.tz();
        let stretch = |span: &HoursSpan| {
            if span.opens_at == span.closes_at {
                return (day_begins(zone, day), day_ends(zone, day));
            }
            let closes = if span.closes_at == NaiveTime::MIN { day_ends(zone, day) } else { resolve(zone, day.and_time(span.closes_at)) };
            (resolve(zone, day.and_time(span.opens_at)), closes)
        };
        let mut stretches: Vec<_> = self.hours.iter().filter(|span| span.day == day.weekday()).map(stretch).collect();
        stretches.sort_unstable();
        let mut open: Vec<(Instant, Instant)> = Vec::with_capacity(stretches.len());
        for (from, to) in stretches {
            match open.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => open.push((from, to)),
            }
        }
        open
    }

    /// The stretches that end after `from`, day by day, cut at `from`.
    fn open_from(&self, from: Instant) -> impl Iterator<Item = (Instant, Instant)> + '_ {
        let first = wall(self.tz(), from).date();
        let days = first.iter_days().take(usize::try_from(FAR).unwrap_or(usize::MAX));
        days.flat_map(|day| self.open_on(day)).map(move |(begins, ends)| (begins.max(from), ends)).filter(|(begins, ends)| begins < ends)
    }

    /// When so much business time has passed after `from`.
    pub fn after(&self, from: Instant, time: TimeDelta) -> Instant {
        let mut left = time;
        for (begins, ends) in self.open_from(from) {
            if left <= ends - begins {
                return begins + left;
            }
            left -= ends - begins;
        }
        from + time
    }

    /// How much business time lies from one moment up to another.
    pub fn between(&self, from: Instant, to: Instant) -> TimeDelta {
        let before = self.open_from(from).take_while(|(begins, _)| *begins < to);
        before.map(|(begins, ends)| ends.min(to) - begins).sum()
    }
}
