//! An event of a file, its values read.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use tertulia_domain::{
    Reason,
    dialogue::{Length, wall_time},
};

use super::{
    file::{ContentLine, RawEvent, Remark},
    zone::Zones,
};

/// A value with the line on which it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

/// A day or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// A whole day.
    Day(NaiveDate),
    /// A time on the clocks of a zone; without one, on those of whom it concerns.
    Time(NaiveDateTime, Option<Tz>),
}

impl When {
    /// What the clocks of `zone` show; a series of days is named by days alone.
    pub(super) fn wall(self, zone: Tz, series: Self) -> NaiveDateTime {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
        match (self, series) {
            (Self::Day(day), Self::Day(_)) => midnight(day),
            (Self::Day(day), Self::Time(wall, _)) => day.and_time(wall.time()),
            (Self::Time(wall, _), Self::Day(_)) => midnight(wall.date()),
            (Self::Time(wall, Some(own)), Self::Time(..)) if own != zone => wall_time::wall(zone, wall_time::resolve(own, wall)),
            (Self::Time(wall, _), Self::Time(..)) => wall,
        }
    }

    /// The zone in which it stands.
    pub(super) fn zone(self, floating: Tz) -> Tz {
        match self {
            Self::Time(_, Some(zone)) => zone,
            _ => floating,
        }
    }
}

/// A date besides those of the rule, with its own length if it has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Additional {
    pub(super) when: When,
    pub(super) length: Option<Length>,
}

/// An event.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) line: usize,
    pub(super) uid: Option<At<String>>,
    /// The text, and its language if the file says it.
    pub(super) summary: Option<At<(String, Option<String>)>>,
    pub(super) start: At<When>,
    /// How long it takes, if it says so.
    pub(super) length: Option<At<Length>>,
    pub(super) rule: Option<At<String>>,
    pub(super) additional: Vec<At<Additional>>,
    pub(super) excluded: Vec<At<When>>,
    /// The date of its series that it stands for.
    pub(super) replaces: Option<At<When>>,
    /// The line that says that it does not take place.
    pub(super) cancelled: Option<usize>,
    pub(super) location: Option<At<String>>,
    pub(super) url: Option<At<String>>,
}

/// Reads an event, or says what cannot be read of it.
pub(super) fn read(raw: &RawEvent, zones: &Zones<'_>) -> Result<Event, Vec<Remark>> {
    let mut reader = Reader { raw, zones, faults: raw.remarks.iter().filter(|remark| remark.is_refused).cloned().collect() };
    let start = reader.start();
    let length = start.as_ref().and_then(|start| reader.length(start.value));
    reader.refuse_what_is_not_followed();
    let additional = reader.dates("RDATE").into_iter().collect();
    let excluded = reader.dates("EXDATE").into_iter().map(|date| At { line: date.line, value: date.value.when }).collect();
    let replaces = reader.first("RECURRENCE-ID").and_then(|property| reader.when(property, &property.value));
    let said = |name: &str| {
        let property = reader.first(name).filter(|property| !property.value.is_empty());
        property.map(|property| At { line: property.line, value: property.value.clone() })
    };
    let language = reader.first("SUMMARY").and_then(|property| property.parameter("LANGUAGE")).map(str::to_owned);
    let event = start.map(|start| Event {
        line: raw.line,
        uid: said("UID"),
        summary: said("SUMMARY").map(|text| At { line: text.line, value: (text.value, language) }),
        start,
        length,
        rule: said("RRULE"),
        additional,
        excluded,
        replaces,
        cancelled: reader.first("STATUS").filter(|status| status.value.eq_ignore_ascii_case("CANCELLED")).map(|status| status.line),
        location: said("LOCATION"),
        url: said("CONFERENCE").or_else(|| said("URL")),
    });
    match event {
        Some(event) if reader.faults.is_empty() => Ok(event),
        _ => Err(reader.faults),
    }
}

struct Reader<'a> {
    raw: &'a RawEvent,
    zones: &'a Zones<'a>,
    faults: Vec<Remark>,
}

impl<'a> Reader<'a> {
    fn all(&self, name: &'static str) -> impl Iterator<Item = &'a ContentLine> + use<'a> {
        self.raw.properties.iter().filter(move |property| property.name == name)
    }

    fn first(&self, name: &str) -> Option<&'a ContentLine> {
        self.raw.properties.iter().find(|property| property.name == name)
    }

    fn refuse(&mut self, line: usize, reason: Reason, message: &str) {
        self.faults.push(Remark::refused(line, reason, message));
    }

    fn start(&mut self) -> Option<At<When>> {
        let Some(property) = self.first("DTSTART") else {
            self.refuse(self.raw.line, Reason::Required, "This event does not say when it begins (DTSTART).");
            return None;
        };
        self.when(property, &property.value)
    }

    /// A day or time of a property.
    fn when(&mut self, property: &ContentLine, text: &str) -> Option<At<When>> {
        let line = property.line;
        let text = text.trim();
        let day = (text.len() == 8).then(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok()).flatten();
        let value = match (day, text.strip_suffix('Z')) {
            (Some(day), _) => Some(When::Day(day)),
            (None, Some(utc)) => time(utc).map(|wall| When::Time(wall, Some(Tz::UTC))),
            (None, None) => match (time(text), property.parameter("TZID")) {
                (Some(wall), None) => Some(When::Time(wall, None)),
                (Some(wall), Some(name)) => {
                    let Some(zone) = self.zones.find(name) else {
                        self.refuse(
                            line,
                            Reason::NotAnOption,
                            "This zone is in no database, and the file does not say which one it means.",
                        );
                        return None;
                    };
                    Some(When::Time(wall, Some(zone)))
                }
                (None, _) => None,
            },
        };
        if value.is_none() {
            self.refuse(line, Reason::Malformed, "This is no day or time of a calendar.");
        }
        value.map(|value| At { line, value })
    }

    /// The dates of a property that may stand several times and hold several.
    fn dates(&mut self, name: &'static str) -> Vec<At<Additional>> {
        let mut dates = Vec::new();
        for property in self.all(name) {
            for text in property.value.split(',').filter(|text| !text.trim().is_empty()) {
                let (begin, end) = text.split_once('/').map_or((text, None), |(begin, end)| (begin, Some(end)));
                let Some(when) = self.when(property, begin) else { continue };
                let length = match end {
                    Some(end) if end.starts_with('P') => Length::parse(end).ok(),
                    Some(end) => self.when(property, end).and_then(|end| self.between(property.line, when.value, end.value)),
                    None => None,
                };
                dates.push(At { line: when.line, value: Additional { when: when.value, length } });
            }
        }
        dates
    }

    /// How long the event takes, if that is stated and more than nothing.
    fn length(&mut self, start: When) -> Option<At<Length>> {
        if let Some(property) = self.first("DTEND") {
            let end = self.when(property, &property.value)?;
            return self.between(end.line, start, end.value).map(|value| At { line: end.line, value });
        }
        let property = self.first("DURATION")?;
        let is_nothing = !property.value.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        match Length::parse(&property.value) {
            Ok(value) => Some(At { line: property.line, value }),
            Err(_) if is_nothing => None,
            Err(error) => {
                let fault = error.faults.first();
                let (reason, message) = fault.map_or((Reason::Malformed, ""), |fault| (fault.reason, fault.message.as_str()));
                self.refuse(property.line, reason, message);
                None
            }
        }
    }

    fn between(&mut self, line: usize, start: When, end: When) -> Option<Length> {
        let floating = self.zones.floating;
        let delta = match (start, end) {
            (When::Day(start), When::Day(end)) => end - start,
            (When::Time(wall, _), When::Time(until, own)) => {
                let zone = start.zone(floating);
                wall_time::resolve(own.unwrap_or(zone), until) - wall_time::resolve(zone, wall)
            }
            _ => {
                self.refuse(line, Reason::Contradiction, "The beginning and the end must both be days or both be times.");
                return None;
            }
        };
        if delta < TimeDelta::zero() {
            self.refuse(line, Reason::Contradiction, "This ends before it begins.");
            return None;
        }
        if delta.is_zero() {
            return None;
        }
        let length = Length::of_minutes(delta.num_minutes()).ok().filter(|_| delta.num_seconds() % 60 == 0);
        if length.is_none() {
            self.refuse(line, Reason::OutOfRange, "A meeting takes whole minutes, from one minute to one week.");
        }
        length
    }

    fn refuse_what_is_not_followed(&mut self) {
        if let Some(second) = self.all("RRULE").nth(1) {
            self.refuse(second.line, Reason::TooMany, "A dialogue has one rule; this event has several.");
        }
        if let Some(property) = self.first("EXRULE") {
            self.refuse(property.line, Reason::NotAnOption, "A rule of dates that do not take place (EXRULE) is not followed.");
        }
        let range = self.first("RECURRENCE-ID").filter(|property| property.parameter("RANGE").is_some());
        if let Some(property) = range {
            self.refuse(property.line, Reason::NotAnOption, "A change of all later dates (RANGE) is not followed.");
        }
    }
}

fn time(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()
}
