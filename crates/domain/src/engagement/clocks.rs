//! How long the sender waited: for a first response, and for a decision, with and without the time in which the receiver waited for him.

use chrono::TimeDelta;

use crate::engagement::{
    fact::Fact,
    line::{Line, Terms, line, pauses},
    vocabulary::{AssertedBy, Precision, Side, Step},
};

/// The waiting times of one contact, as one side tells them or as they count. Never finer than the facts they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Whose knowledge it is; none for the one that counts.
    pub asserted_by: Option<AssertedBy>,
    /// From the sending to the first of a human acknowledgement, a question and a decision.
    pub time_to_first_response: Option<TimeDelta>,
    /// From the sending to the first decision.
    pub time_to_decision: Option<TimeDelta>,
    /// The same without the time in which the receiver waited for the sender.
    pub time_to_decision_net: Option<TimeDelta>,
}

/// The clock that counts, then one for each side that told of a response, in the order in which sides count.
pub fn clocks(terms: Terms<'_>, facts: &[Fact]) -> Vec<Clock> {
    let mut clocks = vec![Clock::of(None, &line(terms, facts))];
    for side in Side::ALL {
        if facts.iter().any(|fact| fact.told.side == *side && is_response(fact) && !fact.told.is_receipt()) {
            let own: Vec<Fact> = facts.iter().filter(|fact| fact.told.side == *side || !is_response(fact)).cloned().collect();
            clocks.push(Clock::of(Some(side.asserted_by()), &line(terms, &own)));
        }
    }
    clocks
}

fn is_response(fact: &Fact) -> bool {
    matches!(fact.told.step, Step::Acknowledged | Step::Asked | Step::Decided)
}

impl Clock {
    pub(super) fn of(asserted_by: Option<AssertedBy>, line: &Line<'_>) -> Self {
        let mut clock = Self { asserted_by, time_to_first_response: None, time_to_decision: None, time_to_decision_net: None };
        let Some(sent) = line.moves.iter().find(|step| step.fact.told.step == Step::Sent).map(|step| step.fact) else { return clock };
        let after_sending = |fact: &&Fact| fact.told.occurred_at >= sent.told.occurred_at;
        let first = line.moves.iter().map(|step| step.fact).find(|fact| is_response(fact) && after_sending(fact));
        clock.time_to_first_response = first.map(|first| between(sent, first, TimeDelta::zero()));
        let decided = line.moves.iter().map(|step| step.fact).find(|fact| fact.told.step == Step::Decided && after_sending(fact));
        clock.time_to_decision = decided.map(|decided| between(sent, decided, TimeDelta::zero()));
        clock.time_to_decision_net = decided.map(|decided| between(sent, decided, waiting(line, decided)));
        clock
    }
}

/// The time before `until` in which the receiver waited for the sender.
fn waiting(line: &Line<'_>, until: &Fact) -> TimeDelta {
    let over = pauses(&line.moves).into_iter().filter_map(|pause| pause.to.map(|to| (pause.from, to)));
    over.filter(|(_, to)| *to <= until.told.occurred_at).map(|(from, to)| to - from).sum()
}

/// The time between two facts less `pause`, cut to whole units of the coarser precision.
fn between(from: &Fact, to: &Fact, pause: TimeDelta) -> TimeDelta {
    let unit = unit(from.told.precision, to.told.precision);
    let exact = to.told.occurred_at - from.told.occurred_at - pause;
    let whole = exact.num_seconds().max(0) / unit.num_seconds() * unit.num_seconds();
    TimeDelta::seconds(whole)
}

/// The unit of the coarser of two precisions.
pub(crate) fn unit(a: Precision, b: Precision) -> TimeDelta {
    a.unit().max(b.unit())
}
