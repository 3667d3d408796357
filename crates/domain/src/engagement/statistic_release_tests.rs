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
        comments_until: Some(comments_until(proposed.at)),
        published: None,
        withdrawn: None,
        reason: None,
        edition: 0,
        computed_at: Some(proposed.at),
        code_version: String::new(),
        version: 1,
    }
}

#[test]
fn a_release_without_numbers_is_only_taken_back() {
    let preparing = StatisticRelease { status: ReleaseStatus::Preparing, comments_until: None, computed_at: None, ..release() };
    let (asked, later) = (release().proposed.at, at("2026-04-02T09:00:00Z"));
    assert!(preparing.admits_comment(asked).is_err() && preparing.admits_correction().is_err());
    assert!(preparing.clone().publish(deed(at("2027-01-01T00:00:00Z"), 2)).is_err());
    let withdrawn = preparing.clone().withdraw(deed(later, 1), "a reason".into()).expect("taken back");
    assert_eq!((withdrawn.status, withdrawn.computed_at), (ReleaseStatus::Withdrawn, None));
    let prepared = preparing.prepared(later, "1.2").expect("numbers");
    assert_eq!(
        (prepared.status, prepared.comments_until),
        (ReleaseStatus::Proposed, Some(comments_until(later))),
        "from when it can be read"
    );
    assert_eq!((prepared.cut_off(), prepared.computed_at), (asked, Some(later)));
    assert!(prepared.prepared(later, "1.2").is_err());
}

#[test]
fn progress_goes_from_nothing_to_all() {
    let of = |counted, total| Preparation { counted, total, ..Preparation::asked(release().id, 0, release().proposed.at) }.progress();
    let percent = |counted, total| format!("{:.0}", of(counted, total) * 100.0);
    let all = [percent(0, None), percent(0, Some(0)), percent(1, Some(4)), percent(4, Some(4)), percent(5, Some(4))];
    assert_eq!(all, ["0", "0", "25", "100", "100"]);
    assert_eq!([percent(5_000, Some(43_210)), percent(43_209, Some(43_210))], ["10", "95"], "which tells no total");
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
