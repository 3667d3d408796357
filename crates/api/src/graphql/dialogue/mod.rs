//! GraphQL types and resolvers of the area `dialogue`.

mod agenda;
#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
mod dialogue;
mod feed_token;
mod input;
mod load;
mod meeting;
mod minutes;
mod minutes_mutation;
mod mutation;
mod parts;
mod recurrence;
mod words;

use async_graphql::MergedObject;

pub use dialogue::Dialogue;
pub use meeting::Meeting;
pub use minutes::Minutes;

/// Queries of the area.
#[derive(MergedObject, Default)]
pub struct DialogueQueries(dialogue::DialogueQuery, meeting::MeetingQuery, recurrence::RecurrenceQuery, feed_token::FeedTokenQuery);

/// Mutations of the area.
#[derive(MergedObject, Default)]
pub struct DialogueMutations(
    mutation::DialogueMutation,
    feed_token::FeedTokenMutation,
    agenda::AgendaMutation,
    minutes_mutation::MinutesMutation,
);
