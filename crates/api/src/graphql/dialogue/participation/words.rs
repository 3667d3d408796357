//! The closed lists of words of participations.

use async_graphql::Enum;
use tertulia_app::dialogue::participation as app;
use tertulia_domain::dialogue as domain;

/// As what somebody takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CapacityRole")]
pub enum CapacityRole {
    /// Chairs the meeting.
    Chair,
    /// Speaks.
    Speaker,
    /// Is there for an electoral body.
    EbDelegate,
    /// Is there for a platform.
    PlatformDelegate,
    /// Is there as an expert.
    Expert,
    /// Listens.
    Observer,
    /// Interprets.
    Interpreter,
    /// Runs the meeting.
    Staff,
}

/// Where somebody takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ParticipationMode")]
pub enum ParticipationMode {
    /// In the room.
    InPerson,
    /// By the link.
    Online,
}

/// To whom somebody is shown on the list of participants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Listed")]
pub enum Listed {
    /// To the organisers only.
    Nobody,
    /// To those who take part: the dialogue's parties, and whoever is invited or comes.
    Participants,
    /// To everybody who reads the meeting.
    Public,
}

/// How far a participation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ParticipationStatus")]
pub enum ParticipationStatus {
    /// Asked to come.
    Invited,
    /// Comes, and has a seat.
    Accepted,
    /// May come; has no seat yet.
    Tentative,
    /// Does not come.
    Declined,
    /// Sends somebody else of the same organisation.
    Delegated,
    /// Asked to be admitted.
    Requested,
    /// Was admitted, and has a seat.
    Approved,
    /// Was not admitted.
    Rejected,
    /// Waits for a seat.
    Waitlisted,
    /// Is offered a seat, kept until `offeredUntil`; accept it with `invitationRespond`.
    Offered,
    /// Let the offered seat go.
    Lapsed,
    /// Was taken back.
    Withdrawn,
    /// Came.
    Attended,
    /// Did not come.
    Absent,
}

/// An answer to an invitation, or to an offered seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Response")]
pub enum InvitationResponse {
    /// Comes; waits for a seat if there is none.
    Accepted,
    /// May come. No seat is kept.
    Tentative,
    /// Does not come.
    Declined,
    /// Sends somebody else of the same organisation.
    Delegated,
}

/// Who can register for a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::RegistrationMode")]
pub enum RegistrationMode {
    /// Only who is invited.
    Invitation,
    /// Everybody who reads the meeting and acts for an organisation.
    Open,
    /// The same, and the organisers decide on each.
    Approval,
}

/// What became of one invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "app::InviteCode")]
pub enum MeetingInviteCode {
    /// Invited.
    Invited,
    /// Invited before, or taking part already; nothing changed.
    AlreadyInvited,
    /// There is no such organisation.
    UnknownOrganisation,
    /// Nobody of that id acts for the organisation.
    UnknownPerson,
    /// Its people may not read the meeting: the dialogue is for its parties. Add it with `dialogueMembersSet` first.
    NotAParty,
}

/// The organisers' decision on a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RegistrationDecision {
    /// The person is admitted: to a seat, or to the queue for one.
    Approved,
    /// The person is not admitted.
    Rejected,
}
