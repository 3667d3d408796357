//! What may be done to a contact next, by the same state machine that accepts it.

use crate::{
    engagement::{
        fact::{Fact, Told},
        lifecycle::{Lifecycle, admit},
        line::Terms,
        vocabulary::{Direction, Precision, Side, Status, Step, Visibility},
    },
    error::closed,
    id::{OrganisationId, TransitionId},
    time::Instant,
};

closed! {
    /// An act on a contact; the mutation is the same word after `contact`.
    Act {
        /// Send a draft.
        Send = "SEND",
        /// Change who reads it.
        Share = "SHARE",
        /// Tell that receipt was confirmed.
        Acknowledge = "ACKNOWLEDGE",
        /// Tell what was decided.
        Decide = "DECIDE",
        /// Ask the sender something.
        Ask = "ASK",
        /// Answer the receiver's question.
        Reply = "REPLY",
        /// Appeal against the decision.
        Dispute = "DISPUTE",
        /// Close it.
        Close = "CLOSE",
        /// Open it again.
        Reopen = "REOPEN",
        /// Take it back.
        Withdraw = "WITHDRAW",
        /// Drop a draft.
        Discard = "DISCARD",
        /// Pass a draft to somebody else.
        Refer = "REFER",
        /// Correct a fact of one's own side.
        Correct = "CORRECT",
        /// Write to the other side.
        Comment = "COMMENT",
        /// Attach a file.
        Attach = "ATTACH",
        /// Say which service a name means.
        ResolvePlatform = "RESOLVE_PLATFORM",
    }
}

impl Act {
    /// The step that the act tells of, if it tells of one.
    pub const fn step(self) -> Option<Step> {
        Some(match self {
            Self::Send => Step::Sent,
            Self::Acknowledge => Step::Acknowledged,
            Self::Decide => Step::Decided,
            Self::Ask => Step::Asked,
            Self::Reply => Step::Replied,
            Self::Dispute => Step::Disputed,
            Self::Close => Step::Closed,
            Self::Reopen => Step::Reopened,
            Self::Withdraw => Step::Withdrawn,
            Self::Discard => Step::Discarded,
            Self::Refer => Step::Referred,
            Self::Share | Self::Correct | Self::Comment | Self::Attach | Self::ResolvePlatform => return None,
        })
    }
}

/// What the acts depend on, beside the facts.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// Kind and target.
    pub terms: Terms<'a>,
    /// Who sent it.
    pub direction: Direction,
    /// Who reads it.
    pub visibility: Visibility,
    /// Whether the other side has read it, after which it cannot be narrowed.
    pub read_by_other: bool,
    /// Whether the platform's service is known, and not its name only.
    pub resolved: bool,
    /// The reader's side.
    pub side: Side,
    /// Now.
    pub now: Instant,
}

/// The acts that a reader of that side could do now, as far as the contact's state goes; the policy says which of them the reader's role may do.
pub fn allowed_acts(situation: Situation<'_>, facts: &[Fact]) -> Vec<Act> {
    let owner = situation.side == situation.direction.sender();
    let status = Lifecycle::of(situation.terms, facts).status;
    let superseded = |id: TransitionId| facts.iter().any(|fact| fact.told.supersedes == Some(id));
    let is_allowed = |act: &&Act| match (act.step(), act) {
        (Some(step), _) => {
            step.is_told_by(situation.side, situation.direction) && admit(situation.terms, facts, &trial(situation, step, facts)).is_ok()
        }
        (None, Act::Share) => owner && !(situation.visibility == Visibility::Parties && situation.read_by_other),
        (None, Act::Correct) => facts.iter().any(|fact| fact.told.side == situation.side && !superseded(fact.id)),
        (None, Act::Comment | Act::Attach) => situation.side != Side::Coordinator && (owner || status != Status::Draft),
        (None, Act::ResolvePlatform) => situation.side == Side::Coordinator && !situation.resolved,
        (None, _) => false,
    };
    Act::ALL.iter().filter(is_allowed).copied().collect()
}

/// The step as it would be told now.
fn trial(situation: Situation<'_>, step: Step, facts: &[Fact]) -> Fact {
    let told = Told {
        step,
        side: situation.side,
        organisation: OrganisationId::new(uuid::Uuid::nil()),
        occurred_at: situation.now,
        precision: Precision::Minute,
        format: None,
        reason: None,
        referred_to: None,
        decision: None,
        supersedes: None,
    };
    let seq = facts.iter().map(|fact| fact.seq).max().unwrap_or(0).saturating_add(1);
    Fact { id: TransitionId::new(uuid::Uuid::nil()), seq, recorded_at: situation.now, told }
}
