//! What must hold for every number, tried on generated contacts and waiting times.

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    bins::{BINS, Bin, RELATIVE_ERROR},
    cells::{Cells, FORMAT},
    counted::{Counted, Promise, Wait},
    dimension::{ResponsivenessDimension as D, separating},
    phase::ElectionPhase,
    survival::Waits,
    tally::Tally,
};
use crate::{
    engagement::vocabulary::{Kind, Outcome, Urgency},
    id::{OrganisationId, PlatformServiceId},
    text::{CountryCode, LanguageTag},
    time::Instant,
};

pub(super) fn now() -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_600)
}

/// A contact as it may count, with few values in each dimension so that some are alike.
pub(super) fn any_counted() -> impl Strategy<Value = Counted> {
    let wait = prop_oneof![(0_i64..500_000).prop_map(Wait::Responded), (0_i64..500_000).prop_map(Wait::Ended), Just(Wait::Open),];
    let promise = prop_oneof![
        Just(Promise::None),
        Just(Promise::Met),
        Just(Promise::Missed),
        (-50_000_i64..50_000).prop_map(|minutes| Promise::Due(now() + TimeDelta::minutes(minutes))),
    ];
    let place = (
        0_u128..3,
        0_u128..3,
        prop::sample::select(Kind::ALL),
        prop::sample::select(Urgency::ALL),
        prop::sample::select(ElectionPhase::ALL),
    );
    let course = (wait, promise, prop::option::of(prop::sample::select(Outcome::ALL)), 0_i64..900_000, any::<[bool; 5]>());
    (place, course, prop::option::of(prop::sample::select(&["fr", "pt-BR"][..]))).prop_map(|(place, course, language)| {
        let (body, platform, kind, urgency, phase) = place;
        let (wait, promise, outcome, sent, [answered, shared, generated, one_sided, late_entry]) = course;
        Counted {
            electoral_body: OrganisationId::new(Uuid::from_u128(100 + body)),
            country: CountryCode::parse(["KE", "BR", "FR"][usize::try_from(body).expect("small")]).ok().filter(|_| body > 0),
            platform: (platform > 0).then(|| OrganisationId::new(Uuid::from_u128(200 + platform))),
            service: (platform > 0).then(|| PlatformServiceId::new(Uuid::from_u128(300 + platform))),
            kind,
            urgency,
            phase,
            language: language.and_then(|tag| LanguageTag::parse(tag).ok()),
            shared,
            generated,
            sent_at: now() - TimeDelta::seconds(sent * 37),
            wait,
            answered,
            outcome,
            promise,
            one_sided,
            late_entry,
        }
    })
}

fn tally(contacts: &[Counted]) -> Tally {
    let mut tally = Tally::default();
    for contact in contacts {
        tally.add(contact, 1, now());
    }
    tally
}

fn merged(a: &Tally, b: &Tally) -> Tally {
    let mut all = a.clone();
    all.merge(b);
    all
}

/// The estimator over single times, as the textbook has it: the exact time at which the curve has come to `share`.
fn exact(times: &[(i64, bool)], share: f64) -> Option<i64> {
    let mut times = times.to_vec();
    times.sort_by_key(|(minutes, responded)| (*minutes, !responded));
    let (mut at_risk, mut waiting) = (times.len(), 1.0);
    for (minutes, responded) in times {
        if responded {
            let at_risk = f64::from(u32::try_from(at_risk).expect("few"));
            waiting *= (at_risk - 1.0) / at_risk;
            if waiting <= 1.0 - share + 1e-9 {
                return Some(minutes);
            }
        }
        at_risk -= 1;
    }
    None
}

fn waits(times: &[(i64, bool)]) -> Waits {
    let mut waits = Waits::default();
    for (minutes, responded) in times {
        if *responded { waits.respond(Bin::of(*minutes), 1) } else { waits.censor(Bin::of(*minutes), 1) }
    }
    waits
}

fn any_minutes() -> impl Strategy<Value = i64> {
    prop_oneof![0_i64..200, 0_i64..10_000, 0_i64..600_000]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Counts are a commutative monoid, and the parts of any split give the whole.
    #[test]
    fn counts_can_be_added_in_any_order(contacts in prop::collection::vec(any_counted(), 0..40), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (a, b) = (a.index(contacts.len() + 1), b.index(contacts.len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        let (x, y, z) = (tally(&contacts[..a]), tally(&contacts[a..b]), tally(&contacts[b..]));
        let whole = tally(&contacts);
        prop_assert_eq!(merged(&merged(&x, &y), &z), whole.clone());
        prop_assert_eq!(merged(&x, &merged(&y, &z)), whole.clone());
        prop_assert_eq!(merged(&merged(&z, &x), &y), whole.clone());
        prop_assert_eq!(merged(&whole, &Tally::default()), whole.clone());
        let reversed: Vec<Counted> = contacts.iter().rev().cloned().collect();
        prop_assert_eq!(tally(&reversed), whole);
    }

    /// Cells are written and read without loss, give the same figures as the contacts, and can be taken away again.
    #[test]
    fn cells_tell_what_the_contacts_tell(contacts in prop::collection::vec(any_counted(), 0..40), gone in 0_usize..40) {
        let mut cells = Cells::default();
        for contact in &contacts {
            let one = Cells::of(Some(contact.clone()));
            prop_assert_eq!(&Cells::read(&one.bytes()).expect("a cell"), &one);
            for (cell, number) in one.iter() {
                cells.add(cell.clone(), number);
            }
        }
        let read = Cells::read(&cells.bytes()).expect("cells");
        prop_assert_eq!(&read, &cells);
        let mut told = Tally::default();
        for (cell, number) in read.iter() {
            told.add(cell, number, now());
        }
        prop_assert_eq!(&told, &tally(&contacts));
        let (gone, left) = contacts.split_at(gone.min(contacts.len()));
        for contact in gone {
            cells.take(&contact.clone().reduced(), 1).expect("it was counted");
        }
        told.take(&tally(gone));
        prop_assert_eq!(told, tally(left));
        let mut anew = Cells::default();
        for contact in left {
            anew.add(contact.clone().reduced(), 1);
        }
        prop_assert_eq!(&cells, &anew);
        prop_assert!(left.is_empty() || Cells::default().take(&left[0].clone().reduced(), 1).is_err());
    }

    /// No bytes make reading panic.
    #[test]
    fn broken_bytes_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..80), contacts in prop::collection::vec(any_counted(), 1..3), at in any::<prop::sample::Index>()) {
        let _ = Cells::read(&bytes);
        bytes.insert(0, FORMAT);
        let _ = Cells::read(&bytes);
        let mut cells = Cells::default();
        for contact in contacts {
            cells.add(contact.reduced(), 1);
        }
        let mut written = cells.bytes();
        let place = at.index(written.len());
        written[place] ^= 0x55;
        let _ = Cells::read(&written);
        written.truncate(place);
        let _ = Cells::read(&written);
    }

    /// The shares are of what they say, and a time is estimated for as far as the curve comes.
    #[test]
    fn figures_agree_with_each_other(contacts in prop::collection::vec(any_counted(), 0..40)) {
        let tally = tally(&contacts);
        prop_assert_eq!(tally.sent, tally.waits.contacts());
        prop_assert_eq!(tally.answered + tally.unanswered(), tally.sent);
        let reached = tally.waits.reached();
        prop_assert!((0.0..=1.0).contains(&reached));
        for share in [0.1, 0.5, 0.9] {
            prop_assert_eq!(tally.waits.quantile(share).is_some(), tally.sent > 0 && reached + 1e-9 >= share, "{} of {}", share, reached);
        }
        prop_assert!(tally.waits.quantile(0.5).is_none() || tally.waits.quantile(0.5) <= tally.waits.quantile(0.9).or(Some(i64::MAX)));
    }

    /// A time lies in its bin, and what is told for the bin is no further away than stated; bins follow each other without a gap.
    #[test]
    fn a_bin_tells_a_time_within_the_stated_error(minutes in 0_i64..66_000_000) {
        let bin = Bin::of(minutes);
        let (shortest, longest) = bin.bounds();
        prop_assert!((shortest..=longest).contains(&minutes));
        let apart = i32::try_from((bin.minutes() - minutes).abs()).expect("small");
        prop_assert!(f64::from(apart) <= RELATIVE_ERROR * f64::from(i32::try_from(minutes).expect("small")), "{} told as {}", minutes, bin.minutes());
        prop_assert_eq!(Bin::of(longest + 1).number(), bin.number() + 1);
        prop_assert_eq!(Bin::of(bin.minutes()), bin);
    }

    /// Where nothing is censored before, the quantile is within the stated error of the exact one.
    #[test]
    fn without_censoring_quantiles_are_as_exact_as_bins(times in prop::collection::vec(any_minutes(), 1..60), late in 0_usize..20) {
        let mut times: Vec<(i64, bool)> = times.into_iter().map(|minutes| (minutes, true)).collect();
        times.extend(std::iter::repeat_n((2_000_000, false), late));
        for share in [0.25, 0.5, 0.9] {
            let (told, exact) = (waits(&times).quantile(share), exact(&times, share));
            prop_assert_eq!(told.map(Bin::of), exact.map(Bin::of));
        }
    }

    /// With censoring, the exact quantile lies between those of the two orders that a bin leaves open.
    #[test]
    fn with_censoring_quantiles_are_bracketed(times in prop::collection::vec((any_minutes(), any::<bool>()), 1..60)) {
        let binned = |early: bool| -> Vec<(i64, bool)> {
            let place = |minutes: i64, responded: bool| Bin::of(minutes).bounds().0 * 2 + i64::from(responded && early);
            times.iter().map(|(minutes, responded)| (place(*minutes, *responded), *responded)).collect()
        };
        for share in [0.25, 0.5, 0.9] {
            let told = waits(&times).quantile(share).map(Bin::of);
            let of = |early: bool| exact(&binned(early), share).map(|place| Bin::of(place / 2));
            prop_assert_eq!(told, of(false), "responses come first");
            let exact = exact(&times, share).map(Bin::of);
            let last = |bin: Option<Bin>| bin.map_or(u16::MAX, Bin::number);
            prop_assert!(last(of(true)) <= last(exact) && last(exact) <= last(told));
        }
    }
}

/// Whoever changes the order of one of these lists raises the format, since cells are written by the places in them.
#[test]
fn the_format_stands_for_these_lists() {
    let words = |words: &[&str]| words.join(" ");
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    let phases: Vec<&str> = ElectionPhase::ALL.iter().map(|phase| phase.as_str()).collect();
    let urgencies: Vec<&str> = Urgency::ALL.iter().map(|urgency| urgency.as_str()).collect();
    assert_eq!(FORMAT, 1);
    assert_eq!(
        words(&kinds),
        "ESCALATION LEGAL_NOTICE LEGAL_ORDER INFORMATION_REQUEST POLICY_QUESTION AUTHORITATIVE_INFO AD_MATTER ACCOUNT_SUPPORT THREAT_WARNING TRAINING FOLLOW_UP"
    );
    assert_eq!(
        words(&outcomes),
        "ACTION_TAKEN NO_ACTION_NOT_VIOLATING NO_ACTION_INSUFFICIENT_INFORMATION NO_ACTION_OUT_OF_SCOPE ALREADY_UNAVAILABLE INFORMATION_PROVIDED REFERRED NO_RESPONSE"
    );
    assert_eq!(words(&phases), "POLLING SILENCE COUNTING CAMPAIGN DISPUTE PRE_CAMPAIGN POST OUTSIDE");
    assert_eq!(words(&urgencies), "CRITICAL HIGH NORMAL LOW");
}

#[test]
fn there_are_as_many_bins_as_stated() {
    assert_eq!(Bin::of(i64::MAX).number(), BINS - 1);
    assert_eq!((Bin::of(-5), Bin::numbered(BINS)), (Bin::of(0), None));
}

/// The example that DOMAIN.md gives for silence: of four, two were answered and two never. Over the answered ones alone the median
/// would be two days; with the two that wait, half got a response within four.
#[test]
fn silence_makes_the_median_longer_and_may_leave_none() {
    const DAY: i64 = 24 * 60;
    let two_of_four = waits(&[(2 * DAY, true), (4 * DAY, true), (90 * DAY, false), (90 * DAY, false)]);
    assert_eq!(two_of_four.quantile(0.5).map(Bin::of), Some(Bin::of(4 * DAY)));
    assert_eq!(two_of_four.quantile(0.9), None);
    assert!((two_of_four.reached() - 0.5).abs() < 1e-9);
    let one_of_four = waits(&[(2 * DAY, true), (90 * DAY, false), (90 * DAY, false), (90 * DAY, false)]);
    assert_eq!(one_of_four.quantile(0.5), None, "the curve never comes to a half");
    let none = Waits::default();
    assert_eq!((none.quantile(0.5), none.reached().to_bits()), (None, 0.0_f64.to_bits()));
}

#[test]
fn what_has_legal_force_is_told_apart() {
    assert_eq!(separating(&[D::Platform], &[]), [D::Platform, D::Kind], "all kinds");
    assert_eq!(separating(&[], &[Kind::Escalation, Kind::LegalOrder]), [D::Kind]);
    assert_eq!(separating(&[D::Kind], &[]), [D::Kind]);
    assert_eq!(separating(&[D::Urgency], &[Kind::Escalation, Kind::AdMatter]), [D::Urgency]);
    assert_eq!(separating(&[], &[Kind::LegalNotice, Kind::LegalOrder]), []);
}
