//! What an operator can set about statistic releases.

use serde::Deserialize;
use tertulia_domain::engagement::suppression::{DOMINANCE, LEAST_BODIES, LEAST_CONTACTS, Thresholds};

use super::ConfigError;

/// What an operator can set about statistic releases; `config.default.toml` explains each field, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    pub least_contacts: i64,
    pub least_bodies: i64,
}

impl Statistics {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let refused = "statistics.least_contacts is none of 10 to 1000, or statistics.least_bodies none of 3 to 1000.";
        Thresholds::configured(self.least_contacts, self.least_bodies).map(|_| ()).map_err(|_| ConfigError::Unusable(refused))
    }

    /// From when on a number is told; never less than the least, whatever is set.
    pub(super) fn thresholds(&self) -> Thresholds {
        Thresholds { contacts: self.least_contacts.max(LEAST_CONTACTS), bodies: self.least_bodies.max(LEAST_BODIES), dominance: DOMINANCE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_ten_contacts_of_three_bodies_is_refused() {
        for (least_contacts, least_bodies, fine) in [(10, 3, true), (9, 3, false), (10, 2, false), (1_000, 1_000, true), (1_001, 3, false)]
        {
            assert_eq!(Statistics { least_contacts, least_bodies }.validate().is_ok(), fine, "{least_contacts} {least_bodies}");
        }
    }
}
