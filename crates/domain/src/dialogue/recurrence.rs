//! A recurrence: an RFC 5545 rule with excluded and additional dates, as wall times in an IANA zone.
//!
//! The only file that names the `rrule` crate. It is fed with wall-clock time as if it were UTC, without `COUNT` and
//! `UNTIL`; each wall time it yields is resolved by [`wall_time`], whose rule for gaps and repeated hours stands there.
//! (Given a zone, the crate refuses or misplaces occurrences near a change of the clocks.) A start that does not fit the
//! rule is no occurrence. Of two occurrences that a gap moves onto one instant, one remains.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDateTime};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, RRuleSetIter, Unvalidated};
use serde::Serialize;

use super::{plan::Plan, rule::Rule, wall_time};
use crate::{
    error::{Error, Faults, Reason, Result},
    time::{Instant, zone},
};

/// Most excluded dates, and most additional ones.
pub const MOST_DATES: usize = 500;
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
        faults.finish()?;
        match (local_start, zone, rule) {
            (Some(local_start), Some(zone), Some(rule)) => {
                let recurrence = Self { local_start, zone, rule: Some(rule), excluded, additional };
                drop(recurrence.candidates()?);
                Ok(recurrence)
            }
            _ => Err(Error::broken("a recurrence without a part")),
        }
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

    /// The last instant at which the rule lets a date begin.
    fn last(&self) -> Option<Instant> {
        self.rule.as_ref().and_then(Rule::until).map(|until| until.instant(self.zone))
    }

    /// The dates that begin in `from..to` (either may be open), in order, at most `cap` of them.
    pub fn between(&self, from: Option<Instant>, to: Option<Instant>, cap: usize) -> Result<Occurrences> {
        let within = |at: Instant| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
        let excluded: Vec<Instant> = self.excluded.iter().map(|wall| wall_time::resolve(self.zone, *wall)).collect();
        let mut found = BTreeMap::new();
        for wall in &self.additional {
            let at = wall_time::resolve(self.zone, *wall);
            if within(at) && !excluded.contains(&at) {
                found.insert(at, *wall);
            }
        }
        let last = self.last();
        let count = self.rule.as_ref().and_then(Rule::count).and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
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
            counted += 1;
            let (at, in_gap) = wall_time::resolve_noting_gap(self.zone, wall);
            let is_past = last.is_some_and(|last| at > last) || to.is_some_and(|to| at >= to);
            // After a wall time outside a gap nothing earlier can follow; one in a gap may lie after its successors.
            let is_settled = !in_gap && latest.is_none_or(|latest| at >= latest);
            if is_settled && (is_past || of_rule > cap) {
                break;
            }
            if !is_past && within(at) && !excluded.contains(&at) {
                found.entry(at).or_insert(wall);
                of_rule += 1;
                latest = latest.max(Some(at));
            }
        }
        truncated |= found.len() > cap;
        let items = found.into_iter().take(cap).map(|(starts_at, original)| Occurrence { starts_at, original }).collect();
        Ok(Occurrences { items, truncated })
    }

    /// The rule's first date, excluded or not, which is the `DTSTART` of a calendar: programs take `DTSTART` as a date of
    /// the series even when it does not fit the rule.
    pub fn first_of_rule(&self) -> Result<Option<NaiveDateTime>> {
        let last = self.last();
        let first = self.candidates()?.take(MOST_SCANNED).flatten().next();
        Ok(first.filter(|wall| last.is_none_or(|last| wall_time::resolve(self.zone, *wall) <= last)))
    }
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
