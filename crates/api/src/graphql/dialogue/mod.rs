//! GraphQL types and resolvers of the area `dialogue`.

#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
mod dialogue;
mod feed_token;
mod input;
mod load;
mod meeting;
mod mutation;
mod parts;
mod party;
mod recurrence;
mod words;

use async_graphql::{Context, MergedObject};
use tertulia_domain::{Result, text::LocalizedText};

use super::{Resolving, scalar::LanguageTag};
pub use dialogue::Dialogue;
pub use meeting::Meeting;

/// Queries of the area.
#[derive(MergedObject, Default)]
pub struct DialogueQueries(dialogue::DialogueQuery, meeting::MeetingQuery, recurrence::RecurrenceQuery, feed_token::FeedTokenQuery);

/// Mutations of the area.
#[derive(MergedObject, Default)]
pub struct DialogueMutations(mutation::DialogueMutation, feed_token::FeedTokenMutation);

/// A text in the language wanted by the argument, else in those of the request.
fn text_for(ctx: &Context<'_>, text: &LocalizedText, language: Option<LanguageTag>) -> Result<String> {
    let Some(language) = language else { return Ok(text.best(&ctx.caller().languages).to_owned()) };
    let wanted = tertulia_domain::text::LanguageTag::parse(&language).map_err(|error| error.under("language"))?;
    Ok(text.best(&[wanted]).to_owned())
}
