//! How contacts count by their facts, and in which phase of an election a moment lies.

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    counted::{Counted, Promise, Wait},
    phase::{ElectionPhase as P, phase_at},
};
use crate::{
    directory::{
        election::{ElectionDraft, ElectionFields, ElectionStatus, ElectionType},
        polling_day::{PollingDayDraft, SilencePeriodDraft},
    },
    engagement::{
        contact::{Contact, Header},
        fact::Fact,
        lifecycle::{Lifecycle, admit},
        properties::{any_facts, fact},
        reference::Reference,
        vocabulary::{Direction, Kind, LegalBasis, Medium, Outcome, Side, Step, Urgency, Visibility},
    },
    id::{ContactId, OrganisationId},
    time::Instant,
};

fn contact(kind: Kind, visibility: Visibility) -> Contact {
    let header = Header {
        direction: Direction::EbToPlatform,
        kind,
        medium: Medium::Email,
        legal_basis: LegalBasis::PlatformTerms,
        urgency: Urgency::Normal,
        issue_types: vec![],
        subject: String::new(),
        description: None,
        language: None,
        channel: None,
        election: None,
        instrument: None,
        case_number: None,
    };
    let organisation = |number: u128| OrganisationId::new(Uuid::from_u128(number));
    Contact {
        id: ContactId::new(Uuid::nil()),
        reference: Reference::from_random(None, [7; 5]),
        electoral_body: organisation(1),
        country: None,
        platform: Some(organisation(2)),
        service: None,
        platform_name: None,
        header,
        visibility,
        visibility_chosen: false,
        named_readers: vec![],
        shared_at: None,
        read_by_other_at: None,
        life: Lifecycle::of_none(),
        bound: None,
        head: None,
        generated: false,
        backfilled: false,
        recorded_at: DateTime::UNIX_EPOCH,
        changed_at: DateTime::UNIX_EPOCH,
        version: 1,
        recorded_by: None,
    }
}

fn counted(facts: &[Fact]) -> Option<Counted> {
    Counted::of(&contact(Kind::Escalation, Visibility::Parties), facts, P::Outside)
}

const EB: Side = Side::ElectoralBody;
const PLATFORM: Side = Side::Platform;

/// Facts of these steps, each so many hours after the epoch.
fn told(steps: &[(Step, Side, i64)]) -> Vec<Fact> {
    let one = |(order, (step, side, hour)): (u32, &(Step, Side, i64))| fact(order, *step, *side, *hour, Outcome::ActionTaken);
    (1..).zip(steps).map(one).collect()
}

#[test]
fn what_was_not_sent_or_was_taken_back_does_not_count() {
    let sent = (Step::Sent, EB, 0);
    for ended in [
        vec![],
        vec![(Step::Discarded, EB, 0)],
        vec![(Step::Referred, EB, 0)],
        vec![sent, (Step::Withdrawn, EB, 1)],
        vec![sent, (Step::Acknowledged, EB, 1), (Step::Withdrawn, EB, 2)],
        vec![sent, (Step::Asked, PLATFORM, 1), (Step::Closed, EB, 2)],
    ] {
        assert_eq!(counted(&told(&ended)), None, "{ended:?}");
    }
    let sent = told(&[sent]);
    let of = |kind, visibility| Counted::of(&contact(kind, visibility), &sent, P::Outside);
    assert!(of(Kind::Escalation, Visibility::Organisation).is_some_and(|one| !one.shared));
    assert!(of(Kind::Escalation, Visibility::Parties).is_some_and(|one| one.shared));
    assert_eq!(of(Kind::Escalation, Visibility::Named), None, "what only some persons may know");
    assert_eq!(of(Kind::AuthoritativeInfo, Visibility::Parties), None, "expects no answer");
    let mut warning = contact(Kind::ThreatWarning, Visibility::Parties);
    warning.header.direction = Direction::PlatformToEb;
    assert_eq!(Counted::of(&warning, &told(&[(Step::Sent, PLATFORM, 0)]), P::Outside), None);
}

/// Brazil's alerts of June to October 2024: of 5,250 the court discarded 1,972 and passed 1,287 on to regional courts, and 255 were of its own;
/// what became of the other 1,736 nobody told. Only what was sent to a platform says how platforms answer.
#[test]
fn of_brazil_s_alerts_of_2024_those_count_that_were_sent() {
    let (discarded, referred) = (told(&[(Step::Discarded, EB, 0)]), told(&[(Step::Referred, EB, 0)]));
    let sent = told(&[(Step::Sent, EB, 0), (Step::Decided, EB, 4)]);
    let alerts = [(discarded, 1_972), (referred, 1_287), (sent, 255), (Vec::new(), 1_736)];
    assert_eq!(alerts.iter().map(|(_, many)| many).sum::<usize>(), 5_250);
    let counted = alerts.iter().flat_map(|(facts, many)| std::iter::repeat_with(|| counted(facts)).take(*many)).flatten().count();
    assert_eq!(counted, 255);
}

#[test]
fn what_the_coordinator_alone_tells_counts_once_a_party_tells_it() {
    let of_coordinator = [(Step::Sent, EB, 0), (Step::Decided, Side::Coordinator, 5)];
    assert_eq!(counted(&told(&of_coordinator)), None);
    let confirmed = told(&[of_coordinator[0], of_coordinator[1], (Step::Decided, PLATFORM, 6)]);
    assert!(counted(&confirmed).is_some_and(|one| one.answered && one.wait == Wait::Responded(360)));
}

#[test]
fn silence_is_no_answer_and_a_reopened_contact_counts_once() {
    let silent = told(&[(Step::Sent, EB, 0), (Step::Closed, EB, 31 * 24)]);
    let one = counted(&silent).expect("it counts");
    assert_eq!((one.answered, one.outcome, one.wait), (false, Some(Outcome::NoResponse), Wait::Ended(31 * 24 * 60)));
    let open = counted(&told(&[(Step::Sent, EB, 0)])).expect("it counts");
    assert_eq!((open.answered, open.outcome, open.wait), (false, None, Wait::Open));
    let acknowledged = [(Step::Sent, EB, 0), (Step::Acknowledged, PLATFORM, 2), (Step::Closed, EB, 31 * 24)];
    let one = counted(&told(&acknowledged)).expect("it counts");
    assert_eq!((one.answered, one.outcome, one.wait), (false, Some(Outcome::NoResponse), Wait::Responded(120)), "it was never decided");
    let again = [(Step::Sent, EB, 0), (Step::Decided, PLATFORM, 3), (Step::Closed, EB, 4), (Step::Reopened, EB, 5)];
    let one = counted(&told(&again)).expect("it counts");
    assert_eq!((one.answered, one.outcome, one.wait), (true, Some(Outcome::ActionTaken), Wait::Responded(180)));
}

#[test]
fn says_who_told_and_how_late() {
    let alone = told(&[(Step::Sent, EB, 0), (Step::Decided, EB, 3)]);
    let both = told(&[(Step::Sent, EB, 0), (Step::Decided, PLATFORM, 3)]);
    assert_eq!([&alone, &both].map(|facts| counted(facts).map(|one| one.one_sided)), [Some(true), Some(false)]);
    let mut late = both;
    let recorded = |fact: &mut Fact, minutes: i64| fact.recorded_at = fact.told.occurred_at + TimeDelta::minutes(minutes);
    for (minutes, is_late) in [(0, false), (24 * 60 + 1, false), (24 * 60 + 2, true)] {
        recorded(&mut late[0], 0);
        recorded(&mut late[1], minutes);
        assert_eq!(counted(&late).map(|one| one.late_entry), Some(is_late), "{minutes}");
    }
}

#[test]
fn what_is_awaited_is_missed_from_its_moment_on() {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(9);
    let one = Counted { promise: Promise::Due(now), ..counted(&told(&[(Step::Sent, EB, 0)])).expect("it counts") };
    assert_eq!((one.in_time(now - TimeDelta::minutes(1)), one.in_time(now)), (None, Some(false)));
    assert_eq!((one.waited(now), one.waited(DateTime::UNIX_EPOCH)), ((9 * 24 * 60, false), (0, false)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any order of arrival of the same facts counts alike, and what counts agrees with where the contact stands.
    #[test]
    fn the_order_of_arrival_does_not_matter(facts in any_facts(), shuffled in any::<prop::sample::Index>()) {
        let subject = contact(Kind::Escalation, Visibility::Parties);
        let mut known: Vec<Fact> = Vec::new();
        for fact in facts {
            if admit(subject.terms(), &known, &fact).is_ok() {
                known.push(fact);
            }
        }
        let mut other = known.clone();
        other.rotate_left(shuffled.index(known.len().max(1)));
        for (seq, fact) in (1..).zip(&mut other) {
            fact.seq = seq;
        }
        let one = counted(&known);
        prop_assert_eq!(&one, &counted(&other));
        let stands = Lifecycle::of(subject.terms(), &known);
        if let Some(one) = one {
            prop_assert_eq!(one.answered, stands.decided_at.is_some());
            prop_assert_eq!(one.outcome == Some(Outcome::NoResponse), one.outcome.is_some() && !one.answered);
            prop_assert_eq!(matches!(one.wait, Wait::Responded(_)), stands.acknowledged_at.is_some());
        }
    }
}

fn election(days: &[&str], change: impl FnOnce(&mut ElectionDraft)) -> ElectionFields {
    let mut draft = ElectionDraft {
        country: Some("KE".into()),
        kind: Some(ElectionType::Presidential),
        status: Some(ElectionStatus::Scheduled),
        polling_days: days.iter().map(|day| PollingDayDraft::read(day).expect("a day")).collect(),
        ..ElectionDraft::default()
    };
    change(&mut draft);
    draft.check().expect("an election")
}

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

const NAIROBI: &[Tz] = &[Tz::Africa__Nairobi];

#[test]
fn an_election_has_its_phases_in_order() {
    let one = election(&["2026-08-11"], |_| ());
    for (moment, phase) in [
        ("2026-04-12T20:59:59Z", P::Outside),
        ("2026-04-12T21:00:00Z", P::PreCampaign),
        ("2026-07-11T21:00:00Z", P::Campaign),
        ("2026-08-10T20:59:59Z", P::Campaign),
        ("2026-08-10T21:00:00Z", P::Polling),
        ("2026-08-11T20:59:59Z", P::Polling),
        ("2026-08-11T21:00:00Z", P::Counting),
        ("2026-08-18T21:00:00Z", P::Dispute),
        ("2026-09-10T21:00:00Z", P::Post),
        ("2026-11-09T21:00:00Z", P::Outside),
    ] {
        assert_eq!(phase_at([&one], NAIROBI, at(moment)), phase, "{moment}");
    }
}

#[test]
fn sources_say_when_a_campaign_begins_and_is_silent() {
    let one = election(&["2026-08-11"], |draft| {
        draft.campaign_from = Some("2026-05-29".into());
        let (local_start, local_end) = ("2026-08-09T00:00".into(), "2026-08-11T17:00".into());
        draft.silence_periods = vec![SilencePeriodDraft { local_start, local_end, zone: "Africa/Nairobi".into() }];
    });
    for (moment, phase) in [
        ("2026-05-28T12:00:00Z", P::PreCampaign),
        ("2026-05-29T12:00:00Z", P::Campaign),
        ("2026-08-09T12:00:00Z", P::Silence),
        ("2026-08-11T12:00:00Z", P::Polling),
    ] {
        assert_eq!(phase_at([&one], NAIROBI, at(moment)), phase, "{moment}");
    }
}

/// India votes in seven phases and Brazil in two rounds: between them the campaign goes on.
#[test]
fn between_two_rounds_the_campaign_goes_on() {
    let one = election(&["2022-10-02 round=1", "2022-10-30 round=2"], |_| ());
    for (day, phase) in [("02", P::Polling), ("15", P::Campaign), ("30", P::Polling), ("31", P::Counting)] {
        assert_eq!(phase_at([&one], &[Tz::America__Sao_Paulo], at(&format!("2022-10-{day}T15:00:00Z"))), phase, "{day}");
    }
    let open = election(&["2022-10-02 opens=08:00 closes=17:00"], |_| ());
    let (zones, after) = (&[Tz::America__Sao_Paulo], at("2022-10-02T20:00:00Z"));
    assert_eq!(phase_at([&open], zones, after), P::Campaign, "the stations have closed, the day has not");
    let silent = P::Silence;
    assert!(silent < P::Campaign && P::Polling < silent && P::Post < P::Outside);
}

#[test]
fn the_most_pressing_of_several_elections_counts() {
    let near = election(&["2026-08-11"], |_| ());
    let far = election(&["2026-10-15"], |_| ());
    let moment = at("2026-08-12T12:00:00Z");
    assert_eq!(phase_at([&far], NAIROBI, moment), P::PreCampaign);
    assert_eq!(phase_at([&far, &near], NAIROBI, moment), P::Counting);
    for (days, status) in [(["2026-08"], ElectionStatus::Expected), (["2026-08-11"], ElectionStatus::Cancelled)] {
        assert_eq!(phase_at([&election(&days, |draft| draft.status = Some(status))], NAIROBI, moment), P::Outside);
    }
    assert_eq!(phase_at([], NAIROBI, moment), P::Outside);
}
