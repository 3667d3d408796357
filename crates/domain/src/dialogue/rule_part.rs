//! The parts of a recurrence rule and what each may say (RFC 5545, 3.3.10).

use chrono::Weekday;

use super::rule::Until;
use crate::error::{Error, Reason, Result, closed};

/// Largest `INTERVAL`.
pub(super) const MOST_INTERVAL: u32 = 10_000;
/// Largest `COUNT`.
pub(super) const MOST_COUNT: u32 = 100_000;

closed! {
    /// The unit in which a rule counts.
    Frequency {
        /// Every so many years.
        Yearly = "YEARLY",
        /// Every so many months.
        Monthly = "MONTHLY",
        /// Every so many weeks.
        Weekly = "WEEKLY",
        /// Every so many days.
        Daily = "DAILY",
        /// Every so many hours.
        Hourly = "HOURLY",
        /// Every so many minutes.
        Minutely = "MINUTELY",
        /// Every so many seconds.
        Secondly = "SECONDLY",
    }
}

closed! {
    /// A part of a rule.
    Part {
        /// The unit.
        Freq = "FREQ",
        /// Every how many units.
        Interval = "INTERVAL",
        /// How many occurrences.
        Count = "COUNT",
        /// The last moment at which an occurrence may begin.
        Until = "UNTIL",
        /// Months, 1 to 12.
        ByMonth = "BYMONTH",
        /// ISO weeks, 1 to 53 or from the year's end.
        ByWeekNo = "BYWEEKNO",
        /// Days of the year, 1 to 366 or from its end.
        ByYearDay = "BYYEARDAY",
        /// Days of the month, 1 to 31 or from its end.
        ByMonthDay = "BYMONTHDAY",
        /// Days of the week, with a number the so-many-th within the month or year.
        ByDay = "BYDAY",
        /// Hours, 0 to 23.
        ByHour = "BYHOUR",
        /// Minutes, 0 to 59.
        ByMinute = "BYMINUTE",
        /// Seconds, 0 to 59 (the 60 of a leap second is refused).
        BySecond = "BYSECOND",
        /// Which of the dates found in a period count.
        BySetPos = "BYSETPOS",
        /// The day a week starts with; Monday without it.
        WkSt = "WKST",
    }
}

impl Part {
    /// Whether the part chooses dates or times.
    pub(super) const fn selects(self) -> bool {
        !matches!(self, Self::Freq | Self::Interval | Self::Count | Self::Until | Self::BySetPos | Self::WkSt)
    }

    /// Checks the part's value and drops repeated members of a list.
    pub(super) fn check(self, value: &str) -> Result<String> {
        match self {
            Self::Freq => known(self, value, Frequency::parse(value).is_some()),
            Self::WkSt => known(self, value, weekday(value).is_some()),
            Self::Until => known(self, value, Until::parse(value).is_some_and(Until::is_near)),
            Self::Interval => single(self, value, MOST_INTERVAL),
            Self::Count => single(self, value, MOST_COUNT),
            Self::ByDay => list(self, value, week_day_item),
            Self::BySecond | Self::ByMinute => list(self, value, |item| number(item, 0, 59, false)),
            Self::ByHour => list(self, value, |item| number(item, 0, 23, false)),
            Self::ByMonth => list(self, value, |item| number(item, 1, 12, false)),
            Self::ByMonthDay => list(self, value, |item| number(item, 1, 31, true)),
            Self::ByWeekNo => list(self, value, |item| number(item, 1, 53, true)),
            Self::ByYearDay | Self::BySetPos => list(self, value, |item| number(item, 1, 366, true)),
        }
    }
}

fn malformed(message: impl Into<String>) -> Error {
    Error::invalid(Reason::Malformed, "", message)
}

fn known(part: Part, value: &str, is_known: bool) -> Result<String> {
    is_known.then(|| value.to_owned()).ok_or_else(|| malformed(format!("{part} has a value that RFC 5545 does not know.")))
}

fn single(part: Part, value: &str, most: u32) -> Result<String> {
    let number: u64 = digits(value).ok_or_else(|| malformed(format!("{part} must be a number.")))?;
    if (1..=u64::from(most)).contains(&number) {
        Ok(number.to_string())
    } else {
        Err(Error::invalid(Reason::OutOfRange, "", format!("{part} must be from 1 to {most}.")))
    }
}

fn digits(text: &str) -> Option<u64> {
    (!text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn list(part: Part, value: &str, read: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut items: Vec<String> = Vec::new();
    for item in value.split(',') {
        let item = read(item)
            .ok_or_else(|| Error::invalid(Reason::OutOfRange, "", format!("{part} has a value that is no number or out of range.")))?;
        if !items.contains(&item) {
            items.push(item);
        }
    }
    Ok(items.join(","))
}

fn number(text: &str, least: u64, most: u64, signed: bool) -> Option<String> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) if signed => ("-", rest),
        _ if signed => ("", text.strip_prefix('+').unwrap_or(text)),
        _ => ("", text),
    };
    let number = digits(text)?;
    (least..=most).contains(&number).then(|| format!("{sign}{number}"))
}

fn week_day_item(text: &str) -> Option<String> {
    let (place, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    weekday(day)?;
    if place.is_empty() { Some(day.to_owned()) } else { number(place, 1, 53, true).map(|place| format!("{place}{day}")) }
}

/// The day of the week of that two-letter name.
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}
