//! The use cases of Tertulia: one function for each thing a user can do. GraphQL, REST, the command line and the worker
//! call these and nothing below them.
//!
//! A use case is `pub async fn verb(app: &App, ctx: &Ctx, input) -> Result<T>`: it asks the policy, opens one unit of work,
//! calls the domain, writes, and commits together with the events and the audit entries.

mod asked;
mod clock;
mod context;
mod idempotency;
mod schedule;
mod secret;
mod sweep;
mod unit_of_work;

pub mod dialogue;
pub mod directory;
pub mod engagement;
pub mod identity;
pub mod knowledge;
pub mod mail;
pub mod person;
pub mod record;
pub mod retention;
pub mod webhooks;

use chrono::TimeDelta;
pub use clock::{Clock, Ids};
use context::LAG;
pub use context::{Ctx, Reads};
pub use idempotency::IdempotencyKey;
use tertulia_domain::{Result, engagement::suppression::Thresholds};
pub use tertulia_persistence::{Options as DatabaseOptions, SchemaState, Statements};
use tertulia_persistence::{Pool, Reader, Store};
pub use unit_of_work::{UnitOfWork, check_version};

/// What every use case works with. One a process.
#[derive(Debug)]
pub struct App {
    pub(crate) store: Store,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// The events, as they are numbered.
    pub record: record::Bus,
    /// The cursors of changes.
    pub cursors: record::Cursors,
    /// Passwords, keys, mail.
    pub identity: identity::Identity,
    /// Election windows, holidays, and how long offered seats are kept.
    pub(crate) dialogue: dialogue::Dialogues,
    /// From when on a number of a statistic release is told.
    pub(crate) thresholds: Thresholds,
    /// Where uploaded files lie.
    pub(crate) files: engagement::file::Files,
    /// Imports of contacts that wait.
    pub(crate) imports: engagement::contact_import::Imports,
    /// Numbers that are to be worked out.
    pub(crate) releases: engagement::statistic_release::Releases,
    /// How long what is kept for a time only is kept.
    pub(crate) retention: retention::Periods,
    /// What sends webhooks.
    pub(crate) webhooks: webhooks::Webhooks,
    /// Reads of restricted data that the audit log tells of.
    pub(crate) reads: record::reads::Reads,
    /// Entries of the directory that nearly every answer names.
    pub(crate) directory: directory::cache::Cache,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Settings {
    /// How to reach the database.
    pub database: DatabaseOptions,
    /// The time.
    pub clock: Clock,
    /// Secrets, limits and mail.
    pub identity: identity::Settings,
    /// Election windows, holidays, and how long offered seats are kept.
    pub dialogue: dialogue::Settings,
    /// From when on a number of a statistic release is told.
    pub thresholds: Thresholds,
    /// Where uploaded files lie, and how large they may be.
    pub files: engagement::file::Settings,
    /// How long what is kept for a time only is kept.
    pub retention: retention::Periods,
    /// How webhooks are sent.
    pub webhooks: webhooks::Settings,
}

impl App {
    /// Connects. The tables are brought up to date by [`App::migrate`].
    pub async fn connect(settings: Settings) -> Result<Self> {
        let dialogue = dialogue::Dialogues::new(&settings.dialogue)?;
        let store = tertulia_persistence::connect(&settings.database).await?;
        let webhooks = webhooks::Webhooks::new(&settings.identity.secret, settings.webhooks)?;
        let cursors = record::Cursors::new(&settings.identity.secret)?;
        let identity = identity::Identity::new(settings.identity)?;
        Ok(Self {
            store,
            clock: settings.clock,
            ids: Ids,
            record: record::Bus::default(),
            cursors,
            identity,
            dialogue,
            imports: engagement::contact_import::Imports::new(settings.files.import_rows),
            releases: engagement::statistic_release::Releases::default(),
            thresholds: settings.thresholds,
            files: engagement::file::Files::new(settings.files)?,
            retention: settings.retention,
            webhooks,
            reads: record::reads::Reads::default(),
            directory: directory::cache::Cache::default(),
        })
    }

    /// Runs the migrations that are missing, one server at a time.
    pub async fn migrate(&self) -> Result<SchemaState> {
        self.store.migrate().await
    }

    /// How many migrations are missing.
    pub async fn pending_migrations(&self) -> Result<usize> {
        self.store.pending_migrations().await
    }

    /// Closes the connections to the database; on SQLite this also folds the write-ahead log into the file.
    pub async fn close(&self) -> Result<()> {
        self.store.close().await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.store.ping().await
    }

    /// Whether reads that need not know the last seconds go to a replica now.
    pub fn replica_serves(&self) -> bool {
        self.store.replica_holds(self.clock.now() - LAG)
    }

    /// Gives the thread that calls this connections of its own, if there are enough: for threads that serve requests.
    pub fn serve_here(&self) {
        self.store.serve_here();
    }

    /// The connections to the database.
    pub fn pools(&self) -> Vec<Pool> {
        self.store.pools()
    }

    /// How far what a request reads may be behind.
    pub(crate) fn lag(&self, ctx: &Ctx) -> TimeDelta {
        if self.store.has_replica() { ctx.lag() } else { TimeDelta::zero() }
    }

    /// A context for the server's own work, done as the system.
    pub fn system(&self) -> Ctx {
        Ctx::system(self.clock.now(), self.ids.request_id())
    }

    /// A reader for one request.
    pub(crate) fn reader(&self, ctx: &Ctx) -> Reader {
        match ctx.reads {
            Reads::Now => self.store.reader(&ctx.statements),
            Reads::Lately => self.store.reader_since(ctx.now - self.lag(ctx), &ctx.statements),
        }
    }

    /// A reader of what is committed now, for what is kept longer than a request.
    pub(crate) fn current_reader(&self, ctx: &Ctx) -> Reader {
        self.store.reader(&ctx.statements)
    }

    /// Whether what this server has in memory is good enough for a request: it may miss what another server has just committed, as
    /// a replica may.
    pub(crate) fn remembers(&self, ctx: &Ctx) -> bool {
        !self.store.has_replica() || ctx.reads == Reads::Lately
    }

    /// Begins the one transaction of a use case.
    pub(crate) async fn begin<'a>(&'a self, ctx: &'a Ctx) -> Result<UnitOfWork<'a>> {
        UnitOfWork::begin(self, ctx).await
    }
}
