//! What must hold for every contact, tried on generated ones.

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    allowed_acts::{Situation, allowed_acts},
    clocks::clocks,
    decision::Decision,
    divergence::divergences,
    fact::{Chained, Fact, Head, NewFact, Sealed, Told},
    history::{export, verify},
    lifecycle::{Lifecycle, admit, place},
    line::{Silence, Terms, line},
    vocabulary::{AssertedBy, Closure, Direction, Format, Kind, Outcome, Precision, Side, Status, Step, Visibility},
};
use crate::{
    error::Reason,
    id::{ContactId, OrganisationId, TransitionId},
};

const TERMS: Terms<'static> = Terms { kind: Kind::Escalation, silence: Silence::Usual };

/// A fact at some hour; `order` stands for its id and its place in the history.
pub(super) fn fact(order: u32, step: Step, side: Side, hour: i64, outcome: Outcome) -> Fact {
    let decision = (step == Step::Decided).then(|| Decision { outcome, ..Decision::silence() });
    let told = Told {
        step,
        side,
        organisation: OrganisationId::new(Uuid::from_u128(1)),
        occurred_at: DateTime::UNIX_EPOCH + TimeDelta::hours(hour),
        precision: Precision::Minute,
        format: None,
        reason: None,
        referred_to: None,
        decision,
        supersedes: None,
    };
    Fact { id: TransitionId::new(Uuid::from_u128(u128::from(order))), seq: order, recorded_at: DateTime::UNIX_EPOCH, told }
}

fn contact() -> ContactId {
    ContactId::new(Uuid::from_u128(7))
}

fn any_step() -> impl Strategy<Value = Step> {
    prop::sample::select(Step::ALL)
}

/// Facts of both sides at distinct hours, of steps that the side may tell of.
pub(super) fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    let one = (any_step(), prop::sample::select(&[Side::ElectoralBody, Side::Platform][..]), prop::bool::ANY);
    (prop::collection::vec(one, 1..12), Just(()).prop_perturb(|(), mut rng| rng.random::<u64>())).prop_map(|(steps, seed)| {
        let told = steps.into_iter().filter(|(step, side, _)| step.is_told_by(*side, Direction::EbToPlatform));
        let mut hour = 0;
        told.enumerate()
            .map(|(index, (step, side, acted))| {
                // Sometimes more than a month passes, so that silence occurs.
                hour += 1 + i64::from((seed >> (index % 60)) & 1 == 1) * 800;
                let outcome = if acted { Outcome::ActionTaken } else { Outcome::NoActionNotViolating };
                fact(u32::try_from(index + 1).expect("few facts"), step, side, hour, outcome)
            })
            .collect()
    })
}

/// Those of the facts that are accepted when they arrive in this order.
fn accepted(facts: &[Fact]) -> Vec<Fact> {
    let mut known: Vec<Fact> = Vec::new();
    for fact in facts {
        if admit(TERMS, &known, fact).is_ok() {
            known.push(fact.clone());
        }
    }
    known
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any order of arrival gives the same state, clocks and divergences.
    #[test]
    fn the_order_of_arrival_does_not_matter(facts in any_facts(), shuffled in any::<prop::sample::Index>()) {
        let facts = accepted(&facts);
        let mut other = facts.clone();
        other.rotate_left(shuffled.index(facts.len().max(1)));
        if shuffled.index(2) == 1 {
            other.reverse();
        }
        // What arrives later has a higher number, as the history gives it.
        for (index, fact) in other.iter_mut().enumerate() {
            fact.seq = u32::try_from(index + 1).expect("few facts");
        }
        prop_assert_eq!(Lifecycle::of(TERMS, &facts), Lifecycle::of(TERMS, &other));
        prop_assert_eq!(clocks(TERMS, &facts), clocks(TERMS, &other));
        prop_assert_eq!(divergences(&facts), divergences(&other));
    }

    /// What was accepted is a legal line, whatever was tried; placing it moves from each status to the next.
    #[test]
    fn accepted_facts_are_a_legal_line(facts in any_facts()) {
        let facts = accepted(&facts);
        let line = line(TERMS, &facts);
        prop_assert!(line.broken.is_none());
        let mut status = Status::Draft;
        for step in &line.moves {
            prop_assert_eq!(step.from, status);
            status = step.to;
        }
        prop_assert_eq!(status, Lifecycle::of(TERMS, &facts).status);
        prop_assert_eq!(place(TERMS, &facts).len(), facts.len());
    }

    /// What the other side told never stands in the way of one's own receipt or decision of the same round, nor changes when
    /// the contact was sent.
    #[test]
    fn a_second_side_is_always_heard(facts in any_facts(), hour in 0_i64..9_000) {
        let known = accepted(&facts);
        let told = |side: Side| known.iter().any(|fact| fact.told.step == Step::Acknowledged && fact.told.side == side);
        if told(Side::ElectoralBody) && !told(Side::Platform) {
            let second = fact(99, Step::Acknowledged, Side::Platform, hour, Outcome::ActionTaken);
            prop_assert!(admit(TERMS, &known, &second).is_ok());
            let mut both = known.clone();
            both.push(second);
            prop_assert_eq!(Lifecycle::of(TERMS, &known), Lifecycle::of(TERMS, &both), "the body's fact counts");
        }
        if told(Side::Platform) && !told(Side::ElectoralBody) {
            prop_assert!(admit(TERMS, &known, &fact(99, Step::Acknowledged, Side::ElectoralBody, hour, Outcome::ActionTaken)).is_ok());
        }
    }

    /// No facts at all, legal or not, make the functions panic; nor does asking what may be done next.
    #[test]
    fn nothing_panics_on_facts_of_any_kind(facts in any_facts(), side in prop::sample::select(Side::ALL)) {
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(20_000);
        let (visibility, direction) = (Visibility::Parties, Direction::EbToPlatform);
        let situation = Situation { terms: TERMS, direction, visibility, read_by_other: false, resolved: true, side, now };
        for act in allowed_acts(situation, &accepted(&facts)) {
            prop_assert!(act.step().is_none_or(|step| step.is_told_by(side, direction)));
        }
        allowed_acts(situation, &facts);
        place(TERMS, &facts);
        clocks(TERMS, &facts);
        divergences(&facts);
    }

    /// An act that is said to be allowed is accepted, and one that is not is refused.
    #[test]
    fn allowed_acts_tell_the_truth(facts in any_facts(), side in prop::sample::select(&[Side::ElectoralBody, Side::Platform][..])) {
        let known = accepted(&facts);
        let (visibility, direction) = (Visibility::Parties, Direction::EbToPlatform);
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(20_000);
        let allowed = allowed_acts(Situation { terms: TERMS, direction, visibility, read_by_other: false, resolved: true, side, now }, &known);
        for act in super::allowed_acts::Act::ALL {
            let Some(step) = act.step().filter(|step| step.is_told_by(side, direction)) else { continue };
            let tried = fact(99, step, side, 20_000, Outcome::ActionTaken);
            prop_assert_eq!(allowed.contains(act), admit(TERMS, &known, &tried).is_ok(), "{}", act);
        }
    }

    /// The chain is sound as exported, and any change of any character of a fact shows.
    #[test]
    fn the_chain_shows_any_change(facts in any_facts(), at in any::<prop::sample::Index>(), digit in 0_u8..10) {
        let chained = chain(&facts);
        let text = export(contact(), "PE-7F3K-92QD", &chained, |_| true).expect("a file").to_string();
        let verified = verify(&text).expect("a sound history");
        prop_assert_eq!(verified.head, chained.last().map(Chained::head));
        let (from, to) = (text.find("\"facts\"").expect("facts"), text.find("\"format\"").expect("format"));
        let digits: Vec<usize> = text.bytes().enumerate().skip(from).take(to - from).filter(|(_, byte)| byte.is_ascii_digit()).map(|(place, _)| place).collect();
        if !digits.is_empty() {
            let place = digits[at.index(digits.len())];
            let mut bytes = text.into_bytes();
            prop_assume!(bytes[place] != b'0' + digit);
            bytes[place] = b'0' + digit;
            prop_assert!(verify(std::str::from_utf8(&bytes).expect("text")).is_err());
        }
    }

    /// A fact that is dropped, moved or doubled shows.
    #[test]
    fn the_chain_shows_dropped_and_moved_facts(facts in any_facts(), at in any::<prop::sample::Index>()) {
        let chained = chain(&facts);
        prop_assume!(chained.len() > 1);
        let place = at.index(chained.len());
        let (mut dropped, mut moved, mut doubled) = (chained.clone(), chained.clone(), chained.clone());
        dropped.remove(place);
        moved.swap(place, (place + 1) % chained.len());
        doubled.insert(place, chained[place].clone());
        for broken in [moved, doubled] {
            prop_assert!(verify(&export(contact(), "PE-7F3K-92QD", &broken, |_| false).expect("a file").to_string()).is_err());
        }
        if place + 1 < chained.len() {
            prop_assert!(verify(&export(contact(), "PE-7F3K-92QD", &dropped, |_| false).expect("a file").to_string()).is_err());
        }
    }
}

fn chain(facts: &[Fact]) -> Vec<Chained> {
    let mut head: Option<Head> = None;
    let mut chained = Vec::new();
    for fact in facts {
        let sealed = Sealed { salt: format!("{:08x}", fact.seq), note: Some("seen on the phone".into()), person: None };
        let new = NewFact { id: fact.id, recorded_at: fact.recorded_at, told: fact.told.clone(), sealed };
        let fact = new.chain(contact(), head).expect("a fact");
        head = Some(fact.head());
        chained.push(fact);
    }
    chained
}

/// The lines of the state machine, one by one.
#[test]
fn the_lines_of_the_domain_hold() {
    use Side::{ElectoralBody as E, Platform as P};
    use Step::{
        Acknowledged as A, Asked as Q, Closed as C, Decided as D, Discarded, Disputed as X, Referred, Reopened as R, Replied, Sent as S,
        Withdrawn as W,
    };
    let run = |steps: &[(Step, Side, i64)]| {
        let mut known = Vec::new();
        for (index, (step, side, hour)) in steps.iter().enumerate() {
            let new = fact(u32::try_from(index + 1).expect("few facts"), *step, *side, *hour, Outcome::ActionTaken);
            admit(TERMS, &known, &new).map_err(|error| error.faults[0].reason)?;
            known.push(new);
        }
        Ok::<_, Reason>(Lifecycle::of(TERMS, &known))
    };
    let status = |steps: &[(Step, Side, i64)]| run(steps).map(|life| life.status);
    assert_eq!(status(&[]), Ok(Status::Draft));
    assert_eq!(status(&[(S, E, 0), (A, P, 1), (D, P, 2), (C, E, 3)]), Ok(Status::Closed));
    assert_eq!(status(&[(Discarded, E, 0)]), Ok(Status::Discarded));
    assert_eq!(status(&[(Referred, E, 0)]), Ok(Status::Referred));
    assert_eq!(status(&[(S, E, 0), (Discarded, E, 1)]), Err(Reason::NotAllowedNow));
    let decided = run(&[(S, E, 0), (D, P, 2)]).expect("a line");
    assert!(decided.acknowledgement_implied, "a decision implies the acknowledgement");
    assert_eq!(decided.acknowledged_at, decided.decided_at);
    let told = run(&[(S, E, 0), (D, P, 2), (A, E, 1)]).expect("a late fact takes its place");
    assert!(!told.acknowledgement_implied && told.acknowledged_at < told.decided_at);
    assert_eq!(status(&[(S, E, 0), (Q, P, 1)]), Ok(Status::AwaitingSender));
    assert_eq!(status(&[(S, E, 0), (Q, P, 1), (Replied, E, 2)]), Ok(Status::Acknowledged));
    assert_eq!(status(&[(S, E, 0), (Q, P, 1), (Replied, E, 2), (Q, P, 3)]), Ok(Status::AwaitingSender));
    assert_eq!(status(&[(S, E, 0), (Q, P, 1), (Q, P, 2)]), Err(Reason::AlreadyDone));
    assert_eq!(status(&[(S, E, 0), (Q, P, 1), (C, E, 2)]), Ok(Status::Closed));
    assert_eq!(status(&[(S, E, 0), (D, P, 1), (X, E, 2), (D, P, 3)]), Ok(Status::Decided));
    let appeal = run(&[(S, E, 0), (D, P, 1), (X, E, 2), (C, E, 3)]).expect("closing an appeal");
    assert!(appeal.decision.is_some(), "closing keeps the first decision");
    assert_eq!(status(&[(S, E, 0), (C, E, 719)]), Err(Reason::NotAllowedNow), "30 days are not over");
    let silence = run(&[(S, E, 0), (C, E, 720)]).expect("silence");
    assert_eq!(silence.decision.expect("an outcome").decision.outcome, Outcome::NoResponse);
    assert_eq!(status(&[(S, E, 0), (W, E, 1)]), Ok(Status::Withdrawn));
    assert_eq!(status(&[(S, E, 0), (D, P, 1), (W, E, 2)]), Err(Reason::NotAllowedNow));
    assert_eq!(status(&[(S, E, 0), (C, E, 720), (R, E, 721)]), Ok(Status::Sent));
    assert_eq!(status(&[(S, E, 0), (D, P, 1), (C, E, 2), (R, E, 3), (D, P, 4)]), Ok(Status::Decided));
    assert_eq!(status(&[(S, E, 5), (A, P, 1)]), Err(Reason::BeforePrevious));
    assert_eq!(status(&[(S, E, 0), (A, P, 1), (A, P, 2)]), Err(Reason::AlreadyDone));
    assert_eq!(status(&[(S, E, 0), (D, P, 1), (D, E, 2)]), Ok(Status::Decided), "both sides tell of one decision");
    // Steps told for one and the same moment come in their natural order.
    assert_eq!(status(&[(S, E, 0), (A, E, 0), (D, E, 0), (X, E, 0), (D, E, 0), (C, E, 0)]), Ok(Status::Closed));
}

#[test]
fn what_expects_no_answer_is_completed_at_once() {
    let terms = Terms { kind: Kind::AuthoritativeInfo, silence: Silence::Usual };
    let facts =
        [fact(1, Step::Sent, Side::ElectoralBody, 0, Outcome::Referred), fact(2, Step::Closed, Side::ElectoralBody, 1, Outcome::Referred)];
    let life = Lifecycle::of(terms, &facts);
    assert_eq!((life.status, life.closure.map(Closure::as_str)), (Status::Closed, Some("COMPLETED")));
    assert!(life.decision.is_none());
}

#[test]
fn a_machines_receipt_moves_nothing() {
    let mut facts = vec![fact(1, Step::Sent, Side::ElectoralBody, 0, Outcome::Referred)];
    let mut receipt = fact(2, Step::Acknowledged, Side::Platform, 1, Outcome::Referred);
    receipt.told.format = Some(Format::Automated);
    assert!(admit(TERMS, &facts, &receipt).is_ok());
    facts.push(receipt.clone());
    assert_eq!(Lifecycle::of(TERMS, &facts).status, Status::Sent);
    assert!(admit(TERMS, &facts, &Fact { id: TransitionId::new(Uuid::from_u128(3)), ..receipt }).is_err());
    assert!(admit(TERMS, &facts, &fact(3, Step::Acknowledged, Side::Platform, 2, Outcome::Referred)).is_ok());
    assert!(clocks(TERMS, &facts)[0].time_to_first_response.is_none());
}

#[test]
fn clocks_run_net_of_waiting_for_the_sender() {
    use Side::{ElectoralBody as E, Platform as P};
    let outcome = Outcome::ActionTaken;
    let facts = [
        fact(1, Step::Sent, E, 0, outcome),
        fact(2, Step::Asked, P, 2, outcome),
        fact(3, Step::Replied, E, 5, outcome),
        fact(4, Step::Decided, P, 9, outcome),
        fact(5, Step::Decided, E, 10, Outcome::NoActionNotViolating),
    ];
    let clocks = clocks(TERMS, &facts);
    let hours = |span: Option<TimeDelta>| span.map(|span| span.num_hours());
    let read: Vec<_> = clocks
        .iter()
        .map(|clock| {
            (
                clock.asserted_by.map(AssertedBy::as_str),
                hours(clock.time_to_first_response),
                hours(clock.time_to_decision),
                hours(clock.time_to_decision_net),
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            (None, Some(2), Some(10), Some(7)),
            (Some("EB_OBSERVED"), Some(10), Some(10), Some(10)),
            (Some("PLATFORM_REPORTED"), Some(2), Some(9), Some(6)),
        ]
    );
    let kinds: Vec<String> =
        divergences(&facts).into_iter().map(|found| format!("{} {} {}", found.kind, found.electoral_body, found.platform)).collect();
    assert_eq!(kinds, ["DECIDED_AT 1970-01-01T10:00:00Z 1970-01-01T09:00:00Z", "OUTCOME NO_ACTION_NOT_VIOLATING ACTION_TAKEN"]);
}
