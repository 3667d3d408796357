//! What a slot costs somebody, by the clock, the calendar and the elections of the place.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;

use super::weekend::weekend;
use crate::{
    dialogue::{election_window::Conflict, length::Length},
    error::closed,
    text::CountryCode,
    time::Instant,
};

/// Minutes of a day.
pub(super) const DAY: i64 = 24 * 60;

closed! {
    /// Why a slot costs somebody something.
    SlotReason {
        /// It falls into the night there, between 22:00 and 7:00.
        Night = "NIGHT",
        /// It falls into the early morning there, between 7:00 and 9:00.
        Early = "EARLY",
        /// It falls into the evening there, between 18:00 and 22:00.
        Late = "LATE",
        /// It falls onto a day of the week on which the country rests.
        Weekend = "WEEKEND",
        /// It falls onto a public holiday there.
        Holiday = "HOLIDAY",
        /// It falls into the days around an election of the country.
        ElectionWindow = "ELECTION_WINDOW",
        /// It may fall into such days: the polling day is not known to the day.
        ElectionPossible = "ELECTION_POSSIBLE",
        /// The organisation has another meeting then.
        Busy = "BUSY",
        /// Neither the organisation's zone nor its country is known, so that no hour counts as better than another.
        ZoneUnknown = "ZONE_UNKNOWN",
    }
}

impl SlotReason {
    /// The reason in words, in English.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Night => "It falls into the night there, between 22:00 and 7:00.",
            Self::Early => "It falls into the early morning there, between 7:00 and 9:00.",
            Self::Late => "It falls into the evening there, between 18:00 and 22:00.",
            Self::Weekend => "It falls onto the weekend there.",
            Self::Holiday => "It falls onto a public holiday there.",
            Self::ElectionWindow => "It falls into the days around an election of the country.",
            Self::ElectionPossible => "It may fall into the days around an election, whose polling day is not known to the day.",
            Self::Busy => "The organisation has another meeting then.",
            Self::ZoneUnknown => {
                "Neither the organisation's time zone nor its country is known, so that no hour counts as better than another."
            }
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// What a slot costs one organisation: points, and the reasons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// 0 costs nothing; an hour of the night 60, a free day 40, an election window 80, another meeting 100, added up.
    pub points: u32,
    reasons: u16,
}

impl Cost {
    const fn of(points: u32, reason: SlotReason) -> Self {
        Self { points, reasons: reason.bit() }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self { points: self.points + other.points, reasons: self.reasons | other.reasons }
    }

    /// The reasons, in the order of their list.
    pub fn reasons(self) -> impl Iterator<Item = SlotReason> {
        SlotReason::ALL.iter().copied().filter(move |reason| self.reasons & reason.bit() != 0)
    }
}

/// What another meeting at the same time costs.
pub(super) const BUSY: Cost = Cost::of(100, SlotReason::Busy);
const ELECTION: Cost = Cost::of(80, SlotReason::ElectionWindow);
const ELECTION_POSSIBLE: Cost = Cost::of(5, SlotReason::ElectionPossible);
const FREE_DAY: u32 = 40;
const ZONE_UNKNOWN: Cost = Cost::of(0, SlotReason::ZoneUnknown);

/// What an hour of the day costs.
const fn hour(hour: i64) -> Cost {
    match hour {
        0..7 | 22..24 => Cost::of(60, SlotReason::Night),
        7 => Cost::of(20, SlotReason::Early),
        8 => Cost::of(10, SlotReason::Early),
        18 => Cost::of(10, SlotReason::Late),
        19 => Cost::of(15, SlotReason::Late),
        20 | 21 => Cost::of(30, SlotReason::Late),
        _ => Cost { points: 0, reasons: 0 },
    }
}

/// What a slot of this length costs by the minute of the day at which it begins: its worst hour.
pub(super) fn by_clock(length: Length) -> Vec<Cost> {
    let worst = |minute: i64| {
        let last = (minute + length.minutes() - 1).min(minute + DAY - 1);
        let hours = minute.div_euclid(60)..=last.div_euclid(60);
        hours.map(|one| hour(one.rem_euclid(24))).max_by_key(|cost| cost.points).unwrap_or_default()
    };
    (0..DAY).map(worst).collect()
}

/// What organisations of one place have in common: the clock, the days of rest and the elections.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    pub(super) zone: Option<Tz>,
    pub(super) country: Option<CountryCode>,
    pub(super) holidays: Option<&'a BTreeSet<NaiveDate>>,
    pub(super) windows: Vec<&'a Conflict>,
}

impl Place<'_> {
    /// How many minutes the clocks are ahead of UTC at this minute since 1970.
    pub(super) fn ahead(&self, minute: i64) -> i64 {
        self.zone.map_or(0, |zone| {
            let at = instant(minute).naive_utc();
            i64::from(zone.offset_from_utc_datetime(&at).fix().local_minus_utc()).div_euclid(60)
        })
    }

    /// What a slot costs that begins at this minute since 1970, on clocks so far ahead of UTC.
    pub(super) fn cost(&self, minute: i64, ahead: i64, length: Length, clock: &[Cost]) -> Cost {
        self.hours(minute, ahead, length, clock).and(self.elections(minute, length))
    }

    /// The same without elections: what a meeting of the past is charged with.
    pub(super) fn hours(&self, minute: i64, ahead: i64, length: Length, clock: &[Cost]) -> Cost {
        if self.zone.is_none() {
            return ZONE_UNKNOWN;
        }
        let local = minute + ahead;
        let of_day = usize::try_from(local.rem_euclid(DAY)).ok().and_then(|minute| clock.get(minute)).copied().unwrap_or_default();
        let (first, last) = (local.div_euclid(DAY), (local + length.minutes() - 1).div_euclid(DAY));
        (first..=last).map(|day| self.rest(day)).max_by_key(|cost| (cost.points, cost.reasons)).unwrap_or_default().and(of_day)
    }

    /// What it costs to meet on this day since 1970: a weekend and a holiday on one day are one free day.
    fn rest(&self, day: i64) -> Cost {
        let Some(date) = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days) else { return Cost::default() };
        let mut reasons = 0;
        if weekend(self.country).contains(&date.weekday()) {
            reasons |= SlotReason::Weekend.bit();
        }
        if self.holidays.is_some_and(|holidays| holidays.contains(&date)) {
            reasons |= SlotReason::Holiday.bit();
        }
        Cost { points: if reasons == 0 { 0 } else { FREE_DAY }, reasons }
    }

    /// What the elections of the country alone cost.
    pub(super) fn elections(&self, minute: i64, length: Length) -> Cost {
        if self.windows.is_empty() {
            return Cost::default();
        }
        let starts_at = instant(minute);
        let ends_at = starts_at + length.delta();
        let met = |certain: bool| self.windows.iter().any(|window| window.certain == certain && window.holds(starts_at, ends_at));
        match (met(true), met(false)) {
            (true, _) => ELECTION,
            (false, true) => ELECTION_POSSIBLE,
            (false, false) => Cost::default(),
        }
    }
}

/// The minute since 1970 of an instant.
pub(super) fn minute(at: Instant) -> i64 {
    at.timestamp().div_euclid(60)
}

/// The instant of a minute since 1970.
pub(super) fn instant(minute: i64) -> Instant {
    DateTime::from_timestamp(minute.saturating_mul(60), 0).unwrap_or_default()
}
