//! How an operator lets webhooks be sent.

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;
use tertulia_app::webhooks::Settings;

use super::ConfigError;

/// How webhooks are sent; `config.default.toml` explains each field, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub timeout_seconds: u32,
    pub at_once: u16,
    pub endpoints: u16,
    pub loopback: bool,
    pub trusted_certificates: String,
}

impl Webhooks {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !(1..=30).contains(&self.timeout_seconds) {
            return Err(ConfigError::Unusable("webhooks.timeout_seconds is none of 1 to 30."));
        }
        if !(1..=1_000).contains(&self.at_once) {
            return Err(ConfigError::Unusable("webhooks.at_once is none of 1 to 1000."));
        }
        if self.trusted().is_some_and(|file| !file.is_file()) {
            return Err(ConfigError::Unusable("webhooks.trusted_certificates names no file."));
        }
        Ok(())
    }

    fn trusted(&self) -> Option<PathBuf> {
        Some(PathBuf::from(&self.trusted_certificates)).filter(|_| !self.trusted_certificates.is_empty())
    }

    pub(super) fn settings(&self) -> Settings {
        Settings {
            timeout: Duration::from_secs(self.timeout_seconds.into()),
            at_once: self.at_once.into(),
            endpoints: self.endpoints.into(),
            loopback: self.loopback,
            trusted: self.trusted(),
        }
    }
}
