//! The configuration: defaults from the commented file in this crate, then a file, then the environment.

mod dialogue;
mod files;
mod retention;
mod statistics;
mod watching;
mod webhooks;

use std::{collections::HashMap, net::SocketAddr, num::NonZeroU32, path::Path, time::Duration};

use chrono::TimeDelta;
use config::{Config as Source, Environment, File, FileFormat};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tertulia_app::{
    Clock, DatabaseOptions, Settings,
    identity::{
        self, Links,
        password::Cost,
        throttle::{Rate, Rates},
    },
    mail::Route,
};

pub use self::watching::{Metrics, Traces};
use crate::rest::demo::Link;

/// The default configuration, which is its manual.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Everything that an operator can set. The fields are explained in the default file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Config {
    #[serde(skip)]
    pub demo: bool,
    #[serde(skip)]
    pub demo_links: Vec<Link>,
    pub secret: SecretString,
    pub server: Server,
    pub database: Database,
    pub mail: Mail,
    pub log: Log,
    pub graphql: Graphql,
    pub metrics: Metrics,
    pub traces: Traces,
    pub limits: Limits,
    pub documents: crate::graphql::documents::Settings,
    pub dialogue: dialogue::Dialogue,
    pub statistics: statistics::Statistics,
    pub files: files::Files,
    pub retention: retention::Retention,
    pub identity: Identity,
    pub webhooks: webhooks::Webhooks,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: String,
    pub workers: usize,
    pub request_timeout_seconds: u64,
    pub shutdown_seconds: u64,
    pub body_bytes: usize,
    pub behind_proxy: bool,
    pub allowed_origins: Vec<String>,
    pub expose_statement_count: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Database {
    pub url: SecretString,
    pub read_url: SecretString,
    pub connections: u32,
    pub acquire_timeout_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Mail {
    pub kind: MailKind,
    pub smtp_url: SecretString,
    pub directory: String,
    pub from: String,
}

/// Where mail goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum MailKind {
    /// Nowhere.
    None,
    /// Into a folder.
    File,
    /// To a server.
    Smtp,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Graphql {
    pub introspection: bool,
    pub suggestions: bool,
    pub graphiql: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Limits {
    pub document: crate::graphql::precheck::Limits,
    pub sockets: usize,
    pub sockets_per_user: usize,
    pub operations_per_socket: usize,
    pub slow_reader_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Identity {
    pub access_token_seconds: u32,
    pub password_threads: u32,
    pub password_queue: u32,
    pub address_burst: u32,
    pub address_seconds: u32,
    pub account_burst: u32,
    pub account_seconds: u32,
    pub strangers_burst: u32,
    pub strangers_seconds: u32,
    pub mail_burst: u32,
    pub mail_seconds: u32,
    pub password_memory_kib: u32,
    pub password_passes: u32,
    pub accept_link: String,
    pub reset_link: String,
}

/// Why the configuration cannot be used, in sentences.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read, a name is unknown, or a value has not the form it must have.
    #[error("The configuration cannot be read: {0}.\n`tertulia config` prints every setting with its default.")]
    Unreadable(#[from] config::ConfigError),
    /// A value that has no default is missing or too weak.
    #[error("{0}")]
    Unusable(&'static str),
}

impl Server {
    /// How many threads serve requests.
    pub fn threads(&self) -> usize {
        if self.workers > 0 { self.workers } else { std::thread::available_parallelism().map_or(1, usize::from) }
    }
}

impl Config {
    /// Reads the defaults, `file` if given, and the environment.
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::read(file, std::env::vars().collect())
    }

    /// As [`Config::load`], with `environment` in place of the process's.
    pub fn read(file: Option<&Path>, mut environment: HashMap<String, String>) -> Result<Self, ConfigError> {
        let mut source = Source::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(file) = file {
            source = source.add_source(File::from(file).format(FileFormat::Toml).required(true));
        }
        for (common, own) in [("DATABASE_URL", "TERTULIA_DATABASE__URL"), ("DATABASE_READ_URL", "TERTULIA_DATABASE__READ_URL")] {
            if let Some(url) = environment.get(common).cloned() {
                environment.entry(own.to_owned()).or_insert(url);
            }
        }
        source = files::as_written(&environment).try_fold(source, |source, (name, value)| source.set_override(name, value))?;
        let environment = Environment::with_prefix("TERTULIA").prefix_separator("_").separator("__").source(Some(environment));
        source = source.add_source(environment.try_parsing(true).list_separator(",").with_list_parse_key("server.allowed_origins"));
        Ok(source.build()?.try_deserialize()?)
    }

    /// The defaults alone, for the demo and the tests, which set what they need.
    pub fn defaults() -> Result<Self, ConfigError> {
        Ok(Source::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml)).build()?.try_deserialize()?)
    }

    /// Refuses what a server on a network must not run with.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.secret.expose_secret().chars().count() < 32 {
            return Err(ConfigError::Unusable(
                "There is no secret, or it is shorter than 32 characters. Make one with `openssl rand -base64 48` and set it as TERTULIA_SECRET.",
            ));
        }
        if self.database.url.expose_secret().is_empty() {
            return Err(ConfigError::Unusable(
                "There is no database. Set DATABASE_URL to sqlite:PATH or postgres://user:password@host/database.",
            ));
        }
        if !(1..=900).contains(&self.identity.access_token_seconds) {
            return Err(ConfigError::Unusable("identity.access_token_seconds is none of 1 to 900."));
        }
        if !self.server.allowed_origins.iter().all(|origin| is_origin(origin)) {
            return Err(ConfigError::Unusable(
                "server.allowed_origins lists something that is no origin. An origin is https://HOST or https://HOST:PORT, without a path.",
            ));
        }
        let replicated = !self.database.read_url.expose_secret().is_empty();
        if replicated && !self.database.url.expose_secret().starts_with("postgres") {
            return Err(ConfigError::Unusable("There is a replica to read from, but the database is not PostgreSQL."));
        }
        if !(0.0..=1.0).contains(&self.traces.sample_ratio) {
            return Err(ConfigError::Unusable("traces.sample_ratio is a share from 0 to 1."));
        }
        if self.mail.kind == MailKind::File && self.mail.directory.is_empty() {
            return Err(ConfigError::Unusable("Mail goes into a folder, but mail.directory is empty."));
        }
        if self.mail.kind == MailKind::Smtp && self.mail.smtp_url.expose_secret().is_empty() {
            return Err(ConfigError::Unusable("Mail goes by SMTP, but mail.smtp_url is empty."));
        }
        self.files.validate()?;
        self.statistics.validate()?;
        self.webhooks.validate()?;
        self.dialogue.validate()
    }

    /// What the application is made of.
    pub fn settings(&self, clock: Clock) -> Settings {
        let database = DatabaseOptions {
            url: self.database.url.expose_secret().to_owned(),
            read_url: Some(self.database.read_url.expose_secret().to_owned()).filter(|url| !url.is_empty()),
            connections: self.database.connections,
            threads: u32::try_from(self.server.threads()).unwrap_or(u32::MAX),
            acquire_timeout: Duration::from_secs(self.database.acquire_timeout_seconds),
        };
        Settings {
            files: self.files.settings(&database.url),
            database,
            clock,
            identity: self.identity(),
            dialogue: self.dialogue.settings(),
            retention: self.retention.periods(),
            thresholds: self.statistics.thresholds(),
            webhooks: self.webhooks.settings(),
        }
    }

    fn identity(&self) -> identity::Settings {
        let (own, public_url) = (&self.identity, self.public_url());
        let rate = |burst: u32, seconds: u32| {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            Rate { burst, refill: Duration::from_secs(seconds.into()) }
        };
        let link = |set: &str, path: &str| if set.is_empty() { format!("{public_url}{path}?token={{token}}") } else { set.to_owned() };
        identity::Settings {
            secret: self.secret.clone(),
            access_lifetime: TimeDelta::seconds(own.access_token_seconds.into()),
            links: Links {
                accept: link(&own.accept_link, "/v1/invitations/accept"),
                reset: link(&own.reset_link, "/v1/password-reset/confirm"),
            },
            cost: Cost {
                memory_kib: own.password_memory_kib,
                passes: own.password_passes,
                threads: own.password_threads,
                waiting: own.password_queue,
            },
            rates: Rates {
                address: rate(own.address_burst, own.address_seconds),
                pair: rate(own.account_burst, own.account_seconds),
                account: rate(own.strangers_burst, own.strangers_seconds),
                mail: rate(own.mail_burst, own.mail_seconds),
            },
            mail: match self.mail.kind {
                MailKind::None => Route::Nowhere,
                MailKind::File => Route::Folder(self.mail.directory.clone().into()),
                MailKind::Smtp => Route::Smtp(self.mail.smtp_url.clone()),
            },
            demo: self.demo,
            mail_from: self.mail.from.clone(),
            public_url,
        }
    }

    /// The address under which people reach this server, without a slash at its end.
    pub fn public_url(&self) -> String {
        let url = self.server.public_url.trim_end_matches('/');
        if url.is_empty() { format!("http://{}", self.server.listen) } else { url.to_owned() }
    }
}

/// Whether a text is an origin as browsers write it: scheme, host and port, nothing after.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Config {
        let base = [("TERTULIA_SECRET", "a secret of more than thirty-two characters"), ("DATABASE_URL", "sqlite:x.db")];
        let environment = base.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::read(None, environment.collect()).expect("settings that can be read")
    }

    #[test]
    fn reads_origins_from_the_environment() {
        let config = read(&[("TERTULIA_SERVER__ALLOWED_ORIGINS", "https://a.example,http://localhost:3000")]);
        assert_eq!(config.server.allowed_origins, ["https://a.example", "http://localhost:3000"]);
        assert!(config.validate().is_ok());
        assert!(read(&[]).server.allowed_origins.is_empty());
    }

    #[test]
    fn refuses_what_is_no_origin_and_tokens_that_live_too_long() {
        for origin in ["*", "null", "a.example", "https://a.example/", "https://a.example/path", "https://", "ftp://a.example"] {
            assert!(read(&[("TERTULIA_SERVER__ALLOWED_ORIGINS", origin)]).validate().is_err(), "{origin}");
        }
        for seconds in ["0", "901"] {
            assert!(read(&[("TERTULIA_IDENTITY__ACCESS_TOKEN_SECONDS", seconds)]).validate().is_err(), "{seconds}");
        }
        assert!(read(&[("TERTULIA_IDENTITY__ACCESS_TOKEN_SECONDS", "1")]).validate().is_ok());
    }
}
