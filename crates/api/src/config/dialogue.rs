//! What an operator can set about dialogues.

use chrono::TimeDelta;
use serde::Deserialize;
use tertulia_app::dialogue::Settings;
use tertulia_domain::dialogue::election_window::{MOST_DAYS, Window};

use super::ConfigError;

/// What an operator can set about dialogues; `config.default.toml` explains each field, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    pub election_days_before: u16,
    pub election_days_after: u16,
    pub holidays: String,
    pub offer_hours: u32,
}

impl Dialogue {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.election_days_before.max(self.election_days_after) > MOST_DAYS {
            return Err(ConfigError::Unusable("dialogue.election_days_before and dialogue.election_days_after are at most 180."));
        }
        if !(1..=720).contains(&self.offer_hours) {
            return Err(ConfigError::Unusable("dialogue.offer_hours is none of 1 to 720."));
        }
        Ok(())
    }

    pub(super) fn settings(&self) -> Settings {
        Settings {
            window: Window { before: self.election_days_before, after: self.election_days_after },
            holidays: Some(self.holidays.clone()).filter(|folder| !folder.is_empty()).map(Into::into),
            offer: TimeDelta::hours(self.offer_hours.into()),
        }
    }
}
