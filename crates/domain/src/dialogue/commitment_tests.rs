//! What must hold for every commitment and every measure, tried on generated ones.

use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    commitment::{Commitment, CommitmentOutcome, CommitmentStatus},
    length::Length,
    measure::{FEWEST_BODIES, FEWEST_CONTACTS, Measure, MeasureDraft, Nearness, Period, Share},
};
use crate::{
    engagement::{
        answered::{Answer, Answered},
        vocabulary::Kind,
    },
    error::Reason,
    id::{CommitmentId, OrganisationId},
};

#[derive(Clone, Copy, Debug)]
enum Step {
    Accept,
    Report(Option<CommitmentOutcome>, bool),
    Confirm(CommitmentOutcome),
    Withdraw,
    Supersede,
}

fn any_step() -> impl Strategy<Value = Step> {
    let outcome = prop::sample::select(CommitmentOutcome::ALL);
    prop_oneof![
        Just(Step::Accept),
        (prop::option::of(outcome.clone()), any::<bool>()).prop_map(|(claim, shown)| Step::Report(claim, shown)),
        outcome.prop_map(Step::Confirm),
        Just(Step::Withdraw),
        Just(Step::Supersede),
    ]
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::default() + chrono::Days::new(number)
}

fn month(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, number, 1).expect("a month")
}

fn organisation(number: u128) -> OrganisationId {
    OrganisationId::new(Uuid::from_u128(number))
}

fn proposed(id: u128) -> Commitment {
    let at = DateTime::UNIX_EPOCH;
    Commitment {
        id: CommitmentId::new(Uuid::from_u128(id)),
        meeting: None,
        agenda_item: None,
        instrument: None,
        committed_by: organisation(1),
        to_whom: vec![organisation(2)],
        text: "To answer sooner".to_owned(),
        due_on: day(10),
        status: CommitmentStatus::Proposed,
        claim: None,
        measure: None,
        confirmed_by: None,
        superseded_by: None,
        generated: false,
        created_at: at,
        updated_at: at,
        version: 1,
    }
}

proptest! {
    #[test]
    fn every_walk_keeps_to_the_states(steps in prop::collection::vec((any_step(), 0..20_i64), 0..30)) {
        let (mut now, other) = (proposed(1), proposed(2));
        let mut was_accepted = false;
        for (step, on) in steps {
            let at = DateTime::UNIX_EPOCH + TimeDelta::days(on);
            let next = match step {
                Step::Accept => now.accept(at),
                Step::Report(claim, shown) => now.report(claim, shown, at),
                Step::Confirm(outcome) => now.confirm(organisation(2), outcome, at),
                Step::Withdraw => now.withdraw(at),
                Step::Supersede => now.supersede(&other, at),
            };
            let Ok(next) = next else { continue };
            was_accepted |= matches!(step, Step::Accept);
            prop_assert_eq!(next.version, now.version + 1);
            prop_assert_eq!(next.due_on, now.due_on);
            // What has come to its end stays there: all that can be added is that the other side says so too.
            if !now.status.is_open() {
                prop_assert!(matches!(step, Step::Confirm(_)) && next.status == now.status && now.confirmed_by.is_none());
            }
            // Nothing is kept or broken that was never promised.
            prop_assert!(was_accepted || matches!(next.status, CommitmentStatus::Proposed | CommitmentStatus::Withdrawn | CommitmentStatus::Superseded));
            // Nothing was kept, wholly or in part, on the word of who promised alone.
            if matches!(next.status, CommitmentStatus::Fulfilled | CommitmentStatus::PartlyFulfilled) && now.status.is_open() {
                prop_assert!(next.confirmed_by.is_some() || matches!(step, Step::Report(Some(_), true)));
            }
            // Others call it broken only once its day is over.
            if next.status == CommitmentStatus::Missed && matches!(step, Step::Confirm(_)) {
                prop_assert!(next.due_on < at.date_naive());
            }
            prop_assert_eq!(next.superseded_by.is_some(), next.status == CommitmentStatus::Superseded);
            prop_assert_eq!((next.is_overdue(day(10)), next.is_overdue(day(11))), (false, next.status.is_owed()));
            now = next;
        }
    }

    #[test]
    fn a_thin_number_is_told_to_nobody_else(contacts in 0..40_i64, bodies in 0..6_i64, answered in 0..40_i64, own in 0..40_i64, hours in 0..200_i64) {
        let counted = Answered { contacts, bodies, in_time: answered.min(contacts), own: own.min(contacts) };
        let (measure, now) = (measure(), month(3).and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(hours));
        for nearness in [Nearness::Receiver, Nearness::Coordinator, Nearness::Other] {
            let figure = measure.figure(measure.period, &counted, nearness, now);
            let is_own = contacts > 0 && (nearness == Nearness::Receiver || counted.own == contacts);
            let is_enough = contacts >= FEWEST_CONTACTS && bodies >= FEWEST_BODIES;
            let is_over = nearness == Nearness::Coordinator || hours >= 3;
            prop_assert_eq!(!figure.is_suppressed(), is_own || (is_enough && is_over), "{:?}", nearness);
            let days = measure.figure(measure.baseline, &counted, nearness, now);
            prop_assert_eq!(!days.is_suppressed(), is_own, "a part of a month is told to its parties");
            let (met, told) = (counted.in_time * 10 >= contacts * 9, !figure.is_suppressed());
            if is_own {
                prop_assert_eq!((figure.contacts, measure.is_met(&figure)), (Some(contacts), Some(met)));
            } else if told {
                prop_assert!(figure.contacts.is_some_and(|near| near % 5 == 0 && (near - contacts).abs() <= 2));
                prop_assert!(figure.share.is_some_and(|share| (share.value() * 20.0).fract().abs() < 1e-9));
                prop_assert!(measure.is_met(&figure).is_none_or(|told| told == met));
            }
        }
    }
}

fn measure() -> Measure {
    Measure {
        description: "Escalations acknowledged within three hours".to_owned(),
        kinds: vec![Kind::Escalation],
        urgencies: Vec::new(),
        country: None,
        act: Answer::Acknowledge,
        within: Length::of_minutes(180).expect("a length"),
        target: Share::parse(0.9).expect("a share"),
        period: Period { from: month(2), to: month(3) },
        baseline: Period { from: day(0), to: day(10) },
    }
}

#[test]
fn another_stands_in_its_place_only_of_the_same_organisation() {
    let foreign = Commitment { committed_by: organisation(3), ..proposed(2) };
    for successor in [proposed(1), foreign] {
        let error = proposed(1).supersede(&successor, DateTime::UNIX_EPOCH).expect_err("no successor");
        assert_eq!(error.faults[0].reason, Reason::Contradiction);
    }
}

#[test]
fn names_every_fault_of_a_measure_at_once() {
    let draft = MeasureDraft {
        description: " ".to_owned(),
        kinds: vec![Kind::Escalation, Kind::LegalOrder, Kind::Training, Kind::ThreatWarning],
        urgencies: Vec::new(),
        country: Some("Peru".to_owned()),
        act: Answer::Decide,
        within: "PT0M".to_owned(),
        target: 1.5,
        period: Period { from: day(1_000), to: day(2_000) },
        baseline: Period { from: day(9), to: day(9) },
    };
    let error = draft.check().expect_err("faults");
    let paths: Vec<String> = error.faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
    assert_eq!(
        paths,
        [
            "description REQUIRED",
            "kinds.2 NOT_AN_OPTION",
            "kinds.3 NOT_AN_OPTION",
            "kinds CONTRADICTION",
            "country MALFORMED",
            "within OUT_OF_RANGE",
            "target OUT_OF_RANGE",
            "period.to OUT_OF_RANGE",
            "baseline.to CONTRADICTION",
        ]
    );
    let overlapping = MeasureDraft {
        description: "x".to_owned(),
        kinds: vec![],
        country: None,
        within: "PT3H".to_owned(),
        target: f64::NAN,
        period: Period { from: day(5), to: day(9) },
        baseline: Period { from: day(1), to: day(6) },
        ..draft
    };
    let error = overlapping.check().expect_err("faults");
    let paths: Vec<String> = error.faults.iter().map(|fault| fault.path.join(".")).collect();
    assert_eq!(paths, ["kinds", "target", "baseline.to"]);
}
