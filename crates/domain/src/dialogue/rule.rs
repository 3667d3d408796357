//! A recurrence rule of RFC 5545 (section 3.3.10) as text: checked part by part, bounded, and in one order.

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

pub use super::rule_part::{Frequency, Part};
use super::{rule_part::weekday, wall_time};
use crate::{
    error::{Error, Reason, Result},
    time::Instant,
};

/// Longest text of a rule, in bytes.
pub const LONGEST: usize = 500;
/// Most moments that one period (year, month, week or day) of a rule may hold: its days times the times named within a day.
pub const MOST_IN_A_PERIOD: usize = 130_000;

/// Where a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// With this day at the place, included to its end.
    Day(NaiveDate),
    /// At this wall time, included.
    Wall(NaiveDateTime),
    /// At this instant, included.
    Instant(Instant),
}

impl Until {
    /// The last instant at which an occurrence may begin, in the rule's zone.
    pub fn instant(self, zone: Tz) -> Instant {
        match self {
            Self::Day(day) => wall_time::day_ends(zone, day) - chrono::TimeDelta::seconds(1),
            Self::Wall(wall) => wall_time::resolve(zone, wall),
            Self::Instant(at) => at,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(text) = text.strip_suffix('Z') {
            return NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok().map(|wall| Self::Instant(wall.and_utc()));
        }
        if let Ok(wall) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S") {
            return Some(Self::Wall(wall));
        }
        // `%Y` alone would also take a year of two digits or five.
        let day = (text.len() == 8).then(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok())??;
        Some(Self::Day(day))
    }
}

/// A checked rule. `FREQ` stands first, since some calendar programs ignore a rule that begins with anything else; the
/// other parts stay as they were given, in upper case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    parts: Vec<(Part, String)>,
    frequency: Frequency,
    count: Option<u32>,
    until: Option<Until>,
}

impl Rule {
    /// Reads a rule, as `FREQ=MONTHLY;BYDAY=2TU`; the name `RRULE:` may stand before it.
    pub fn parse(raw: &str) -> Result<Self> {
        if raw.len() > LONGEST {
            return Err(Error::invalid(Reason::TooLong, "", format!("A rule has at most {LONGEST} bytes.")));
        }
        let text = raw.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let mut parts: Vec<(Part, String)> = Vec::new();
        for piece in text.split(';') {
            let (name, value) = piece
                .split_once('=')
                .ok_or_else(|| Error::invalid(Reason::Malformed, "", "A rule is made of NAME=VALUE with semicolons between."))?;
            // The name that older programs give to BYDAY.
            let name = if name == "BYWEEKDAY" { "BYDAY" } else { name };
            let part = Part::parse(name)
                .ok_or_else(|| Error::invalid(Reason::Malformed, "", "This rule has a part that RFC 5545 does not know."))?;
            if parts.iter().any(|(known, _)| *known == part) {
                return Err(Error::invalid(Reason::Duplicate, "", format!("{part} stands twice.")));
            }
            parts.push((part, part.check(value)?));
        }
        parts.sort_by_key(|(part, _)| *part != Part::Freq);
        Self::from_parts(parts)
    }

    fn from_parts(parts: Vec<(Part, String)>) -> Result<Self> {
        let get = |wanted: Part| parts.iter().find(|(part, _)| *part == wanted).map(|(_, value)| value.as_str());
        let frequency = get(Part::Freq)
            .and_then(Frequency::parse)
            .ok_or_else(|| Error::invalid(Reason::Required, "", "A rule needs FREQ, one of YEARLY to SECONDLY."))?;
        let count = get(Part::Count).and_then(|text| text.parse().ok());
        let until = get(Part::Until).and_then(Until::parse);
        if count.is_some() && until.is_some() {
            return Err(Error::invalid(Reason::Contradiction, "", "A rule has COUNT or UNTIL, not both."));
        }
        let rule = Self { parts, frequency, count, until };
        rule.check_together()?;
        Ok(rule)
    }

    /// What RFC 5545 says of parts together where reading on would be guessing, and the bound on what one period yields.
    ///
    /// `BYWEEKNO`, `BYYEARDAY` and `BYMONTHDAY` beside a frequency for which the standard has no meaning are read as
    /// python-dateutil reads them: they limit what the rest of the rule yields.
    fn check_together(&self) -> Result<()> {
        let refuse = |message: &str| Err(Error::invalid(Reason::Contradiction, "", message));
        let numbered = self.get(Part::ByDay).is_some_and(|days| days.contains(|c: char| c.is_ascii_digit()));
        if numbered && (!matches!(self.frequency, Frequency::Monthly | Frequency::Yearly) || self.get(Part::ByWeekNo).is_some()) {
            return refuse("A number before a day of the week stands with MONTHLY or YEARLY only, and not with BYWEEKNO.");
        }
        if self.get(Part::BySetPos).is_some() && self.parts.iter().any(|(part, _)| self.only_limits(*part)) {
            return refuse("BYSETPOS cannot choose here: another part does not stand with this FREQ in RFC 5545.");
        }
        let days = match self.frequency {
            Frequency::Yearly => 366,
            Frequency::Monthly => 31,
            Frequency::Weekly => 7,
            Frequency::Daily => 1,
            Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => return Ok(()),
        };
        let times: usize = [Part::ByHour, Part::ByMinute, Part::BySecond].into_iter().map(|part| self.items(part).max(1)).product();
        if times * days > MOST_IN_A_PERIOD {
            return Err(Error::invalid(Reason::TooMany, "", "This rule names too many times a day."));
        }
        Ok(())
    }

    /// Whether RFC 5545 gives the part no meaning beside this frequency, so that it limits what the others yield.
    pub(super) fn only_limits(&self, part: Part) -> bool {
        match part {
            Part::ByWeekNo => self.frequency != Frequency::Yearly,
            Part::ByYearDay => matches!(self.frequency, Frequency::Monthly | Frequency::Weekly | Frequency::Daily),
            Part::ByMonthDay => self.frequency == Frequency::Weekly,
            _ => false,
        }
    }

    /// The value of a part.
    pub(super) fn get(&self, wanted: Part) -> Option<&str> {
        self.parts.iter().find(|(part, _)| *part == wanted).map(|(_, value)| value.as_str())
    }

    pub(super) fn items(&self, part: Part) -> usize {
        self.get(part).map_or(0, |value| value.split(',').count())
    }

    /// The unit.
    pub const fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// How many occurrences there are, excluded ones counted.
    pub const fn count(&self) -> Option<u32> {
        self.count
    }

    /// Where it ends.
    pub const fn until(&self) -> Option<Until> {
        self.until
    }

    /// Whether `BYSETPOS` chooses among the days of a week.
    pub fn chooses_within_weeks(&self) -> bool {
        self.frequency == Frequency::Weekly && self.get(Part::BySetPos).is_some()
    }

    /// The day a week starts with.
    pub fn week_start(&self) -> Weekday {
        self.get(Part::WkSt).and_then(weekday).unwrap_or(Weekday::Mon)
    }

    /// Every part, `FREQ` first.
    pub(super) fn parts(&self) -> &[(Part, String)] {
        &self.parts
    }

    /// The rule for an iCalendar whose `DTSTART` stands in `zone`: `UNTIL` must then be in UTC (RFC 5545, 3.3.10).
    pub fn ical(&self, zone: Tz) -> String {
        join(self.ical_parts(zone).into_iter())
    }

    /// The parts of [`Rule::ical`].
    pub(super) fn ical_parts(&self, zone: Tz) -> Vec<(Part, String)> {
        let part = |(part, value): &(Part, String)| match (part, self.until) {
            (Part::Until, Some(until)) => (*part, wall_time::ical_utc(until.instant(zone))),
            _ => (*part, value.clone()),
        };
        self.parts.iter().map(part).collect()
    }
}

pub(super) fn join(parts: impl Iterator<Item = (Part, String)>) -> String {
    parts.map(|(part, value)| format!("{part}={value}")).collect::<Vec<_>>().join(";")
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&join(self.parts.iter().cloned()))
    }
}

impl Until {
    /// Whether the year has four digits.
    pub(super) fn is_near(self) -> bool {
        use chrono::Datelike;
        let year = match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN).year(),
            Self::Wall(wall) => wall.year(),
            Self::Instant(at) => at.year(),
        };
        (1..=9999).contains(&year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_freq_first_and_keeps_the_rest() {
        let rule = Rule::parse("rrule:byday=+2tu,2TU;Interval=01;freq=monthly").expect("a rule");
        assert_eq!(rule.to_string(), "FREQ=MONTHLY;BYDAY=2TU;INTERVAL=1");
        assert_eq!(rule.get(Part::ByDay), Some("2TU"));
    }

    #[test]
    fn writes_until_in_utc() {
        let zone = chrono_tz::Europe::Madrid;
        let rule = |text| Rule::parse(text).expect("a rule").ical(zone);
        assert_eq!(rule("FREQ=DAILY;UNTIL=20260701"), "FREQ=DAILY;UNTIL=20260701T215959Z");
        assert_eq!(rule("FREQ=DAILY;UNTIL=20261231T190000"), "FREQ=DAILY;UNTIL=20261231T180000Z");
        assert_eq!(rule("FREQ=DAILY;UNTIL=20261231T190000Z"), "FREQ=DAILY;UNTIL=20261231T190000Z");
    }

    #[test]
    fn refuses_with_a_reason() {
        for (text, reason) in [
            ("", Reason::Malformed),
            ("FREQ=WEEKLY;", Reason::Malformed),
            ("BYDAY=MO", Reason::Required),
            ("FREQ=FORTNIGHTLY", Reason::Malformed),
            ("FREQ=DAILY;FREQ=DAILY", Reason::Duplicate),
            ("FREQ=DAILY;BYEASTER=1", Reason::Malformed),
            ("FREQ=DAILY;COUNT=10000000", Reason::OutOfRange),
            ("FREQ=DAILY;COUNT=0", Reason::OutOfRange),
            ("FREQ=DAILY;INTERVAL=-1", Reason::Malformed),
            ("FREQ=DAILY;COUNT=2;UNTIL=20300101", Reason::Contradiction),
            ("FREQ=DAILY;UNTIL=203001", Reason::Malformed),
            ("FREQ=MONTHLY;BYDAY=0MO", Reason::OutOfRange),
            ("FREQ=MONTHLY;BYDAY=é", Reason::OutOfRange),
            ("FREQ=WEEKLY;BYDAY=2MO", Reason::Contradiction),
            ("FREQ=MONTHLY;BYWEEKNO=2;BYSETPOS=1", Reason::Contradiction),
            ("FREQ=MONTHLY;BYMONTHDAY=32", Reason::OutOfRange),
            ("FREQ=DAILY;BYSECOND=60", Reason::OutOfRange),
            ("FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=1,2,3,4", Reason::TooMany),
        ] {
            assert_eq!(Rule::parse(text).map_err(|error| error.faults[0].reason), Err(reason), "{text}");
        }
        assert_eq!(Rule::parse(&"X".repeat(501)).map_err(|error| error.faults[0].reason), Err(Reason::TooLong));
    }
}
