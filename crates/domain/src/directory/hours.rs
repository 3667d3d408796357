//! The hours in which somebody answers, by the clock of a place.

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, Offset, TimeZone, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::polling_day::clock;
use crate::{
    error::{Faults, Reason},
    time::Instant,
};

/// When somebody answers on one day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursSpan {
    /// The day.
    pub day: Weekday,
    /// From this time.
    pub opens_at: NaiveTime,
    /// Until this time; midnight is that at the end of the day, and the same as `opens_at` means the whole day.
    pub closes_at: NaiveTime,
}

impl HoursSpan {
    /// Whether somebody answers at this time of this day.
    fn holds(&self, day: Weekday, time: NaiveTime) -> bool {
        let is_before_end = self.closes_at == NaiveTime::MIN || time < self.closes_at;
        self.day == day && (self.opens_at == self.closes_at || (self.opens_at <= time && is_before_end))
    }
}

/// Whether somebody answers at this moment, by these hours of the clock of `zone`.
pub fn is_open(hours: &[HoursSpan], zone: Tz, now: Instant) -> bool {
    let local = now.with_timezone(&zone);
    hours.iter().any(|span| span.holds(local.weekday(), local.time()))
}

/// When somebody begins to answer next, looked at from a moment at which nobody does; none where there are no hours.
pub fn next_opening(hours: &[HoursSpan], zone: Tz, now: Instant) -> Option<Instant> {
    let today = now.with_timezone(&zone).date_naive();
    let of_day = |ahead: u64| {
        let day = today.checked_add_days(Days::new(ahead))?;
        let opening = |span: &HoursSpan| {
            Some(span).filter(|span| span.day == day.weekday()).and_then(|span| instant(day.and_time(span.opens_at), zone))
        };
        hours.iter().filter_map(opening).filter(|at| *at > now).min()
    };
    // A week later the same day comes again, whose hours of today may be over.
    (0..=7).find_map(of_day)
}

/// The instant of a wall time. One that is skipped when clocks go forward is moved on by what they skip, and of one that comes twice
/// it is the first (RFC 5545, section 3.3.5).
fn instant(local: NaiveDateTime, zone: Tz) -> Option<Instant> {
    let there = zone.from_local_datetime(&local).earliest().map(|at| at.to_utc());
    // A skipped time is told by the clock as it was before.
    let skipped = || {
        let before = zone.from_local_datetime(&local.checked_sub_days(Days::new(1))?).earliest()?;
        local.checked_sub_offset(before.offset().fix()).map(|at| at.and_utc())
    };
    there.or_else(skipped)
}

/// A span of hours as somebody typed it.
#[derive(Clone, Debug)]
pub struct HoursSpanDraft {
    /// The day.
    pub day: Weekday,
    /// `09:00`.
    pub opens_at: String,
    /// `18:00`.
    pub closes_at: String,
}

/// Checks the spans of a week, at most 28, and puts them in its order.
pub(crate) fn check_hours(faults: &mut Faults, path: &str, drafts: &[HoursSpanDraft]) -> Vec<HoursSpan> {
    if drafts.len() > 28 {
        faults.add(Reason::TooLong, path, "At most 28 spans.");
        return Vec::new();
    }
    let mut spans = Vec::with_capacity(drafts.len());
    for (index, span) in drafts.iter().enumerate() {
        let opens = faults.check(&format!("{path}.{index}.opensAt"), clock(&span.opens_at));
        let closes = faults.check(&format!("{path}.{index}.closesAt"), clock(&span.closes_at));
        if let Some((opens_at, closes_at)) = opens.zip(closes) {
            if closes_at < opens_at && closes_at != NaiveTime::MIN {
                let at = format!("{path}.{index}.closesAt");
                faults.add(
                    Reason::BeforePrevious,
                    &at,
                    "A span that runs past midnight is written as two: until 00:00, and from 00:00 of the next day.",
                );
            }
            spans.push(HoursSpan { day: span.day, opens_at, closes_at });
        }
    }
    spans.sort_by_key(|span| (span.day.num_days_from_monday(), span.opens_at));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(day: Weekday, opens: &str, closes: &str) -> HoursSpan {
        HoursSpan { day, opens_at: opens.parse().expect("a time"), closes_at: closes.parse().expect("a time") }
    }

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn hours_are_those_of_the_place() {
        let (week, zone) = ([span(Weekday::Mon, "09:00:00", "17:00:00"), span(Weekday::Tue, "09:00:00", "12:00:00")], Tz::America__Lima);
        // 2026-03-02 is a Monday; Lima is five hours behind UTC.
        for (now, open) in [
            ("2026-03-02T13:59:59Z", false),
            ("2026-03-02T14:00:00Z", true),
            ("2026-03-02T21:59:59Z", true),
            ("2026-03-02T22:00:00Z", false),
            ("2026-03-04T15:00:00Z", false),
        ] {
            assert_eq!(is_open(&week, zone, at(now)), open, "{now}");
        }
        assert_eq!(next_opening(&week, zone, at("2026-03-02T13:00:00Z")), Some(at("2026-03-02T14:00:00Z")));
        assert_eq!(next_opening(&week, zone, at("2026-03-02T22:00:00Z")), Some(at("2026-03-03T14:00:00Z")));
        assert_eq!(next_opening(&week, zone, at("2026-03-03T18:00:00Z")), Some(at("2026-03-09T14:00:00Z")));
        assert_eq!(next_opening(&week[..1], zone, at("2026-03-02T22:00:00Z")), Some(at("2026-03-09T14:00:00Z")), "in a week");
        assert_eq!(next_opening(&[], zone, at("2026-03-02T22:00:00Z")), None);
    }

    #[test]
    fn a_whole_day_is_open_and_a_skipped_hour_is_moved_on() {
        let night = [span(Weekday::Sun, "00:00:00", "00:00:00")];
        assert!(is_open(&night, Tz::Europe__Madrid, at("2026-03-29T21:59:59Z")));
        assert!(!is_open(&night, Tz::Europe__Madrid, at("2026-03-29T22:00:00Z")));
        // In Madrid, 2026-03-29 has no half past two: it is half past three.
        let early = [span(Weekday::Sun, "02:30:00", "04:00:00")];
        assert_eq!(next_opening(&early, Tz::Europe__Madrid, at("2026-03-28T12:00:00Z")), Some(at("2026-03-29T01:30:00Z")));
    }
}
