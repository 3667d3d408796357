//! How many of the contacts that a platform got were answered in time: a question that the log answers with counts alone.

use crate::{
    engagement::vocabulary::{Kind, Urgency},
    error::closed,
    id::OrganisationId,
    text::CountryCode,
    time::Instant,
};

closed! {
    /// What counts as an answer.
    Answer {
        /// That somebody confirmed receipt, asked or decided.
        Acknowledge = "ACKNOWLEDGE",
        /// That something was decided.
        Decide = "DECIDE",
    }
}

/// Which contacts are asked for, and what is in time. Only contacts count that the bodies sent and shared with the platform, that were not
/// withdrawn, and whose time to be answered is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The platform that got them.
    pub platform: OrganisationId,
    /// Of these kinds.
    pub kinds: Vec<Kind>,
    /// Of this urgency; of any if empty.
    pub urgencies: Vec<Urgency>,
    /// From bodies of this country.
    pub country: Option<CountryCode>,
    /// Sent at or after.
    pub from: Instant,
    /// Sent before.
    pub to: Instant,
    /// What counts as an answer.
    pub answer: Answer,
    /// Within how many minutes.
    pub minutes: i64,
    /// Generated ones or real ones: never both.
    pub generated: bool,
}

/// What the log answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// How many contacts there are.
    pub contacts: i64,
    /// Of how many electoral bodies.
    pub bodies: i64,
    /// How many of them were answered in time.
    pub in_time: i64,
    /// How many of them are of bodies for which the reader acts.
    pub own: i64,
}
