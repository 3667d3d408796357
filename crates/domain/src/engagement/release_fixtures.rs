//! Published tables (DOMAIN.md 8) through the numbers of a release: each contact is counted, and what is told is what was published, rounded
//! to five, with small cells hidden. Each table is of one country and body, so the thresholds are arguments.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    release_cube::{Cube, Measures, ReleaseCell, ReleaseKind, ReleaseRegion},
    statistics::{
        counted::{Counted, Promise, Wait},
        phase::ElectionPhase,
    },
    suppression::Thresholds,
    vocabulary::{Kind, Outcome, Urgency},
};
use crate::{id::OrganisationId, time::Instant};

const OF_ONE_BODY: Thresholds = Thresholds { contacts: 10, bodies: 1, dominance: 0 };

fn organisation(number: usize) -> OrganisationId {
    OrganisationId::new(Uuid::from_u128(u128::try_from(number).unwrap_or_default()))
}

fn sent_at() -> Instant {
    "2024-06-01T08:00:00Z".parse().expect("an instant")
}

/// A contact with the platform of this number, answered with this outcome after four hours, or not.
fn contact(platform: usize, kind: Kind, outcome: Option<Outcome>) -> Counted {
    Counted {
        electoral_body: organisation(1_000),
        country: None,
        platform: Some(organisation(platform)),
        service: None,
        kind,
        urgency: Urgency::Normal,
        phase: ElectionPhase::Campaign,
        language: None,
        shared: true,
        generated: false,
        sent_at: sent_at(),
        wait: if outcome.is_some() { Wait::Responded(240) } else { Wait::Open },
        answered: outcome.is_some(),
        outcome,
        promise: Promise::None,
        one_sided: false,
        late_entry: false,
    }
}

/// What a release tells of these contacts of one body.
fn told(platforms: usize, region: ReleaseRegion, contacts: impl IntoIterator<Item = Counted>) -> Vec<ReleaseCell> {
    let named: Vec<OrganisationId> = (0..platforms).map(organisation).collect();
    let mut cube = Cube::new(&named, sent_at() + TimeDelta::days(40));
    for contact in contacts {
        cube.add(&contact, region, Some(contact.sent_at));
    }
    let kept = cube.told(&OF_ONE_BODY, &[]).expect("numbers that were never told");
    kept.into_iter().map(|kept| kept.cell).collect()
}

/// The value of each platform of a kind, then of all.
fn values(cells: &[ReleaseCell], kind: ReleaseKind, platforms: usize) -> (Vec<Option<i64>>, Option<i64>) {
    let of = |platform: Option<OrganisationId>| cell(cells, kind, platform).value;
    ((0..platforms).map(|number| of(Some(organisation(number)))).collect(), of(None))
}

fn cell(cells: &[ReleaseCell], kind: ReleaseKind, platform: Option<OrganisationId>) -> &ReleaseCell {
    let wanted = |cell: &&ReleaseCell| cell.place.kind == kind && cell.place.platform == platform && cell.place.region.is_none();
    cells.iter().find(wanted).expect("a total")
}

fn measures(cells: &[ReleaseCell], platform: Option<usize>) -> &Measures {
    cell(cells, ReleaseKind::Escalation, platform.map(organisation)).measures.as_ref().expect("measures")
}

/// So many contacts with each platform, all acted upon.
fn acted(counts: &[usize]) -> impl Iterator<Item = Counted> {
    let many = counts.iter().enumerate();
    many.flat_map(|(platform, count)| std::iter::repeat_n(contact(platform, Kind::Escalation, Some(Outcome::ActionTaken)), *count))
}

#[test]
fn of_india_in_2019_two_platforms_and_the_total_are_told() {
    let cells = told(5, ReleaseRegion::Asia, acted(&[650, 220, 31, 5, 3]));
    assert_eq!(values(&cells, ReleaseKind::Escalation, 5), (vec![Some(650), Some(220), None, None, None], Some(910)), "909 in all");
    assert_eq!((measures(&cells, None).acted, measures(&cells, Some(0)).median.is_some()), (Some(100), true));
    let asia = |cell: &&ReleaseCell| cell.place.region == Some(ReleaseRegion::Asia) && cell.place.kind == ReleaseKind::Escalation;
    let told: Vec<_> = cells.iter().filter(asia).filter_map(|cell| cell.value).collect();
    assert!(told.iter().all(|value| [650, 220, 910].contains(value)), "{told:?}");
}

#[test]
fn of_the_eu_in_2024_only_the_total_is_told_with_its_shares() {
    let outcomes = std::iter::repeat_n(Outcome::ActionTaken, 15).chain(std::iter::repeat_n(Outcome::NoActionNotViolating, 3));
    let platforms = [7, 6, 5].into_iter().enumerate().flat_map(|(platform, count)| std::iter::repeat_n(platform, count));
    let contacts = platforms.zip(outcomes).map(|(platform, outcome)| contact(platform, Kind::Escalation, Some(outcome)));
    let cells = told(3, ReleaseRegion::Europe, contacts);
    assert_eq!(values(&cells, ReleaseKind::Escalation, 3), (vec![None, None, None], Some(20)), "18, rounded to five");
    let all = measures(&cells, None);
    assert_eq!((all.answered, all.acted, all.unanswered), (Some(100), Some(85), Some(0)), "15 of 18 acted upon, 3 found within the rules");
}

#[test]
fn of_brazil_in_2022_the_large_platforms_are_told() {
    let cells = told(7, ReleaseRegion::Americas, acted(&[1764, 82, 80, 24, 12, 9, 1]));
    let (platforms, total) = values(&cells, ReleaseKind::Escalation, 7);
    assert_eq!((platforms.get(..3), total), (Some([Some(1_765), Some(80), Some(80)].as_slice()), Some(1_970)), "1,972 reports");
    assert!(platforms.iter().skip(4).all(Option::is_none), "{platforms:?}");
}

/// Brazil runs voluntary alerts and orders at once: they are two tables, and no number adds them up.
#[test]
fn alerts_and_orders_are_never_added_up() {
    let orders = std::iter::repeat_n(contact(0, Kind::LegalOrder, None), 30);
    let cells = told(1, ReleaseRegion::Americas, acted(&[40]).chain(orders));
    let of = |kind| values(&cells, kind, 1);
    assert_eq!((of(ReleaseKind::Escalation), of(ReleaseKind::Legal)), ((vec![Some(40)], Some(40)), (vec![Some(30)], Some(30))));
    assert_eq!(
        cell(&cells, ReleaseKind::Legal, None).measures.as_ref().map(|told| (told.unanswered, told.median)),
        Some((Some(100), None))
    );
}

/// Of 87 incidents of a fortnight the partnership escalated 12; action was seen on 9, three quarters.
#[test]
fn of_a_partnership_s_fortnight_three_quarters_were_acted_upon() {
    let outcomes = std::iter::repeat_n(Some(Outcome::ActionTaken), 9).chain(std::iter::repeat_n(None, 3));
    let cells = told(1, ReleaseRegion::Americas, outcomes.map(|outcome| contact(0, Kind::Escalation, outcome)));
    assert_eq!(values(&cells, ReleaseKind::Escalation, 1), (vec![Some(10)], Some(10)), "12, rounded to five");
    assert_eq!((measures(&cells, None).acted, measures(&cells, None).unanswered), (Some(75), Some(25)));
}
