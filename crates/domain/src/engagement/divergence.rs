//! Where the electoral body and the platform both speak of the same step and differ.

use chrono::SecondsFormat;

use crate::{
    engagement::{
        clocks::unit,
        decision::Decision,
        fact::Fact,
        line::shared,
        vocabulary::{Action, Side, Step},
    },
    error::closed,
    id::ContentItemId,
    time::Instant,
};

closed! {
    /// What the sides differ in.
    DivergenceKind {
        /// When receipt was confirmed, by a unit of the coarser precision or more.
        AcknowledgedAt = "ACKNOWLEDGED_AT",
        /// When a question was asked.
        AskedAt = "ASKED_AT",
        /// When it was decided.
        DecidedAt = "DECIDED_AT",
        /// The class of the answer.
        Outcome = "OUTCOME",
        /// What was applied.
        Actions = "ACTIONS",
        /// The class of the answer for one item.
        ItemOutcome = "ITEM_OUTCOME",
    }
}

/// One difference, each side's value in words of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// What differs.
    pub kind: DivergenceKind,
    /// The item, where one item's outcome differs.
    pub item: Option<ContentItemId>,
    /// What the electoral body observed.
    pub electoral_body: String,
    /// What the platform reports.
    pub platform: String,
}

/// Every difference between what the body and the platform tell, in order of happening.
pub fn divergences(facts: &[Fact]) -> Vec<Divergence> {
    let mut found = Vec::new();
    for slot in shared(facts) {
        let of = |side: Side| slot.iter().find(|fact| fact.told.side == side).copied();
        let (Some(body), Some(platform)) = (of(Side::ElectoralBody), of(Side::Platform)) else { continue };
        let kind = match body.told.step {
            Step::Acknowledged => DivergenceKind::AcknowledgedAt,
            Step::Asked => DivergenceKind::AskedAt,
            _ => DivergenceKind::DecidedAt,
        };
        let apart = (body.told.occurred_at - platform.told.occurred_at).abs();
        if apart >= unit(body.told.precision, platform.told.precision) {
            let (body, platform) = (instant(body.told.occurred_at), instant(platform.told.occurred_at));
            found.push(Divergence { kind, item: None, electoral_body: body, platform });
        }
        if let (Some(body), Some(platform)) = (&body.told.decision, &platform.told.decision) {
            decisions(body, platform, &mut found);
        }
    }
    found
}

fn decisions(body: &Decision, platform: &Decision, found: &mut Vec<Divergence>) {
    let mut differ = |kind, item, electoral_body: String, platform: String| {
        if electoral_body != platform {
            found.push(Divergence { kind, item, electoral_body, platform });
        }
    };
    differ(DivergenceKind::Outcome, None, body.outcome.to_string(), platform.outcome.to_string());
    differ(DivergenceKind::Actions, None, words(&body.actions), words(&platform.actions));
    let mut items: Vec<ContentItemId> = body.items.iter().chain(&platform.items).map(|decided| decided.item).collect();
    items.sort_unstable();
    items.dedup();
    for item in items {
        if let (Some((ours, _)), Some((theirs, _))) = (body.of_item(item), platform.of_item(item)) {
            differ(DivergenceKind::ItemOutcome, Some(item), ours.to_string(), theirs.to_string());
        }
    }
}

fn words(actions: &[Action]) -> String {
    actions.iter().map(|action| action.as_str()).collect::<Vec<_>>().join(" ")
}

fn instant(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
