//! Tables of the area `dialogue`.

pub mod agenda;
pub mod attendee;
pub mod calendar_letter;
pub mod commitment;
pub(crate) mod commitment_act;
mod commitment_query;
mod commitment_reminder;
#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
pub mod dialogue;
pub mod dialogue_import;
pub mod election_window;
pub mod feed_token;
pub mod guest;
pub mod meeting;
pub mod minutes;
pub mod minutes_comment;
pub mod participation;
mod participation_query;
mod party;
mod reach;
pub mod reminder;
pub mod slot_answer;
pub mod slot_poll;
pub mod slots;
