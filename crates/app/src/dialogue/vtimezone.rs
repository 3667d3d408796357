//! `VTIMEZONE` components, which a calendar must bring for each zone that it names (RFC 5545, 3.6.5): Outlook takes the times
//! of an unknown zone for those of its own.
//!
//! They are made from the zone's transitions in the years that the calendar covers. A change that comes by one rule every
//! year is written as that rule, so that a series without end stays right after those years; any other is written out.

use std::fmt::Write;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// Years looked at to tell a yearly rule from a coincidence.
const YEARS: i32 = 8;

/// One change of a zone's clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Transition {
    /// What the clocks show just before.
    wall: NaiveDateTime,
    /// Offset before, in seconds east of UTC.
    from: i32,
    /// Offset after.
    to: i32,
    /// Abbreviation after, as CET.
    name: String,
    /// Whether summer time begins.
    daylight: bool,
}

/// The component for `zone`, right for every time from `first` to `last`, with lines ended by CRLF.
pub(super) fn vtimezone(zone: Tz, first: DateTime<Utc>, last: DateTime<Utc>) -> String {
    let (from, to) = (first.year() - 1, last.year().max(first.year() + YEARS));
    let transitions = transitions(zone, from, to);
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", zone.name());
    let starts = transitions.first().map(|transition| transition.wall.and_utc() - TimeDelta::seconds(transition.from.into()));
    if starts.is_none_or(|starts| starts > first) {
        let begin = year_begins(from);
        let state = State::at(zone, begin);
        let start = Transition { wall: begin.naive_utc(), from: state.offset, to: state.offset, name: state.name, daylight: state.dst > 0 };
        observance(&mut text, &start, &[], None);
    }
    for group in groups(transitions) {
        if let [first, rest @ ..] = group.as_slice() {
            observance(&mut text, first, rest, yearly(&group, to));
        }
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}

/// What holds in a zone at an instant.
#[derive(PartialEq, Eq)]
struct State {
    offset: i32,
    dst: i64,
    name: String,
}

impl State {
    fn at(zone: Tz, at: DateTime<Utc>) -> Self {
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        let seconds = offset.fix().local_minus_utc();
        let name =
            offset.abbreviation().filter(|name| name.chars().any(char::is_alphabetic)).map_or_else(|| utc_offset(seconds), str::to_owned);
        Self { offset: seconds, dst: offset.dst_offset().num_seconds(), name }
    }
}

fn year_begins(year: i32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN).and_utc()
}

/// The zone's transitions in these years. No zone changes twice within a day.
fn transitions(zone: Tz, from: i32, to: i32) -> Vec<Transition> {
    let end = year_begins(to + 1);
    let mut found = Vec::new();
    let (mut day, mut before) = (year_begins(from), State::at(zone, year_begins(from)));
    while day < end {
        let Some(next) = day.checked_add_days(Days::new(1)) else { break };
        let after = State::at(zone, next);
        if after != before {
            let (mut low, mut high) = (day, next);
            while high - low > TimeDelta::seconds(1) {
                let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
                if State::at(zone, middle) == before { low = middle } else { high = middle }
            }
            found.push(Transition {
                wall: high.naive_utc() + TimeDelta::seconds(before.offset.into()),
                from: before.offset,
                to: after.offset,
                name: after.name.clone(),
                // Ireland and Morocco have their summer time as standard, and a winter time behind it.
                daylight: after.dst > 0 || (after.dst == 0 && before.dst < 0),
            });
        }
        (day, before) = (next, after);
    }
    found
}

/// Transitions of one kind together, the kinds in the order of their first.
fn groups(transitions: Vec<Transition>) -> Vec<Vec<Transition>> {
    let mut groups: Vec<Vec<Transition>> = Vec::new();
    for transition in transitions {
        let kind = |other: &Transition| (other.from, other.to, other.name.clone(), other.daylight);
        match groups.iter_mut().find(|group| group.first().map(&kind) == Some(kind(&transition))) {
            Some(group) => group.push(transition),
            None => groups.push(vec![transition]),
        }
    }
    groups
}

/// The rule by which these transitions come once a year up to the last year looked at, if there is one.
fn yearly(group: &[Transition], last_year: i32) -> Option<String> {
    let (first, last) = (group.first()?, group.last()?);
    let years = group.windows(2).all(|pair| matches!(pair, [a, b] if b.wall.year() == a.wall.year() + 1));
    let same = group.iter().all(|one| {
        one.wall.month() == first.wall.month() && one.wall.weekday() == first.wall.weekday() && one.wall.time() == first.wall.time()
    });
    if group.len() < 4 || !years || !same || last.wall.year() != last_year {
        return None;
    }
    let place = |wall: NaiveDateTime| (wall.day() - 1) / 7 + 1;
    let is_last = |wall: NaiveDateTime| wall.day() + 7 > u32::from(wall.date().num_days_in_month());
    let day = day_name(first.wall.weekday());
    let day = if group.iter().all(|one| is_last(one.wall)) {
        format!("-1{day}")
    } else if group.iter().all(|one| place(one.wall) == place(first.wall)) {
        format!("{}{day}", place(first.wall))
    } else {
        return None;
    };
    Some(format!("FREQ=YEARLY;BYMONTH={};BYDAY={day}", first.wall.month()))
}

const fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

fn observance(text: &mut String, first: &Transition, rest: &[Transition], rule: Option<String>) {
    let kind = if first.daylight { "DAYLIGHT" } else { "STANDARD" };
    let stamp = |wall: NaiveDateTime| wall.format("%Y%m%dT%H%M%S");
    let _ = write!(
        text,
        "BEGIN:{kind}\r\nDTSTART:{}\r\nTZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nTZNAME:{}\r\n",
        stamp(first.wall),
        utc_offset(first.from),
        utc_offset(first.to),
        first.name
    );
    match rule {
        Some(rule) => {
            let _ = write!(text, "RRULE:{rule}\r\n");
        }
        None => rest.iter().for_each(|transition| {
            let _ = write!(text, "RDATE:{}\r\n", stamp(transition.wall));
        }),
    }
    let _ = write!(text, "END:{kind}\r\n");
}

/// An offset as `+0100`, with seconds where an old local time has them.
fn utc_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes, rest) = (seconds.abs() / 3600, seconds.abs() / 60 % 60, seconds.abs() % 60);
    if rest == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{rest:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(zone: Tz, year: i32) -> String {
        vtimezone(zone, year_begins(year), year_begins(year + 1))
    }

    #[test]
    fn writes_yearly_changes_as_rules() {
        let madrid = of(chrono_tz::Europe::Madrid, 2026);
        assert_eq!(
            madrid.replace("\r\n", "\n"),
            "BEGIN:VTIMEZONE\nTZID:Europe/Madrid\n\
             BEGIN:DAYLIGHT\nDTSTART:20250330T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\n\
             BEGIN:STANDARD\nDTSTART:20251026T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n\
             END:VTIMEZONE\n"
        );
        assert!(of(chrono_tz::America::New_York, 2026).contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"));
        assert!(of(chrono_tz::Europe::Dublin, 2026).contains("BEGIN:DAYLIGHT\r\nDTSTART:20250330T010000"));
    }

    #[test]
    fn writes_out_what_follows_no_rule_and_what_never_changes() {
        let casablanca = of(chrono_tz::Africa::Casablanca, 2026);
        assert!(casablanca.contains("RDATE:2026") && !casablanca.contains("RRULE"), "{casablanca}");
        let lima = of(chrono_tz::America::Lima, 2026);
        assert_eq!(lima.matches("BEGIN:STANDARD").count(), 1);
        assert!(lima.contains("TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nTZNAME:-0500"), "{lima}");
        assert!(of(chrono_tz::UTC, 2026).contains("TZOFFSETTO:+0000\r\nTZNAME:UTC"));
    }
}
