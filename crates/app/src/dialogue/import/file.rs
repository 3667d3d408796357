//! The lines of an iCalendar file and what encloses them. One broken line costs one event, and each keeps its number in the file.

use tertulia_domain::Reason;

/// Longest content line that is read, in bytes, its folds taken out.
const LONGEST_LINE: usize = 16 * 1024;
/// Deepest nesting of components.
const DEEPEST: usize = 8;
/// The properties that are read; all others, as descriptions with their telephone numbers and attachments, are passed over.
const READ: [&str; 15] = [
    "UID",
    "SUMMARY",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "EXRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "STATUS",
    "LOCATION",
    "URL",
    "CONFERENCE",
    "TZID",
];

/// What there is to say of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The line's number in the file, from 1.
    pub line: usize,
    /// Why it was refused, or read in another way than it says.
    pub reason: Reason,
    /// The same in English, for a person.
    pub message: String,
    /// Whether the event was left out because of it.
    pub is_refused: bool,
}

impl Remark {
    /// An event is left out.
    pub(super) fn refused(line: usize, reason: Reason, message: impl Into<String>) -> Self {
        Self { line, reason, message: message.into(), is_refused: true }
    }

    /// An event is read, in another way than it says.
    pub(super) fn noted(line: usize, reason: Reason, message: impl Into<String>) -> Self {
        Self { line, reason, message: message.into(), is_refused: false }
    }
}

/// A property with its line.
#[derive(Clone, Debug)]
pub(super) struct ContentLine {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

impl ContentLine {
    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn parse(line: usize, name: &str, text: &str) -> Result<Self, Remark> {
        let refused = |reason, message: &str| Err(Remark::refused(line, reason, message));
        if text.len() > LONGEST_LINE {
            return refused(Reason::TooLong, "This line is too long.");
        }
        let Ok(parsed) = icalendar::parser::Property::try_from(text) else {
            return refused(Reason::Malformed, "This is no line of a calendar: NAME;PARAMETER=VALUE:VALUE.");
        };
        let unquoted = |text: &str| text.trim_matches('"').to_owned();
        let parameter = |one: &icalendar::parser::Parameter<'_>| {
            (one.key.as_str().to_owned(), one.val.as_ref().map(|value| unquoted(value.as_str())).unwrap_or_default())
        };
        let parameters = parsed.params.iter().map(parameter).collect();
        Ok(Self { line, name: name.to_owned(), value: parsed.val.as_str().trim().to_owned(), parameters })
    }
}

/// An event as it stands in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct RawEvent {
    /// The line of its `BEGIN`.
    pub(super) line: usize,
    pub(super) properties: Vec<ContentLine>,
    pub(super) remarks: Vec<Remark>,
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub(super) struct File {
    pub(super) is_calendar: bool,
    pub(super) events: Vec<RawEvent>,
    /// Names of zones as the file uses them, each with the name that it gives for the zone of the IANA database.
    pub(super) zones: Vec<(String, Option<String>)>,
    /// The zone of the calendar as a whole (`X-WR-TIMEZONE`).
    pub(super) zone: Option<String>,
    pub(super) remarks: Vec<Remark>,
}

/// Reads the lines of a file.
pub(super) fn read(text: &str) -> File {
    let mut file = File::default();
    let mut stack: Vec<String> = Vec::new();
    let mut event: Option<RawEvent> = None;
    for (number, line) in unfolded(text) {
        let name = line.split([':', ';']).next().unwrap_or_default().trim().to_ascii_uppercase();
        let value = line.split_once(':').map_or("", |(_, value)| value.trim());
        match name.as_str() {
            "BEGIN" => {
                let kind = value.to_ascii_uppercase();
                file.is_calendar |= kind == "VCALENDAR";
                if kind == "VEVENT" && event.is_none() {
                    event = Some(RawEvent { line: number, ..RawEvent::default() });
                }
                if stack.len() >= DEEPEST {
                    file.remarks.push(Remark::refused(
                        number,
                        Reason::TooMany,
                        "Components stand too deep in each other; the rest is not read.",
                    ));
                    return file;
                }
                stack.push(kind);
            }
            "END" => close(&mut file, &mut stack, &mut event, number, &value.to_ascii_uppercase()),
            _ => property(&mut file, &stack, event.as_mut(), number, &name, &line),
        }
    }
    if let Some(open) = event {
        file.remarks.push(Remark::refused(open.line, Reason::Malformed, "This event has no END:VEVENT."));
    }
    file
}

/// Closes a component, and those inside it whose end is missing.
fn close(file: &mut File, stack: &mut Vec<String>, event: &mut Option<RawEvent>, line: usize, kind: &str) {
    let Some(at) = stack.iter().rposition(|open| open == kind) else {
        file.remarks.push(Remark::noted(line, Reason::Malformed, "This END has no BEGIN."));
        return;
    };
    let lacks_an_end = stack.iter().skip(at + 1).any(|open| open == "VEVENT");
    stack.truncate(at);
    if kind == "VEVENT" {
        file.events.extend(event.take());
    } else if lacks_an_end && let Some(open) = event.take() {
        file.remarks.push(Remark::refused(open.line, Reason::Malformed, "This event has no END:VEVENT."));
    }
}

fn property(file: &mut File, stack: &[String], event: Option<&mut RawEvent>, number: usize, name: &str, line: &str) {
    let value = || line.split_once(':').map_or("", |(_, value)| value.trim()).to_owned();
    match (stack.last().map(String::as_str), event) {
        (Some("VEVENT"), Some(event)) if READ.contains(&name) => match ContentLine::parse(number, name, line) {
            Ok(property) => event.properties.push(property),
            Err(remark) => event.remarks.push(remark),
        },
        (Some("VEVENT"), Some(event)) if !line.contains(':') => {
            event.remarks.push(Remark::noted(number, Reason::Malformed, "This is no line of a calendar; it is passed over."));
        }
        (Some("VTIMEZONE"), _) if name == "TZID" => file.zones.push((value(), None)),
        (Some("VTIMEZONE"), _) if name == "X-LIC-LOCATION" => {
            if let Some((_, location)) = file.zones.last_mut() {
                *location = Some(value());
            }
        }
        (Some("VCALENDAR"), _) if name == "X-WR-TIMEZONE" => file.zone = Some(value()),
        _ => {}
    }
}

/// The content lines with the number of their first line, folds taken out; lines end with CRLF, LF or CR.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, open))) => open.push_str(rest),
            _ if line.trim().is_empty() => {}
            _ => lines.push((index + 1, line.to_owned())),
        }
    }
    lines
}
