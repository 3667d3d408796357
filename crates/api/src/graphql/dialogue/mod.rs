//! GraphQL types and resolvers of the area `dialogue`.

mod agenda;
mod change;
mod commitment;
mod commitment_input;
mod commitment_load;
mod commitment_mutation;
mod commitment_query;
#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
mod dialogue;
mod election_window;
mod feed_token;
mod import;
mod input;
mod load;
mod meeting;
mod meeting_query;
mod minutes;
mod minutes_comment;
mod minutes_mutation;
mod mutation;
mod participation;
mod parts;
mod readiness;
mod recurrence;
mod slot_poll;
mod slot_poll_mutation;
mod slots;
mod subscription;
mod words;

use async_graphql::MergedObject;

pub use commitment::Commitment;
pub use dialogue::Dialogue;
pub use meeting::Meeting;
pub use minutes::Minutes;
pub use participation::{Participation, RegistrationSubscription};
pub use slot_poll::SlotPoll;
pub use subscription::MeetingSubscription;

/// Queries of the area.
#[derive(MergedObject, Default)]
pub struct DialogueQueries(
    dialogue::DialogueQuery,
    meeting_query::MeetingQuery,
    recurrence::RecurrenceQuery,
    slots::SlotQuery,
    slot_poll::SlotPollQuery,
    feed_token::FeedTokenQuery,
    commitment_query::CommitmentQuery,
);

/// Mutations of the area.
#[derive(MergedObject, Default)]
pub struct DialogueMutations(
    mutation::DialogueMutation,
    import::ImportMutation,
    change::ChangeMutation,
    slot_poll_mutation::SlotPollMutation,
    feed_token::FeedTokenMutation,
    agenda::AgendaMutation,
    minutes_mutation::MinutesMutation,
    commitment_mutation::CommitmentMutation,
    participation::ParticipationMutation,
);
