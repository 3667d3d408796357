//! iCalendar text (RFC 5545, 7986) of dialogues: one recurring event a dialogue, and one more for each of its meetings that
//! was moved, cancelled, names who takes part or differs in another way, with the same `UID` and its `RECURRENCE-ID`.
//!
//! Where a series was changed from one of its dates on, its rule ends before that date and another event goes on under a `UID`
//! that begins alike: readers do not follow `RECURRENCE-ID;RANGE=THISANDFUTURE`. Dates that no rule says exactly (hosts that take
//! turns, "two days after the last Friday") are an event each: Outlook does not read `RDATE`.
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
        Dialogue, DialogueStatus, Meeting, Ruled, Stretch, StretchRule, Venue,
        wall_time::{self, end_wall, ical, ical_utc, resolve},
    },
    text::{LanguageTag, WebUrl},
    time::Instant,
};

use super::{attendee::Attendees, vtimezone::vtimezone};

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
    /// Who takes part, for whom the reader may have them.
    pub(super) attendees: Attendees,
}

/// What stands above the events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heading<'a> {
    /// What the calendar is called.
    pub(super) name: &'a str,
    /// The address that organises its events.
    pub(super) organiser: &'a str,
    /// Whether it is published for all. One for a single reader may name attendees, which one that is published must not
    /// (RFC 5546, 3.2.1), and so has no method.
    pub(super) is_published: bool,
}

/// The zones that a text names, each with the first and last instant that it is needed for.
pub(super) type Zones = BTreeMap<&'static str, (Tz, Instant, Instant)>;

/// The text of a calendar, for a reader of these languages.
pub(super) fn text(heading: Heading<'_>, series: &[Series], languages: &[LanguageTag]) -> Result<String> {
    let mut calendar = begun(heading.is_published.then_some("PUBLISH"));
    // The library does not know NAME (RFC 7986, 5.1) for a text, and would not escape it.
    calendar.append_property(Property::new("NAME", escaped(heading.name)));
    calendar.append_property(Property::new("X-WR-CALNAME", heading.name));
    calendar.ttl(&REFRESH);
    let mut zones = Zones::new();
    for one in series {
        for mut event in events(one, languages, &mut zones)? {
            organised(&mut event, heading.organiser);
            calendar.push(event);
        }
    }
    finished(&calendar, zones)
}

/// A calendar without events, of this method (RFC 5546) if of any.
pub(super) fn begun(method: Option<&str>) -> Calendar {
    let mut calendar = Calendar::empty();
    let method = method.map(|method| ("METHOD", method));
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//Tertulia//Tertulia//EN"), ("CALSCALE", "GREGORIAN")].into_iter().chain(method) {
        calendar.append_property(Property::new(key, value));
    }
    calendar
}

/// Says who organises an event.
pub(super) fn organised(event: &mut Event, organiser: &str) {
    event.append_property(Property::new("ORGANIZER", format!("mailto:{organiser}")).add_parameter("CN", "Tertulia").done());
}

/// A calendar as text, with the zones that it names.
pub(super) fn finished(calendar: &Calendar, mut zones: Zones) -> Result<String> {
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
    let ruled = dialogue.ruled()?;
    let mut events = Vec::new();
    for (index, one) in ruled.iter().enumerate() {
        events.extend(of_stretch(series, (index, one), languages, zones)?);
    }
    // A pause or an end cut the rule before them; they take place, or took place, by themselves.
    let beyond = |meeting: &&Meeting| !ruled.iter().any(|one| one.holds(meeting.original_start));
    let stands = |meeting: &&Meeting| !meeting.status.is_off();
    let left = series.meetings.iter().filter(beyond).filter(stands);
    events.extend(left.map(|meeting| single(series, meeting, languages, zones)));
    Ok(events)
}

/// The events of one stretch: one for its rule and one for each meeting that differs, or one for each meeting.
pub(super) fn of_stretch(
    series: &Series,
    (index, one): (usize, &Ruled),
    languages: &[LanguageTag],
    zones: &mut Zones,
) -> Result<Vec<Event>> {
    let of_it = series.meetings.iter().filter(|meeting| one.holds(meeting.original_start));
    let Some(rule) = &one.rule else {
        return Ok(of_it.map(|meeting| single(series, meeting, languages, zones)).collect());
    };
    let mut events = vec![master(series, (&name(&series.dialogue, index, one), &one.stretch, rule), languages, zones)?];
    let changed = of_it.filter(|meeting| meeting.is_changed(&series.dialogue) || series.attendees.are_named(meeting.id));
    events.extend(changed.map(|meeting| exception(series, (index, one, rule), meeting, languages, zones)));
    Ok(events)
}

/// The name under which a stretch stands in calendars.
pub(super) fn name(dialogue: &Dialogue, index: usize, one: &Ruled) -> String {
    if index == 0 { dialogue.id.to_string() } else { format!("{}-{}", dialogue.id, ical(one.stretch.from)) }
}

/// One meeting as calendars know it: an exception of its stretch's rule, or an event of its own.
pub(super) fn of_one(series: &Series, meeting: &Meeting, languages: &[LanguageTag], zones: &mut Zones) -> Result<Event> {
    let ruled = series.dialogue.ruled()?;
    let held = ruled.iter().enumerate().find(|(_, one)| one.holds(meeting.original_start));
    Ok(match held.and_then(|(index, one)| Some((index, one, one.rule.as_ref()?))) {
        Some(stretch) => exception(series, stretch, meeting, languages, zones),
        None => single(series, meeting, languages, zones),
    })
}

fn exception(
    series: &Series,
    (index, one, rule): (usize, &Ruled, &StretchRule),
    meeting: &Meeting,
    languages: &[LanguageTag],
    zones: &mut Zones,
) -> Event {
    let mut event = of_meeting(series, meeting, languages, zones);
    uid(&mut event, &name(&series.dialogue, index, one));
    let nominal = meeting.original_start + one.stretch.shift();
    note(zones, rule.zone, resolve(rule.zone, nominal));
    event.append_property(local("RECURRENCE-ID", rule.zone, nominal));
    event
}

/// A meeting that belongs to no rule, under its own name.
fn single(series: &Series, meeting: &Meeting, languages: &[LanguageTag], zones: &mut Zones) -> Event {
    let mut event = of_meeting(series, meeting, languages, zones);
    uid(&mut event, &meeting.id.to_string());
    event
}

/// The event of a stretch of the series.
fn master(
    series: &Series,
    (name, stretch, rule): (&str, &Stretch, &StretchRule),
    languages: &[LanguageTag],
    zones: &mut Zones,
) -> Result<Event> {
    let dialogue = &series.dialogue;
    let zone = rule.zone;
    let mut event = Event::new();
    uid(&mut event, name);
    stamps(&mut event, dialogue.created_at, dialogue.updated_at);
    let starts_at = resolve(zone, rule.first);
    note(zones, zone, starts_at);
    event.append_property(local("DTSTART", zone, rule.first));
    event.append_property(local("DTEND", zone, end_wall(zone, starts_at, stretch.length.delta())));
    event.append_property(Property::new("RRULE", &rule.text));
    for (key, dates) in [("EXDATE", &rule.excluded), ("RDATE", &rule.additional)] {
        for date in dates {
            note(zones, zone, resolve(zone, *date));
            event.append_multi_property(local(key, zone, *date));
        }
    }
    event.add_property("SEQUENCE", dialogue.sequence.to_string());
    event.add_property("STATUS", standing(dialogue)?);
    event.summary(dialogue.title.best(languages));
    let join = stretch.join_url.as_ref().filter(|_| series.with_join_links);
    place(&mut event, stretch.venue.as_ref(), join, dialogue.purpose.as_deref(), None);
    Ok(event)
}

/// The word for a series as a whole. One that was paused or ended keeps the meetings before that.
fn standing(dialogue: &Dialogue) -> Result<&'static str> {
    Ok(match (dialogue.status, dialogue.is_called_off()?) {
        (DialogueStatus::Ended, true) => "CANCELLED",
        (DialogueStatus::Paused, true) => "TENTATIVE",
        _ => "CONFIRMED",
    })
}

fn of_meeting(series: &Series, meeting: &Meeting, languages: &[LanguageTag], zones: &mut Zones) -> Event {
    let dialogue = &series.dialogue;
    let mut event = Event::new();
    let changed_at = series.attendees.changed_at(meeting.id).map_or(meeting.updated_at, |at| at.max(meeting.updated_at));
    stamps(&mut event, meeting.created_at, changed_at);
    note(zones, meeting.zone, meeting.starts_at);
    note(zones, meeting.zone, meeting.ends_at);
    event.append_property(local("DTSTART", meeting.zone, wall_time::wall(meeting.zone, meeting.starts_at)));
    event.append_property(local("DTEND", meeting.zone, wall_time::wall(meeting.zone, meeting.ends_at)));
    event.add_property("SEQUENCE", meeting.sequence.to_string());
    event.add_property("STATUS", meeting.status.ical());
    event.summary(meeting.title.as_ref().unwrap_or(&dialogue.title).best(languages));
    let (venue, join) = (dialogue.venue_of(meeting), dialogue.join_url_of(meeting).filter(|_| series.with_join_links));
    place(&mut event, venue.as_ref(), join.as_ref(), dialogue.purpose.as_deref(), meeting.reason.as_deref());
    series.attendees.write(&mut event, meeting.id, languages);
    event
}

fn uid(event: &mut Event, name: &str) {
    event.add_property("UID", format!("{name}@tertulia"));
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
