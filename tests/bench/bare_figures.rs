//! An organisation's own figures by hand: the kept counts in one statement, the domain's arithmetic, no rights and no GraphQL.

use std::collections::HashMap;

use chrono::{Days, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use tertulia_domain::{
    engagement::statistics::{
        dimension::{Month, ResponsivenessDimension, Value as Dimension, separating},
        figures::{Figures, Own, ResponsivenessFilter},
        phase::ElectionPhase,
        tally::Tally,
    },
    id::OrganisationId,
    policy::{Coverage, PlatformSight},
};
use uuid::Uuid;

/// What is asked for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    pub(crate) own: Uuid,
    platform: bool,
    by: String,
}

/// A row of the statement.
pub(crate) struct Part {
    pub(crate) cells: Vec<u8>,
    pub(crate) phase: Option<String>,
    pub(crate) kept: Option<Vec<u8>>,
    pub(crate) kept_phase: Option<String>,
}

const OF_BODY: &str = "SELECT cells, NULL, NULL, NULL FROM kept_count WHERE organisation_id = $1 AND month >= $2 AND month <= $3
     UNION ALL SELECT cell, phase, NULL, NULL FROM counted_fresh WHERE electoral_body_id = $1";
const OF_PLATFORM: &str = "SELECT cells, NULL, NULL, NULL FROM kept_count WHERE organisation_id = $1 AND month >= $2 AND month <= $3
     UNION ALL SELECT cell, phase, NULL, NULL FROM counted_fresh WHERE platform_id = $1";

impl Asked {
    pub(crate) fn statement(&self) -> &'static str {
        if self.platform { OF_PLATFORM } else { OF_BODY }
    }

    /// The last year, as the server takes it where nobody says.
    fn days() -> (NaiveDate, NaiveDate) {
        let to = Utc::now().date_naive() + Days::new(1);
        (to - Days::new(365), to)
    }

    pub(crate) fn months() -> (NaiveDate, NaiveDate) {
        let (from, to) = Self::days();
        (Month::holding(from).first_day(), Month::holding(to - Days::new(1)).first_day())
    }

    pub(crate) fn cells(&self, parts: &[Part]) -> Vec<Value> {
        let (from, to) = Self::days();
        let filter = ResponsivenessFilter { from, to, generated: true, ..ResponsivenessFilter::default() };
        let sight = PlatformSight { platform: OrganisationId::new(self.own), countries: Coverage::All, services: Coverage::All };
        let own = if self.platform { Own::Platform(vec![sight]) } else { Own::Body };
        let by = separating(&[ResponsivenessDimension::parse(&self.by).expect("a dimension")], &[]);
        let (regions, now) = (HashMap::new(), Utc::now());
        let count = || Figures::new((&own, &regions), &filter, &by, now);
        let (mut come, mut gone) = (count(), count());
        let phase = |word: &String| ElectionPhase::parse(word).expect("a phase");
        for part in parts {
            come.count(&part.cells, part.phase.as_ref().map(phase)).expect("cells");
            if let Some(kept) = &part.kept {
                gone.count(kept, part.kept_phase.as_ref().map(phase)).expect("cells");
            }
        }
        come.finish(gone).iter().map(|(values, tally)| cell(&values.iter().map(Dimension::text).collect::<Vec<_>>(), tally)).collect()
    }
}

fn cell(values: &[Option<String>], tally: &Tally) -> Value {
    let outcomes = tally.outcomes.iter().map(|(outcome, count)| json!({ "outcome": outcome.to_string(), "count": count }));
    let time = |share: f64| tally.waits.quantile(share).map(duration);
    json!({
        "dimensions": values.iter().map(|value| json!({ "value": value })).collect::<Vec<_>>(),
        "sent": tally.sent, "answered": tally.answered, "unanswered": tally.unanswered(), "unansweredShare": tally.unanswered_share(),
        "outcomes": outcomes.collect::<Vec<_>>(), "withinTargetShare": tally.within_target_share(),
        "oneSidedShare": tally.one_sided_share(), "lateEntryShare": tally.late_entry_share(),
        "timeToFirstResponse": {
            "median": time(0.5), "p90": time(0.9), "reached": tally.waits.reached(), "censoredShare": tally.censored_share(),
        },
    })
}

/// As the server writes it: P2DT3H4M.
fn duration(minutes: i64) -> String {
    let span = TimeDelta::minutes(minutes);
    let (days, hours, minutes) = (span.num_days(), span.num_hours() % 24, minutes % 60);
    let part = |count: i64, unit: &str| if count > 0 { format!("{count}{unit}") } else { String::new() };
    let time = part(hours, "H") + &part(minutes, "M");
    match (span.is_zero(), time.is_empty()) {
        (true, _) => "PT0S".to_owned(),
        (false, true) => format!("P{days}D"),
        (false, false) => format!("P{}T{time}", part(days, "D")),
    }
}
