//! Tables of the area `dialogue`.

pub mod agenda;
pub mod calendar_letter;
pub mod commitment;
mod commitment_act;
mod commitment_query;
mod commitment_reminder;
#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
pub mod dialogue;
pub mod feed_token;
pub mod meeting;
pub mod minutes;
pub mod participation;
mod participation_query;
mod party;
mod reach;
