//! The search for slots: when a group that lives in many zones can meet at the least cost, shared fairly over a series.
//!
//! Each candidate costs each organisation points (`cost`). What a slot weighs is the sum over the organisations of
//! `cost × (cost + 2 × burden)`, where the burden is what the organisation bore at the last meetings beyond the one that bore least:
//! as after each meeting the squares of all burdens were added up. So one who bears much weighs more than two who bear half of it, and
//! who bore the night last time is spared this time.
//!
//! Costs are worked out for places, not for organisations: as many as there are zones and countries in the group.

mod cost;
#[cfg(test)]
mod properties;
mod search;
pub mod weekend;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;

pub use cost::{Cost, SlotReason};

use super::{election_window::Conflict, length::Length};
use crate::{
    error::{Faults, Reason, Result},
    id::OrganisationId,
    text::CountryCode,
    time::Instant,
};

/// Most organisations that a search is for.
pub const MOST_PARTICIPANTS: usize = 500;
/// Longest time that is searched, in days.
pub const MOST_DAYS: i64 = 366;
/// Most slots that a search answers.
pub const MOST_SLOTS: i32 = 20;
/// How many of the last meetings make up a burden.
pub const MEETINGS_REMEMBERED: u64 = 12;

/// When to look for slots, and for how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Slots begin at or after this instant.
    pub from: Instant,
    /// Slots end at or before this instant.
    pub to: Instant,
    /// The zone on whose full steps slots begin: the host's.
    pub zone: Tz,
    /// Minutes from one candidate to the next, 15 or 30.
    pub step: i64,
    /// How long the meeting takes.
    pub length: Length,
    /// How many slots are wanted.
    pub wanted: usize,
}

/// The same as somebody stated it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeDraft {
    /// Slots begin at or after this instant.
    pub from: Instant,
    /// Slots end at or before this instant.
    pub to: Instant,
    /// The host's zone.
    pub zone: Tz,
    /// Minutes from one candidate to the next.
    pub step_minutes: i32,
    /// How long the meeting takes.
    pub length: Length,
    /// How many slots are wanted.
    pub first: i32,
}

impl RangeDraft {
    /// Checks it and names every fault at once.
    pub fn check(self, now: Instant) -> Result<Range> {
        let Self { from, to, zone, step_minutes, length, first } = self;
        let mut faults = Faults::default();
        if to < from + length.delta() {
            faults.add(Reason::BeforePrevious, "to", "Between the two instants there is no room for such a meeting.");
        } else if to - from > chrono::TimeDelta::days(MOST_DAYS) {
            faults.add(Reason::OutOfRange, "to", format!("At most {MOST_DAYS} days are searched."));
        }
        if to <= now {
            faults.add(Reason::InPast, "to", "All of this lies in the past.");
        }
        if step_minutes != 15 && step_minutes != 30 {
            faults.add(Reason::NotAnOption, "stepMinutes", "Candidates are 15 or 30 minutes apart.");
        }
        if !(1..=MOST_SLOTS).contains(&first) {
            faults.add(Reason::OutOfRange, "first", format!("From 1 to {MOST_SLOTS} slots."));
        }
        faults.finish()?;
        let wanted = usize::try_from(first).unwrap_or(1);
        Ok(Range { from: from.max(now), to, zone, step: step_minutes.into(), length, wanted })
    }
}

/// An organisation that a slot is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its zone, if one is known.
    pub zone: Option<Tz>,
    /// Its country, if it has one.
    pub country: Option<CountryCode>,
    /// Its other meetings, from when to when.
    pub busy: Vec<(Instant, Instant)>,
}

/// What is known of the countries.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// Public holidays.
    pub holidays: BTreeMap<CountryCode, BTreeSet<NaiveDate>>,
    /// The days around elections.
    pub windows: Vec<Conflict>,
    /// The days around elections in the countries of others who come: each country weighs as one organisation more, which bears nothing
    /// else and is not named.
    pub guests: Vec<Conflict>,
}

/// A meeting that the series had before: from when, and how long.
pub type Held = (Instant, Length);

/// A slot that is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// 100 costs nobody anything; the more it costs, the closer to 0.
    pub score: f64,
    /// What it costs each organisation, in the order of their ids.
    pub costs: Vec<(OrganisationId, Cost)>,
    /// The elections into whose days it certainly falls.
    pub conflicts: Vec<Conflict>,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestions {
    /// The best slots, none of which overlap, the best first.
    pub slots: Vec<Suggestion>,
    /// The points that each organisation bore at the series' last meetings, in the order of their ids.
    pub burdens: Vec<(OrganisationId, u64)>,
}

/// Looks for the best slots. The answer depends on nothing else, nor on the order of anything given.
pub fn suggest(range: &Range, participants: &[Participant], calendar: &Calendar, history: &[Held]) -> Suggestions {
    search::Search::new(range, participants, calendar, history).run()
}

/// The zone of an organisation: its own, else that of its country; of several zones the one in the middle at `at`, since none is
/// known to be the capital's.
pub fn zone_of(own: Option<Tz>, of_country: &[Tz], at: Instant) -> Option<Tz> {
    use chrono::{Offset, TimeZone};
    let mut zones: Vec<(i32, &str, Tz)> = of_country
        .iter()
        .map(|zone| (zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc(), zone.name(), *zone))
        .collect();
    zones.sort_unstable_by_key(|(ahead, name, _)| (*ahead, *name));
    own.or(zones.get(zones.len() / 2).map(|(_, _, zone)| *zone))
}
