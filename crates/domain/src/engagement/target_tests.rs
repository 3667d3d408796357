//! Response targets: what is due, how it was kept, and that neither depends on the order in which facts arrive.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    business_time::{Calendar, CalendarDraft},
    fact::Fact,
    lifecycle::{Lifecycle, admit},
    line::{Silence, Terms},
    properties::{any_facts, fact},
    target::{Bound, Course, Mark, Target, TargetClock, TargetNature, TargetState, Within},
    vocabulary::{Kind, Outcome, Side, Status, Step},
};
use crate::{
    directory::hours::HoursSpanDraft,
    error::Reason,
    id::ResponseTargetId,
    time::{Instant, wall},
};

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn hour(number: i64) -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::hours(number)
}

fn target(acknowledge: Option<&str>, decide: Option<&str>, calendar: Option<Calendar>) -> Target {
    let within = |raw: Option<&str>| raw.map(|raw| Within::parse(raw).expect("a time"));
    Target {
        id: ResponseTargetId::new(Uuid::nil()),
        instrument: None,
        acknowledge_within: within(acknowledge),
        decide_within: within(decide),
        clock: if calendar.is_some() { TargetClock::Business } else { TargetClock::Elapsed },
        calendar,
        nature: TargetNature::Agreed,
    }
}

fn terms(target: &Target) -> Terms<'_> {
    Terms { kind: Kind::Escalation, silence: Silence::Target(target) }
}

/// The facts of a course, the first told first; by the hours at which they happened.
fn told(steps: &[(Step, Side, i64)]) -> Vec<Fact> {
    let one = |(index, (step, side, hour)): (usize, &(Step, Side, i64))| {
        fact(u32::try_from(index + 1).expect("few facts"), *step, *side, *hour, Outcome::ActionTaken)
    };
    steps.iter().enumerate().map(one).collect()
}

fn course(target: &Target, steps: &[(Step, Side, i64)]) -> Course {
    Course::of(target, terms(target), &told(steps)).expect("a contact that was sent")
}

use Side::{ElectoralBody as E, Platform as P};

#[test]
fn the_time_is_half_open() {
    let three = target(None, Some("PT3H"), None);
    let sent = course(&three, &[(Step::Sent, E, 0)]);
    assert_eq!((sent.mark, sent.due_at), (Mark::Pending, Some(hour(3))));
    let moment = TimeDelta::microseconds(1);
    assert_eq!(sent.state(hour(0)), TargetState::Running);
    assert_eq!(sent.state(hour(3) - TimeDelta::minutes(45) - moment), TargetState::Running);
    assert_eq!(sent.state(hour(3) - TimeDelta::minutes(45)), TargetState::DueSoon);
    assert_eq!(sent.state(hour(3) - moment), TargetState::DueSoon);
    assert_eq!(sent.state(hour(3)), TargetState::Missed);
    let over = |now: Instant| Bound { target: three.clone(), course: Some(sent) }.minutes_over(now);
    assert_eq!((over(hour(2)), over(hour(3)), over(hour(5))), (None, Some(0), Some(120)));
    let decided = |hour| course(&three, &[(Step::Sent, E, 0), (Step::Decided, P, hour)]);
    assert_eq!(decided(2).state(hour(99)), TargetState::Met);
    assert_eq!(decided(3).state(hour(99)), TargetState::MissedThenAnswered, "an answer at the very moment is late");
    let late = Bound { target: three.clone(), course: Some(decided(5)) };
    assert_eq!(late.minutes_over(hour(99)), Some(120));
}

#[test]
fn the_clock_stands_still_while_the_sender_is_asked() {
    let six = target(None, Some("PT6H"), None);
    let asked = course(&six, &[(Step::Sent, E, 0), (Step::Asked, P, 2)]);
    assert_eq!((asked.mark, asked.due_at, asked.state(hour(1_000))), (Mark::Paused, None, TargetState::Running));
    let replied = course(&six, &[(Step::Sent, E, 0), (Step::Asked, P, 2), (Step::Replied, E, 12)]);
    assert_eq!((replied.due_at, replied.state(hour(16))), (Some(hour(16)), TargetState::Missed));
    let answered = course(&six, &[(Step::Sent, E, 0), (Step::Asked, P, 2), (Step::Replied, E, 12), (Step::Decided, P, 15)]);
    assert_eq!(answered.state(hour(99)), TargetState::Met);
    let from_the_question = course(&six, &[(Step::Sent, E, 0), (Step::Asked, P, 2), (Step::Decided, P, 50)]);
    assert_eq!(from_the_question.state(hour(99)), TargetState::Met, "decided without waiting for the answer");
    let too_late = course(&six, &[(Step::Sent, E, 0), (Step::Asked, P, 7)]);
    assert_eq!((too_late.due_at, too_late.state(hour(8))), (Some(hour(6)), TargetState::Missed), "a question after the time stops nothing");
}

#[test]
fn both_times_are_watched_the_nearer_first() {
    let both = target(Some("PT1H"), Some("PT5H"), None);
    let due = |steps: &[(Step, Side, i64)]| course(&both, steps).due_at;
    assert_eq!(due(&[(Step::Sent, E, 0)]), Some(hour(1)));
    assert_eq!(due(&[(Step::Sent, E, 0), (Step::Acknowledged, P, 0)]), Some(hour(5)));
    let late = course(&both, &[(Step::Sent, E, 0), (Step::Acknowledged, P, 2), (Step::Decided, P, 3)]);
    assert_eq!((late.state(hour(9)), late.due_at, late.settled_at), (TargetState::MissedThenAnswered, Some(hour(1)), Some(hour(2))));
    let first_only = target(Some("PT1H"), None, None);
    assert_eq!(course(&first_only, &[(Step::Sent, E, 0), (Step::Asked, P, 0)]).state(hour(9)), TargetState::Met);
}

#[test]
fn what_ends_without_an_answer_missed_its_time_or_had_none() {
    let three = target(None, Some("PT3H"), None);
    let state = |steps: &[(Step, Side, i64)]| course(&three, steps).state(hour(999));
    assert_eq!(state(&[(Step::Sent, E, 0), (Step::Closed, E, 3)]), TargetState::Missed);
    assert_eq!(state(&[(Step::Sent, E, 0), (Step::Withdrawn, E, 2)]), TargetState::NoTarget);
    assert_eq!(state(&[(Step::Sent, E, 0), (Step::Withdrawn, E, 4)]), TargetState::Missed);
    assert_eq!(
        state(&[(Step::Sent, E, 0), (Step::Closed, E, 3), (Step::Reopened, E, 4), (Step::Decided, P, 5)]),
        TargetState::MissedThenAnswered
    );
    assert_eq!(Course::of(&three, terms(&three), &[]), None, "a draft");
}

#[test]
fn silence_lasts_until_the_target_is_over() {
    let three = target(None, Some("PT3H"), None);
    let refused = |steps: &[(Step, Side, i64)]| {
        let facts = told(steps);
        let (new, known) = facts.split_last().expect("facts");
        admit(terms(&three), known, new).err().map(|error| error.faults[0].reason)
    };
    assert_eq!(refused(&[(Step::Sent, E, 0), (Step::Closed, E, 2)]), Some(Reason::NotAllowedNow));
    assert_eq!(refused(&[(Step::Sent, E, 0), (Step::Closed, E, 3)]), None);
    let paused = [(Step::Sent, E, 0), (Step::Asked, P, 1), (Step::Replied, E, 11), (Step::Closed, E, 12)];
    assert_eq!(refused(&paused), Some(Reason::NotAllowedNow), "ten hours of it the receiver waited");
    let facts = told(&[(Step::Sent, E, 0), (Step::Closed, E, 3)]);
    assert_eq!(Lifecycle::of(terms(&three), &facts).status, Status::Closed);
    let shown = Terms { kind: Kind::Escalation, silence: Silence::Told };
    assert_eq!(Lifecycle::of(shown, &facts), Lifecycle::of(terms(&three), &facts), "a history is shown as it was admitted");
}

fn calendar(zone: &str, days: &[Weekday], spans: &[(&str, &str)], holidays: &[&str]) -> Calendar {
    let span = |(day, (opens_at, closes_at)): (&Weekday, &(&str, &str))| HoursSpanDraft {
        day: *day,
        opens_at: (*opens_at).to_owned(),
        closes_at: (*closes_at).to_owned(),
    };
    let draft = CalendarDraft {
        zone: zone.to_owned(),
        hours: days.iter().flat_map(|day| spans.iter().map(move |one| (day, one))).map(span).collect(),
        holidays: holidays.iter().map(|day| (*day).to_owned()).collect(),
    };
    let mut faults = crate::error::Faults::default();
    let calendar = draft.check(&mut faults, "calendar").expect("a calendar");
    faults.finish().expect("no fault");
    assert_eq!(calendar.draft().check(&mut crate::error::Faults::default(), ""), Some(calendar.clone()));
    calendar
}

const WEEK: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

#[test]
fn business_time_leaves_out_nights_weekends_and_holidays() {
    let lima = calendar("America/Lima", &WEEK, &[("09:00", "13:00"), ("14:00", "18:00")], &["2026-04-03"]);
    // Thursday 17:00 in Lima; Good Friday is a holiday.
    let sent = at("2026-04-02T22:00:00Z");
    let eight = target(None, Some("PT8H"), Some(lima));
    assert_eq!(eight.decide_by(sent, &[]), Some(at("2026-04-06T22:00:00Z")));
    let over = Bound {
        target: eight.clone(),
        course: Some(Course { mark: Mark::Pending, due_at: Some(at("2026-04-06T22:00:00Z")), soon_at: None, settled_at: None }),
    };
    assert_eq!(over.minutes_over(at("2026-04-07T14:00:00Z")), Some(60), "counted in the same time");
    // A night shift is written as two spans: until midnight, and from midnight on.
    let night = calendar("Europe/Madrid", &[Weekday::Mon, Weekday::Tue], &[("22:00", "00:00"), ("00:00", "06:00")], &[]);
    assert_eq!(night.between(at("2026-03-02T12:00:00Z"), at("2026-03-03T12:00:00Z")), TimeDelta::hours(8));
    let always = calendar("Europe/Madrid", &[Weekday::Sun], &[("00:00", "00:00")], &[]);
    // The clocks go forward on this Sunday: it has 23 hours.
    assert_eq!(always.between(at("2026-03-28T00:00:00Z"), at("2026-03-31T00:00:00Z")), TimeDelta::hours(23));
}

/// Minute by minute, as somebody with a watch would count.
fn naive(calendar: &Calendar, from: Instant, minutes: i64) -> Instant {
    let zone: Tz = calendar.zone.parse().expect("a zone");
    let (mut now, mut left) = (from, minutes);
    while left > 0 {
        let local = wall(zone, now);
        let holds = |span: &crate::directory::hours::HoursSpan| {
            span.day == local.weekday() && span.opens_at <= local.time() && local.time() < span.closes_at
        };
        if !calendar.holidays.contains(&local.date()) && calendar.hours.iter().any(holds) {
            left -= 1;
        }
        now += TimeDelta::minutes(1);
    }
    now
}

prop_compose! {
    fn any_calendar()(
        zone in prop::sample::select(&["Europe/Madrid", "Asia/Kathmandu", "America/New_York", "Pacific/Chatham", "UTC"][..]),
        days in prop::sample::subsequence(WEEK.to_vec(), 2..=5),
        spans in prop::collection::vec((360_u32..1_200, 30_u32..240), 1..3),
        holidays in prop::sample::subsequence(vec!["2026-03-30", "2026-03-31", "2026-04-01", "2026-04-06"], 0..=4),
    ) -> Calendar {
        let clock = |minute: u32| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).expect("a time").format("%H:%M").to_string();
        let spans: Vec<(String, String)> = spans.into_iter().map(|(from, long)| (clock(from), clock((from + long).min(1_439)))).collect();
        let spans: Vec<(&str, &str)> = spans.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        calendar(zone, &days, &spans, &holidays)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Business time is what counting minute by minute gives, across a change of the clocks too.
    #[test]
    fn business_time_counts_every_open_minute_once(calendar in any_calendar(), start in 0_i64..20_000, minutes in 1_i64..1_500) {
        let from = at("2026-03-20T00:00:00Z") + TimeDelta::minutes(start);
        let due = calendar.after(from, TimeDelta::minutes(minutes));
        prop_assert_eq!(due, naive(&calendar, from, minutes));
        prop_assert_eq!(calendar.between(from, due), TimeDelta::minutes(minutes));
        // What is cut in two adds up.
        let middle = from + (due - from) / 3;
        prop_assert_eq!(calendar.between(from, middle) + calendar.between(middle, due), TimeDelta::minutes(minutes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any order of arrival of the same facts gives the same moments and the same state.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        facts in any_facts(), shuffled in any::<prop::sample::Index>(), first in 1_i64..40, more in 0_i64..80, now in 0_i64..9_000,
        business in prop::bool::ANY,
    ) {
        let (first, then) = (format!("PT{first}H"), format!("PT{}H", first + more));
        let office = business.then(|| calendar("Asia/Kathmandu", &WEEK, &[("08:00", "17:00")], &[]));
        let target = target(Some(&first), Some(&then), office);
        let mut known: Vec<Fact> = Vec::new();
        for fact in &facts {
            if admit(terms(&target), &known, fact).is_ok() {
                known.push(fact.clone());
            }
        }
        let mut other = known.clone();
        other.rotate_left(shuffled.index(known.len().max(1)));
        if shuffled.index(2) == 1 {
            other.reverse();
        }
        for (index, fact) in other.iter_mut().enumerate() {
            fact.seq = u32::try_from(index + 1).expect("few facts");
        }
        let (one, two) = (Course::of(&target, terms(&target), &known), Course::of(&target, terms(&target), &other));
        prop_assert_eq!(one, two);
        prop_assert_eq!(Lifecycle::of(terms(&target), &known), Lifecycle::of(terms(&target), &other));
        if let Some(course) = one {
            // What is answered never changes again, and what is awaited only ripens.
            let (before, after) = (course.state(hour(now)), course.state(hour(now + 1)));
            let settled = matches!(course.mark, Mark::Met | Mark::Late | Mark::Missed | Mark::Void);
            prop_assert!(if settled { before == after } else { before <= after }, "{before} then {after}");
            prop_assert_eq!(course.settled_at.is_some(), settled);
            prop_assert!(course.soon_at.zip(course.due_at).is_none_or(|(soon, due)| soon <= due));
        }
    }
}
