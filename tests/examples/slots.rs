//! What the search for slots costs: asks a server on a new SQLite database for the best slots of 200 organisations of every zone over 8
//! weeks, again and again, and prints how long the answers took and how much of it the search itself.
//!
//! ```sh
//! cargo run --release -p tertulia-tests --example slots
//! ```
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark says what went wrong by failing")]

use std::time::{Duration, Instant};

use chrono_tz::TZ_VARIANTS;
use serde_json::json;
use tertulia_domain::{
    dialogue::{
        Length,
        slots::{Calendar, Participant, RangeDraft, suggest},
    },
    directory::organisation::OrganisationDraft,
    id::OrganisationId,
    policy::OrganisationKind,
};
use tertulia_tests::{START, TestApp, harness::Backend};

/// How many organisations are to meet.
const PARTICIPANTS: usize = 200;
/// How often each is asked.
const TIMES: usize = 50;

/// The operations that front ends send.
const FULL: &str = include_str!("../operations/dialogue-full.graphql");

#[tokio::main]
async fn main() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (coordinator, _) = app.coordinator().await;
    let mut participants = Vec::new();
    for index in 0..PARTICIPANTS {
        let draft = OrganisationDraft {
            kind: Some(OrganisationKind::Cso),
            names: vec![("en".to_owned(), format!("Generated organisation {index}"))],
            time_zone: Some(TZ_VARIANTS[index * TZ_VARIANTS.len() / PARTICIPANTS].name().to_owned()),
            ..OrganisationDraft::default()
        };
        let made = tertulia_app::directory::organisation::create(&app.app, &app.app.system(), Ok(draft), None).await;
        participants.push(made.expect("an organisation").id);
    }
    let ids: Vec<String> = participants.iter().map(ToString::to_string).collect();
    let input = json!({ "participants": ids, "duration": "PT90M", "from": "2026-04-01T00:00:00Z", "to": "2026-05-27T00:00:00Z", "stepMinutes": 15 });
    let begin = FULL.find("query SuggestSlots").expect("the operation");
    let operation = FULL[begin..].split_inclusive("\n}\n").next().expect("the operation");
    let mut answers = Vec::new();
    for _ in 0..TIMES {
        let begin = Instant::now();
        let answer = coordinator.graphql(operation, json!({ "input": input })).await.data();
        answers.push(begin.elapsed());
        assert_eq!(answer["suggestSlots"]["slots"].as_array().map(Vec::len), Some(5));
    }
    let searches: Vec<Duration> = (0..TIMES).map(|_| search(&participants)).collect();
    println!("{PARTICIPANTS} organisations, 8 weeks in steps of 15 minutes, {TIMES} times");
    for (what, times) in [("the whole answer", answers), ("the search alone", searches)] {
        println!("{what}: median {:.1} ms, slowest {:.1} ms", milliseconds(&times, TIMES / 2), milliseconds(&times, TIMES - 1));
    }
    app.finish().await;
}

/// The search without anything around it.
fn search(organisations: &[OrganisationId]) -> Duration {
    let zone = |index: usize| TZ_VARIANTS[index * TZ_VARIANTS.len() / PARTICIPANTS];
    let one = |(index, organisation): (usize, &OrganisationId)| Participant {
        organisation: *organisation,
        zone: Some(zone(index)),
        country: None,
        busy: Vec::new(),
    };
    let participants: Vec<Participant> = organisations.iter().enumerate().map(one).collect();
    let at = |text: &str| text.parse().expect("an instant");
    let draft = RangeDraft {
        from: at("2026-04-01T00:00:00Z"),
        to: at("2026-05-27T00:00:00Z"),
        zone: chrono_tz::UTC,
        step_minutes: 15,
        length: Length::parse("PT90M").expect("a length"),
        first: 5,
    };
    let range = draft.check(at(START)).expect("a range");
    let begin = Instant::now();
    let found = suggest(&range, &participants, &Calendar::default(), &[]);
    let took = begin.elapsed();
    assert_eq!(found.slots.len(), 5);
    took
}

fn milliseconds(times: &[Duration], place: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[place].as_secs_f64() * 1_000.0
}
