//! A commitment: what an organisation promised to others by a day, and how far it came.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{measure::Measure, series::not_now};
use crate::{
    error::{Error, Reason, Result, closed},
    id::{AgendaItemId, CommitmentId, DialogueId, InstrumentId, MeetingId, OrganisationId, UserId},
    policy::{Actor, Scope},
    time::Instant,
};

closed! {
    /// How far a commitment has come.
    CommitmentStatus {
        /// Put to the one who is to promise it.
        Proposed = "PROPOSED",
        /// Promised.
        Accepted = "ACCEPTED",
        /// Promised, and something was done.
        InProgress = "IN_PROGRESS",
        /// Kept.
        Fulfilled = "FULFILLED",
        /// Kept in part.
        PartlyFulfilled = "PARTLY_FULFILLED",
        /// Not kept.
        Missed = "MISSED",
        /// Another one stands in its place.
        Superseded = "SUPERSEDED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
    }
}

impl CommitmentStatus {
    /// The states in which something is owed.
    pub const OWED: [Self; 2] = [Self::Accepted, Self::InProgress];

    /// Whether something is owed.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Accepted | Self::InProgress)
    }

    /// Whether it may still change.
    pub const fn is_open(self) -> bool {
        self.is_owed() || matches!(self, Self::Proposed)
    }
}

closed! {
    /// What became of a commitment.
    CommitmentOutcome {
        /// It was kept.
        Fulfilled = "FULFILLED",
        /// It was kept in part.
        PartlyFulfilled = "PARTLY_FULFILLED",
        /// It was not kept.
        Missed = "MISSED",
    }
}

impl CommitmentOutcome {
    /// The state that follows from it.
    pub const fn status(self) -> CommitmentStatus {
        match self {
            Self::Fulfilled => CommitmentStatus::Fulfilled,
            Self::PartlyFulfilled => CommitmentStatus::PartlyFulfilled,
            Self::Missed => CommitmentStatus::Missed,
        }
    }
}

closed! {
    /// What was done to a commitment.
    CommitmentStep {
        /// It was put down.
        Created = "CREATED",
        /// It was promised.
        Accepted = "ACCEPTED",
        /// The one who promised told how far it is.
        Reported = "REPORTED",
        /// One to whom it was promised said what became of it.
        Confirmed = "CONFIRMED",
        /// It was taken back.
        Withdrawn = "WITHDRAWN",
        /// Another one was put in its place.
        Superseded = "SUPERSEDED",
    }
}

closed! {
    /// What shows that something was done.
    EvidenceKind {
        /// A contact of the log.
        Contact = "CONTACT",
        /// A channel of the directory.
        Channel = "CHANNEL",
        /// A publication.
        Publication = "PUBLICATION",
        /// A page somewhere else.
        Url = "URL",
    }
}

/// What shows that something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its id, or for a page its address.
    #[serde(rename = "ref")]
    pub reference: String,
}

/// One act on a commitment, kept for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentAct {
    /// The commitment.
    pub commitment: CommitmentId,
    /// What was done.
    pub step: CommitmentStep,
    /// The state that followed.
    pub status: CommitmentStatus,
    /// What was said became of it.
    pub outcome: Option<CommitmentOutcome>,
    /// A note or reason.
    pub note: Option<String>,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// The person.
    pub user: Option<UserId>,
    /// The organisation for which the person acted.
    pub organisation: Option<OrganisationId>,
    /// When.
    pub at: Instant,
}

/// A commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// The meeting at which it was made.
    pub meeting: Option<MeetingId>,
    /// The point of the agenda at which it was made.
    pub agenda_item: Option<AgendaItemId>,
    /// The agreement or law that it follows from.
    pub instrument: Option<InstrumentId>,
    /// Who promises.
    pub committed_by: OrganisationId,
    /// To whom.
    pub to_whom: Vec<OrganisationId>,
    /// What.
    pub text: String,
    /// By the end of which day (UTC).
    pub due_on: NaiveDate,
    /// How far it has come.
    pub status: CommitmentStatus,
    /// What the one who promised says became of it, while nothing shows it and nobody confirmed it.
    pub claim: Option<CommitmentOutcome>,
    /// What of it the contact log shows.
    pub measure: Option<Measure>,
    /// Who of those to whom it was promised confirmed what became of it.
    pub confirmed_by: Option<OrganisationId>,
    /// The commitment in its place.
    pub superseded_by: Option<CommitmentId>,
    /// Whether a generator made it.
    pub generated: bool,
    /// When it was put down.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// How often it changed, from 1.
    pub version: i64,
}

/// Which commitments a list shows; what is empty or `None` does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CommitmentFilter {
    /// Made by one of these.
    pub committed_by: Vec<OrganisationId>,
    /// Made to one of these.
    pub to_whom: Vec<OrganisationId>,
    /// Made at one of these meetings.
    pub meetings: Vec<MeetingId>,
    /// Made at a meeting of this dialogue.
    pub dialogue: Option<DialogueId>,
    /// With one of these states.
    pub statuses: Vec<CommitmentStatus>,
    /// Due on or after this day.
    pub due_from: Option<NaiveDate>,
    /// Due before this day.
    pub due_to: Option<NaiveDate>,
    /// Overdue on this day, or not.
    pub overdue: Option<(NaiveDate, bool)>,
}

impl Commitment {
    /// What the policy decides by: it is owned by who promises, and of those to whom it is promised the caller's own is the other side.
    pub fn scope(&self, actor: &Actor) -> Scope {
        let own = self.to_whom.iter().find(|id| actor.members().iter().any(|member| member.organisation == **id));
        Scope { owner: Some(self.committed_by), counterpart: own.copied(), ..Scope::default() }
    }

    /// Whether it is owed and its day is over.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.status.is_owed() && self.due_on < today
    }

    /// Promised by who was asked to.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` unless it is a proposal.
    pub fn accept(&self, now: Instant) -> Result<Self> {
        match self.status {
            CommitmentStatus::Proposed => Ok(Self { status: CommitmentStatus::Accepted, ..self.next(now) }),
            _ => Err(not_now("Only a proposal is accepted.")),
        }
    }

    /// Told of by who promised. A claim that it was kept, wholly or in part, holds once something shows it; until then it waits for one
    /// to whom it was promised. That it was not kept holds at once.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` unless something is owed.
    pub fn report(&self, claim: Option<CommitmentOutcome>, is_shown: bool, now: Instant) -> Result<Self> {
        if !self.status.is_owed() {
            return Err(not_now("Reports are made while a commitment is owed: once accepted, and until it has come to its end."));
        }
        let holds = |claim: &CommitmentOutcome| is_shown || *claim == CommitmentOutcome::Missed;
        let status = claim.filter(holds).map_or(CommitmentStatus::InProgress, CommitmentOutcome::status);
        Ok(Self { status, claim: claim.or(self.claim), ..self.next(now) })
    }

    /// Said by one to whom it was promised what became of it.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` for a proposal, once it has come to another end, and for "not kept" before its day is over.
    pub fn confirm(&self, by: OrganisationId, outcome: CommitmentOutcome, now: Instant) -> Result<Self> {
        if outcome == CommitmentOutcome::Missed && self.due_on >= now.date_naive() {
            return Err(not_now("Before its day is over nobody can say that it was not kept."));
        }
        let is_open = self.status.is_owed();
        if !is_open && (self.status != outcome.status() || self.confirmed_by.is_some()) {
            return Err(not_now("This is confirmed while it is owed, or once as it was shown to have ended."));
        }
        Ok(Self { status: outcome.status(), confirmed_by: Some(by), ..self.next(now) })
    }

    /// Taken back.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` once it has come to its end.
    pub fn withdraw(&self, now: Instant) -> Result<Self> {
        self.end(CommitmentStatus::Withdrawn, now)
    }

    /// Replaced by another one of the same organisation.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` once it has come to its end; `CONTRADICTION` for itself or another's.
    pub fn supersede(&self, by: &Self, now: Instant) -> Result<Self> {
        if by.id == self.id || by.committed_by != self.committed_by {
            let message = "In its place stands another commitment of the same organisation.";
            return Err(Error::invalid(Reason::Contradiction, "successorId", message));
        }
        Ok(Self { superseded_by: Some(by.id), ..self.end(CommitmentStatus::Superseded, now)? })
    }

    fn end(&self, status: CommitmentStatus, now: Instant) -> Result<Self> {
        if self.status.is_open() { Ok(Self { status, ..self.next(now) }) } else { Err(not_now("This commitment has come to its end.")) }
    }

    fn next(&self, now: Instant) -> Self {
        Self { updated_at: now, version: self.version + 1, ..self.clone() }
    }
}
