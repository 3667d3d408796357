//! What an iCalendar text says by itself, worked out with the rrule crate and none of the server's code.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The beginnings of meetings.
pub(super) type Instants = BTreeSet<DateTime<Utc>>;

/// A line: name, parameters, value.
type Property = (String, String, String);

#[derive(Clone, Debug, Default)]
pub(super) struct Event(Vec<Property>);

impl Event {
    fn all(&self, name: &'static str) -> impl Iterator<Item = &Property> {
        self.0.iter().filter(move |(known, ..)| known == name)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, ..)| known == name).map(|(_, _, value)| value.as_str())
    }
}

/// The zone of times that name none, and the events by their `UID` in the order of the file.
pub(super) fn read(text: &str) -> (Tz, BTreeMap<String, Vec<Event>>) {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let (mut open, mut stack) = (Event::default(), Vec::new());
    let (mut zones, mut own) = (Vec::new(), None);
    let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for line in text.lines() {
        let Some((head, value)) = line.split_once(':') else { continue };
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        // A quoted parameter may hold a colon; none of those that count here does.
        match (name, stack.last().copied()) {
            ("BEGIN", _) => stack.push(value),
            ("END", ended) => {
                stack.pop();
                if ended == Some("VEVENT") {
                    let event = std::mem::take(&mut open);
                    events.entry(event.value("UID").unwrap_or_default().to_owned()).or_default().push(event);
                }
            }
            (_, Some("VEVENT")) => open.0.push((name.to_owned(), parameters.to_owned(), value.trim().to_owned())),
            ("TZID", Some("VTIMEZONE")) => zones.push(value),
            ("X-WR-TIMEZONE", _) => own = zone(value),
            _ => {}
        }
    }
    let only = if zones.len() == 1 { zone(zones[0]) } else { None };
    (own.or(only).unwrap_or(Tz::UTC), events)
}

fn zone(name: &str) -> Option<Tz> {
    let plain = if name == "GMT Standard Time" { "Europe/London" } else { name.trim() };
    let cut = |parts: usize| plain.rsplitn(parts + 1, '/').take(parts).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/");
    [plain.to_owned(), cut(2)].iter().find_map(|name| name.parse().ok())
}

/// A day, or a time with the zone that it names.
fn when(parameters: &str, text: &str) -> Option<(NaiveDateTime, Option<Tz>, bool)> {
    if text.len() == 8 {
        return Some((NaiveDate::parse_from_str(text, "%Y%m%d").ok()?.and_time(NaiveTime::MIN), None, true));
    }
    let wall = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y%m%dT%H%M%S").ok()?;
    let named = parameters.split(';').find_map(|one| one.strip_prefix("TZID=")).map(|name| zone(name.trim_matches('"')));
    Some((wall, if text.ends_with('Z') { Some(Tz::UTC) } else { named.flatten() }, false))
}

fn instant(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    let before = || instant(zone, wall - Duration::hours(1)) + Duration::hours(1);
    zone.from_local_datetime(&wall).earliest().map_or_else(before, |at| at.to_utc())
}

/// When the meetings of the events of one `UID` begin, up to `end`; the first event without `RECURRENCE-ID` is the series.
pub(super) fn instants(events: &[Event], floating: Tz, end: DateTime<Utc>) -> Instants {
    let master = events.iter().find(|event| event.value("RECURRENCE-ID").is_none()).unwrap_or(&events[0]);
    let (_, parameters, text) = master.all("DTSTART").next().expect("a start");
    let (start, own, is_day) = when(parameters, text).expect("a start");
    let zone = own.unwrap_or(floating);
    // Another date of the series: a series of days is named by the days alone.
    let of = |(wall, own, _): (NaiveDateTime, Option<Tz>, bool)| {
        if is_day { instant(zone, wall.date().and_time(NaiveTime::MIN)) } else { instant(own.unwrap_or(zone), wall) }
    };
    let list = |name: &'static str| {
        let dates = master.all(name).flat_map(|(_, parameters, value)| value.split(',').map(move |text| (parameters, text)));
        dates.filter_map(|(parameters, text)| when(parameters, text.split('/').next()?)).map(of).collect::<Vec<_>>()
    };
    let mut found: Instants = master
        .value("RRULE")
        .map_or_else(|| vec![start], |rule| walls(rule, start, zone, end))
        .into_iter()
        .map(|wall| instant(zone, wall))
        .collect();
    found.extend(list("RDATE"));
    for excluded in list("EXDATE") {
        found.remove(&excluded);
    }
    for other in events.iter().filter(|event| !std::ptr::eq(*event, master)) {
        let Some((_, parameters, text)) = other.all("RECURRENCE-ID").next() else { continue };
        found.remove(&of(when(parameters, text).expect("a date")));
        if other.value("STATUS") != Some("CANCELLED") {
            let (_, parameters, text) = other.all("DTSTART").next().expect("a start");
            let (wall, own, _) = when(parameters, text).expect("a start");
            found.insert(instant(own.unwrap_or(zone), wall));
        }
    }
    found.into_iter().filter(|at| *at < end).collect()
}

/// The wall times of a rule, its first date being one of them whatever the rule says.
fn walls(rule: &str, start: NaiveDateTime, zone: Tz, end: DateTime<Utc>) -> Vec<NaiveDateTime> {
    let parts: Vec<(&str, &str)> = rule.split(';').filter_map(|part| part.split_once('=')).collect();
    let get = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let bare: Vec<String> =
        parts.iter().filter(|(name, _)| !["COUNT", "UNTIL"].contains(name)).map(|(name, value)| format!("{name}={value}")).collect();
    let last = match get("UNTIL").map(|text| (text, when("", text).expect("an end"))) {
        Some((_, (day, _, true))) => instant(zone, day + Duration::days(1)) - Duration::seconds(1),
        Some((text, (wall, ..))) if text.ends_with('Z') => wall.and_utc(),
        Some((_, (wall, ..))) => instant(zone, wall),
        None => end,
    };
    let count = get("COUNT").map_or(usize::MAX, |count| count.parse().expect("a number"));
    let begin = start.and_utc().with_timezone(&rrule::Tz::UTC);
    let rule: rrule::RRule<rrule::Unvalidated> = bare.join(";").parse().expect("a rule");
    let set = rrule::RRuleSet::new(begin).rrule(rule.validate(begin).expect("a rule"));
    let dates = set.into_iter().map(|at| at.naive_utc()).skip_while(|wall| *wall == start);
    std::iter::once(start).chain(dates).take(count).take_while(|wall| instant(zone, *wall) <= last.min(end)).collect()
}
