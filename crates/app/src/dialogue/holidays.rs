//! Public holidays, from a folder of the operator's: one iCalendar file a country, called after its code (`KE.ics`). None come with
//! Tertulia, since no list of them that could be found may be passed on.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    path::Path,
};

use chrono::{Days, NaiveDate, NaiveTime};
use icalendar::parser::{Component, read_calendar, unfold};
use tertulia_domain::{
    Code, Error, Reason, Result,
    dialogue::{Recurrence, rule::Rule, wall_time::day_begins},
    text::CountryCode,
};

/// Holidays that recur are worked out for these years.
const YEARS: RangeInclusive<i32> = 2000..=2099;
/// Most days that one holiday may have.
const MOST_DAYS: u64 = 31;

/// Public holidays by country.
#[derive(Clone, Debug, Default)]
pub struct Holidays(BTreeMap<CountryCode, BTreeSet<NaiveDate>>);

impl Holidays {
    /// Reads every file of a folder.
    ///
    /// # Errors
    /// `INVALID_INPUT` with the file's name in its message, if one is not called after a country, cannot be read or is no calendar.
    pub fn read(folder: &Path) -> Result<Self> {
        let unreadable = |path: &Path, why: &str| {
            let message = format!("Holidays cannot be read from {}: {why}.", path.display());
            Error::new(Code::InvalidInput, Reason::Malformed, "dialogue.holidays", message)
        };
        let mut all = BTreeMap::new();
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error.to_string()))?;
        for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "ics")) {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let country = CountryCode::parse(stem).map_err(|_| unreadable(&path, "it is not called after a country's code, as KE.ics"))?;
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error.to_string()))?;
            all.insert(country, days(&text).ok_or_else(|| unreadable(&path, "it is no calendar of whole days"))?);
        }
        Ok(Self(all))
    }

    /// Those of these countries from one day to another.
    pub(super) fn between(
        &self,
        countries: &BTreeSet<CountryCode>,
        days: &RangeInclusive<NaiveDate>,
    ) -> BTreeMap<CountryCode, BTreeSet<NaiveDate>> {
        let of_country = |code: &CountryCode| self.0.get(code).map(|all| (*code, all.range(days.clone()).copied().collect()));
        countries.iter().filter_map(of_country).collect()
    }
}

/// The days of a calendar's events; events at an hour are no holidays.
fn days(text: &str) -> Option<BTreeSet<NaiveDate>> {
    let unfolded = unfold(text);
    let calendar = read_calendar(&unfolded).ok()?;
    let events = calendar.components.iter().filter(|component| component.name == "VEVENT");
    let mut days = BTreeSet::new();
    for event in events {
        let Some(first) = date(event, "DTSTART") else { continue };
        let last = date(event, "DTEND").and_then(|end| end.pred_opt()).filter(|last| *last >= first).unwrap_or(first);
        let length = u64::try_from((last - first).num_days()).ok()?.min(MOST_DAYS - 1);
        for begin in occurrences(event, first)? {
            days.extend((0..=length).filter_map(|day| begin.checked_add_days(Days::new(day))));
        }
    }
    Some(days)
}

/// The days on which an event begins.
fn occurrences(event: &Component<'_>, first: NaiveDate) -> Option<Vec<NaiveDate>> {
    let Some(rule) = value(event, "RRULE") else { return Some(vec![first]) };
    let zone = chrono_tz::UTC;
    let recurrence = Recurrence {
        local_start: first.and_time(NaiveTime::MIN),
        zone,
        rule: Some(Rule::parse(rule).ok()?),
        excluded: Vec::new(),
        additional: Vec::new(),
        rotation: Vec::new(),
    };
    let begin = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).map(|day| day_begins(zone, day));
    let found = recurrence.between(begin(*YEARS.start()), begin(*YEARS.end() + 1), 40_000).ok()?;
    Some(found.items.iter().map(|one| one.original.date()).collect())
}

fn value<'a>(event: &'a Component<'_>, name: &str) -> Option<&'a str> {
    event.properties.iter().find(|property| property.name == name).map(|property| property.val.as_str())
}

fn date(event: &Component<'_>, name: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(value(event, name)?, "%Y%m%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20000501\r\nDTEND;VALUE=DATE:20000502\r\n\
        RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20260405\r\nDTEND;VALUE=DATE:20260407\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:3\r\nDTSTART:20260601T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    #[test]
    fn reads_days_and_rules() {
        let found = days(TEXT).expect("holidays");
        let lately: Vec<NaiveDate> = found.range(day(2026, 1, 1)..=day(2027, 6, 1)).copied().collect();
        assert_eq!(lately, [day(2026, 4, 5), day(2026, 4, 6), day(2026, 5, 1), day(2027, 5, 1)]);
        assert_eq!(days("nothing"), None);
    }
}
