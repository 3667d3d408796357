//! How long an operator lets data be kept.

use chrono::TimeDelta;
use serde::Deserialize;
use tertulia_app::retention::Periods;

/// Days that data is kept; `config.default.toml` explains each field, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub unsent: u16,
    pub closed: u16,
    pub legal: u16,
    pub incidents: u16,
    pub templates: u16,
    pub import_reports: u16,
    pub access_needs: u16,
}

impl Retention {
    pub(super) fn periods(&self) -> Periods {
        let days = |days: u16| (days > 0).then(|| TimeDelta::days(days.into()));
        Periods {
            unsent: days(self.unsent),
            closed: days(self.closed),
            legal: days(self.legal),
            incidents: days(self.incidents),
            templates: days(self.templates),
            import_reports: days(self.import_reports),
            access_needs: days(self.access_needs),
        }
    }
}
