//! When a statistic release is published, and by whom.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{statistic_release::*, suppression::Thresholds};
use crate::{
    error::Code,
    id::{OrganisationId, StatisticReleaseId, UserId},
    text::LocalizedText,
    time::Instant,
};

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn deed(at: Instant, person: u128) -> Deed {
    Deed { at, person: Some(UserId::new(Uuid::from_u128(person))), organisation: None }
}

fn release() -> StatisticRelease {
    let proposed = deed(at("2026-04-01T09:00:00Z"), 1);
    StatisticRelease {
        id: StatisticReleaseId::new(Uuid::nil()),
        titles: LocalizedText::default(),
        period: Period { from: proposed.at.date_naive(), to: proposed.at.date_naive() },
        platforms: Vec::new(),
        thresholds: Thresholds::configured(10, 3).expect("the least"),
        status: ReleaseStatus::Proposed,
        proposed,
        comments_until: comments_until(proposed.at),
        published: None,
        withdrawn: None,
        reason: None,
        edition: 0,
        computed_at: proposed.at,
        code_version: String::new(),
        version: 1,
    }
}

#[test]
fn ten_working_days_are_two_weeks() {
    for (proposed, until) in [
        ("2026-04-01T09:00:00Z", "2026-04-15T09:00:00Z"),
        ("2026-04-03T23:30:00Z", "2026-04-17T23:30:00Z"),
        ("2026-04-04T12:00:00Z", "2026-04-18T00:00:00Z"),
    ] {
        assert_eq!(comments_until(at(proposed)), at(until), "{proposed}");
    }
}

#[test]
fn another_person_publishes_when_the_time_to_comment_is_over() {
    let over = comments_until(release().proposed.at);
    let early = release().publish(deed(over - TimeDelta::microseconds(1), 2)).expect_err("too early");
    assert_eq!(early.code, Code::InvalidTransition);
    assert_eq!(release().publish(deed(over, 1)).expect_err("the same person").code, Code::Forbidden);
    let nobody = Deed { person: None, ..deed(over, 1) };
    assert!(release().publish(nobody).is_err(), "a person publishes");
    let published = release().publish(deed(over, 2)).expect("published");
    assert!(published.clone().publish(deed(over, 3)).is_err() && published.clone().withdraw(deed(over, 2), String::new()).is_err());
    assert!(published.admits_comment(over).is_err() && release().admits_comment(over).is_err());
    assert!(release().admits_comment(over - TimeDelta::seconds(1)).is_ok());
}

#[test]
fn a_release_counts_whole_months_that_are_over() {
    let check = |from: &str, to: &str| {
        let day = |text: &str| text.parse().expect("a day");
        let period = Period { from: day(from), to: day(to) };
        let platforms = vec![OrganisationId::new(Uuid::nil())];
        ReleaseDraft { titles: vec![("en".into(), "A quarter".into())], period, platforms }.check(at("2026-04-01T00:00:00Z")).is_ok()
    };
    assert!(check("2026-01-01", "2026-04-01") && check("2025-04-01", "2026-04-01") && check("2026-03-01", "2026-04-01"));
    for (from, to) in [
        ("2026-01-02", "2026-04-01"),
        ("2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-05-01"),
        ("2025-03-01", "2026-04-01"),
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01", "2026-02-01"),
    ] {
        assert!(!check(from, to), "{from} {to}");
    }
}
