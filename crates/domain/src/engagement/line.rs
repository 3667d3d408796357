//! The line of a contact: which facts count, in which order, and where each takes the contact.
//!
//! A pure function of the set of facts. Facts that different sides tell of the same step share a *slot*; one of them counts,
//! the body's before the platform's before the coordinator's, as long as the line it gives is legal. Order is that of
//! `occurred_at`; steps of one and the same moment come in the order that is legal.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::{
    engagement::{
        fact::Fact,
        target::Target,
        vocabulary::{Closure, Kind, Status, Step},
    },
    error::Reason,
    id::TransitionId,
    time::Instant,
};

/// After how long a contact without an answer and without a target may be closed as unanswered.
pub const SILENCE: TimeDelta = TimeDelta::days(30);

/// Slots told by two sides whose alternatives are tried before the line is called illegal; each doubles the work.
const ALTERNATIVES: u32 = 6;

/// How long silence lasts until the contact may be closed as unanswered.
#[derive(Clone, Copy, Debug)]
pub enum Silence<'a> {
    /// [`SILENCE`]: no target binds the contact.
    Usual,
    /// Until the target's time for a decision is over; [`SILENCE`], if it asks for none.
    Target(&'a Target),
    /// It was asked when each fact was told, and is not asked again: for histories that are shown and not added to.
    Told,
}

/// What of the contact itself the line depends on.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The kind, which says whether an answer is expected.
    pub kind: Kind,
    /// How long silence lasts until the contact may be closed.
    pub silence: Silence<'a>,
}

/// A time in which the receiver waited for the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When the receiver asked.
    pub from: Instant,
    /// When that was over; none while it lasts.
    pub to: Option<Instant>,
}

/// The times in which the receiver waited for the sender, in order.
pub fn pauses(moves: &[Move<'_>]) -> Vec<Pause> {
    let next = |place: usize| moves.get(place + 1).map(|step| step.fact.told.occurred_at);
    let asked = moves.iter().enumerate().filter(|(_, step)| step.to == Status::AwaitingSender);
    asked.map(|(place, step)| Pause { from: step.fact.told.occurred_at, to: next(place) }).collect()
}

/// One fact that counts, and what it did.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The fact.
    pub fact: &'a Fact,
    /// The status before it.
    pub from: Status,
    /// The status after it; the same where the step is not legal at its place.
    pub to: Status,
    /// How it closed the contact, if it did.
    pub closure: Option<Closure>,
}

/// The facts that count, in order.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Each with what it did.
    pub moves: Vec<Move<'a>>,
    /// Why the line is not a legal one: the reason and the fact in whose place it breaks.
    pub broken: Option<(Reason, TransitionId)>,
}

/// Facts of one step that different sides tell, the one that counts most first.
struct Slot<'a>(Vec<&'a Fact>);

/// The line that these facts give. Superseded facts and machines' receipts have no part in it.
pub fn line<'a>(terms: Terms<'_>, facts: &'a [Fact]) -> Line<'a> {
    let telling = telling(facts);
    let (slots, duplicate) = slots(&telling);
    let choices = alternatives(&slots);
    let mut best: Option<Line<'_>> = None;
    for choice in 0..choices {
        let line = walk(terms, pick(&slots, choice));
        if line.broken.is_none() {
            best = Some(line);
            break;
        }
        best.get_or_insert(line);
    }
    let mut line = best.unwrap_or(Line { moves: Vec::new(), broken: None });
    if let Some(duplicate) = duplicate {
        line.broken = Some((Reason::AlreadyDone, duplicate));
    }
    line
}

/// The facts that speak: neither superseded nor a machine's receipt.
pub fn telling(facts: &[Fact]) -> Vec<&Fact> {
    let superseded: BTreeSet<TransitionId> = facts.iter().filter_map(|fact| fact.told.supersedes).collect();
    let mut telling: Vec<&Fact> = facts.iter().filter(|fact| !superseded.contains(&fact.id) && !fact.told.is_receipt()).collect();
    telling.sort_by_key(|fact| (fact.told.occurred_at, fact.told.step, fact.told.side, fact.seq));
    telling
}

/// Groups facts by what they tell of: the receipt once, a question once between two replies, a decision once between two
/// appeals or reopenings, anything else each by itself. Also names a fact that its own side told before.
fn slots<'a>(telling: &[&'a Fact]) -> (Vec<Slot<'a>>, Option<TransitionId>) {
    let mut slots: Vec<((Step, usize), Slot<'a>)> = Vec::new();
    let mut duplicate = None;
    for (index, fact) in telling.iter().enumerate() {
        let key = (fact.told.step, round(telling, index, fact));
        match slots.iter_mut().find(|(known, _)| *known == key) {
            None => slots.push((key, Slot(vec![fact]))),
            Some((_, slot)) if slot.0.iter().any(|known| known.told.side == fact.told.side) => {
                duplicate.get_or_insert(fact.id);
            }
            Some((_, slot)) => slot.0.push(fact),
        }
    }
    for (_, slot) in &mut slots {
        slot.0.sort_by_key(|fact| fact.told.side);
    }
    (slots.into_iter().map(|(_, slot)| slot).collect(), duplicate)
}

/// How often the step could have been told anew before this fact. For two facts of the same instant, the one recorded first is before.
fn round(telling: &[&Fact], index: usize, fact: &Fact) -> usize {
    let before = |other: &&&Fact| (other.told.occurred_at, other.seq) < (fact.told.occurred_at, fact.seq);
    let count = |renews: fn(Step) -> bool| telling.iter().filter(before).filter(|other| renews(other.told.step)).count();
    match fact.told.step {
        Step::Sent | Step::Acknowledged => 0,
        Step::Asked => count(|step| matches!(step, Step::Replied | Step::Disputed | Step::Reopened)),
        Step::Decided => count(|step| matches!(step, Step::Disputed | Step::Reopened)),
        _ => index,
    }
}

/// The facts that more than one side tells of the same step, the one that counts most first.
pub fn shared(facts: &[Fact]) -> Vec<Vec<&Fact>> {
    slots(&telling(facts)).0.into_iter().map(|slot| slot.0).filter(|slot| slot.len() > 1).collect()
}

fn alternatives(slots: &[Slot<'_>]) -> u32 {
    let shared = slots.iter().filter(|slot| slot.0.len() > 1).count();
    1 << u32::try_from(shared).unwrap_or(ALTERNATIVES).min(ALTERNATIVES)
}

/// The facts that one choice lets count: bit n set takes the less counting side of the n-th shared slot, the last slots first.
fn pick<'a>(slots: &[Slot<'a>], choice: u32) -> Vec<&'a Fact> {
    let mut bit = 0;
    let mut picked: Vec<&Fact> = Vec::with_capacity(slots.len());
    for slot in slots.iter().rev() {
        let mut place = 0;
        if slot.0.len() > 1 {
            if bit < ALTERNATIVES && choice & (1 << bit) != 0 {
                place = 1;
            }
            bit += 1;
        }
        picked.extend(slot.0.get(place));
    }
    picked.sort_by_key(|fact| (fact.told.occurred_at, fact.told.step, fact.seq));
    picked
}

/// Walks facts in order; of those of one instant the first that is legal goes first.
fn walk<'a>(terms: Terms<'_>, mut pending: Vec<&'a Fact>) -> Line<'a> {
    let mut state = State { status: Status::Draft, sent_at: None, answered: false };
    let (mut moves, mut broken) = (Vec::<Move<'_>>::with_capacity(pending.len()), None);
    while let Some(at) = pending.first().map(|fact| fact.told.occurred_at) {
        let tied = pending.iter().take_while(|fact| fact.told.occurred_at == at);
        let legal = tied.enumerate().find_map(|(place, fact)| state.next(terms, fact, &moves).map(|to| (place, to)));
        let (fact, from) = (pending.remove(legal.map_or(0, |(place, _)| place)), state.status);
        let (to, closure) = legal.map_or((from, None), |(_, next)| next);
        if legal.is_none() && broken.is_none() {
            let early = state.status == Status::Draft && fact.told.step != Step::Sent;
            broken = Some((if early { Reason::BeforePrevious } else { Reason::NotAllowedNow }, fact.id));
        }
        if legal.is_some() {
            state.take(fact, to);
        }
        moves.push(Move { fact, from, to, closure });
    }
    Line { moves, broken }
}

struct State {
    status: Status,
    sent_at: Option<Instant>,
    answered: bool,
}

impl State {
    /// Where the fact's step leads from here, if it is legal; the lines of the state machine.
    fn next(&self, terms: Terms<'_>, fact: &Fact, before: &[Move<'_>]) -> Option<(Status, Option<Closure>)> {
        use Status as S;
        let to = match (self.status, fact.told.step) {
            (S::Draft, Step::Sent) => S::Sent,
            (S::Draft, Step::Discarded) => S::Discarded,
            (S::Draft, Step::Referred) => S::Referred,
            (S::Draft | S::Sent | S::Acknowledged | S::AwaitingSender, Step::Withdrawn) => S::Withdrawn,
            (S::Sent | S::AwaitingSender, Step::Acknowledged) | (S::AwaitingSender, Step::Replied) => S::Acknowledged,
            (S::Sent | S::Acknowledged, Step::Asked) => S::AwaitingSender,
            (S::Sent | S::Acknowledged | S::AwaitingSender | S::Disputed, Step::Decided) => S::Decided,
            (S::Decided, Step::Disputed) => S::Disputed,
            (_, Step::Closed) => return self.closes(terms, fact.told.occurred_at, before).map(|closure| (S::Closed, Some(closure))),
            (S::Closed, Step::Reopened) => {
                if self.answered {
                    S::Acknowledged
                } else {
                    S::Sent
                }
            }
            _ => return None,
        };
        Some((to, None))
    }

    /// How closing ends the contact here. Silence counts from the sending; what expects no answer is done once it is sent.
    fn closes(&self, terms: Terms<'_>, at: Instant, before: &[Move<'_>]) -> Option<Closure> {
        match self.status {
            Status::Decided | Status::Disputed => Some(Closure::Answered),
            Status::AwaitingSender => Some(Closure::Overtaken),
            Status::Sent | Status::Acknowledged if !terms.kind.expects_answer() => Some(Closure::Completed),
            Status::Sent | Status::Acknowledged => {
                let sent = self.sent_at?;
                let silent_from = match terms.silence {
                    Silence::Usual => sent + SILENCE,
                    Silence::Target(target) => target.decide_by(sent, &pauses(before)).unwrap_or(sent + SILENCE),
                    Silence::Told => sent,
                };
                (at >= silent_from).then_some(Closure::NoResponse)
            }
            _ => None,
        }
    }

    fn take(&mut self, fact: &Fact, to: Status) {
        self.status = to;
        match fact.told.step {
            Step::Sent => self.sent_at = Some(fact.told.occurred_at),
            Step::Acknowledged | Step::Asked | Step::Decided => self.answered = true,
            _ => {}
        }
    }
}
