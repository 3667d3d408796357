//! Which response target binds: around polls of several days, and among several targets.

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    binding::{Asked, binding},
    election_span::{Anchor, ElectionSpanDraft},
    response_target::{ResponseTarget, ResponseTargetDraft},
    target::{TargetClock, TargetNature},
    vocabulary::{Kind, Urgency},
};
use crate::{
    directory::{
        election::{ElectionDraft, ElectionFields, ElectionStatus, ElectionType},
        entry::Entry,
        polling_day::PollingDayDraft,
    },
    id::{OrganisationId, PlatformServiceId, ResponseTargetId},
    text::CountryCode,
    time::Instant,
};

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn election(days: &[&str]) -> ElectionFields {
    let draft = ElectionDraft {
        country: Some("IN".into()),
        kind: Some(ElectionType::Legislative),
        status: Some(ElectionStatus::Scheduled),
        polling_days: days.iter().map(|day| PollingDayDraft::read(day).expect("a day")).collect(),
        ..ElectionDraft::default()
    };
    draft.check().expect("an election")
}

fn entry(number: u128, draft: ResponseTargetDraft) -> ResponseTarget {
    let draft =
        ResponseTargetDraft { platform: Some(OrganisationId::new(Uuid::from_u128(1))), nature: Some(TargetNature::Agreed), ..draft };
    let fields = draft.check().expect("a target");
    assert_eq!(fields.draft().check().expect("the same target"), fields);
    Entry::born(ResponseTargetId::new(Uuid::from_u128(number)), None, fields, DateTime::UNIX_EPOCH)
}

fn asked(sent_at: &str) -> Asked {
    Asked {
        platform: OrganisationId::new(Uuid::from_u128(1)),
        service: PlatformServiceId::new(Uuid::from_u128(2)),
        country: CountryCode::parse("IN").ok(),
        kind: Kind::Escalation,
        urgency: Urgency::Normal,
        sent_at: at(sent_at),
    }
}

fn hours_of(targets: &[ResponseTarget], sent_at: &str, elections: &[ElectionFields], zones: &[Tz]) -> Option<String> {
    let found = binding(targets, &asked(sent_at), elections, zones)?;
    found.decide_within.map(|time| time.to_string())
}

fn around(anchor: Anchor, before: &str, after: &str, within: &str) -> ResponseTargetDraft {
    let text = |raw: &str| (!raw.is_empty()).then(|| raw.to_owned());
    let span = ElectionSpanDraft { anchor, before: text(before), after: text(after) };
    ResponseTargetDraft { applies_when: Some(span), decide_within: Some(within.to_owned()), ..ResponseTargetDraft::default() }
}

/// India's general election of 2024 had seven polling days. Three hours in the 48 hours before the close of each poll, two days otherwise.
#[test]
fn three_hours_before_the_close_of_each_of_seven_polls() {
    let days = ["2024-04-19", "2024-04-26", "2024-05-07", "2024-05-13", "2024-05-20", "2024-05-25", "2024-06-01"];
    let phases: Vec<String> =
        days.iter().zip(1..).map(|(day, phase)| format!("{day} phase={phase} closes=18:00 zone=Asia/Kolkata")).collect();
    let election = [election(&phases.iter().map(String::as_str).collect::<Vec<_>>())];
    let usual = ResponseTargetDraft { decide_within: Some("P2D".into()), ..ResponseTargetDraft::default() };
    let targets = [entry(1, usual), entry(2, around(Anchor::PollClose, "PT48H", "", "PT3H"))];
    for day in days {
        let close = at(&format!("{day}T12:30:00Z"));
        let moment = TimeDelta::microseconds(1);
        for (sent, within) in [
            (close - TimeDelta::hours(48) - moment, "PT48H"),
            (close - TimeDelta::hours(48), "PT3H"),
            (close - moment, "PT3H"),
            (close, "PT48H"),
        ] {
            assert_eq!(hours_of(&targets, &sent.to_rfc3339(), &election, &[]).as_deref(), Some(within), "{day}: {sent}");
        }
    }
    assert_eq!(hours_of(&targets, "2024-05-01T00:00:00Z", &election, &[]).as_deref(), Some("PT48H"));
}

/// Brazil's election of 2022 had two rounds. One hour from two days before to three days after each poll, two hours otherwise.
#[test]
fn one_hour_around_each_of_two_rounds() {
    let election = [election(&["2022-10-02 round=1", "2022-10-30 round=2"])];
    let usual = ResponseTargetDraft { decide_within: Some("PT2H".into()), ..ResponseTargetDraft::default() };
    let targets = [entry(1, usual), entry(2, around(Anchor::PollDay, "P2D", "P3D", "PT1H"))];
    let zones = [Tz::America__Sao_Paulo];
    // Midnight in São Paulo is 03:00 UTC.
    for (sent, within) in [
        ("2022-09-30T02:59:59Z", "PT2H"),
        ("2022-09-30T03:00:00Z", "PT1H"),
        ("2022-10-02T15:00:00Z", "PT1H"),
        ("2022-10-06T02:59:59Z", "PT1H"),
        ("2022-10-06T03:00:00Z", "PT2H"),
        ("2022-10-28T03:00:00Z", "PT1H"),
        ("2022-11-03T02:59:59Z", "PT1H"),
        ("2022-11-03T03:00:00Z", "PT2H"),
    ] {
        assert_eq!(hours_of(&targets, sent, &election, &zones).as_deref(), Some(within), "{sent}");
    }
}

#[test]
fn only_a_day_that_is_known_and_stands_has_a_window() {
    let targets = [entry(1, around(Anchor::PollDay, "P2D", "P3D", "PT1H"))];
    assert_eq!(hours_of(&targets, "2026-11-15T00:00:00Z", &[election(&["2026-11"])], &[]), None);
    let mut put_off = election(&["2026-11-15"]);
    assert!(hours_of(&targets, "2026-11-15T00:00:00Z", &[put_off.clone()], &[]).is_some());
    put_off.status = ElectionStatus::Postponed;
    assert_eq!(hours_of(&targets, "2026-11-15T00:00:00Z", &[put_off], &[]), None);
}

#[test]
fn the_narrowest_binds_and_of_equals_the_strictest() {
    let draft = |within: &str| ResponseTargetDraft { decide_within: Some(within.to_owned()), ..ResponseTargetDraft::default() };
    let of_service = ResponseTargetDraft { service: Some(PlatformServiceId::new(Uuid::from_u128(2))), ..draft("PT9H") };
    let of_other = ResponseTargetDraft { service: Some(PlatformServiceId::new(Uuid::from_u128(3))), ..draft("PT1H") };
    let of_country = ResponseTargetDraft { countries: vec!["IN".into()], ..draft("PT8H") };
    let of_kind = ResponseTargetDraft { contact_kinds: vec![Kind::Escalation], ..draft("PT7H") };
    let of_urgency = ResponseTargetDraft { urgencies: vec![Urgency::Normal], ..draft("PT6H") };
    let (loose, strict) = (draft("PT5H"), draft("PT4H"));
    let mut targets: Vec<ResponseTarget> = [of_other, of_service, of_country, of_kind, of_urgency, strict, loose]
        .into_iter()
        .zip(1..)
        .map(|(draft, number)| entry(number, draft))
        .collect();
    for expected in ["PT9H", "PT8H", "PT7H", "PT6H", "PT4H", "PT5H"] {
        assert_eq!(hours_of(&targets, "2026-03-02T08:00:00Z", &[], &[]).as_deref(), Some(expected));
        targets.remove(1);
    }
    assert_eq!(hours_of(&targets, "2026-03-02T08:00:00Z", &[], &[]), None);
    let dated = ResponseTargetDraft { valid_from: Some("2026-03-02".into()), valid_to: Some("2026-03-03".into()), ..draft("PT1H") };
    let dated = [entry(1, dated)];
    for (sent, binds) in
        [("2026-03-01T23:59:59Z", false), ("2026-03-02T00:00:00Z", true), ("2026-03-03T23:59:59Z", true), ("2026-03-04T00:00:00Z", false)]
    {
        assert_eq!(hours_of(&dated, sent, &[], &[]).is_some(), binds, "{sent}");
    }
    let proposed = ResponseTargetDraft { proposed_by: Some(OrganisationId::new(Uuid::from_u128(1))), ..draft("PT1H") };
    assert_eq!(hours_of(&[entry(1, proposed)], "2026-03-02T08:00:00Z", &[], &[]), None, "a proposal binds nothing");
}

#[test]
fn every_fault_of_a_target_is_named_at_once() {
    let wrong = ResponseTargetDraft {
        contact_kinds: vec![Kind::Training],
        acknowledge_within: Some("PT5H".into()),
        decide_within: Some("PT1H".into()),
        clock: Some(TargetClock::Business),
        applies_when: Some(ElectionSpanDraft { anchor: Anchor::PollDay, before: Some("PT3H".into()), after: Some("P61D".into()) }),
        valid_from: Some("2026-02-02".into()),
        valid_to: Some("2026-02-01".into()),
        ..ResponseTargetDraft::default()
    };
    let faults = wrong.check().expect_err("faults").faults;
    let told: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
    let expected = [
        "platformId REQUIRED",
        "nature REQUIRED",
        "contactKinds.0 NOT_AN_OPTION",
        "appliesWhen.before OUT_OF_RANGE",
        "appliesWhen.after OUT_OF_RANGE",
        "acknowledgeWithin CONTRADICTION",
        "calendar REQUIRED",
        "validTo BEFORE_PREVIOUS",
    ];
    assert_eq!(told, expected);
}
