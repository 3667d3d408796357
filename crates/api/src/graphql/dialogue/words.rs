//! The closed lists of words of dialogues and meetings.

use async_graphql::Enum;
use tertulia_domain::dialogue as domain;

/// What a dialogue is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DialogueKind")]
pub enum DialogueKind {
    /// Electoral bodies and platforms of the whole world.
    Global,
    /// Those of one region.
    Regional,
    /// Two organisations.
    Bilateral,
    /// One subject.
    Thematic,
    /// Experts.
    Expert,
}

/// Whether a dialogue goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DialogueStatus")]
pub enum DialogueStatus {
    /// Meetings are laid out.
    Active,
    /// No further meetings are laid out for now.
    Paused,
    /// No further meetings are laid out.
    Ended,
}

/// Where a meeting takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MeetingFormat")]
pub enum MeetingFormat {
    /// By a link.
    Online,
    /// At a venue.
    InPerson,
    /// Both.
    Hybrid,
}

/// Who reads a dialogue and its meetings. Join links are for its parties whatever stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DialogueVisibility")]
pub enum DialogueVisibility {
    /// Anyone. TLP: clear.
    Public,
    /// Everyone signed in for a member organisation of the coalition. TLP: green.
    Coalition,
    /// Its conveners and members, and the coordinator. TLP: amber.
    Parties,
}

/// How far a meeting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MeetingStatus")]
pub enum MeetingStatus {
    /// Its date is a proposal.
    Proposed,
    /// Its date is being voted on.
    Polling,
    /// Its date stands.
    Scheduled,
    /// It is under way.
    InProgress,
    /// It took place.
    Held,
    /// It took place and its papers are closed.
    Archived,
    /// It will take place at a date not yet known.
    Postponed,
    /// It does not take place.
    Cancelled,
}

/// How a meeting is interpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::InterpretationKind")]
pub enum InterpretationKind {
    /// While people speak.
    Simultaneous,
    /// After people spoke.
    Consecutive,
    /// Into a sign language.
    Sign,
    /// As captions.
    Caption,
}

/// Which meetings a private calendar address shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::FeedScope")]
pub enum FeedScope {
    /// Those of every dialogue to which one of your organisations belongs.
    MyMeetings,
    /// Those of every dialogue to which one of your organisations belongs, the one that you name.
    Organisation,
    /// Those of one dialogue.
    Dialogue,
}

/// The form in which a private calendar address answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::FeedKind")]
pub enum FeedKind {
    /// iCalendar, as Outlook, Google, Apple and Thunderbird subscribe to it.
    Ics,
}

/// How meetings are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MeetingOrder {
    /// By the instant at which they begin, the earliest first.
    StartsAt,
    /// By the instant at which they begin, the latest first.
    StartsAtDesc,
}

/// How dialogues are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DialogueOrder {
    /// By their title in English, or in the first language that they have one in.
    Title,
}

/// Which meetings of a series a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ChangeScope")]
pub enum ChangeScope {
    /// This meeting only; the others stay.
    This,
    /// This meeting, and those whose `originalStart` follows its own. A meeting that was moved or cancelled by itself, or has one
    /// of its own where the change is about a place or link, keeps that.
    ThisAndFollowing,
    /// This meeting and all that lie ahead, with the same exceptions. Meetings that lie behind never change.
    All,
}

/// What is done at a point of an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AgendaItemKind")]
pub enum AgendaItemKind {
    /// Somebody presents something.
    Presentation,
    /// Everybody talks.
    Discussion,
    /// Something is decided.
    Decision,
    /// Somebody reports.
    Report,
    /// Anything else.
    Other,
}

/// Who reads a point of an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AgendaVisibility")]
pub enum AgendaVisibility {
    /// Whoever reads the meeting.
    Open,
    /// Those who take part: the dialogue's parties and whoever takes part in the meeting.
    Internal,
    /// Those who organise it: the coordinator and the dialogue's conveners.
    Hidden,
}

/// What may be told of who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Attribution")]
pub enum Attribution {
    /// Names may be told.
    Attributed,
    /// What was said may be told, and by nobody who said it (the Chatham House Rule).
    ChathamHouse,
    /// Neither leaves the room.
    Confidential,
}

/// How far minutes have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MinutesStatus")]
pub enum MinutesStatus {
    /// Being written: for the coordinator and the dialogue's conveners.
    Draft,
    /// Before those who take part.
    Circulated,
    /// Agreed.
    Adopted,
    /// Agreed, and changed since.
    Amended,
}

/// How far a commitment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CommitmentStatus")]
pub enum CommitmentStatus {
    /// Put to the one who is to promise it.
    Proposed,
    /// Promised.
    Accepted,
    /// Promised, and something was done.
    InProgress,
    /// Kept.
    Fulfilled,
    /// Kept in part.
    PartlyFulfilled,
    /// Not kept.
    Missed,
    /// Another one stands in its place.
    Superseded,
    /// Taken back.
    Withdrawn,
}

/// What became of a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CommitmentOutcome")]
pub enum CommitmentOutcome {
    /// It was kept.
    Fulfilled,
    /// It was kept in part.
    PartlyFulfilled,
    /// It was not kept.
    Missed,
}

/// What was done to a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CommitmentStep")]
pub enum CommitmentStep {
    /// It was put down.
    Created,
    /// It was promised.
    Accepted,
    /// The one who promised told how far it is.
    Reported,
    /// One to whom it was promised said what became of it.
    Confirmed,
    /// It was taken back.
    Withdrawn,
    /// Another one was put in its place.
    Superseded,
}

/// What shows that something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::EvidenceKind")]
pub enum EvidenceKind {
    /// A contact of the log.
    Contact,
    /// A channel of the directory.
    Channel,
    /// A publication.
    Publication,
    /// A page somewhere else.
    Url,
}

/// What counts as an answer to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::answered::Answer")]
pub enum MeasureAct {
    /// That somebody confirmed receipt, asked or decided.
    Acknowledge,
    /// That something was decided.
    Decide,
}

/// How commitments are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CommitmentOrder {
    /// By the day on which they are due, the earliest first.
    DueOn,
    /// By the day on which they are due, the latest first.
    DueOnDesc,
}
