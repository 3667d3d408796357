//! iCalendar text (RFC 5545, 7986) of dialogues: one recurring event a dialogue, and one more for each of its meetings that
//! was moved, cancelled or differs in another way, with the same `UID` and its `RECURRENCE-ID`.
//!
//! The text depends on the rows alone: `DTSTAMP` and `LAST-MODIFIED` are when a row was last changed, so that an unchanged
//! calendar is byte for byte the same and its `ETag` with it. Times stand with their zone, whose `VTIMEZONE` is in the text.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use icalendar::{Calendar, Component, Event, Property};
use tertulia_domain::{
    Error, Result,
    dialogue::{
        Dialogue, Meeting, Venue,
        wall_time::{self, end_wall, ical, ical_utc, resolve},
    },
    id::AnyId,
    text::{LanguageTag, WebUrl},
    time::Instant,
};

use super::vtimezone::vtimezone;

/// How often clients should fetch a calendar again.
pub(super) const REFRESH: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// A dialogue as a calendar shows it.
#[derive(Clone, Debug)]
pub(super) struct Series {
    /// The dialogue.
    pub(super) dialogue: Dialogue,
    /// All of its meetings that were laid out.
    pub(super) meetings: Vec<Meeting>,
    /// Whether the reader may have the join links.
    pub(super) with_join_links: bool,
}

/// The zones that a text names, each with the first and last instant that it is needed for.
type Zones = BTreeMap<&'static str, (Tz, Instant, Instant)>;

/// The text of a calendar called `name`, for a reader of these languages.
pub(super) fn text(name: &str, series: &[Series], languages: &[LanguageTag]) -> Result<String> {
    let mut calendar = Calendar::empty();
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//Tertulia//Tertulia//EN"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")] {
        calendar.append_property(Property::new(key, value));
    }
    // The library does not know NAME (RFC 7986, 5.1) for a text, and would not escape it.
    calendar.append_property(Property::new("NAME", escaped(name)));
    calendar.append_property(Property::new("X-WR-CALNAME", name));
    calendar.ttl(&REFRESH);
    let mut zones = Zones::new();
    for one in series {
        for event in events(one, languages, &mut zones)? {
            calendar.push(event);
        }
    }
    // A calendar must hold a component; one without events brings a zone.
    if zones.is_empty() {
        note(&mut zones, chrono_tz::UTC, Instant::UNIX_EPOCH);
    }
    let zones: String = zones.into_values().map(|(zone, first, last)| vtimezone(zone, first, last)).collect();
    let text = calendar.to_string();
    let at = text.find("BEGIN:VEVENT").or_else(|| text.find("END:VCALENDAR")).ok_or_else(|| Error::broken("a calendar without an end"))?;
    let (head, events) = text.split_at(at);
    Ok([head, &zones, events].concat())
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}

fn events(series: &Series, languages: &[LanguageTag], zones: &mut Zones) -> Result<Vec<Event>> {
    let dialogue = &series.dialogue;
    let mut events = Vec::new();
    let is_recurring = dialogue.recurrence.rule.is_some();
    if is_recurring && let Some(first) = dialogue.recurrence.first_of_rule()? {
        events.push(master(series, first, languages, zones));
    }
    for meeting in series.meetings.iter().filter(|meeting| !is_recurring || meeting.is_changed(dialogue)) {
        let mut event = of_meeting(series, meeting, languages, zones);
        if is_recurring {
            uid(&mut event, dialogue.id.any());
            let zone = dialogue.recurrence.zone;
            note(zones, zone, resolve(zone, meeting.original_start));
            event.append_property(local("RECURRENCE-ID", zone, meeting.original_start));
        } else {
            uid(&mut event, meeting.id.any());
        }
        events.push(event);
    }
    Ok(events)
}

/// The event of the series. `SEQUENCE` stays 0: its dates never change after it was created.
fn master(series: &Series, first: NaiveDateTime, languages: &[LanguageTag], zones: &mut Zones) -> Event {
    let dialogue = &series.dialogue;
    let recurrence = &dialogue.recurrence;
    let zone = recurrence.zone;
    let mut event = Event::new();
    uid(&mut event, dialogue.id.any());
    stamps(&mut event, dialogue.created_at, dialogue.updated_at);
    let starts_at = resolve(zone, first);
    note(zones, zone, starts_at);
    event.append_property(local("DTSTART", zone, first));
    event.append_property(local("DTEND", zone, end_wall(zone, starts_at, dialogue.length.delta())));
    if let Some(rule) = &recurrence.rule {
        event.append_property(Property::new("RRULE", rule.ical(zone)));
    }
    for (key, dates) in [("EXDATE", &recurrence.excluded), ("RDATE", &recurrence.additional)] {
        for date in dates {
            note(zones, zone, resolve(zone, *date));
            event.append_multi_property(local(key, zone, *date));
        }
    }
    event.add_property("SEQUENCE", "0");
    event.add_property("STATUS", "CONFIRMED");
    event.summary(dialogue.title.best(languages));
    let join = dialogue.join_url.as_ref().filter(|_| series.with_join_links);
    place(&mut event, dialogue.venue.as_ref(), join, dialogue.purpose.as_deref(), None);
    event
}

fn of_meeting(series: &Series, meeting: &Meeting, languages: &[LanguageTag], zones: &mut Zones) -> Event {
    let dialogue = &series.dialogue;
    let mut event = Event::new();
    stamps(&mut event, meeting.created_at, meeting.updated_at);
    note(zones, meeting.zone, meeting.starts_at);
    note(zones, meeting.zone, meeting.ends_at);
    event.append_property(local("DTSTART", meeting.zone, wall_time::wall(meeting.zone, meeting.starts_at)));
    event.append_property(local("DTEND", meeting.zone, wall_time::wall(meeting.zone, meeting.ends_at)));
    event.add_property("SEQUENCE", meeting.sequence.to_string());
    event.add_property("STATUS", meeting.status.ical());
    event.summary(meeting.title.as_ref().unwrap_or(&dialogue.title).best(languages));
    let venue = meeting.venue.as_ref().or(dialogue.venue.as_ref());
    let join = meeting.join_url.as_ref().or(dialogue.join_url.as_ref()).filter(|_| series.with_join_links);
    place(&mut event, venue, join, dialogue.purpose.as_deref(), meeting.reason.as_deref());
    event
}

fn uid(event: &mut Event, id: AnyId) {
    event.add_property("UID", format!("{id}@tertulia"));
}

fn stamps(event: &mut Event, created: Instant, changed: Instant) {
    event.add_property("DTSTAMP", ical_utc(changed));
    event.add_property("LAST-MODIFIED", ical_utc(changed));
    event.add_property("CREATED", ical_utc(created));
}

fn place(event: &mut Event, venue: Option<&Venue>, join: Option<&WebUrl>, purpose: Option<&str>, reason: Option<&str>) {
    if let Some(venue) = venue {
        let country = venue.country.map(|code| code.to_string());
        let parts = [Some(venue.name.as_str()), venue.address.as_deref(), country.as_deref()];
        event.add_property("LOCATION", parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
    } else if let Some(join) = join {
        event.add_property("LOCATION", join.as_str());
    }
    if let Some(join) = join {
        event.add_property("URL", join.as_str());
        let conference = Property::new("CONFERENCE", join.as_str()).add_parameter("VALUE", "URI").add_parameter("FEATURE", "VIDEO").done();
        event.append_multi_property(conference);
    }
    let said: Vec<&str> = [reason, purpose, join.map(WebUrl::as_str)].into_iter().flatten().collect();
    if !said.is_empty() {
        event.description(&said.join("\n\n").replace("\r\n", "\n").replace('\r', "\n"));
    }
}

fn local(key: &str, zone: Tz, wall: NaiveDateTime) -> Property {
    Property::new(key, ical(wall)).add_parameter("TZID", zone.name()).done()
}

fn note(zones: &mut Zones, zone: Tz, at: Instant) {
    let (_, first, last) = zones.entry(zone.name()).or_insert((zone, at, at));
    (*first, *last) = ((*first).min(at), (*last).max(at));
}
