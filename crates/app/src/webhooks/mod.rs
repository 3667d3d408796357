//! Events on their way to webhook endpoints. It belongs to no area: what an endpoint may be told of, the areas say.
//!
//! Each event becomes one message an endpoint, in the transaction that moves the place up to which all events were looked at: several
//! servers may look at once, one of them keeps what it found. A message is taken by one server at a time. It is sent once, except when a
//! server dies before it notes the answer; then again, a minute later and under the same `webhook-id`.

mod deliver;
mod log;
mod poster;
mod replay;
mod retry_after;
mod rights;
mod sender;
mod tally;

use std::{path::PathBuf, time::Duration};

use secrecy::{SecretSlice, SecretString};
use tertulia_domain::{Result, id::WebhookEndpointId, text::WebUrl};

pub use self::{
    log::{Filter, by_ids, count, list},
    replay::{Replay, replay},
    tally::attempts,
};
pub(crate) use self::{rights::has_rights, sender::run};
use poster::Poster;
use tally::Tally;

/// How webhooks are sent, from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long an endpoint may take to answer.
    pub timeout: Duration,
    /// Messages that one server sends at once.
    pub at_once: usize,
    /// Endpoints of one organisation at most, those included that are disabled.
    pub endpoints: u64,
    /// Whether endpoints may be on this machine, by plain http too: for development and tests.
    pub loopback: bool,
    /// A file of certificates, in PEM, of who else may certify endpoints beside those whom the system trusts.
    pub trusted: Option<PathBuf>,
}

/// What sends webhooks.
#[derive(Debug)]
pub struct Webhooks {
    poster: Poster,
    tally: Tally,
    pub(crate) settings: Settings,
}

impl Webhooks {
    /// Ready for use.
    pub(crate) fn new(secret: &SecretString, settings: Settings) -> Result<Self> {
        Ok(Self { poster: Poster::new(secret, &settings)?, tally: Tally::default(), settings })
    }

    /// Refuses an address whose name leads into a private network.
    pub(crate) async fn check(&self, url: &WebUrl) -> Result<()> {
        self.poster.check(url).await
    }

    /// A new secret as it is shown once, and sealed for the endpoint.
    pub(crate) fn secret(&self, endpoint: WebhookEndpointId) -> Result<(SecretString, Vec<u8>)> {
        self.poster.secret(&endpoint.to_string())
    }

    fn open(&self, endpoint: WebhookEndpointId, sealed: &[Vec<u8>]) -> Result<Vec<SecretSlice<u8>>> {
        self.poster.open(&endpoint.to_string(), sealed)
    }
}
