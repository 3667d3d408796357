//! How a rule is handed to the expansion: as a text that it takes, and limits that it does not know.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

use super::rule::{Frequency, Part, Rule, join};

/// A day in seconds.
const DAY: i64 = 24 * 60 * 60;
const EVERY_DAY: &str = "MO,TU,WE,TH,FR,SA,SU";

/// A rule made ready.
pub(super) struct Plan {
    /// The rule without `COUNT` and `UNTIL`; `None` if nothing can fit it.
    pub(super) text: Option<String>,
    /// For a rule of hours, minutes or seconds: the days it can fall on, as a rule of days. If that yields nothing, looking
    /// through every second would take long to find nothing too.
    pub(super) days: Option<String>,
    /// What else each wall time must fit.
    pub(super) limits: Limits,
}

impl Plan {
    pub(super) fn of(rule: &Rule) -> Self {
        let list = |part: Part| if rule.only_limits(part) { numbers(rule.get(part)) } else { Vec::new() };
        let limits = Limits {
            week_starts: rule.week_start(),
            weeks: list(Part::ByWeekNo),
            year_days: list(Part::ByYearDay),
            month_days: list(Part::ByMonthDay),
        };
        let is_of_days = matches!(rule.frequency(), Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily);
        Self { text: text(rule, &limits, is_of_days), days: if is_of_days { None } else { days(rule) }, limits }
    }
}

fn text(rule: &Rule, limits: &Limits, is_of_days: bool) -> Option<String> {
    let selects = rule.parts().iter().any(|(part, _)| part.selects());
    let mut parts: Vec<(Part, String)> = Vec::new();
    for (part, value) in rule.parts() {
        match part {
            Part::Count | Part::Until => {}
            part if rule.only_limits(*part) => {}
            // Without another part each period holds one date, its first and its last.
            Part::BySetPos if !selects => {
                if !value.split(',').any(|place| matches!(place, "1" | "-1")) {
                    return None;
                }
            }
            Part::ByDay => parts.push((*part, week_days(value, rule)?)),
            _ => parts.push((*part, value.clone())),
        }
    }
    let has = |parts: &[(Part, String)], wanted: Part| parts.iter().any(|(part, _)| *part == wanted);
    if limits.any() && is_of_days && !has(&parts, Part::ByDay) && !has(&parts, Part::ByMonthDay) {
        parts.push((Part::ByDay, EVERY_DAY.to_owned()));
    }
    if !is_of_days && !limits.weeks.is_empty() && !has(&parts, Part::ByYearDay) {
        parts.push((Part::ByYearDay, days_around(&limits.weeks)));
    }
    Some(join(parts.into_iter()))
}

/// About how many moments it takes to go through a rule from `start` to `to`: those that it names in each of its periods, and one for
/// a period in which it names none.
pub(super) fn effort(rule: &Rule, start: NaiveDateTime, to: NaiveDateTime) -> usize {
    let items = |part: Part| rule.items(part).max(1);
    let (hours, minutes, seconds) = (items(Part::ByHour), items(Part::ByMinute), items(Part::BySecond));
    let (length, moments) = match rule.frequency() {
        Frequency::Yearly => (365 * DAY, days_named(rule) * hours * minutes * seconds),
        Frequency::Monthly => (28 * DAY, days_named(rule) * hours * minutes * seconds),
        Frequency::Weekly => (7 * DAY, items(Part::ByDay) * hours * minutes * seconds),
        Frequency::Daily => (DAY, hours * minutes * seconds),
        Frequency::Hourly => (3_600, minutes * seconds),
        Frequency::Minutely => (60, seconds),
        Frequency::Secondly => (1, 1),
    };
    let every = rule.get(Part::Interval).and_then(|text| text.parse::<i64>().ok()).unwrap_or(1).max(1);
    let to = rule.until().map_or(to, |until| to.min(until.instant(chrono_tz::UTC).naive_utc() + TimeDelta::days(1)));
    let periods = (to - start).num_seconds().max(0) / length.saturating_mul(every) + 1;
    let all = usize::try_from(periods).unwrap_or(usize::MAX).saturating_mul(moments);
    // Where nothing limits it, each moment counts.
    let is_plain = rule.parts().iter().all(|(part, _)| matches!(part, Part::Freq | Part::Interval | Part::Count | Part::WkSt));
    rule.count().filter(|_| is_plain).and_then(|count| usize::try_from(count).ok()).map_or(all, |count| all.min(count))
}

/// How many days a month or a year of a rule names at most.
fn days_named(rule: &Rule) -> usize {
    let is_yearly = rule.frequency() == Frequency::Yearly;
    let months = if is_yearly { Some(rule.items(Part::ByMonth)).filter(|many| *many > 0) } else { Some(1) };
    let weekdays = rule.get(Part::ByDay).into_iter().flat_map(|value| value.split(','));
    // A day of the week without a number stands for each of a month.
    let weekdays: usize = weekdays.map(|item| if item.len() > 2 { 1 } else { 5 }).sum();
    let month_days = rule.items(Part::ByMonthDay);
    if weekdays + month_days == 0 {
        return months.unwrap_or(1).max(rule.items(Part::ByYearDay)).max(7 * rule.items(Part::ByWeekNo));
    }
    weekdays.max(month_days) * months.unwrap_or(12)
}

/// The days of the week as the expansion takes them. No month has a sixth day of one name, so that such a member selects
/// nothing; and where days with a number stand beside days without (`MO,2TU`), the latter are written out, since the
/// expansion would look for days that are both.
fn week_days(value: &str, rule: &Rule) -> Option<String> {
    let within_months = rule.frequency() == Frequency::Monthly || rule.get(Part::ByMonth).is_some();
    let most = if within_months { 5 } else { 53 };
    let place = |item: &str| item.get(..item.len().saturating_sub(2)).and_then(|place| place.parse::<i32>().ok());
    let is_mixed = value.split(',').any(|item| place(item).is_some()) && value.split(',').any(|item| place(item).is_none());
    let mut kept: Vec<String> = Vec::new();
    for item in value.split(',') {
        match place(item) {
            Some(place) if place.abs() > most => {}
            None if is_mixed => kept.extend((1..=most).map(|place| format!("{place}{item}"))),
            _ => kept.push(item.to_owned()),
        }
    }
    (!kept.is_empty()).then(|| kept.join(","))
}

fn days(rule: &Rule) -> Option<String> {
    // BYYEARDAY does not stand with DAILY, so such rules are not judged.
    if rule.get(Part::ByYearDay).is_some() {
        return None;
    }
    let limited = |part: Part| matches!(part, Part::ByMonth | Part::ByMonthDay | Part::ByDay);
    let parts = rule.parts().iter().filter(|(part, _)| limited(*part)).cloned();
    Some(join(std::iter::once((Part::Freq, Frequency::Daily.as_str().to_owned())).chain(parts)))
}

/// Days of the year among which all days of these weeks lie, in any year: week `n` begins at most three days before or
/// after day `7n - 6`, and a year has 52 or 53 weeks. They let the expansion leap over the days between.
fn days_around(weeks: &[i32]) -> String {
    let mut days: Vec<i32> = Vec::new();
    for week in weeks.iter().flat_map(|week| if *week < 0 { vec![53 + week, 54 + week] } else { vec![*week] }) {
        for day in 7 * week - 9..=7 * week + 3 {
            days.push(match day {
                ..=0 => day - 1,
                1..=366 => day,
                _ => day - 366,
            });
            // The same day counted from the end of a year of 365 days.
            if day > 365 {
                days.push(day - 365);
            }
        }
    }
    days.sort_unstable();
    days.dedup();
    days.retain(|day| *day != 0 && (-366..=366).contains(day));
    days.iter().map(i32::to_string).collect::<Vec<_>>().join(",")
}

fn numbers(value: Option<&str>) -> Vec<i32> {
    value.into_iter().flat_map(|value| value.split(',')).filter_map(|item| item.parse().ok()).collect()
}

/// Parts that the standard does not define beside the rule's frequency; empty lists limit nothing.
pub(super) struct Limits {
    week_starts: Weekday,
    weeks: Vec<i32>,
    year_days: Vec<i32>,
    month_days: Vec<i32>,
}

impl Limits {
    fn any(&self) -> bool {
        !(self.weeks.is_empty() && self.year_days.is_empty() && self.month_days.is_empty())
    }

    /// Whether a wall time fits every limit.
    pub(super) fn let_pass(&self, wall: NaiveDateTime) -> bool {
        let date = wall.date();
        let fits = |list: &[i32], place: u32, of: u32| {
            let place = i32::try_from(place).unwrap_or_default();
            let of = i32::try_from(of).unwrap_or_default();
            list.is_empty() || list.contains(&place) || list.contains(&(place - of - 1))
        };
        let (week, weeks) = if self.weeks.is_empty() { (0, 0) } else { week_of(date, self.week_starts) };
        fits(&self.weeks, week, weeks)
            && fits(&self.year_days, date.ordinal(), if date.leap_year() { 366 } else { 365 })
            && fits(&self.month_days, date.day(), u32::from(date.num_days_in_month()))
    }
}

/// The number of a date's week and how many weeks that year has. The first week of a year is the first with at least four
/// of its days (RFC 5545, 3.3.10; ISO 8601 with weeks that start on any day).
fn week_of(date: NaiveDate, starts: Weekday) -> (u32, u32) {
    let first_day = |day: NaiveDate| i64::from((7 + day.weekday().num_days_from_monday() - starts.num_days_from_monday()) % 7);
    let fourth_day = |day: NaiveDate| day + chrono::TimeDelta::days(3 - first_day(day));
    let fourth = fourth_day(date);
    let week = fourth.ordinal0() / 7 + 1;
    // 28 December, or the day of its week that decides, always lies in the last week.
    let last = NaiveDate::from_ymd_opt(fourth.year(), 12, 28).map_or(52, |day| fourth_day(day).ordinal0() / 7 + 1);
    (week, last)
}
