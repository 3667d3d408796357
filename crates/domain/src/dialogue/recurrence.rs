//! A recurrence: an RFC 5545 rule with excluded and additional dates, as wall times in an IANA zone.
//!
//! The only file that names the `rrule` crate. It is fed with wall-clock time as if it were UTC, without `COUNT` and
//! `UNTIL`; each wall time it yields is resolved by [`wall_time`], whose rule for gaps and repeated hours stands there.
//! (Given a zone, the crate refuses or misplaces occurrences near a change of the clocks.) A start that does not fit the
//! rule is no occurrence. Of two occurrences that a gap moves onto one instant, one remains.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, RRuleSetIter, Unvalidated};
use serde::Serialize;

use super::{
    plan::{self, Plan},
    rule::Rule,
    wall_time,
};
use crate::{
    error::{Error, Faults, Reason, Result},
    time::{Instant, zone},
};

/// Most excluded dates, and most additional ones.
pub const MOST_DATES: usize = 500;
/// Most zones that a series goes through before it comes back to the first.
pub const MOST_ZONES: usize = 24;
/// How far apart in time the same wall time may lie in two zones.
const ROUND_THE_WORLD: TimeDelta = TimeDelta::hours(26);
/// Most occurrences that one expansion looks at before it stops and says that it was cut.
pub const MOST_SCANNED: usize = 100_000;

/// One date of a recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// When it begins.
    pub starts_at: Instant,
    /// The wall time that the rule names: the occurrence's permanent name within its series. In a gap of the clocks it
    /// is a time that the clocks do not show.
    pub original: NaiveDateTime,
    /// Where the clocks stand that show it.
    pub zone: Tz,
}

/// What an expansion found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrences {
    /// In order, each instant once.
    pub items: Vec<Occurrence>,
    /// Whether there may be more that were not looked for.
    pub truncated: bool,
}

/// What a caller typed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RawRecurrence {
    /// The wall time of the first date.
    pub local_start: String,
    /// The zone's name.
    pub time_zone: String,
    /// The rule.
    pub rule: String,
    /// Wall times that do not take place.
    pub excluded: Vec<String>,
    /// Wall times that take place besides those of the rule.
    pub additional: Vec<String>,
    /// Names of the zones that host the rule's dates by turns.
    pub rotation: Vec<String>,
}

/// A checked recurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// The wall time from which the rule counts, and the time of day of its dates.
    pub local_start: NaiveDateTime,
    /// The zone of every wall time here.
    pub zone: Tz,
    /// The rule; none for a series of single dates, which are then `local_start` and the additional ones.
    pub rule: Option<Rule>,
    /// Wall times that do not take place.
    pub excluded: Vec<NaiveDateTime>,
    /// Wall times that take place besides those of the rule.
    pub additional: Vec<NaiveDateTime>,
    /// Zones that host the rule's dates by turns, each at the same wall time; without any, all stand in `zone`. Excluded dates
    /// have their turn too, so that leaving one out moves no other.
    pub rotation: Vec<Tz>,
}

impl Recurrence {
    /// Checks what a caller typed and names every fault at once.
    pub fn parse(raw: &RawRecurrence) -> Result<Self> {
        let mut faults = Faults::default();
        let local_start = faults.check("localStart", wall_time::parse(&raw.local_start));
        let zone = faults.check("timeZone", zone(&raw.time_zone));
        let rule = faults.check("rule", Rule::parse(&raw.rule));
        let excluded = dates(&mut faults, "excludedDates", &raw.excluded);
        let additional = dates(&mut faults, "additionalDates", &raw.additional);
        let rotation = zones(&mut faults, &raw.rotation);
        faults.finish()?;
        match (local_start, zone, rule) {
            (Some(local_start), Some(zone), Some(rule)) => {
                let recurrence = Self { local_start, zone, rule: Some(rule), excluded, additional, rotation };
                drop(recurrence.candidates()?);
                Ok(recurrence)
            }
            _ => Err(Error::broken("a recurrence without a part")),
        }
    }

    /// About how many moments an expansion of a rule from `start` to `to` looks at, so that a caller can bound what many of them cost;
    /// none for what is no rule.
    pub fn effort(rule: &str, start: NaiveDateTime, to: NaiveDateTime) -> usize {
        Rule::parse(rule).map_or(0, |rule| plan::effort(&rule, start, to).min(MOST_SCANNED))
    }

    /// The wall times of the rule alone, before its end is looked at; those that a part limits away as `None`, so that
    /// looking for the next one stays bounded.
    fn candidates(&self) -> Result<Box<dyn Iterator<Item = Option<NaiveDateTime>>>> {
        let start = self.local_start;
        let Some(rule) = &self.rule else { return Ok(Box::new(std::iter::once(Some(start)))) };
        let plan = Plan::of(rule);
        // A set of positions is counted within a whole week, also in the week in which the series starts.
        let from = if rule.chooses_within_weeks() {
            let days = (7 + start.weekday().num_days_from_monday() - rule.week_start().num_days_from_monday()) % 7;
            start.checked_sub_days(Days::new(days.into())).unwrap_or(start)
        } else {
            start
        };
        let is_hopeless = match &plan.days {
            Some(days) => expand(days, from)?.next().is_none(),
            None => false,
        };
        let text = plan.text.as_ref().filter(|_| !is_hopeless);
        let walls = text.map(|text| expand(text, from)).transpose()?.into_iter().flatten();
        Ok(Box::new(walls.skip_while(move |wall| *wall < start).map(move |wall| plan.limits.let_pass(wall).then_some(wall))))
    }

    /// Where the clocks stand for the rule's date of this number, from 0.
    fn host(&self, number: usize) -> Tz {
        number.checked_rem(self.rotation.len()).and_then(|turn| self.rotation.get(turn)).copied().unwrap_or(self.zone)
    }

    /// The last instant at which the rule lets a date in `zone` begin.
    fn last(&self, zone: Tz) -> Option<Instant> {
        self.rule.as_ref().and_then(Rule::until).map(|until| until.instant(zone))
    }

    /// How many dates the rule yields, as far as it says so.
    fn count(&self) -> usize {
        self.rule.as_ref().and_then(Rule::count).and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX)
    }

    /// Whether the date that begins at `at`, shown as `wall` in its zone, is taken out.
    fn is_excluded(&self, excluded: &[Instant], at: Instant, wall: NaiveDateTime) -> bool {
        if self.rotation.is_empty() { excluded.contains(&at) } else { self.excluded.contains(&wall) }
    }

    /// The dates that begin in `from..to` (either may be open), in order, at most `cap` of them.
    pub fn between(&self, from: Option<Instant>, to: Option<Instant>, cap: usize) -> Result<Occurrences> {
        let within = |at: Instant| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
        let excluded: Vec<Instant> = self.excluded.iter().map(|wall| wall_time::resolve(self.zone, *wall)).collect();
        let mut found = BTreeMap::new();
        for wall in &self.additional {
            let at = wall_time::resolve(self.zone, *wall);
            if within(at) && !self.is_excluded(&excluded, at, *wall) {
                found.insert(at, (*wall, self.zone));
            }
        }
        let count = self.count();
        // Dates in several zones do not begin in the order of their wall times: one looks a day further.
        let margin = if self.rotation.is_empty() { TimeDelta::zero() } else { ROUND_THE_WORLD };
        let (mut of_rule, mut latest, mut truncated) = (0_usize, None, false);
        let mut counted = 0_usize;
        for (index, wall) in self.candidates()?.enumerate() {
            if index >= MOST_SCANNED {
                truncated = true;
                break;
            }
            let Some(wall) = wall else { continue };
            if counted == count {
                break;
            }
            let zone = self.host(counted);
            counted += 1;
            let (at, in_gap) = wall_time::resolve_noting_gap(zone, wall);
            let is_past = self.last(zone).is_some_and(|last| at > last) || to.is_some_and(|to| at >= to);
            // After a wall time outside a gap nothing earlier can follow; one in a gap may lie after its successors.
            let is_settled = !in_gap && latest.is_none_or(|latest: Instant| at >= latest + margin);
            let is_beyond = self.last(zone).is_some_and(|last| at > last + margin) || to.is_some_and(|to| at >= to + margin);
            if is_settled && (is_beyond || of_rule > cap) {
                break;
            }
            if !is_past && within(at) && !self.is_excluded(&excluded, at, wall) {
                found.entry(at).or_insert((wall, zone));
                of_rule += 1;
                latest = latest.max(Some(at));
            }
        }
        truncated |= found.len() > cap;
        let one = |(starts_at, (original, zone))| Occurrence { starts_at, original, zone };
        Ok(Occurrences { items: found.into_iter().take(cap).map(one).collect(), truncated })
    }

    /// The wall times of the rule in order, excluded ones too, up to its end or [`MOST_SCANNED`] of them.
    pub(super) fn dates_of_rule(&self) -> Result<impl Iterator<Item = NaiveDateTime>> {
        let dates = self.candidates()?.take(MOST_SCANNED).flatten().take(self.count()).enumerate();
        let is_within = |number: usize, wall: NaiveDateTime| {
            let zone = self.host(number);
            self.last(zone).is_none_or(|last| wall_time::resolve(zone, wall) <= last)
        };
        Ok(dates.take_while(move |(number, wall)| is_within(*number, *wall)).map(|(_, wall)| wall))
    }

    /// The rule's first date, excluded or not, which is the `DTSTART` of a calendar: programs take `DTSTART` as a date of
    /// the series even when it does not fit the rule.
    pub fn first_of_rule(&self) -> Result<Option<NaiveDateTime>> {
        Ok(self.dates_of_rule()?.next())
    }
}

fn zones(faults: &mut Faults, raw: &[String]) -> Vec<Tz> {
    if raw.len() > MOST_ZONES {
        faults.add(Reason::TooLong, "zoneRotation", format!("At most {MOST_ZONES} zones."));
        return Vec::new();
    }
    let read = |(index, raw): (usize, &String)| faults.check(&format!("zoneRotation.{index}"), zone(raw));
    raw.iter().enumerate().filter_map(read).collect()
}

fn dates(faults: &mut Faults, path: &str, raw: &[String]) -> Vec<NaiveDateTime> {
    if raw.len() > MOST_DATES {
        faults.add(Reason::TooLong, path, format!("At most {MOST_DATES} dates."));
        return Vec::new();
    }
    let mut dates = Vec::new();
    for (index, raw) in raw.iter().enumerate() {
        dates.extend(faults.check(&format!("{path}.{index}"), wall_time::parse(raw)));
    }
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// Runs the rule on wall-clock time taken for UTC. The crate's own limits stop a rule that finds nothing.
fn expand(rule: &str, start: NaiveDateTime) -> Result<impl Iterator<Item = NaiveDateTime> + use<>> {
    let refuse = |_| Error::invalid(Reason::Malformed, "rule", "This rule cannot be followed.");
    let start = start.and_utc().with_timezone(&rrule::Tz::UTC);
    let rule: RRule<Unvalidated> = rule.parse().map_err(refuse)?;
    let rule = rule.validate(start).map_err(refuse)?;
    let dates: RRuleSetIter = (&RRuleSet::new(start).rrule(rule).limit()).into_iter();
    Ok(dates.map(|at| at.naive_utc()))
}
