//! What the stories stand on: a server on a free port, a database of its own for each story, clients.
//!
//! The server is the real one: `server::start` with the default configuration, over HTTP. The clock stands still at
//! [`START`] until a story moves it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test says what went wrong by failing"
)]

pub mod bucket;
pub mod client;
pub mod collector;
pub mod database;
pub mod events;
pub mod harness;
pub mod people;
pub mod postgres;
pub mod process;
pub mod receiver;
pub mod smtp;
pub mod socket;

use std::{path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tertulia_api::{
    config::{Config, MailKind},
    server::{self, Running},
};
use tertulia_app::{App, Clock};
use tertulia_domain::{
    id::ContactId,
    record::event::{RecordedEvent, Topic},
};

pub use client::{Client, Reply};
use database::TestDatabase;
use harness::Backend;

/// The time at which each story begins.
pub const START: &str = "2026-03-02T09:00:00Z";

/// The secret of every server in the tests.
pub const SECRET: &str = "a secret that only the tests know, and nobody else";

/// A server with a database of its own.
pub struct TestApp {
    /// The use cases, for fixtures that no request can make.
    pub app: Arc<App>,
    /// What the server runs with.
    pub config: Config,
    /// The database under it.
    pub database: TestDatabase,
    /// Where the server puts its mail; `None` for one that shares another's.
    mail: Option<TempDir>,
    running: Running,
}

impl TestApp {
    /// Starts a server on a new database.
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, |_| {}).await
    }

    /// Starts a server whose configuration differs from the default one.
    pub async fn start_with(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::on(TestDatabase::new(backend).await, change).await
    }

    /// Starts a server on this database, with mail of its own.
    pub async fn on(database: TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        let mail = tempfile::tempdir().expect("a temporary folder");
        let mut config = config(&database.url, mail.path());
        change(&mut config);
        Self::run(database, config, Some(mail)).await
    }

    /// Starts one more server on the same database, with the same configuration.
    pub async fn beside(&self) -> Self {
        self.beside_with(|_| {}).await
    }

    /// Starts one more server on the same database, whose configuration differs.
    pub async fn beside_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        Self::run(self.database.again(), config, None).await
    }

    async fn run(database: TestDatabase, config: Config, mail: Option<TempDir>) -> Self {
        let app = Arc::new(connect(&config).await);
        let running = server::start(Arc::clone(&app), config.clone()).await.expect("a server");
        Self { app, config, database, mail, running }
    }

    /// Moves the clock.
    pub fn advance(&self, by: TimeDelta) {
        self.app.clock.advance(by);
    }

    /// The cursor of a change that has this number among all, or would have.
    pub fn cursor(&self, seq: i64) -> String {
        let contact: ContactId = self.app.ids.new_id();
        let change = RecordedEvent { seq, at: self.app.clock.now(), topic: Topic::ContactLogged, object: contact.any() };
        self.app.cursors.of(&change).expect("a cursor")
    }

    /// The server's address.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    /// What the server answers where its metrics are.
    pub async fn metrics(&self) -> Reply {
        let address = self.running.metrics.expect("an address for metrics");
        Client::new(format!("http://{address}"), None).get("/metrics").await
    }

    /// A caller who has not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.url(""), None)
    }

    /// A caller with this access token.
    pub fn with_token(&self, token: impl Into<String>) -> Client {
        Client::new(self.url(""), Some(token.into()))
    }

    /// Stops the server and removes its database.
    pub async fn finish(self) {
        self.running.stop().await;
        self.app.close().await.expect("closing the database");
        self.database.remove().await;
        self.mail.into_iter().for_each(|mail| mail.close().expect("removing the mail"));
    }
}

/// The configuration of every story, before it changes anything: the default one, with hashes that cost next to nothing,
/// limits that no story meets by chance, and mail into a folder beside the database.
fn config(database: &str, mail: &Path) -> Config {
    let mut config = Config::defaults().expect("the default configuration");
    config.secret = SECRET.into();
    config.database.url = database.into();
    config.server.listen = ([127, 0, 0, 1], 0).into();
    config.server.workers = 1;
    config.server.expose_statement_count = true;
    config.webhooks.loopback = true;
    config.identity.password_memory_kib = 8;
    config.identity.password_passes = 1;
    config.identity.address_burst = 10_000;
    config.identity.account_burst = 1_000;
    config.identity.strangers_burst = 1_000;
    config.mail.kind = MailKind::File;
    config.mail.directory = mail.display().to_string();
    config.files.import_rows = 1_000;
    config.files.folder = mail.join("files").display().to_string();
    config
}

/// The application over a database, at [`START`].
async fn connect(config: &Config) -> App {
    let clock = Clock::set(START.parse::<DateTime<Utc>>().expect("an instant"));
    App::connect(config.settings(clock)).await.expect("a database")
}
