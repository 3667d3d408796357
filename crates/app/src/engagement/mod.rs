//! Engagement: what users do with the contact log.

pub mod attachment;
pub mod channel_answers;
pub mod contact;
pub mod contact_import;
pub mod contact_template;
pub mod file;
pub mod generate;
pub mod incident;
pub mod mandate;
pub mod response_target;
pub mod statistic_release;
pub mod statistics;
pub mod target_notice;

mod named_election;
mod target_letter;
