//! The search itself: weighs every candidate place by place, then what single organisations add, and picks the lightest.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::{
    Calendar, Held, Participant, Range, Suggestion, Suggestions,
    cost::{BUSY, Cost, DAY, Place, by_clock, instant, minute},
};
use crate::{dialogue::election_window::met, text::CountryCode};

/// A score at which a slot weighs as if each organisation bore so many points and no burden.
const HALF: f64 = 50.0;

/// The organisations of one place.
struct Group<'a> {
    place: Place<'a>,
    /// How many there are.
    count: u64,
    /// What they bore together, each beyond the one that bore least.
    burden: u64,
}

/// One organisation.
struct One<'a> {
    participant: &'a Participant,
    group: usize,
    /// What it bore at the last meetings.
    borne: u64,
    /// The same beyond the one that bore least.
    burden: u64,
}

pub(super) struct Search<'a> {
    range: &'a Range,
    calendar: &'a Calendar,
    clock: Vec<Cost>,
    groups: Vec<Group<'a>>,
    all: Vec<One<'a>>,
    /// The countries of others who come and vote.
    guests: Vec<Place<'a>>,
    /// The minute since 1970 of the first candidate.
    first: i64,
    /// How many candidates there are.
    steps: usize,
}

/// What the organisation and so many like it weigh, who bore so much together.
const fn weight(cost: u64, count: u64, burden: u64) -> u64 {
    cost * (count * cost + 2 * burden)
}

impl<'a> Search<'a> {
    pub(super) fn new(range: &'a Range, participants: &'a [Participant], calendar: &'a Calendar, history: &[Held]) -> Self {
        let mut by_place: BTreeMap<(Option<&str>, Option<CountryCode>), usize> = BTreeMap::new();
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut all: Vec<One<'a>> = Vec::new();
        let mut sorted: Vec<&Participant> = participants.iter().collect();
        sorted.sort_by_key(|one| one.organisation);
        sorted.dedup_by_key(|one| one.organisation);
        for participant in sorted {
            let group = *by_place.entry((participant.zone.map(Tz::name), participant.country)).or_insert_with(|| {
                groups.push(Group { place: place(participant, calendar), count: 0, burden: 0 });
                groups.len() - 1
            });
            all.push(One { participant, group, borne: 0, burden: 0 });
        }
        let (first, steps) = grid(range);
        let mut search = Self { range, calendar, clock: by_clock(range.length), groups, all, guests: guests(calendar), first, steps };
        search.charge(history);
        search
    }

    /// Charges every organisation with what it bore at the meetings before.
    fn charge(&mut self, history: &[Held]) {
        let mut borne = vec![0; self.groups.len()];
        for (starts_at, length) in history {
            let clock = by_clock(*length);
            let at = minute(*starts_at);
            for (group, borne) in self.groups.iter().zip(&mut borne) {
                *borne += u64::from(group.place.hours(at, group.place.ahead(at), *length, &clock).points);
            }
        }
        let least = borne.iter().copied().min().unwrap_or(0);
        for one in &mut self.all {
            one.borne = borne.get(one.group).copied().unwrap_or(0);
            one.burden = one.borne - least;
            if let Some(group) = self.groups.get_mut(one.group) {
                group.count += 1;
                group.burden += one.burden;
            }
        }
    }

    pub(super) fn run(self) -> Suggestions {
        let mut weights = vec![0_u64; self.steps];
        for group in &self.groups {
            self.weigh(group, &mut weights);
        }
        for one in &self.all {
            self.add_busy(one, &mut weights);
        }
        for guest in &self.guests {
            for (step, total) in weights.iter_mut().enumerate() {
                *total += weight(guest.elections(self.starts(step), self.range.length).points.into(), 1, 0);
            }
        }
        let mut ranked: Vec<(u64, usize)> = weights.into_iter().zip(0..).collect();
        ranked.sort_unstable();
        let mut chosen: Vec<(u64, i64)> = Vec::new();
        for (weight, step) in ranked {
            let starts = self.starts(step);
            if chosen.iter().all(|(_, other)| (other - starts).abs() >= self.range.length.minutes()) {
                chosen.push((weight, starts));
            }
            if chosen.len() == self.range.wanted {
                break;
            }
        }
        let slots = chosen.into_iter().map(|(weight, starts)| self.suggestion(weight, starts)).collect();
        Suggestions { slots, burdens: self.all.iter().map(|one| (one.participant.organisation, one.borne)).collect() }
    }

    fn starts(&self, step: usize) -> i64 {
        self.first + i64::try_from(step).unwrap_or(0) * self.range.step
    }

    /// Adds what every candidate costs the organisations of one place.
    fn weigh(&self, group: &Group<'_>, weights: &mut [u64]) {
        let a_day = usize::try_from(DAY / self.range.step).unwrap_or(1);
        for (day, weights) in weights.chunks_mut(a_day).enumerate() {
            let first = day * a_day;
            // The clocks change on few days, so that their place is looked up twice a day and not for each candidate.
            let ahead = group.place.ahead(self.starts(first));
            let is_steady = ahead == group.place.ahead(self.starts(first + weights.len()));
            for (step, total) in (first..).zip(weights) {
                let starts = self.starts(step);
                let ahead = if is_steady { ahead } else { group.place.ahead(starts) };
                let cost = group.place.cost(starts, ahead, self.range.length, &self.clock);
                *total += weight(cost.points.into(), group.count, group.burden);
            }
        }
    }

    /// Adds what candidates cost an organisation that has other meetings then.
    fn add_busy(&self, one: &One<'_>, weights: &mut [u64]) {
        let Some(group) = self.groups.get(one.group) else { return };
        let (length, step) = (self.range.length.minutes(), self.range.step);
        let mut reached = 0;
        let mut busy: Vec<(i64, i64)> = one.participant.busy.iter().map(|(from, to)| (minute(*from) - length, minute(*to))).collect();
        busy.sort_unstable();
        for (after, until) in busy {
            // The first candidate that ends after the other meeting begins; each is counted once, however many meetings it meets.
            let from = usize::try_from((after - self.first).div_euclid(step) + 1).unwrap_or(0).max(reached);
            let to = usize::try_from((until - self.first + step - 1).div_euclid(step)).unwrap_or(0).min(weights.len());
            for (step, total) in (from..to).zip(weights.get_mut(from..to).into_iter().flatten()) {
                let starts = self.starts(step);
                let cost = group.place.cost(starts, group.place.ahead(starts), self.range.length, &self.clock);
                let more = cost.and(BUSY);
                *total += weight(more.points.into(), 1, one.burden) - weight(cost.points.into(), 1, one.burden);
            }
            reached = reached.max(to);
        }
    }

    fn suggestion(&self, weight: u64, starts: i64) -> Suggestion {
        let starts_at = instant(starts);
        let ends_at = starts_at + self.range.length.delta();
        let costs = self.all.iter().map(|one| (one.participant.organisation, self.cost(one, starts))).collect();
        let countries: Vec<CountryCode> = self.groups.iter().filter_map(|group| group.place.country).collect();
        let mut conflicts = met(&self.calendar.windows, starts_at, ends_at);
        conflicts.retain(|one| countries.contains(&one.country));
        conflicts.extend(met(&self.calendar.guests, starts_at, ends_at));
        conflicts.retain(|one| one.certain);
        Suggestion { starts_at, ends_at, score: score(weight, self.all.len() + self.guests.len()), costs, conflicts }
    }

    fn cost(&self, one: &One<'_>, starts: i64) -> Cost {
        let Some(group) = self.groups.get(one.group) else { return Cost::default() };
        let cost = group.place.cost(starts, group.place.ahead(starts), self.range.length, &self.clock);
        let ends = starts + self.range.length.minutes();
        let is_busy = one.participant.busy.iter().any(|(from, to)| minute(*from) < ends && minute(*to) > starts);
        if is_busy { cost.and(BUSY) } else { cost }
    }
}

fn place<'a>(of: &Participant, calendar: &'a Calendar) -> Place<'a> {
    let windows = calendar.windows.iter().filter(|window| Some(window.country) == of.country).collect();
    Place { zone: of.zone, country: of.country, holidays: of.country.and_then(|country| calendar.holidays.get(&country)), windows }
}

/// The countries of others who come, each once.
fn guests(calendar: &Calendar) -> Vec<Place<'_>> {
    let countries: BTreeSet<CountryCode> = calendar.guests.iter().map(|window| window.country).collect();
    let windows = |country| calendar.guests.iter().filter(|window| window.country == country).collect();
    countries.into_iter().map(|country| Place { zone: None, country: Some(country), holidays: None, windows: windows(country) }).collect()
}

/// The first candidate and how many there are: on the full steps of the host's clocks.
fn grid(range: &Range) -> (i64, usize) {
    let host = Place { zone: Some(range.zone), country: None, holidays: None, windows: Vec::new() };
    let from = minute(range.from) + i64::from(range.from.timestamp().rem_euclid(60) > 0);
    let local = from + host.ahead(from);
    let first = from + (-local).rem_euclid(range.step);
    let room = minute(range.to) - range.length.minutes() - first;
    let steps = if room < 0 { 0 } else { room / range.step + 1 };
    (first, usize::try_from(steps).unwrap_or(0))
}

/// A weight as people read it, rounded to a tenth.
#[expect(clippy::cast_precision_loss, reason = "a weight is far below 2^52, and the score is for people")]
fn score(weight: u64, count: usize) -> f64 {
    let mean = (weight as f64 / count.max(1) as f64).sqrt();
    (1_000.0 / (1.0 + mean / HALF)).round() / 10.0
}
