//! The recurrence against published vectors, near changes of the clocks, and against hostile rules.

use std::path::Path;

use chrono::{TimeDelta, Timelike};

use proptest::prelude::*;
use serde::Deserialize;

use chrono::NaiveDateTime;

use super::recurrence::*;

/// Vectors that are not followed here, with the reason. Each is one that python-dateutil refuses or does not compute as its
/// publisher does; all others must be met.
const NOT_FOLLOWED: &[(&str, &[&str])] = &[
    (
        "BYWEEKNO without BYDAY: the standard does not say which day of the week; here every day, as python-dateutil, where \
         libical and ical.net take the day of DTSTART",
        &[
            "07c351ab0d4f",
            "0aa52d1d818e",
            "6a641d73dd5f",
            "8937f961d9ad",
            "97f25310c5de",
            "9d3b13db5706",
            "a4ee0e233ea0",
            "b59127c1ff92",
            "b68b5971018f",
            "bd287c4bfa5f",
            "d525486b2476",
            "edb38b7551e0",
            "88835477708a",
            "b3de8670fcd3",
        ],
    ),
    (
        "FREQ=YEARLY counts calendar years, also where a week reaches into the next; the publishers count by the year that \
         the week belongs to",
        &["10ca648e25d4", "ec821a613f8c", "a4364c83de80", "c01eeba66858", "d506576d2188"],
    ),
    (
        "BYMONTHDAY in a year without BYMONTH means that day of every month (the standard's table of expansions), not of the \
         month of DTSTART",
        &["f308703d1dbb", "0f9654d1abae", "8282d55e2372", "f87d6a82bc5c", "703db0c08ad0"],
    ),
    ("BYDAY=0MO is no member of the standard's grammar: refused", &["5da4f07495ae", "88acf3389dc0", "d86ad8a31ccd"]),
    ("a number before a day MUST NOT stand beside BYWEEKNO: refused", &["624560ddb3dc"]),
    ("a rule does not end with a semicolon in the standard's grammar: refused", &["e8cf838eb864"]),
    ("a start that is a date without a time of day does not exist here", &["3ab500552ee1"]),
];

#[derive(Deserialize)]
struct Vector {
    id: String,
    dtstart: String,
    rrule: String,
    expected: Vec<String>,
    #[serde(alias = "dateutil_agrees")]
    agrees: Option<bool>,
}

fn wall_of(text: &str) -> NaiveDateTime {
    let text = text.trim_end_matches('Z');
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T000000") };
    NaiveDateTime::parse_from_str(&text, "%Y%m%dT%H%M%S").expect("a wall time of a vector")
}

fn recurrence(start: &str, zone: &str, rule: &str) -> Recurrence {
    let raw = RawRecurrence { local_start: start.into(), time_zone: zone.into(), rule: rule.into(), ..RawRecurrence::default() };
    Recurrence::parse(&raw).expect("a recurrence")
}

fn failure(vector: &Vector) -> Option<String> {
    let start = wall_of(&vector.dtstart);
    let raw = RawRecurrence {
        local_start: start.format("%Y-%m-%dT%H:%M:%S").to_string(),
        time_zone: "UTC".into(),
        rule: vector.rrule.clone(),
        ..RawRecurrence::default()
    };
    let expected: Vec<NaiveDateTime> = vector.expected.iter().map(|text| wall_of(text)).collect();
    let ends = raw.rule.contains("COUNT") || raw.rule.contains("UNTIL");
    let found = Recurrence::parse(&raw).and_then(|recurrence| recurrence.between(None, None, expected.len() + usize::from(ends)));
    match found {
        Ok(found) => {
            let walls: Vec<_> = found.items.iter().map(|item| item.original).collect();
            (walls != expected).then(|| format!("{} {}: {:?}", vector.dtstart, vector.rrule, &walls[..walls.len().min(8)]))
        }
        Err(error) => Some(format!("{} {}: {error}", vector.dtstart, vector.rrule)),
    }
}

fn judge(vectors: &[Vector]) {
    let mut wrong = Vec::new();
    for vector in vectors {
        let exempt = NOT_FOLLOWED.iter().any(|(_, ids)| ids.contains(&vector.id.as_str()));
        match failure(vector) {
            Some(text) if !exempt => wrong.push(format!("{} (dateutil agrees: {:?}) {text}", vector.id, vector.agrees)),
            None if exempt => wrong.push(format!("{} is met after all: strike it from the list", vector.id)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

#[test]
fn meets_the_vectors_of_dateutil_and_ical_net() {
    #[derive(Deserialize)]
    struct File {
        vectors: Vec<Vector>,
    }
    let file: File = serde_json::from_str(include_str!("../../fixtures/rrule-vectors.json")).expect("the fixture");
    judge(&file.vectors);
}

/// libical's vectors may not be copied under this project's licence; they are read where they lie beside it.
#[test]
fn meets_every_vector_of_the_shared_data() {
    let beside = |folder: &Path| std::fs::read_to_string(folder.join("shared/data/rrule-vectors.json")).ok();
    let Some(text) = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find_map(beside) else {
        eprintln!("not run: no folder above has shared/data/rrule-vectors.json");
        return;
    };
    judge(&serde_json::from_str::<Vec<Vector>>(&text).expect("the vectors"));
}

fn between(recurrence: &Recurrence, cap: usize) -> Occurrences {
    recurrence.between(None, None, cap).expect("an expansion")
}

#[test]
fn keeps_the_time_of_day_across_changes_of_the_clocks() {
    let monthly = recurrence("2025-10-15T19:00", "America/Los_Angeles", "FREQ=MONTHLY;COUNT=3");
    let starts: Vec<String> = between(&monthly, 9).items.iter().map(|item| item.starts_at.format("%dT%H").to_string()).collect();
    assert_eq!(starts, ["16T02", "16T03", "16T03"]);
}

#[test]
fn moves_what_falls_into_a_gap_and_takes_the_first_of_two() {
    let daily = recurrence("2025-03-29T02:30", "Europe/Madrid", "FREQ=DAILY;COUNT=3");
    let starts: Vec<_> = between(&daily, 9).items.iter().map(|item| item.starts_at.format("%dT%H:%M").to_string()).collect();
    assert_eq!(starts, ["29T01:30", "30T01:30", "31T00:30"]);
    let daily = recurrence("2025-10-25T02:30", "Europe/Madrid", "FREQ=DAILY;COUNT=3");
    let starts: Vec<_> = between(&daily, 9).items.iter().map(|item| item.starts_at.format("%dT%H:%M").to_string()).collect();
    assert_eq!(starts, ["25T00:30", "26T00:30", "27T01:30"]);
    // Samoa had no 30 December 2011: two dates meet on one instant, and one remains.
    let daily = recurrence("2011-12-29T10:00", "Pacific/Apia", "FREQ=DAILY;COUNT=4");
    assert_eq!(between(&daily, 9).items.len(), 3);
}

#[test]
fn adds_and_excludes_dates() {
    let raw = RawRecurrence {
        local_start: "2026-01-13T10:00".into(),
        time_zone: "Asia/Tokyo".into(),
        rule: "BYDAY=2TU;FREQ=MONTHLY;COUNT=3".into(),
        excluded: vec!["2026-02-10T10:00".into(), "2026-05-01T09:00".into()],
        additional: vec!["2026-02-01T08:00".into(), "2026-05-01T09:00".into(), "2026-02-01T08:00".into()],
        ..RawRecurrence::default()
    };
    let recurrence = Recurrence::parse(&raw).expect("a recurrence");
    assert_eq!(recurrence.rule.as_ref().expect("a rule").to_string(), "FREQ=MONTHLY;BYDAY=2TU;COUNT=3");
    let walls: Vec<_> = between(&recurrence, 9).items.iter().map(|item| item.original.to_string()).collect();
    assert_eq!(walls, ["2026-01-13 10:00:00", "2026-02-01 08:00:00", "2026-03-10 10:00:00"]);
}

#[test]
fn ends_with_the_last_day_and_at_the_last_instant() {
    let count = |rule: &str| between(&recurrence("2026-01-01T19:00", "America/Lima", rule), 99).items.len();
    assert_eq!(count("FREQ=DAILY;UNTIL=20260103"), 3);
    assert_eq!(count("FREQ=DAILY;UNTIL=20260103T190000"), 3);
    assert_eq!(count("FREQ=DAILY;UNTIL=20260104T000000Z"), 3);
    assert_eq!(count("FREQ=DAILY;UNTIL=20260103T235959Z"), 2);
}

#[test]
fn says_when_it_cuts() {
    let daily = recurrence("2026-01-01T19:00", "UTC", "FREQ=DAILY;COUNT=3");
    assert!(between(&daily, 2).truncated && between(&daily, 2).items.len() == 2);
    assert!(!between(&daily, 3).truncated);
    let from = Some(wall_of("20260103T000000").and_utc());
    let to = Some(wall_of("20260103T190000").and_utc());
    assert_eq!(daily.between(from, to, 9).expect("an expansion").items.len(), 0);
    assert_eq!(daily.between(from, None, 9).expect("an expansion").items.len(), 1);
}

/// Rules that yield very much, or nothing, or something only after very long.
#[test]
fn survives_hostile_rules() {
    let from = Some(wall_of("20400101T000000").and_utc());
    let found = |rule: &str| recurrence("2020-01-01T00:00", "Europe/Madrid", rule).between(from, None, 5).expect("an expansion");
    for rule in ["FREQ=SECONDLY", "FREQ=SECONDLY;COUNT=100000", "FREQ=MINUTELY;INTERVAL=7"] {
        assert!(found(rule).truncated, "{rule}");
    }
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=7;BYHOUR=0;BYMINUTE=0;BYSECOND=0;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=1",
        "FREQ=YEARLY;BYSETPOS=2",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=WEEKLY;BYYEARDAY=366;BYMONTH=1",
    ] {
        let found = found(rule);
        assert!(found.items.is_empty(), "{rule} {found:?}");
        assert_eq!(recurrence("2020-01-01T00:00", "UTC", rule).first_of_rule().expect("an answer"), None, "{rule}");
    }
    assert_eq!(found("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO").items.len(), 5);
}

const ZONES: &[&str] = &["Europe/Madrid", "America/Los_Angeles", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"];

proptest! {
    /// Whatever the zone and the start, a date keeps its time of day; in a gap it moves on by the length of the gap.
    #[test]
    fn every_date_keeps_its_wall_time(zone in 0..ZONES.len(), day in 0_i64..9_000, minute in 0_u32..1_440, rule in 0_usize..4) {
        let start = wall_of("20050101T000000") + TimeDelta::days(day) + TimeDelta::minutes(minute.into());
        let rule = ["FREQ=MONTHLY", "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1FR"][rule];
        let recurrence = recurrence(&start.format("%Y-%m-%dT%H:%M").to_string(), ZONES[zone], rule);
        let items = between(&recurrence, 400).items;
        prop_assert_eq!(items.len(), 400);
        for item in &items {
            prop_assert_eq!(item.original.time(), start.time());
            let shown = super::wall_time::wall(recurrence.zone, item.starts_at);
            prop_assert!(shown >= item.original && shown - item.original <= TimeDelta::days(1));
            prop_assert!(shown == item.original || super::wall_time::resolve_noting_gap(recurrence.zone, item.original).1);
        }
        prop_assert!(items.windows(2).all(|pair| pair[0].starts_at < pair[1].starts_at));
    }

    /// Excluded dates are gone and nothing else is; a window shows what the whole shows in it.
    #[test]
    fn excluded_dates_are_gone(zone in 0..ZONES.len(), hour in 0_u32..24, chosen in proptest::collection::vec(0_usize..60, 0..10), from in 0_usize..60) {
        let start = wall_of("20250101T000000").with_hour(hour).expect("an hour");
        let mut recurrence = recurrence(&start.format("%Y-%m-%dT%H:%M").to_string(), ZONES[zone], "FREQ=DAILY;COUNT=60");
        let all = between(&recurrence, 99).items;
        recurrence.excluded = chosen.iter().map(|index| all[*index].original).collect();
        let left = between(&recurrence, 99).items;
        let wanted: Vec<_> = all.iter().filter(|item| !recurrence.excluded.contains(&item.original)).copied().collect();
        prop_assert_eq!(&left, &wanted);
        let edge = all[from].starts_at;
        let window = recurrence.between(Some(edge), None, 99).expect("an expansion").items;
        prop_assert_eq!(window, wanted.into_iter().filter(|item| item.starts_at >= edge).collect::<Vec<_>>());
    }
}

#[test]
fn the_effort_is_no_less_than_what_is_found() {
    let start = "2015-01-05T09:00:00";
    let from: NaiveDateTime = start.parse().expect("a time");
    let to = from + TimeDelta::days(3_660);
    for rule in [
        "FREQ=DAILY;INTERVAL=3;BYHOUR=9,10;BYMINUTE=0,30",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9,15",
        "FREQ=MONTHLY;BYDAY=MO,2TU,-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=1,15,31",
        "FREQ=YEARLY;BYMONTH=2,3;BYDAY=SU",
        "FREQ=YEARLY;BYMONTHDAY=13",
        "FREQ=YEARLY;BYWEEKNO=20,21",
        "FREQ=YEARLY;BYYEARDAY=1,100,200",
        "FREQ=HOURLY;INTERVAL=5;BYMINUTE=0,30",
        "FREQ=DAILY;COUNT=100",
        "FREQ=DAILY;UNTIL=20150201T000000Z",
    ] {
        let raw = RawRecurrence { local_start: start.into(), time_zone: "UTC".into(), rule: rule.into(), ..RawRecurrence::default() };
        let recurrence = Recurrence::parse(&raw).expect("a recurrence");
        let found = recurrence.between(None, Some(to.and_utc()), MOST_SCANNED).expect("dates").items.len();
        let effort = Recurrence::effort(rule, from, to);
        assert!((found..=found * 5 + 31).contains(&effort), "{rule}: {effort} for {found}");
    }
}
