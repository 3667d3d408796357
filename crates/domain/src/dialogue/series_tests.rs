//! Changed series: what calendars can say of them, and that it is what takes place.

use chrono::{NaiveDateTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    Dialogue, DialogueDraft, DialogueKind, DialogueStatus, DialogueVisibility, Meeting, MeetingFormat, MeetingStatus, RawRecurrence,
    Recurrence, Slot, wall_time,
};
use crate::{
    id::{DialogueId, MeetingId, OrganisationId},
    time::Instant,
};

fn wall(text: &str) -> NaiveDateTime {
    wall_time::parse(text).expect("a wall time")
}

fn now() -> Instant {
    wall("2026-01-01T00:00").and_utc()
}

fn dialogue(start: &str, zone: &str, rule: &str) -> Dialogue {
    let draft = DialogueDraft {
        title: vec![("en".into(), "A series".into())],
        purpose: None,
        kind: DialogueKind::Global,
        conveners: vec![OrganisationId::new(Uuid::from_u128(1)).to_string()],
        members: Vec::new(),
        recurrence: RawRecurrence { local_start: start.into(), time_zone: zone.into(), rule: rule.into(), ..RawRecurrence::default() },
        duration: "PT1H".into(),
        format: MeetingFormat::Online,
        visibility: DialogueVisibility::Public,
        working_languages: Vec::new(),
        attribution_default: super::Attribution::Attributed,
        join_url: None,
        venue: None,
        generated: true,
    };
    draft.check(DialogueId::new(Uuid::from_u128(7)), now()).expect("a dialogue")
}

fn meetings(dialogue: &Dialogue, most: usize) -> Vec<Meeting> {
    let found = dialogue.recurrence.between(None, None, most).expect("dates").items;
    let lay_out = |(index, date)| Meeting::lay_out(MeetingId::new(Uuid::from_u128(index)), dialogue, date, now());
    (0_u128..).zip(found).map(lay_out).collect()
}

/// The dates that the calendar's rules of a dialogue yield, as a reader that knows nothing else expands them.
fn shown(dialogue: &Dialogue, most: usize) -> Option<Vec<Instant>> {
    let mut starts = Vec::new();
    for one in dialogue.ruled().expect("stretches") {
        let rule = one.rule?;
        let raw = RawRecurrence {
            local_start: rule.first.format("%Y-%m-%dT%H:%M:%S").to_string(),
            time_zone: rule.zone.name().into(),
            rule: rule.text,
            ..RawRecurrence::default()
        };
        let found = Recurrence::parse(&raw).expect("a rule that can be read again").between(None, None, most).expect("dates").items;
        starts.extend(found.into_iter().map(|one| one.starts_at));
    }
    starts.truncate(most);
    Some(starts)
}

fn moved(dialogue: &Dialogue, at: usize, to: &str, zone: &str) -> Dialogue {
    let meeting = &meetings(dialogue, at + 1)[at];
    let slot = Slot { local_start: wall(to), zone: zone.parse().expect("a zone"), length: meeting.length };
    dialogue.moved_from(meeting.original_start, meeting.original_start, slot, now()).expect("moved")
}

#[test]
fn splits_the_rule_where_the_series_was_moved() {
    let before = dialogue("2026-01-15T19:00", "America/Los_Angeles", "FREQ=MONTHLY");
    let after = moved(&before, 3, "2026-04-15T10:00", "Europe/Madrid");
    let [first, second] = &after.ruled().expect("stretches")[..] else { panic!("two stretches") };
    let (first, second) = (first.rule.as_ref().expect("a rule"), second.rule.as_ref().expect("a rule"));
    assert_eq!((first.text.as_str(), first.first), ("FREQ=MONTHLY;UNTIL=20260316T020000Z", wall("2026-01-15T19:00")));
    assert_eq!((second.text.as_str(), second.first), ("FREQ=MONTHLY", wall("2026-04-15T10:00")));
    assert_eq!(second.zone, chrono_tz::Europe::Madrid);
}

#[test]
fn says_days_after_the_second_tuesday_as_a_rule_and_after_the_last_one_by_one() {
    let before = dialogue("2026-01-13T19:00", "UTC", "FREQ=MONTHLY;BYDAY=2TU");
    let after = moved(&before, 1, "2026-02-12T09:00", "UTC");
    let rule = after.ruled().expect("stretches")[1].rule.clone().expect("a rule");
    assert_eq!(rule.text, "FREQ=MONTHLY;BYDAY=TH;BYMONTHDAY=10,11,12,13,14,15,16");
    let before = dialogue("2026-01-27T19:00", "UTC", "FREQ=MONTHLY;BYDAY=-1TU");
    let after = moved(&before, 1, "2026-02-25T09:00", "UTC");
    assert!(after.ruled().expect("stretches")[1].rule.is_none());
}

#[test]
fn keeps_what_was_moved_alone_or_called_off_and_what_is_past() {
    let before = dialogue("2026-01-15T19:00", "UTC", "FREQ=MONTHLY;COUNT=6");
    let mut all = meetings(&before, 9);
    let alone = Slot { local_start: wall("2026-03-20T08:00"), zone: chrono_tz::UTC, length: before.length };
    all[2] = all[2].reschedule(alone, None, now()).expect("moved");
    all[3] = all[3].cancel(None, now()).expect("cancelled");
    let after = moved(&before, 1, "2026-02-16T20:00", "UTC");
    let later = wall("2026-02-01T00:00").and_utc();
    let follow = |meeting: &Meeting| meeting.follow(&before, &after, None, later).expect("followed");
    assert!([0, 2, 3].iter().all(|index| follow(&all[*index]).is_none()));
    let last = follow(&all[5]).expect("moved");
    assert_eq!((last.local_start, last.original_start, last.sequence), (wall("2026-06-16T20:00"), wall("2026-06-15T19:00"), 1));
    assert!(!last.is_changed(&after) && all[2].is_changed(&after));
}

#[test]
fn hosts_take_turns_at_the_same_wall_time() {
    let raw = RawRecurrence {
        local_start: "2026-01-15T19:00".into(),
        time_zone: "UTC".into(),
        rule: "FREQ=MONTHLY;COUNT=4".into(),
        excluded: vec!["2026-02-15T19:00".into()],
        rotation: vec!["Asia/Tokyo".into(), "America/Lima".into()],
        ..RawRecurrence::default()
    };
    let found = Recurrence::parse(&raw).expect("a recurrence").between(None, None, 9).expect("dates").items;
    let shown: Vec<_> = found.iter().map(|one| (one.zone.name(), one.starts_at.to_rfc3339(), one.original)).collect();
    assert_eq!(
        shown,
        [
            ("Asia/Tokyo", "2026-01-15T10:00:00+00:00".to_owned(), wall("2026-01-15T19:00")),
            ("Asia/Tokyo", "2026-03-15T10:00:00+00:00".to_owned(), wall("2026-03-15T19:00")),
            ("America/Lima", "2026-04-16T00:00:00+00:00".to_owned(), wall("2026-04-15T19:00")),
        ]
    );
}

#[test]
fn derives_the_instant_anew_from_the_wall_time() {
    let meeting = meetings(&dialogue("2026-06-15T19:00", "Africa/Cairo", "FREQ=MONTHLY"), 1).remove(0);
    assert_eq!(meeting.rederived(now()), None);
    let hour = TimeDelta::hours(1);
    let stale = Meeting { starts_at: meeting.starts_at - hour, ends_at: meeting.ends_at - hour, ..meeting.clone() };
    let right = stale.rederived(now()).expect("another instant");
    assert_eq!((right.starts_at, right.ends_at, right.local_start), (meeting.starts_at, meeting.ends_at, meeting.local_start));
    assert_eq!((right.sequence, right.version), (1, 2));
    assert_eq!(stale.rederived(stale.starts_at), None, "what has begun stays");
}

/// One act on a series or on one of its meetings.
#[derive(Clone, Copy, Debug)]
enum Step {
    Move(usize, i64),
    Pause,
    Resume,
    End,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_usize..20, -4_000_i64..4_000).prop_map(|(at, minutes)| Step::Move(at, minutes)),
        Just(Step::Pause),
        Just(Step::Resume),
        Just(Step::End),
    ]
}

const RULES: &[&str] = &[
    "FREQ=DAILY;INTERVAL=3;COUNT=30",
    "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=30",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=30",
    "FREQ=MONTHLY;COUNT=30",
    "FREQ=MONTHLY;BYDAY=2TU;COUNT=30",
    "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=30",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever was moved by however much: where calendars get rules, these yield what takes place, no more and no less.
    #[test]
    fn calendars_show_what_takes_place(rule in 0..RULES.len(), moves in proptest::collection::vec((0_usize..20, -7_000_i64..7_000), 0..4)) {
        let mut series = dialogue("2026-01-13T19:00", "Europe/Madrid", RULES[rule]);
        for (at, minutes) in moves {
            let meeting = &meetings(&series, at + 1)[at];
            let to = meeting.original_start + TimeDelta::minutes(minutes);
            let slot = Slot { local_start: to, zone: series.recurrence.zone, length: series.length };
            series = series.moved_from(meeting.original_start, meeting.original_start, slot, now()).expect("moved");
        }
        if let Some(mut shown) = shown(&series, 100) {
            let mut takes_place: Vec<_> = meetings(&series, 100).iter().map(|one| one.starts_at).collect();
            takes_place.sort_unstable();
            shown.sort_unstable();
            prop_assert_eq!(shown, takes_place);
        }
    }

    /// However a series is moved, paused and resumed: its stretches stay in order, its version grows with each act that is
    /// not refused, an ended one stays ended, and only a paused or ended one is closed.
    #[test]
    fn a_series_goes_its_ways(steps in proptest::collection::vec(step(), 0..12)) {
        let mut series = dialogue("2026-01-13T19:00", "Europe/Madrid", "FREQ=WEEKLY");
        for step in steps {
            let from = wall("2026-03-03T19:00");
            let next = match step {
                Step::Move(at, minutes) => {
                    let original = meetings(&series, at + 1)[at].original_start;
                    let local_start = original + TimeDelta::minutes(minutes);
                    series.moved_from(original, original, Slot { local_start, zone: series.recurrence.zone, length: series.length }, now())
                }
                Step::Pause => series.closed(from, DialogueStatus::Paused, now()),
                Step::Resume => series.resumed(now()),
                Step::End => series.closed(from, DialogueStatus::Ended, now()),
            };
            if let Ok(next) = next {
                prop_assert_ne!(series.status, DialogueStatus::Ended);
                prop_assert_eq!((next.version, next.sequence), (series.version + 1, series.sequence + 1));
                series = next;
            }
            prop_assert!(series.stretches.is_sorted_by(|a, b| a.from < b.from));
            prop_assert_eq!(series.closed_from.is_some(), series.status != DialogueStatus::Active);
        }
    }

    /// A meeting that a pause postponed is on again if it lies ahead, and called off if its date went by.
    #[test]
    fn a_pause_ends_one_way_or_the_other(at in 0_usize..10, days in 0_i64..400) {
        let meeting = meetings(&dialogue("2026-01-13T19:00", "UTC", "FREQ=MONTHLY"), 10).remove(at);
        let postponed = meeting.postponed(Some("A pause"), now()).expect("postponed");
        prop_assert_eq!(postponed.postponed(None, now()), None);
        let then = now() + TimeDelta::days(days);
        let wanted = if meeting.starts_at > then { MeetingStatus::Scheduled } else { MeetingStatus::Cancelled };
        prop_assert_eq!(postponed.resumed(then).map(|one| one.status), Some(wanted));
        prop_assert_eq!(meeting.resumed(then), None);
    }
}
