//! How long an operator lets data be kept.

use chrono::TimeDelta;
use serde::Deserialize;
use tertulia_app::retention::Periods;

/// Days that data is kept; `config.default.toml` explains each field, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub unsent_days: u16,
    pub closed_days: u16,
    pub legal_days: u16,
    pub access_needs_days: u16,
}

impl Retention {
    pub(super) fn periods(&self) -> Periods {
        let days = |days: u16| (days > 0).then(|| TimeDelta::days(days.into()));
        Periods {
            unsent: days(self.unsent_days),
            closed: days(self.closed_days),
            legal: days(self.legal_days),
            access_needs: days(self.access_needs_days),
        }
    }
}
