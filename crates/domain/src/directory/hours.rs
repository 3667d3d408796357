//! The hours in which somebody answers, by the clock of a place.

use chrono::{NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::polling_day::clock;
use crate::error::{Faults, Reason};

/// When somebody answers on one day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursSpan {
    /// The day.
    pub day: Weekday,
    /// From this time.
    pub opens_at: NaiveTime,
    /// Until this time; the same as `opens_at` means the whole day.
    pub closes_at: NaiveTime,
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
pub(super) fn check_hours(faults: &mut Faults, path: &str, drafts: &[HoursSpanDraft]) -> Vec<HoursSpan> {
    if drafts.len() > 28 {
        faults.add(Reason::TooLong, path, "At most 28 spans.");
        return Vec::new();
    }
    let mut spans = Vec::with_capacity(drafts.len());
    for (index, span) in drafts.iter().enumerate() {
        let opens = faults.check(&format!("{path}.{index}.opensAt"), clock(&span.opens_at));
        let closes = faults.check(&format!("{path}.{index}.closesAt"), clock(&span.closes_at));
        if let Some((opens_at, closes_at)) = opens.zip(closes) {
            if closes_at < opens_at {
                let at = format!("{path}.{index}.closesAt");
                faults.add(Reason::BeforePrevious, &at, "A span that runs past midnight is written as two.");
            }
            spans.push(HoursSpan { day: span.day, opens_at, closes_at });
        }
    }
    spans.sort_by_key(|span| (span.day.num_days_from_monday(), span.opens_at));
    spans
}
