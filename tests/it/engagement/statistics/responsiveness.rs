//! Own figures: live, in full, of one's own organisation only.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_app::directory::election;
use tertulia_domain::{
    directory::{
        election::{ElectionDraft, ElectionStatus, ElectionType},
        polling_day::PollingDayDraft,
    },
    identity::Cover,
    policy::{Coverage, Role},
    text::CountryCode,
};
use tertulia_tests::{Client, TestApp, stories};

use super::{FULL, at, escalations, figures, outcome};
use crate::engagement::world::{World, done};

stories![
    figures_follow_each_act_at_once,
    nobody_but_the_parties_reads_them,
    a_platform_reads_what_was_shared_with_it_and_its_membership_covers,
    what_has_legal_force_stands_apart,
    contacts_are_told_apart_and_narrowed,
    a_phase_is_that_of_the_sending,
    what_was_missed_follows_from_the_time_alone,
    a_question_that_is_too_wide_is_refused,
];

async fn figures_follow_each_act_at_once(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    assert_eq!(escalations(&officer).await["sent"], 0);
    let draft = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
    assert_eq!(escalations(&officer).await["sent"], 0, "a draft does not count");
    done(&officer, "ContactSend", json!({ "contactId": draft["id"], "occurredAt": "2026-03-02T07:00:00Z" })).await;
    let open = escalations(&officer).await;
    assert_eq!(
        (&open["sent"], &open["answered"], &open["unansweredShare"], &open["oneSidedShare"]),
        (&json!(1), &json!(0), &json!(1.0), &json!(1.0))
    );
    let wait = json!({ "median": null, "p90": null, "reached": 0.0, "censoredShare": 1.0 });
    assert_eq!((&open["timeToFirstResponse"], &open["suppressed"], &open["reason"]), (&wait, &json!(false), &Value::Null));
    done(&representative, "ContactAcknowledge", json!({ "contactId": draft["id"], "occurredAt": "2026-03-02T07:30:00Z" })).await;
    let acknowledged = escalations(&officer).await;
    let wait = json!({ "median": "PT30M", "p90": "PT30M", "reached": 1.0, "censoredShare": 0.0 });
    assert_eq!(
        (&acknowledged["answered"], &acknowledged["timeToFirstResponse"], &acknowledged["oneSidedShare"]),
        (&json!(0), &wait, &json!(0.0))
    );
    done(&representative, "ContactDecide", json!({ "contactId": draft["id"], "outcome": "ACTION_TAKEN" })).await;
    let decided = escalations(&officer).await;
    assert_eq!((&decided["answered"], outcome(&decided, "ACTION_TAKEN"), &decided["unanswered"]), (&json!(1), 1, &json!(0)));
    assert_eq!(escalations(&representative).await, decided, "both parties read the same");
    for act in ["ContactClose", "ContactReopen"] {
        done(&officer, act, json!({ "contactId": draft["id"], "reason": "A reason" })).await;
        assert_eq!(escalations(&officer).await, decided, "{act}: it counts once");
    }
    let other = done(&officer, "ContactLog", world.smallest()).await;
    assert_eq!(escalations(&officer).await["sent"], 2);
    done(&officer, "ContactShare", json!({ "contactId": other["id"], "visibility": "ORGANISATION" })).await;
    assert_eq!((&escalations(&officer).await["sent"], &escalations(&representative).await["sent"]), (&json!(2), &json!(1)));
    done(&officer, "ContactWithdraw", json!({ "contactId": other["id"], "reason": "A reason" })).await;
    assert_eq!(escalations(&officer).await["sent"], 1, "what was taken back does not count");
}

async fn nobody_but_the_parties_reads_them(app: &TestApp) {
    let world = World::new(app).await;
    done(&world.officer().await, "ContactLog", world.smallest()).await;
    let (coordinator, stranger) = (world.coordinator().await, world.stranger().await);
    let ask = async |reader: &Client, filter: Value| {
        let reply = reader.operation(FULL, "Responsiveness", json!({ "filter": filter, "groupBy": ["PLATFORM"] })).await;
        let words = reply.body["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        (reply.code().to_owned(), words)
    };
    let own = json!({ "organisationId": world.body.to_string() });
    for reader in [&coordinator, &world.auditor().await, &stranger, &world.rival().await, &world.representative().await] {
        let (code, words) = ask(reader, own.clone()).await;
        assert_eq!(code, "FORBIDDEN");
        assert!(words.contains("statisticReleases"), "{words}");
    }
    assert_eq!(ask(&coordinator, json!({})).await.0, "FORBIDDEN");
    assert_eq!(ask(&app.anonymous(), own).await.0, "UNAUTHENTICATED");
    assert_eq!(escalations(&stranger).await["sent"], 0, "his own are none");
}

async fn a_platform_reads_what_was_shared_with_it_and_its_membership_covers(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger) = (world.officer().await, world.stranger().await);
    let chat = json!({ "platformServiceId": world.second_service.to_string() });
    for input in [json!({}), chat, json!({ "visibility": "ORGANISATION" }), json!({ "platformServiceId": world.rival_service.to_string() })]
    {
        done(&officer, "ContactLog", world.contact(&input)).await;
    }
    done(&stranger, "ContactLog", world.smallest()).await;
    assert_eq!(escalations(&officer).await["sent"], 4);
    assert_eq!(escalations(&world.representative().await).await["sent"], 3);
    assert_eq!(escalations(&world.rival().await).await["sent"], 1);
    let countries = Coverage::Only([CountryCode::parse("PE").unwrap()].into());
    let cover = Cover { countries, services: Coverage::Only([world.service].into()) };
    app.account_covering("narrow@parley.example", world.platform, Role::PlatformRepresentative, cover).await;
    let narrow = app.signed_in("narrow@parley.example").await;
    let cells = figures(&narrow, json!({ "kind": ["ESCALATION"] }), &["ELECTORAL_BODY", "PLATFORM_SERVICE"]).await;
    assert_eq!(cells.len(), 1, "{cells:?}");
    assert_eq!((&cells[0]["sent"], &cells[0]["dimensions"][0]["label"]), (&json!(1), &json!("The Peruvian body")));
    assert_eq!(cells[0]["dimensions"][1]["label"], "Parley Video");
    app.account_covering("nothing@parley.example", world.platform, Role::PlatformRepresentative, Cover::default()).await;
    assert_eq!(escalations(&app.signed_in("nothing@parley.example").await).await["sent"], 0);
}

async fn what_has_legal_force_stands_apart(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    for (kind, basis) in [("ESCALATION", "PLATFORM_TERMS"), ("LEGAL_ORDER", "COURT_ORDER"), ("LEGAL_NOTICE", "NATIONAL_LAW")] {
        done(&officer, "ContactLog", world.contact(&json!({ "kind": kind, "legalBasis": basis }))).await;
    }
    done(&officer, "ContactLog", world.contact(&json!({ "kind": "AUTHORITATIVE_INFO", "legalBasis": "NONE" }))).await;
    let kinds = |cells: &[Value]| -> Vec<(String, u64)> {
        let of = |cell: &Value| cell["dimensions"].as_array().unwrap().last().unwrap()["value"].as_str().unwrap().to_owned();
        cells.iter().map(|cell| (of(cell), cell["sent"].as_u64().unwrap())).collect()
    };
    let one = |kind: &str| (kind.to_owned(), 1);
    let all = [one("ESCALATION"), one("LEGAL_NOTICE"), one("LEGAL_ORDER")];
    assert_eq!(kinds(&figures(&officer, json!({}), &[]).await), all, "nobody asked, and they are told apart");
    assert_eq!(kinds(&figures(&officer, json!({}), &["PLATFORM"]).await), all);
    let legal = figures(&officer, json!({ "kind": ["LEGAL_NOTICE", "LEGAL_ORDER"] }), &[]).await;
    assert_eq!((legal.len(), &legal[0]["sent"], &legal[0]["dimensions"]), (1, &json!(2), &json!([])));
}

async fn contacts_are_told_apart_and_narrowed(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    for (urgency, language, sent_at) in [
        ("HIGH", Some("es"), "2026-03-02T08:00:00Z"),
        ("HIGH", Some("qu"), "2026-02-28T08:00:00Z"),
        ("LOW", None, "2026-01-31T23:59:59Z"),
        ("LOW", Some("es"), "2024-01-31T23:59:59Z"),
    ] {
        let input = json!({ "urgency": urgency, "language": language, "sentAt": sent_at });
        let mut input = input;
        if language.is_none() {
            input.as_object_mut().unwrap().remove("language");
        }
        done(&officer, "ContactLog", world.contact(&input)).await;
    }
    let values = |cells: &[Value]| -> Vec<(Value, u64)> {
        cells.iter().map(|cell| (cell["dimensions"][0]["value"].clone(), cell["sent"].as_u64().unwrap())).collect()
    };
    let only = |mut filter: Value| {
        filter["kind"] = json!(["ESCALATION"]);
        filter
    };
    assert_eq!(values(&figures(&officer, only(json!({})), &["URGENCY"]).await), [(json!("HIGH"), 2), (json!("LOW"), 1)], "of one year");
    let months = [(json!("2026-01"), 1), (json!("2026-02"), 1), (json!("2026-03"), 1)];
    assert_eq!(values(&figures(&officer, only(json!({})), &["PERIOD"]).await), months);
    let languages = figures(&officer, only(json!({ "from": "2020-01-01" })), &["LANGUAGE"]).await;
    assert_eq!(values(&languages), [(Value::Null, 1), (json!("es"), 2), (json!("qu"), 1)]);
    assert_eq!(languages[0]["dimensions"][0]["label"], "Not stated");
    for (filter, sent) in [
        (json!({ "from": "2026-02-01" }), 2),
        (json!({ "from": "2026-01-31", "to": "2026-02-28" }), 1),
        (json!({ "language": ["es"] }), 1),
        (json!({ "urgency": ["LOW", "NORMAL"] }), 1),
        (json!({ "platformId": [world.platform.to_string()] }), 3),
        (json!({ "platformServiceId": [world.second_service.to_string()] }), 0),
        (json!({ "phase": ["PRE_CAMPAIGN"] }), 3),
        (json!({ "phase": ["POLLING"] }), 0),
        (json!({ "generated": true }), 0),
        (json!({ "region": ["419"] }), 3),
        (json!({ "region": ["150"] }), 0),
    ] {
        let cells = figures(&officer, only(filter.clone()), &[]).await;
        assert_eq!(cells.first().map_or(0, |cell| cell["sent"].as_u64().unwrap()), sent, "{filter}");
    }
    let region = figures(&officer, only(json!({})), &["REGION"]).await;
    assert_eq!(region[0]["dimensions"][0], json!({ "dimension": "REGION", "value": "419", "label": "Latin America and the Caribbean" }));
}

async fn a_phase_is_that_of_the_sending(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let draft = |day: &str| ElectionDraft {
        country: Some("PE".into()),
        kind: Some(ElectionType::Presidential),
        status: Some(ElectionStatus::Scheduled),
        polling_days: vec![PollingDayDraft { date: day.into(), ..Default::default() }],
        ..Default::default()
    };
    election::create(&app.app, &app.app.system(), Ok(draft("2026-03-01")), None).await.unwrap();
    let first = done(&officer, "ContactLog", world.contact(&json!({ "sentAt": "2026-03-01T15:00:00Z" }))).await;
    done(&officer, "ContactLog", world.smallest()).await;
    let phases = async || figures(&officer, json!({ "kind": ["ESCALATION"] }), &["PHASE"]).await;
    let cells = phases().await;
    assert_eq!((&at(&cells, "POLLING")["sent"], &at(&cells, "COUNTING")["sent"]), (&json!(1), &json!(1)));
    assert_eq!(at(&cells, "POLLING")["dimensions"][0]["label"], "Polling");
    election::create(&app.app, &app.app.system(), Ok(draft("2026-03-02")), None).await.unwrap();
    done(&officer, "ContactDecide", json!({ "contactId": first["id"], "outcome": "REFERRED" })).await;
    done(&officer, "ContactLog", world.smallest()).await;
    let cells = phases().await;
    assert_eq!(
        (&at(&cells, "POLLING")["sent"], &at(&cells, "COUNTING")["sent"]),
        (&json!(2), &json!(1)),
        "what was sent before stays as it was"
    );
}

async fn what_was_missed_follows_from_the_time_alone(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, coordinator) = (world.officer().await, world.coordinator().await);
    let create =
        "mutation($input: ResponseTargetCreateInput!) { responseTargetCreate(input: $input) { userErrors { code reason path message } } }";
    let target = json!({ "platformId": world.platform.to_string(), "decideWithin": "PT6H", "nature": "AGREED" });
    coordinator.mutate(create, target).await;
    done(&officer, "ContactLog", world.smallest()).await;
    let kept = done(&officer, "ContactLog", world.smallest()).await;
    let share = async |officer: &Client| escalations(officer).await["withinTargetShare"].clone();
    assert_eq!(share(&officer).await, Value::Null, "nothing is decided");
    done(&officer, "ContactDecide", json!({ "contactId": kept["id"], "outcome": "REFERRED", "occurredAt": "2026-03-02T09:00:00Z" })).await;
    assert_eq!(share(&officer).await, 1.0);
    app.advance(TimeDelta::hours(8));
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!(share(&officer).await, 0.5, "nobody wrote anything");
    assert_eq!(escalations(&officer).await["timeToFirstResponse"]["reached"], 0.5);
}

async fn a_question_that_is_too_wide_is_refused(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let faults = async |filter: Value, group_by: &[&str]| {
        let reply = officer.operation(FULL, "Responsiveness", json!({ "filter": filter, "groupBy": group_by })).await;
        assert_eq!(reply.code(), "INVALID_INPUT");
        let faults = reply.body["errors"][0]["extensions"]["faults"].as_array().cloned().unwrap_or_default();
        let path = |fault: &Value| fault["path"].as_array().unwrap().iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".");
        faults.iter().map(|fault| format!("{} {}", path(fault), fault["reason"].as_str().unwrap())).collect::<Vec<_>>()
    };
    let wide = json!({ "from": "2026-03-01", "to": "2026-03-01", "kind": vec!["ESCALATION"; 51] });
    let wide = faults(wide, &["KIND", "PHASE", "KIND", "URGENCY"]).await;
    for fault in ["filter.kind TOO_LONG", "filter.to BEFORE_PREVIOUS", "groupBy TOO_LONG", "groupBy.2 DUPLICATE"] {
        assert!(wide.contains(&fault.to_owned()), "{fault}: {wide:?}");
    }
    assert_eq!(faults(json!({ "from": "2010-01-01", "to": "2026-03-01" }), &[]).await, ["filter.from OUT_OF_RANGE"]);
    let mut malformed =
        faults(json!({ "organisationId": "x", "region": ["41"], "language": ["???"], "platformId": [world.service.to_string()] }), &[])
            .await;
    malformed.sort();
    assert_eq!(
        malformed,
        ["filter.language.0 MALFORMED", "filter.organisationId MALFORMED", "filter.platformId.0 WRONG_KIND", "filter.region.0 MALFORMED"]
    );
    let three = figures(&officer, json!({ "kind": vec!["ESCALATION"; 50] }), &["KIND", "PHASE", "URGENCY"]).await;
    assert!(three.is_empty());
}
