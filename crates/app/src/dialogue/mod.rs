//! Use cases of the area `dialogue`.

pub mod agenda;
mod attendee;
mod calendar;
mod calendar_letter;
#[cfg(test)]
mod calendar_tests;
mod calendar_words;
pub mod commitment;
pub mod commitment_reminder;
#[expect(clippy::module_inception, reason = "the area and its first entity have one name")]
pub mod dialogue;
pub mod election_window;
pub mod evidence;
pub mod feed;
pub mod feed_token;
mod guest_letter;
pub mod holidays;
pub mod horizon;
pub mod import;
pub mod interpretation;
pub mod measure;
pub mod meeting;
pub mod minutes;
pub mod minutes_comment;
pub mod participation;
pub mod passing;
pub mod readiness;
pub mod recurrence;
pub mod rederive;
pub mod reference;
pub mod reminder;
mod series;
pub mod slot_poll;
pub mod slots;
mod vtimezone;

use std::path::PathBuf;

use chrono::TimeDelta;
use tertulia_domain::{Result, dialogue::election_window::Window};

/// What dialogues work with, from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many days around a polling day are kept free of meetings.
    pub window: Window,
    /// The folder of public holidays, if the operator has one.
    pub holidays: Option<PathBuf>,
    /// How long an offered seat is kept.
    pub offer: TimeDelta,
}

/// What dialogues keep in the process.
#[derive(Debug)]
pub(crate) struct Dialogues {
    pub(crate) window: Window,
    pub(crate) holidays: holidays::Holidays,
    pub(crate) offer: TimeDelta,
}

impl Dialogues {
    /// Ready for use; fails where the holidays cannot be read.
    pub(crate) fn new(settings: &Settings) -> Result<Self> {
        let holidays = settings.holidays.as_deref().map(holidays::Holidays::read).transpose()?.unwrap_or_default();
        Ok(Self { window: settings.window, holidays, offer: settings.offer })
    }
}
