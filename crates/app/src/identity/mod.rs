//! Signing in and who may: passwords, sessions, tokens and their keys, invitations and memberships.

pub mod access_token;
pub mod api_client;
pub(crate) mod giving;
pub mod invitation;
pub mod key;
pub mod key_ring;
pub mod membership;
pub mod opaque;
pub mod organisation_lock;
pub mod password;
pub mod password_reset;
pub mod sealing;
pub mod session;
pub mod throttle;
pub mod user;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{Result, identity::token};

use crate::mail::{Mailer, Route, outbox};
use access_token::Issuer;
use key_ring::KeyRing;
use password::{Cost, Passwords};
use sealing::Sealing;
use throttle::{Rates, Throttle};

/// What identity works with, from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The secret from which keys at rest are derived, at least 32 bytes.
    pub secret: SecretString,
    /// The address under which people reach the server: issuer and audience of access tokens.
    pub public_url: String,
    /// How long an access token lives.
    pub access_lifetime: TimeDelta,
    /// The links of mails.
    pub links: Links,
    /// What a password hash costs.
    pub cost: Cost,
    /// How often somebody may try.
    pub rates: Rates,
    /// How mail leaves.
    pub mail: Route,
    /// In whose name.
    pub mail_from: String,
    /// Whether accounts that a generator made may sign in: in the demo only.
    pub demo: bool,
}

/// Where mails lead: pages of a front end, with `{token}` in the place of the secret.
#[derive(Clone, Debug)]
pub struct Links {
    /// The page on which an invitation is accepted.
    pub accept: String,
    /// The page on which a new password is set.
    pub reset: String,
}

impl Links {
    fn fill(template: &str, token: &SecretString) -> SecretString {
        SecretString::from(template.replace("{token}", token.expose_secret()))
    }

    pub(crate) fn accept(&self, token: &SecretString) -> SecretString {
        Self::fill(&self.accept, token)
    }

    pub(crate) fn reset(&self, token: &SecretString) -> SecretString {
        Self::fill(&self.reset, token)
    }
}

/// What identity keeps in the process.
#[derive(Debug)]
pub struct Identity {
    /// The pool that hashes passwords.
    pub passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) issuer: Issuer,
    pub(crate) links: Links,
    pub(crate) keys: KeyRing,
    pub(crate) mailer: Mailer,
    pub(crate) mail_sealing: Sealing,
    pub(crate) demo: bool,
}

impl Identity {
    /// Ready for use; fails where the configuration cannot be used.
    pub(crate) fn new(settings: Settings) -> Result<Self> {
        let keys = Sealing::derive(&settings.secret, key::PURPOSE)?;
        Ok(Self {
            passwords: Passwords::new(settings.cost)?,
            throttle: Throttle::new(&settings.rates),
            issuer: Issuer {
                audience: format!("{}/graphql", settings.public_url),
                issuer: settings.public_url,
                lifetime: settings.access_lifetime.min(token::ACCESS_LIFETIME),
            },
            links: settings.links,
            keys: KeyRing::new(keys),
            mailer: Mailer::new(settings.mail, &settings.mail_from)?,
            demo: settings.demo,
            mail_sealing: Sealing::derive(&settings.secret, outbox::PURPOSE)?,
        })
    }
}
