//! What holds of every search.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{
    SlotReason::{Busy, Early, ElectionPossible, ElectionWindow, Holiday, Night, Weekend, ZoneUnknown},
    *,
};
use crate::id::ElectionId;

const ZONES: [Tz; 6] =
    [Tz::America__Lima, Tz::Europe__Madrid, Tz::Africa__Nairobi, Tz::Asia__Kathmandu, Tz::Asia__Tokyo, Tz::Pacific__Auckland];

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn id(number: usize) -> OrganisationId {
    OrganisationId::new(uuid::Uuid::from_u128(number as u128 + 1))
}

fn code(text: &str) -> CountryCode {
    CountryCode::parse(text).expect("a code")
}

fn someone(number: usize, zone: Tz) -> Participant {
    Participant { organisation: id(number), zone: Some(zone), country: None, busy: Vec::new() }
}

/// A week from Monday, 1 June 2026, in steps of half an hour.
fn week(length: &str, first: i32) -> Range {
    let (from, to) = (at("2026-06-01T00:00:00Z"), at("2026-06-08T00:00:00Z"));
    let length = Length::parse(length).expect("a length");
    RangeDraft { from, to, zone: Tz::UTC, step_minutes: 30, length, first }.check(at("2026-01-01T00:00:00Z")).expect("a range")
}

fn group() -> impl Strategy<Value = Vec<Participant>> {
    prop::collection::vec((0..ZONES.len(), prop::option::of((0_i64..7 * 48, 1_i64..8))), 1..12).prop_map(|list| {
        let one = |(number, (zone, busy)): (usize, (usize, Option<(i64, i64)>))| {
            let from = |half: i64| at("2026-06-01T00:00:00Z") + TimeDelta::minutes(30 * half);
            let busy = busy.map(|(begins, halves)| (from(begins), from(begins + halves))).into_iter().collect();
            Participant { busy, ..someone(number, ZONES[zone]) }
        };
        list.into_iter().enumerate().map(one).collect()
    })
}

fn history() -> impl Strategy<Value = Vec<Held>> {
    let length = Length::parse("PT90M").expect("a length");
    prop::collection::vec(0_i64..24 * 30, 0..6)
        .prop_map(move |hours| hours.into_iter().map(|hour| (at("2026-04-01T00:00:00Z") + TimeDelta::hours(hour), length)).collect())
}

/// What a slot weighs, worked out from its costs alone.
fn weighs(found: &Suggestions, slot: &Suggestion) -> u64 {
    let least = found.burdens.iter().map(|(_, borne)| *borne).min().unwrap_or(0);
    let burdens: BTreeMap<_, _> = found.burdens.iter().copied().collect();
    slot.costs.iter().map(|(one, cost)| u64::from(cost.points) * (u64::from(cost.points) + 2 * (burdens[one] - least))).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_what_is_given_does_not_matter(group in group(), history in history(), turn in 0_usize..12) {
        let range = week("PT90M", 5);
        let found = suggest(&range, &group, &Calendar::default(), &history);
        let mut turned = group.clone();
        turned.rotate_left(turn % group.len());
        let mut backwards = history.clone();
        backwards.reverse();
        prop_assert_eq!(&found, &suggest(&range, &turned, &Calendar::default(), &backwards));
    }

    #[test]
    fn slots_lie_within_do_not_overlap_and_come_by_their_weight(group in group(), history in history()) {
        let range = week("PT90M", 20);
        let found = suggest(&range, &group, &Calendar::default(), &history);
        prop_assert_eq!(found.slots.len(), 20);
        let weights: Vec<u64> = found.slots.iter().map(|slot| weighs(&found, slot)).collect();
        prop_assert!(weights.is_sorted(), "{:?}", weights);
        prop_assert!(found.slots.iter().map(|slot| slot.score).rev().is_sorted_by(|one, next| one <= next));
        for (index, slot) in found.slots.iter().enumerate() {
            prop_assert!(slot.starts_at >= range.from && slot.ends_at <= range.to);
            prop_assert!(found.slots.iter().skip(index + 1).all(|other| other.starts_at >= slot.ends_at || other.ends_at <= slot.starts_at));
        }
    }

    #[test]
    fn no_candidate_is_lighter_than_the_first(group in group(), history in history(), half in 0_i64..7 * 48 - 3) {
        let found = suggest(&week("PT90M", 1), &group, &Calendar::default(), &history);
        let from = at("2026-06-01T00:00:00Z") + TimeDelta::minutes(30 * half);
        let only = Range { from, to: from + TimeDelta::minutes(90), ..week("PT90M", 1) };
        let other = suggest(&only, &group, &Calendar::default(), &history);
        prop_assert!(weighs(&found, &found.slots[0]) <= weighs(&other, &other.slots[0]));
    }

    #[test]
    fn who_bore_the_night_is_spared(one in 0..ZONES.len(), other in 0..ZONES.len(), night in 0_i64..24) {
        // Two places of which one bore so many nights: whatever the first slot costs, it costs that one no more than it did without them.
        prop_assume!(one != other);
        let group = [someone(0, ZONES[one]), someone(1, ZONES[other])];
        let length = Length::parse("PT1H").expect("a length");
        let held: Vec<Held> = (0..4).map(|week| (at("2026-04-06T00:00:00Z") + TimeDelta::hours(night + 7 * 24 * week), length)).collect();
        let plain = suggest(&week("PT1H", 1), &group, &Calendar::default(), &[]);
        let fair = suggest(&week("PT1H", 1), &group, &Calendar::default(), &held);
        let burdened = usize::from(fair.burdens[1].1 > fair.burdens[0].1);
        prop_assert!(fair.slots[0].costs[burdened].1.points <= plain.slots[0].costs[burdened].1.points);
    }
}

#[test]
fn the_night_goes_round() {
    // Lima, Nairobi and Auckland share no waking hour: meeting after meeting, each bears as much as the others.
    let group = [someone(0, Tz::America__Lima), someone(1, Tz::Africa__Nairobi), someone(2, Tz::Pacific__Auckland)];
    let mut held: Vec<Held> = Vec::new();
    for _ in 0..9 {
        let found = suggest(&week("PT2H", 1), &group, &Calendar::default(), &held);
        held.push((found.slots[0].starts_at, Length::parse("PT2H").expect("a length")));
    }
    let burdens: Vec<u64> =
        suggest(&week("PT2H", 1), &group, &Calendar::default(), &held).burdens.into_iter().map(|(_, borne)| borne).collect();
    let (least, most) = (burdens.iter().min().expect("three"), burdens.iter().max().expect("three"));
    assert!(*least > 0 && most - least <= 60, "{burdens:?}");
}

#[test]
fn reasons_are_those_of_the_place() {
    let only = |from: &str, to: &str| Range { from: at(from), to: at(to), ..week("PT1H", 1) };
    let country = |number: usize, zone: Tz, name: &str| Participant { country: Some(code(name)), ..someone(number, zone) };
    let mut calendar = Calendar::default();
    calendar.holidays.insert(code("PE"), BTreeSet::from([NaiveDate::from_ymd_opt(2026, 6, 4).expect("a day")]));
    let window = |name: &str, certain: bool| Conflict {
        country: code(name),
        election: ElectionId::new(uuid::Uuid::from_u128(9)),
        from: at("2026-06-04T00:00:00Z"),
        to: at("2026-06-06T00:00:00Z"),
        certain,
    };
    calendar.windows = vec![window("KE", true), window("ES", false), window("JP", true)];
    let busy = Participant { busy: vec![(at("2026-06-04T13:30:00Z"), at("2026-06-04T14:30:00Z"))], ..country(2, Tz::Europe__Madrid, "ES") };
    let unknown = Participant { zone: None, ..someone(4, Tz::UTC) };
    let group =
        [country(0, Tz::America__Lima, "PE"), country(1, Tz::Africa__Nairobi, "KE"), busy, country(3, Tz::Asia__Tokyo, "IN"), unknown];
    // A Thursday: 8:00 in Lima, 16:00 in Nairobi, 15:00 in Madrid, 22:00 in Tokyo.
    let slot = &suggest(&only("2026-06-04T13:00:00Z", "2026-06-04T14:00:00Z"), &group, &calendar, &[]).slots[0];
    let said: Vec<(u32, Vec<SlotReason>)> = slot.costs.iter().map(|(_, cost)| (cost.points, cost.reasons().collect())).collect();
    let expected = [
        (50, vec![Early, Holiday]),
        (80, vec![ElectionWindow]),
        (105, vec![ElectionPossible, Busy]),
        (60, vec![Night]),
        (0, vec![ZoneUnknown]),
    ];
    assert_eq!(said, expected);
    assert_eq!(slot.conflicts.iter().map(|one| one.country).collect::<Vec<_>>(), [code("KE")]);
    // A Friday: a day of rest in Egypt and not in Peru.
    let rest = [country(0, Tz::Africa__Cairo, "EG"), country(1, Tz::America__Lima, "PE")];
    let slot = &suggest(&only("2026-06-12T14:00:00Z", "2026-06-12T15:00:00Z"), &rest, &calendar, &[]).slots[0];
    assert_eq!(slot.costs.iter().map(|(_, cost)| cost.reasons().collect::<Vec<_>>()).collect::<Vec<_>>(), [vec![Weekend], vec![]]);
}

#[test]
fn candidates_stand_on_the_hosts_clock() {
    let range = Range { zone: Tz::Asia__Kathmandu, from: at("2026-06-01T00:00:01Z"), ..week("PT1H", 3) };
    for slot in suggest(&range, &[someone(0, Tz::Asia__Kathmandu)], &Calendar::default(), &[]).slots {
        let wall = slot.starts_at.with_timezone(&Tz::Asia__Kathmandu).format("%M").to_string();
        assert!(wall == "00" || wall == "30", "{wall}");
    }
}

#[test]
fn a_range_names_every_fault() {
    let length = Length::parse("PT1H").expect("a length");
    let now = at("2026-01-01T00:00:00Z");
    let faults = |from: &str, to: &str, step_minutes: i32, first: i32| {
        let draft = RangeDraft { from: at(from), to: at(to), zone: Tz::UTC, step_minutes, length, first };
        let error = draft.check(now).expect_err("faults");
        error.faults.into_iter().map(|fault| (fault.path.join("."), fault.reason)).collect::<Vec<_>>()
    };
    assert_eq!(
        faults("2025-01-01T00:00:00Z", "2025-01-01T00:30:00Z", 20, 21),
        [
            ("to".to_owned(), Reason::BeforePrevious),
            ("to".to_owned(), Reason::InPast),
            ("stepMinutes".to_owned(), Reason::NotAnOption),
            ("first".to_owned(), Reason::OutOfRange),
        ]
    );
    assert_eq!(faults("2026-01-01T00:00:00Z", "2027-01-03T00:00:00Z", 15, 1), [("to".to_owned(), Reason::OutOfRange)]);
}

#[test]
fn a_zone_is_the_organisations_or_the_middle_one_of_its_country() {
    let now = at("2026-06-01T00:00:00Z");
    let of_country = [Tz::America__New_York, Tz::Pacific__Honolulu, Tz::America__Denver];
    assert_eq!(zone_of(Some(Tz::UTC), &of_country, now), Some(Tz::UTC));
    assert_eq!(zone_of(None, &of_country, now), Some(Tz::America__Denver));
    assert_eq!(zone_of(None, &[], now), None);
}
