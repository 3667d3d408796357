//! A changed series as calendars can show it: each stretch with a rule of its own where one says exactly its dates.

use chrono::{Datelike, NaiveDateTime, Weekday};
use chrono_tz::Tz;

use super::{
    dialogue::Dialogue,
    rule::{Frequency, Part, Rule, join},
    series::Stretch,
    wall_time,
};
use crate::error::Result;

/// Days that every month has.
const IN_EVERY_MONTH: std::ops::RangeInclusive<i64> = 1..=28;

/// A stretch of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// What holds in it.
    pub stretch: Stretch,
    /// The first of the rule's dates after it, if it ends.
    pub end: Option<NaiveDateTime>,
    /// The rule of its dates; `None` if no rule says them, so that they stand one by one.
    pub rule: Option<StretchRule>,
}

/// The rule of a stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StretchRule {
    /// The zone of the wall times here.
    pub zone: Tz,
    /// Its first date, as it takes place.
    pub first: NaiveDateTime,
    /// The rule, for a calendar whose dates stand in `zone`.
    pub text: String,
    /// Dates that do not take place.
    pub excluded: Vec<NaiveDateTime>,
    /// Dates that take place besides.
    pub additional: Vec<NaiveDateTime>,
}

impl Ruled {
    /// Whether a date that the rule of the series names belongs here.
    pub fn holds(&self, original: NaiveDateTime) -> bool {
        self.stretch.from <= original && self.end.is_none_or(|end| original < end)
    }
}

impl Dialogue {
    /// The stretches of the series that have dates, in order. What a pause or an end cut off is in none, unless nothing is left.
    pub fn ruled(&self) -> Result<Vec<Ruled>> {
        let stretches: Vec<Stretch> = std::iter::once(self.unchanged()).chain(self.stretches.iter().cloned()).collect();
        let first = self.first_date()?;
        let closed = self.closed_from.filter(|closed| first.is_some_and(|first| first < *closed));
        let mut ruled = Vec::new();
        for (index, stretch) in stretches.iter().enumerate() {
            let next = stretches.get(index + 1).map(|next| next.from);
            let end = next.into_iter().chain(closed).min();
            if end.is_none_or(|end| stretch.from < end) {
                let rule = self.rule_of(stretch, end)?;
                let one = Ruled { stretch: stretch.clone(), end, rule };
                let has_dates = one.rule.is_some() || first.is_some_and(|first| end.is_none_or(|end| first < end));
                ruled.extend(has_dates.then_some(one));
            }
        }
        Ok(ruled)
    }

    fn first_date(&self) -> Result<Option<NaiveDateTime>> {
        Ok(self.recurrence.first_of_rule()?.into_iter().chain(self.recurrence.additional.iter().copied()).min())
    }

    /// Whether it was paused or ended before any of its dates.
    pub fn is_called_off(&self) -> Result<bool> {
        let first = self.first_date()?;
        Ok(self.closed_from.is_some_and(|closed| first.is_none_or(|first| closed <= first)))
    }

    fn rule_of(&self, stretch: &Stretch, end: Option<NaiveDateTime>) -> Result<Option<StretchRule>> {
        let recurrence = &self.recurrence;
        let Some(rule) = recurrence.rule.as_ref().filter(|_| recurrence.rotation.is_empty()) else { return Ok(None) };
        let is_within = |wall: &NaiveDateTime| *wall >= stretch.from && end.is_none_or(|end| *wall < end);
        let mut dates = recurrence.dates_of_rule()?.skip_while(|wall| *wall < stretch.from).take_while(is_within);
        let Some(first) = dates.next() else { return Ok(None) };
        let shift = stretch.shift();
        let Some(mut parts) = moved(rule, first, first + shift) else { return Ok(None) };
        let zone = stretch.zone.unwrap_or(recurrence.zone);
        let is_whole = end.is_none() && self.stretches.is_empty();
        if is_whole {
            parts = rule.ical_parts(recurrence.zone);
        } else if end.is_some() || rule.count().is_some() || rule.until().is_some() {
            parts.retain(|(part, _)| !matches!(part, Part::Count | Part::Until));
            let last = dates.last().unwrap_or(first) + shift;
            parts.push((Part::Until, wall_time::ical_utc(wall_time::resolve(zone, last))));
        }
        let of = |dates: &[NaiveDateTime]| dates.iter().filter(|wall| is_within(wall)).map(|wall| *wall + shift).collect();
        let (excluded, additional) = (of(&recurrence.excluded), of(&recurrence.additional));
        Ok(Some(StretchRule { zone, first: first + shift, text: join(parts.into_iter()), excluded, additional }))
    }
}

/// The parts of a rule whose dates are those of `rule` moved as `first` is moved to `to`; `None` if no rule says that.
fn moved(rule: &Rule, first: NaiveDateTime, to: NaiveDateTime) -> Option<Vec<(Part, String)>> {
    let parts = rule.parts().to_vec();
    if first == to {
        return Some(parts);
    }
    let has = |part: Part| rule.get(part).is_some();
    let of_days = matches!(rule.frequency(), Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily);
    if !of_days || has(Part::ByHour) || has(Part::ByMinute) || has(Part::BySecond) {
        return None;
    }
    let days = (to.date() - first.date()).num_days();
    if days == 0 {
        return Some(parts);
    }
    let only = |known: &[Part]| {
        let counts = [Part::Freq, Part::Interval, Part::Count, Part::Until];
        rule.parts().iter().all(|(part, _)| counts.contains(part) || known.contains(part))
    };
    match rule.frequency() {
        Frequency::Daily if only(&[]) => Some(parts),
        Frequency::Weekly if only(&[Part::ByDay, Part::BySetPos, Part::WkSt]) => Some(turned(parts, rule.week_start(), days)),
        Frequency::Monthly if only(&[Part::WkSt]) => {
            let day = i64::from(first.day());
            (IN_EVERY_MONTH.contains(&day) && IN_EVERY_MONTH.contains(&(day + days))).then_some(parts)
        }
        Frequency::Monthly if only(&[Part::ByDay, Part::WkSt]) => days_after(parts, rule.get(Part::ByDay)?, days),
        _ => None,
    }
}

/// A rule of weeks with its days and the day on which a week starts all moved alike.
fn turned(parts: Vec<(Part, String)>, starts: Weekday, days: i64) -> Vec<(Part, String)> {
    let turn = |(part, value): (Part, String)| match part {
        Part::ByDay => (part, value.split(',').map(|day| later(day, days).unwrap_or(day)).collect::<Vec<_>>().join(",")),
        _ => (part, value),
    };
    let mut parts: Vec<_> = parts.into_iter().filter(|(part, _)| *part != Part::WkSt).map(turn).collect();
    let start = name(i64::from(starts.num_days_from_monday()) + days);
    if start != "MO" {
        parts.push((Part::WkSt, start.to_owned()));
    }
    parts
}

/// "So many days after the second Tuesday": the day of the week within the seven days of the month on which it then falls.
fn days_after(mut parts: Vec<(Part, String)>, by_day: &str, days: i64) -> Option<Vec<(Part, String)>> {
    let (place, day) = by_day.split_at_checked(by_day.len().checked_sub(2)?)?;
    let place: i64 = place.parse().ok().filter(|place| *place > 0)?;
    let (from, to) = (7 * (place - 1) + 1 + days, 7 * place + days);
    if !IN_EVERY_MONTH.contains(&from) || !IN_EVERY_MONTH.contains(&to) {
        return None;
    }
    let month_days = (from..=to).map(|day| day.to_string()).collect::<Vec<_>>().join(",");
    parts.retain(|(part, _)| *part != Part::ByDay);
    parts.extend([(Part::ByDay, later(day, days)?.to_owned()), (Part::ByMonthDay, month_days)]);
    Some(parts)
}

const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn later(day: &str, days: i64) -> Option<&'static str> {
    let place = DAYS.iter().position(|known| *known == day)?;
    Some(name(i64::try_from(place).ok()? + days))
}

fn name(place: i64) -> &'static str {
    let place = usize::try_from(place.rem_euclid(7)).unwrap_or_default();
    DAYS.get(place).copied().unwrap_or("MO")
}
