//! Where a contact stands and since when: a pure function of its facts, whatever the order in which they arrived.

use crate::{
    engagement::{
        decision::Decision,
        fact::Fact,
        line::{Line, Terms, line},
        vocabulary::{AssertedBy, Closure, Format, Side, Status, Step},
    },
    error::{Code, Error, Reason, Result},
    id::TransitionId,
    time::Instant,
};

/// The decision that counts, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveDecision {
    /// What was decided.
    pub decision: Decision,
    /// Who says so.
    pub asserted_by: AssertedBy,
    /// How it was told.
    pub format: Option<Format>,
}

/// What the facts say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// Where the contact stands.
    pub status: Status,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// When the receiver confirmed receipt; for an implied one, the moment of the question or decision that implied it.
    pub acknowledged_at: Option<Instant>,
    /// Whether nobody told of a receipt and a question or decision implied it.
    pub acknowledgement_implied: bool,
    /// When the decision that counts was made.
    pub decided_at: Option<Instant>,
    /// When it was closed, withdrawn, discarded or referred; none while it is open.
    pub closed_at: Option<Instant>,
    /// How closing ended it; none while it is open.
    pub closure: Option<Closure>,
    /// The decision that counts: the last one told; silence, once closed so.
    pub decision: Option<EffectiveDecision>,
}

impl Lifecycle {
    /// What these facts say together.
    pub fn of(terms: Terms<'_>, facts: &[Fact]) -> Self {
        Self::from_line(&line(terms, facts))
    }

    /// What no fact at all says: a draft.
    pub fn of_none() -> Self {
        Self::from_line(&Line { moves: Vec::new(), broken: None })
    }

    /// What a line says.
    pub fn from_line(line: &Line<'_>) -> Self {
        let mut course = Self {
            status: Status::Draft,
            sent_at: None,
            acknowledged_at: None,
            acknowledgement_implied: false,
            decided_at: None,
            closed_at: None,
            closure: None,
            decision: None,
        };
        let mut explicit = None;
        for step in &line.moves {
            let (fact, at) = (step.fact, step.fact.told.occurred_at);
            course.status = step.to;
            let moved = step.from != step.to;
            match fact.told.step {
                Step::Sent if moved => course.sent_at = Some(at),
                Step::Acknowledged => explicit = explicit.or(Some(at)),
                Step::Asked if moved => course.imply(at),
                Step::Decided if moved => {
                    course.imply(at);
                    course.decided_at = Some(at);
                    course.decision = fact.told.decision.as_ref().map(|decision| effective(decision.clone(), fact));
                }
                Step::Closed | Step::Withdrawn | Step::Discarded | Step::Referred if moved => {
                    course.closed_at = Some(at);
                    course.closure = step.closure;
                    if step.closure == Some(Closure::NoResponse) && course.decision.is_none() {
                        course.decision = Some(effective(Decision::silence(), fact));
                    }
                }
                Step::Reopened if moved => course.reopen(),
                _ => {}
            }
        }
        if explicit.is_some() {
            (course.acknowledged_at, course.acknowledgement_implied) = (explicit, false);
        }
        course
    }

    fn imply(&mut self, at: Instant) {
        if self.acknowledged_at.is_none() {
            (self.acknowledged_at, self.acknowledgement_implied) = (Some(at), true);
        }
    }

    fn reopen(&mut self) {
        (self.closed_at, self.closure) = (None, None);
        // Silence was found by the closing that is undone; a decision that somebody made stays.
        if self.decided_at.is_none() {
            self.decision = None;
        }
    }
}

fn effective(decision: Decision, fact: &Fact) -> EffectiveDecision {
    EffectiveDecision { decision, asserted_by: fact.told.side.asserted_by(), format: fact.told.format }
}

/// Whether `new` may be added to the facts known: its side has not told of this step, and the line that results is legal. What
/// the other side told before never stands in the way.
pub fn admit(terms: Terms<'_>, known: &[Fact], new: &Fact) -> Result<()> {
    if new.told.is_receipt() {
        return admit_receipt(terms, known, new);
    }
    // Sending is the one step that takes no late place: what was withdrawn or discarded is not sent after all.
    let status = Lifecycle::of(terms, known).status;
    let sent_before = known.iter().any(|fact| fact.told.step == Step::Sent);
    if new.told.step == Step::Sent && new.told.supersedes.is_none() && status != Status::Draft && !sent_before {
        return Err(Error::new(
            Code::InvalidTransition,
            Reason::NotAllowedNow,
            "",
            format!("Only a draft is sent; the contact is {status} now."),
        ));
    }
    let mut facts = known.to_vec();
    facts.push(new.clone());
    let Some((reason, at)) = line(terms, &facts).broken else { return Ok(()) };
    let message = match reason {
        Reason::AlreadyDone => "Your side has told of this step before; correct that fact instead.".to_owned(),
        Reason::BeforePrevious => "This cannot have happened before the contact was sent.".to_owned(),
        _ if at == new.id => format!("This is not possible at that moment; the contact is {status} now."),
        _ => format!("A later step would no longer be possible; the contact is {status} now."),
    };
    Err(Error::new(Code::InvalidTransition, reason, if reason == Reason::BeforePrevious { "occurredAt" } else { "" }, message))
}

/// A machine's receipt moves nothing: it needs a contact that was sent, and each side tells of one.
fn admit_receipt(terms: Terms<'_>, known: &[Fact], new: &Fact) -> Result<()> {
    if Lifecycle::of(terms, known).sent_at.is_none_or(|sent| new.told.occurred_at < sent) {
        let message = "A receipt comes after the contact was sent.";
        return Err(Error::new(Code::InvalidTransition, Reason::BeforePrevious, "occurredAt", message));
    }
    let corrected = |id| known.iter().any(|fact| fact.told.supersedes == Some(id)) || new.told.supersedes == Some(id);
    if known.iter().any(|fact| fact.told.is_receipt() && fact.told.side == new.told.side && !corrected(fact.id)) {
        return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "", "Your side has told of an automated receipt before."));
    }
    Ok(())
}

/// One fact with what it did, in the order in which the history has them.
#[derive(Clone, Debug)]
pub struct Placed<'a> {
    /// The fact.
    pub fact: &'a Fact,
    /// The status before it.
    pub from: Status,
    /// The status after it: the same if it moved nothing.
    pub to: Status,
    /// Whether it counts: neither superseded, nor a machine's receipt, nor outweighed by the other side's fact.
    pub counts: bool,
}

/// Every fact in its order of recording, with what it did. A fact that moves nothing has the status of its moment on both sides.
pub fn place<'a>(terms: Terms<'_>, facts: &'a [Fact]) -> Vec<Placed<'a>> {
    let line = line(terms, facts);
    let status_at =
        |at: Instant| line.moves.iter().rev().find(|step| step.fact.told.occurred_at <= at).map_or(Status::Draft, |step| step.to);
    let mut placed: Vec<Placed<'_>> = facts
        .iter()
        .map(|fact| {
            let step = line.moves.iter().find(|step| step.fact.id == fact.id).map(|step| (step.from, step.to));
            let still = || (status_at(fact.told.occurred_at), status_at(fact.told.occurred_at));
            let ((from, to), counts) = (step.unwrap_or_else(still), step.is_some());
            Placed { fact, from, to, counts }
        })
        .collect();
    placed.sort_by_key(|placed| placed.fact.seq);
    placed
}

/// What each side tells of: every fact that speaks, receipts included, superseded ones not; in order of happening.
pub fn assertions(facts: &[Fact]) -> Vec<&Fact> {
    let superseded = |id: TransitionId| facts.iter().any(|fact| fact.told.supersedes == Some(id));
    let mut speaking: Vec<&Fact> = facts.iter().filter(|fact| !superseded(fact.id)).collect();
    speaking.sort_by_key(|fact| (fact.told.occurred_at, fact.told.step, fact.seq));
    speaking
}

/// The fact of `side` that a correction names, if it can be corrected: its own side's, and not corrected before.
pub fn correctable(facts: &[Fact], id: TransitionId, side: Side) -> Result<&Fact> {
    let fact = facts.iter().find(|fact| fact.id == id).ok_or_else(|| Error::not_found("transitionId"))?;
    if fact.told.side != side {
        return Err(Error::new(Code::Forbidden, Reason::NotPermitted, "transitionId", "Only the side that told of it corrects a fact."));
    }
    if facts.iter().any(|other| other.told.supersedes == Some(id)) {
        let message = "This fact was corrected before; correct the correction.";
        return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "transitionId", message));
    }
    Ok(fact)
}
