//! The text of calendars, line by line.

use tertulia_domain::{
    dialogue::{
        Attribution, Dialogue, DialogueDraft, DialogueKind, DialogueVisibility, Length, Meeting, MeetingFormat, RawRecurrence, Slot,
        VenueDraft, wall_time,
    },
    id::{DialogueId, MeetingId, OrganisationId},
    text::LanguageTag,
    time::Instant,
};
use uuid::Uuid;

use super::{
    attendee::Attendees,
    calendar::{self, Heading, Series},
};

fn text(name: &str, series: &[Series], languages: &[LanguageTag]) -> tertulia_domain::Result<String> {
    calendar::text(Heading { name, organiser: "desk@tertulia.example", is_published: true }, series, languages)
}

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn dialogue() -> Dialogue {
    let draft = DialogueDraft {
        title: vec![
            ("en".into(), "Platforms, bodies; and \\ a very long title that no line of seventy-five octets holds".into()),
            ("ar".into(), "حوار استراتيجي".into()),
        ],
        purpose: Some("First line\r\nSecond line, with a comma".into()),
        kind: DialogueKind::Global,
        conveners: vec![OrganisationId::new(Uuid::from_u128(1)).to_string()],
        members: vec![OrganisationId::new(Uuid::from_u128(2)).to_string()],
        recurrence: RawRecurrence {
            local_start: "2026-01-01T19:00".into(),
            time_zone: "America/Los_Angeles".into(),
            rule: "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20261231".into(),
            excluded: vec!["2026-03-10T19:00".into()],
            additional: vec!["2026-03-17T18:00".into()],
            ..RawRecurrence::default()
        },
        duration: "PT90M".into(),
        format: MeetingFormat::Hybrid,
        visibility: DialogueVisibility::Public,
        working_languages: vec!["en".into()],
        attribution_default: Attribution::ChathamHouse,
        join_url: Some("https://meet.example/room?a=1,2;b".into()),
        venue: Some(VenueDraft { name: "Hall".into(), address: Some("Main Street, 1".into()), country: Some("US".into()) }),
        generated: true,
    };
    draft.check(DialogueId::new(Uuid::from_u128(7)), at("2025-12-01T10:00:00Z")).expect("a dialogue")
}

fn meetings(dialogue: &Dialogue) -> Vec<Meeting> {
    let found = dialogue.recurrence.between(None, None, 4).expect("dates").items;
    let lay_out = |(index, date)| Meeting::lay_out(MeetingId::new(Uuid::from_u128(100 + index)), dialogue, date, dialogue.created_at);
    (0_u128..).zip(found).map(lay_out).collect()
}

fn moved() -> Series {
    let dialogue = dialogue();
    let mut meetings = meetings(&dialogue);
    let now = at("2026-01-20T10:00:00Z");
    let slot = Slot {
        local_start: wall_time::parse("2026-02-12T10:00").expect("a time"),
        zone: chrono_tz::Europe::Madrid,
        length: Length::parse("PT2H").expect("a length"),
    };
    meetings[1] = meetings[1].reschedule(slot, Some("A holiday".into()), now).expect("moved");
    meetings[3] = meetings[3].cancel(None, now).expect("cancelled");
    Series { dialogue, meetings, with_join_links: true, attendees: Attendees::default() }
}

fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn tells_the_series_and_what_differs_from_it() {
    let text = text("A, b", &[moved()], &[]).expect("a calendar");
    let lines = unfolded(&text);
    for line in [
        "BEGIN:VCALENDAR",
        "METHOD:PUBLISH",
        "ORGANIZER;CN=Tertulia:mailto:desk@tertulia.example",
        "NAME:A\\, b",
        "X-WR-CALNAME:A\\, b",
        "REFRESH-INTERVAL;VALUE=DURATION:PT3600S",
        "RRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL=20270101T075959Z",
        "DTSTART;TZID=America/Los_Angeles:20260113T190000",
        "DTEND;TZID=America/Los_Angeles:20260113T203000",
        "EXDATE;TZID=America/Los_Angeles:20260310T190000",
        "RDATE;TZID=America/Los_Angeles:20260317T180000",
        "SUMMARY:Platforms\\, bodies\\; and \\\\ a very long title that no line of seventy-five octets holds",
        "RECURRENCE-ID;TZID=America/Los_Angeles:20260210T190000",
        "DTSTART;TZID=Europe/Madrid:20260212T100000",
        "DTEND;TZID=Europe/Madrid:20260212T120000",
        "RECURRENCE-ID;TZID=America/Los_Angeles:20260414T190000",
        "STATUS:CANCELLED",
        "SEQUENCE:1",
        "DTSTAMP:20260120T100000Z",
        "LOCATION:Hall\\, Main Street\\, 1\\, US",
        "URL:https://meet.example/room?a=1,2;b",
        "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://meet.example/room?a=1,2;b",
        "TZID:America/Los_Angeles",
        "TZID:Europe/Madrid",
        "END:VCALENDAR",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line} in\n{text}");
    }
    assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VEVENT").count(), 3);
    assert_eq!(lines.iter().filter(|line| line.starts_with("UID:dialogue_")).count(), 3);
    assert!(lines.iter().any(|line| line.starts_with("DESCRIPTION:A holiday\\n\\nFirst line\\nSecond line\\, with")));
}

/// Outlook takes the times of a zone that a calendar does not bring for those of its own; and a date of another type than
/// `DTSTART` is no date of the series to others.
#[test]
fn brings_each_zone_that_it_names_and_dates_of_one_type() {
    let text = text("A", &[moved()], &[]).expect("a calendar");
    let lines = unfolded(&text);
    let named = lines.iter().filter_map(|line| line.split_once(";TZID=")?.1.split_once(':').map(|(zone, _)| zone.to_owned()));
    let named: std::collections::BTreeSet<String> = named.collect();
    assert_eq!(named.len(), 2, "{text}");
    for zone in named {
        assert_eq!(lines.iter().filter(|line| **line == format!("TZID:{zone}")).count(), 1, "{zone} in\n{text}");
    }
    for key in ["DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID"] {
        let dates = lines.iter().filter(|line| line.starts_with(&format!("{key};")));
        assert!(dates.clone().count() > 0 && dates.clone().all(|line| line.starts_with(&format!("{key};TZID="))), "{key} in\n{text}");
    }
    assert!(lines.iter().filter(|line| line.starts_with("RRULE:")).all(|line| line.starts_with("RRULE:FREQ=")));
}

#[test]
fn folds_at_75_octets_and_ends_lines_with_crlf() {
    let arabic = [LanguageTag::parse("ar").expect("a tag")];
    for languages in [&[][..], &arabic] {
        let text = text(&"ح".repeat(80), &[moved()], languages).expect("a calendar");
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\n', '\r'])), "{text}");
    }
}

#[test]
fn is_the_same_text_for_the_same_rows_and_another_for_others() {
    let first = text("A", &[moved()], &[]).expect("a calendar");
    assert_eq!(first, text("A", &[moved()], &[]).expect("a calendar"));
    let mut series = moved();
    series.meetings.truncate(1);
    assert_ne!(first, text("A", &[series], &[]).expect("a calendar"));
}

#[test]
fn keeps_join_links_from_those_who_may_not_have_them() {
    let text = text("A", &[Series { with_join_links: false, ..moved() }], &[]).expect("a calendar");
    assert!(!text.contains("meet.example") && !text.contains("CONFERENCE") && !text.contains("URL"));
}

#[test]
fn is_a_calendar_without_events_too() {
    let text = text("A", &[], &[]).expect("a calendar");
    assert!(text.contains("BEGIN:VTIMEZONE\r\nTZID:UTC\r\n") && !text.contains("VEVENT"));
}

#[test]
fn tells_single_meetings_one_by_one() {
    let mut series = moved();
    series.dialogue.recurrence.rule = None;
    let text = text("A", &[series], &[]).expect("a calendar");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 4);
    assert_eq!(text.matches("UID:meeting_").count(), 4);
    assert!(!text.contains("RECURRENCE-ID") && !text.contains("RRULE:FREQ=MONTHLY"));
}
