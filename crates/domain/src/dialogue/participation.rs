//! A participation: one person's part in one meeting, from the invitation or the registration to whether he came. An invitation
//! may name an organisation only; who answers it for the organisation is then the person.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Code, Error, Reason, Result, closed},
    id::{DialogueId, MeetingId, OrganisationId, ParticipationId, UserId},
    policy::{OrganisationKind, Role},
    text::LanguageTag,
    time::Instant,
};

/// Most languages in which one person needs interpretation.
pub const MOST_NEEDS: usize = 10;
/// Most invitations of one call, and most attendances.
pub const MOST_AT_ONCE: usize = 100;
/// Longest free text about access needs, in characters.
pub const ACCESS_NEEDS: usize = 2_000;

closed! {
    /// As what somebody takes part.
    CapacityRole {
        /// Chairs the meeting.
        Chair = "CHAIR",
        /// Speaks.
        Speaker = "SPEAKER",
        /// Is there for an electoral body.
        EbDelegate = "EB_DELEGATE",
        /// Is there for a platform.
        PlatformDelegate = "PLATFORM_DELEGATE",
        /// Is there as an expert.
        Expert = "EXPERT",
        /// Listens.
        Observer = "OBSERVER",
        /// Interprets.
        Interpreter = "INTERPRETER",
        /// Runs the meeting.
        Staff = "STAFF",
    }
}

closed! {
    /// Where somebody takes part.
    ParticipationMode {
        /// In the room.
        InPerson = "IN_PERSON",
        /// By the link.
        Online = "ONLINE",
    }
}

closed! {
    /// To whom a person consents to be shown on the list of participants.
    Listed {
        /// To the organisers only.
        Nobody = "NOBODY",
        /// To those who take part.
        Participants = "PARTICIPANTS",
        /// To everybody who reads the meeting.
        Public = "PUBLIC",
    }
}

closed! {
    /// How far a participation has come.
    ParticipationStatus {
        /// Asked to come.
        Invited = "INVITED",
        /// Comes, and has a seat.
        Accepted = "ACCEPTED",
        /// May come; has no seat yet.
        Tentative = "TENTATIVE",
        /// Does not come.
        Declined = "DECLINED",
        /// Sends somebody else of the same organisation.
        Delegated = "DELEGATED",
        /// Asked to be admitted.
        Requested = "REQUESTED",
        /// Was admitted, and has a seat.
        Approved = "APPROVED",
        /// Was not admitted.
        Rejected = "REJECTED",
        /// Waits for a seat.
        Waitlisted = "WAITLISTED",
        /// Is offered a seat, which is kept until a moment.
        Offered = "OFFERED",
        /// Let the offered seat go.
        Lapsed = "LAPSED",
        /// Was taken back.
        Withdrawn = "WITHDRAWN",
        /// Came.
        Attended = "ATTENDED",
        /// Did not come.
        Absent = "ABSENT",
    }
}

closed! {
    /// What can happen to a participation.
    Step {
        /// The invitation is accepted, or the offered seat taken.
        Accept = "ACCEPT",
        /// There is no seat: it waits for one.
        Queue = "QUEUE",
        /// The answer is perhaps.
        Hold = "HOLD",
        /// The answer is no.
        Decline = "DECLINE",
        /// Somebody else of the organisation comes.
        Delegate = "DELEGATE",
        /// The organisers admit.
        Approve = "APPROVE",
        /// The organisers do not admit.
        Reject = "REJECT",
        /// A seat is offered to one who waits.
        Offer = "OFFER",
        /// The offered seat goes.
        Lapse = "LAPSE",
        /// It is taken back, by the person or the organisers.
        Withdraw = "WITHDRAW",
        /// The person came.
        Attend = "ATTEND",
        /// The person did not come.
        Miss = "MISS",
    }
}

closed! {
    /// An answer to an invitation.
    Response {
        /// Comes.
        Accepted = "ACCEPTED",
        /// May come.
        Tentative = "TENTATIVE",
        /// Does not come.
        Declined = "DECLINED",
        /// Sends somebody else of the same organisation.
        Delegated = "DELEGATED",
    }
}

impl Response {
    /// The step by which it is given.
    pub const fn step(self) -> Step {
        match self {
            Self::Accepted => Step::Accept,
            Self::Tentative => Step::Hold,
            Self::Declined => Step::Decline,
            Self::Delegated => Step::Delegate,
        }
    }
}

impl CapacityRole {
    /// As what a member of an organisation takes part, unless the organisers say otherwise.
    pub const fn of(role: Role) -> Self {
        match role {
            Role::ElectoralBodyOfficer | Role::ElectoralBodyAdministrator => Self::EbDelegate,
            Role::PlatformRepresentative | Role::PlatformAdministrator => Self::PlatformDelegate,
            Role::Expert => Self::Expert,
            Role::Coordinator => Self::Staff,
            Role::Auditor => Self::Observer,
        }
    }

    /// As what somebody of an organisation takes part who is not named yet.
    pub const fn of_kind(kind: OrganisationKind) -> Self {
        match kind {
            OrganisationKind::ElectoralBody => Self::EbDelegate,
            OrganisationKind::PlatformCompany => Self::PlatformDelegate,
            _ => Self::Observer,
        }
    }
}

impl ParticipationStatus {
    /// What `step` makes of it; `None` where the step is not possible.
    pub const fn after(self, step: Step) -> Option<Self> {
        use ParticipationStatus as S;
        match (step, self) {
            (Step::Accept, S::Invited | S::Accepted | S::Tentative | S::Declined | S::Offered) => Some(S::Accepted),
            (Step::Queue, S::Invited | S::Tentative | S::Declined | S::Requested) => Some(S::Waitlisted),
            (Step::Hold, S::Invited | S::Accepted | S::Tentative | S::Declined) => Some(S::Tentative),
            (Step::Decline, S::Invited | S::Accepted | S::Tentative | S::Declined | S::Waitlisted | S::Offered) => Some(S::Declined),
            (Step::Delegate, S::Invited | S::Accepted | S::Tentative) => Some(S::Delegated),
            (Step::Approve, S::Requested) => Some(S::Approved),
            (Step::Reject, S::Requested) => Some(S::Rejected),
            (Step::Offer, S::Waitlisted) => Some(S::Offered),
            (Step::Lapse, S::Offered) => Some(S::Lapsed),
            (
                Step::Withdraw,
                S::Invited | S::Accepted | S::Tentative | S::Declined | S::Requested | S::Approved | S::Waitlisted | S::Offered,
            ) => Some(S::Withdrawn),
            (
                Step::Attend,
                S::Invited | S::Accepted | S::Tentative | S::Declined | S::Approved | S::Waitlisted | S::Offered | S::Attended | S::Absent,
            ) => Some(S::Attended),
            (Step::Miss, S::Invited | S::Accepted | S::Tentative | S::Approved | S::Attended | S::Absent) => Some(S::Absent),
            _ => None,
        }
    }

    /// Whether a seat is taken by it.
    pub const fn holds_seat(self) -> bool {
        matches!(self, Self::Accepted | Self::Approved | Self::Offered | Self::Attended | Self::Absent)
    }

    /// Whether the person comes or came: what others on the list may see.
    pub const fn comes(self) -> bool {
        matches!(self, Self::Accepted | Self::Approved | Self::Attended)
    }

    /// Whether whoever has it takes part in the meeting, and so sees what is for participants.
    pub const fn takes_part(self) -> bool {
        matches!(self, Self::Invited | Self::Accepted | Self::Tentative | Self::Approved | Self::Offered | Self::Attended | Self::Absent)
    }

    /// Whether the meeting stands in the calendar of who has it: he takes part, and has not only been offered a seat.
    pub const fn is_awaited(self) -> bool {
        self.takes_part() && !matches!(self, Self::Offered)
    }

    /// Whether one may register, or be invited, anew after it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Withdrawn | Self::Lapsed | Self::Declined | Self::Delegated)
    }

    /// The statuses of which `holds` is true.
    pub fn those(holds: impl Fn(Self) -> bool) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |status| holds(*status))
    }
}

/// Who acted for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActedBy {
    /// The person.
    pub user: UserId,
    /// The organisation for which the person acted.
    pub organisation: OrganisationId,
}

/// One person's, or still an organisation's, part in one meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participation {
    /// Its id.
    pub id: ParticipationId,
    /// The meeting.
    pub meeting: MeetingId,
    /// The meeting's dialogue.
    pub dialogue: DialogueId,
    /// The organisation for which the person comes.
    pub organisation: OrganisationId,
    /// The person; none while an invitation names the organisation only.
    pub person: Option<UserId>,
    /// As what.
    pub role: CapacityRole,
    /// How far it has come.
    pub status: ParticipationStatus,
    /// Where.
    pub mode: ParticipationMode,
    /// The languages into which the person needs interpretation.
    pub interpretation_needs: Vec<LanguageTag>,
    /// What the person needs to take part; for the organisers and the person only.
    pub access_needs: Option<String>,
    /// To whom the person consents to be shown.
    pub listed: Listed,
    /// The number drawn when it began to wait, by which those who wait are ordered.
    pub ticket: Option<i64>,
    /// Until when an offered seat is kept.
    pub offered_until: Option<Instant>,
    /// Who acted for the person last, if it was not the person.
    pub acted_by: Option<ActedBy>,
    /// From when the person was there.
    pub attended_from: Option<Instant>,
    /// Until when.
    pub attended_to: Option<Instant>,
    /// Whether a generator made it.
    pub generated: bool,
    /// When it came to be.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// How often it was changed, from 1.
    pub version: i64,
}

impl Participation {
    /// The participation after a step.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` where its status does not allow the step.
    pub fn step(&self, step: Step, now: Instant) -> Result<Self> {
        let status = self.status.after(step).ok_or_else(|| {
            let message = format!("What is {} does not allow this.", self.status);
            Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", message)
        })?;
        // What somebody needs to take part is nobody's to know who does not.
        let access_needs = self.access_needs.clone().filter(|_| !status.is_over() && status != ParticipationStatus::Rejected);
        Ok(Self { status, access_needs, ..self.changed(now) })
    }

    /// The participation under a new version, with nothing of a queue or an offer unless its next status brings it.
    #[must_use]
    pub fn changed(&self, now: Instant) -> Self {
        Self { ticket: None, offered_until: None, updated_at: now, version: self.version + 1, ..self.clone() }
    }

    /// The participation begun anew, for one who came back after it was over.
    ///
    /// # Errors
    /// `CONFLICT` if it is not over, or was rejected.
    pub fn anew(&self, status: ParticipationStatus, now: Instant) -> Result<Self> {
        if self.status.is_over() {
            return Ok(Self { status, ..self.changed(now) });
        }
        let message = match self.status {
            ParticipationStatus::Rejected => "The organisers decided against this participation.",
            _ => "This person takes part, waits or was asked already.",
        };
        Err(Error::new(Code::Conflict, Reason::AlreadyDone, "", message))
    }

    /// Whether this is the offered seat of one who let the time pass.
    pub fn has_lapsed(&self, now: Instant) -> bool {
        self.status == ParticipationStatus::Offered && self.offered_until.is_some_and(|until| until <= now)
    }
}

/// Which participations a list shows; what is empty or `None` does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ParticipationFilter {
    /// With this status.
    pub statuses: Vec<ParticipationStatus>,
    /// As this.
    pub roles: Vec<CapacityRole>,
    /// In this way.
    pub mode: Option<ParticipationMode>,
    /// For this organisation.
    pub organisation: Option<OrganisationId>,
}
