//! Use cases of the area `dialogue`.

pub mod agenda;
mod calendar;
mod calendar_letter;
#[cfg(test)]
mod calendar_tests;
mod calendar_words;
pub mod commitment;
pub mod commitment_reminder;
#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
pub mod dialogue;
pub mod evidence;
pub mod feed;
pub mod feed_token;
pub mod horizon;
pub mod measure;
pub mod meeting;
pub mod minutes;
pub mod recurrence;
pub mod rederive;
pub mod reference;
mod series;
mod vtimezone;
