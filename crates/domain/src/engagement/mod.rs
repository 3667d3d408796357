//! Engagement: what electoral bodies and platforms send each other, and what came of it.
//!
//! A [`contact::Contact`] is one exchange. What is known of it is an append-only list of [`fact::Fact`]s told by either
//! side; [`lifecycle`] makes status and moments from all of them, [`clocks`] the waiting times, [`divergence`] where the
//! sides differ, and [`allowed_acts`] what the reader may do next. An [`incident::Incident`] holds the contacts of one matter together.
//! A [`response_target`] says within which time an answer is to come; each contact keeps the [`target`] that bound it when it was sent.

pub mod allowed_acts;
pub mod answered;
pub mod attachment;
pub mod binding;
pub mod business_time;
pub mod channel_answers;
pub mod clocks;
pub mod comment;
pub mod contact;
pub mod contact_import;
pub mod contact_template;
pub mod content_item;
pub mod decision;
pub mod divergence;
pub mod election_span;
pub mod fact;
pub mod file;
pub mod filter;
pub mod history;
pub mod incident;
pub mod incident_draft;
pub mod lifecycle;
pub mod line;
pub mod mandate;
pub mod new_contact;
pub mod reference;
pub mod release_cube;
pub mod response_target;
pub mod statistic_release;
pub mod statistics;
pub mod suppression;
pub mod target;
pub mod vocabulary;

#[cfg(test)]
mod binding_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod release_fixtures;
#[cfg(test)]
mod statistic_release_tests;
#[cfg(test)]
mod target_tests;
