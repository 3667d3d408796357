//! Recurring dialogues, their meetings, and what comes of them.

pub mod agenda;
pub mod agenda_draft;
pub mod commitment;
pub mod commitment_draft;
#[cfg(test)]
mod commitment_tests;
#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
pub mod dialogue;
pub mod draft;
pub mod election_window;
pub mod feed_token;
pub mod interpretation;
pub mod length;
pub mod measure;
pub mod meeting;
pub mod minutes;
pub mod minutes_comment;
pub mod participation;
#[cfg(test)]
mod participation_tests;
mod plan;
pub mod readiness;
pub mod recurrence;
#[cfg(test)]
mod recurrence_tests;
pub mod reminder;
pub mod rule;
mod rule_part;
pub mod seats;
pub mod series;
#[cfg(test)]
mod series_tests;
pub mod slot_poll;
pub mod slots;
pub mod stretch_rule;
pub mod update;
pub mod wall_time;

pub use agenda::{AgendaDocument, AgendaItem, AgendaItemKind, AgendaVisibility, Attribution, Speaker};
pub use agenda_draft::{AgendaDraft, AgendaItemDraft, DocumentDraft, SpeakerDraft};
pub use commitment::{
    Commitment, CommitmentAct, CommitmentFilter, CommitmentOutcome, CommitmentStatus, CommitmentStep, Evidence, EvidenceKind,
};
pub use commitment_draft::{CommitmentDraft, EvidenceDraft};
pub use dialogue::{Dialogue, DialogueFilter, DialogueKind, DialogueStatus, DialogueVisibility, MeetingFormat, Part, Venue};
pub use draft::{DialogueDraft, VenueDraft};
pub use feed_token::{FeedKind, FeedScope, FeedToken};
pub use length::Length;
pub use measure::{Figure, Measure, MeasureDraft, Nearness, Period};
pub use meeting::{Interpretation, InterpretationKind, Meeting, MeetingFilter, MeetingStatus, Slot};
pub use minutes::{DecisionDraft, Minutes, MinutesContent, MinutesDecision, MinutesDraft, MinutesStatus};
pub use minutes_comment::{MinutesComment, MinutesCommentDraft};
pub use participation::{CapacityRole, Listed, Participation, ParticipationFilter, ParticipationMode, ParticipationStatus, Response, Step};
pub use recurrence::{Occurrence, Occurrences, RawRecurrence, Recurrence};
pub use seats::{Admission, Registration, RegistrationMode, Reserved, Seats};
pub use series::{ChangeScope, Stretch};
pub use stretch_rule::{Ruled, StretchRule};
pub use update::{DialoguePatch, Relocation};
