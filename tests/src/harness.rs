//! Runs each story on each database, as `sqlite::area::file::story` and `postgres::area::file::story`.
//!
//! A story is an `async fn(app: &TestApp)`; a file lists its stories once, with [`stories!`](crate::stories). What needs no database is
//! listed with [`checks!`](crate::checks), and what has a cluster of its own with [`deployments!`](crate::deployments). Without PostgreSQL its trials do not exist, and the last lines of the output say so.

use std::{env, future::Future, pin::Pin, process::ExitCode, sync::OnceLock, time::Duration};

use libtest_mimic::{Arguments, Failed, Trial};

use crate::{
    TestApp, database,
    postgres::{Cluster, Source},
};

/// Which database a story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a folder of its own.
    Sqlite,
    /// A database of its own in the run's cluster.
    Postgres,
}

/// A story as a function.
pub type Run = for<'a> fn(&'a TestApp) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Something a user does, or a rule that holds without a database.
#[derive(Clone, Copy)]
pub enum Story {
    /// Runs on each database.
    OnDatabase(&'static str, Run),
    /// Runs on PostgreSQL alone, and makes its servers and databases itself.
    Deployment(&'static str, Deploy),
    /// Runs once.
    Once(&'static str, fn()),
}

/// A story that makes its servers and databases itself.
pub type Deploy = fn() -> Pin<Box<dyn Future<Output = ()>>>;

/// Lists the stories of a file: `stories![logs_a_contact, refuses_a_stranger];`.
#[macro_export]
macro_rules! stories {
    ($($name:ident),+ $(,)?) => {
        /// The stories of this file.
        pub(crate) fn stories() -> Vec<$crate::harness::Story> {
            vec![$($crate::harness::Story::OnDatabase(concat!(module_path!(), "::", stringify!($name)), |app| Box::pin($name(app)))),+]
        }
    };
}

/// Lists the stories of a file that run several servers, clusters or replicas: `deployments![servers_share_events];`.
#[macro_export]
macro_rules! deployments {
    ($($name:ident),+ $(,)?) => {
        /// The stories of this file.
        pub(crate) fn deployments() -> Vec<$crate::harness::Story> {
            vec![$($crate::harness::Story::Deployment(concat!(module_path!(), "::", stringify!($name)), || Box::pin($name()))),+]
        }
    };
}

/// Lists the checks of a file that need no database: `checks![schema_is_current];`.
#[macro_export]
macro_rules! checks {
    ($($name:ident),+ $(,)?) => {
        /// The checks of this file.
        pub(crate) fn checks() -> Vec<$crate::harness::Story> {
            vec![$($crate::harness::Story::Once(concat!(module_path!(), "::", stringify!($name)), $name)),+]
        }
    };
}

static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
static SOURCE: OnceLock<Option<Source>> = OnceLock::new();

/// The run's cluster, started when the first story needs it.
pub fn cluster() -> Result<&'static Cluster, String> {
    let source = SOURCE.get_or_init(Source::find).as_ref().ok_or("PostgreSQL was not found")?;
    CLUSTER.get_or_init(|| Cluster::start(source)).as_ref().map_err(Clone::clone)
}

/// Runs the stories that the command line asks for.
pub fn run(stories: impl IntoIterator<Item = Story>) -> ExitCode {
    let arguments = Arguments::from_args();
    let postgres = SOURCE.get_or_init(Source::find).is_some();
    let trials = stories.into_iter().flat_map(|story| trials(story, postgres)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(database::remove_templates());
    if let Some(Ok(cluster)) = CLUSTER.get() {
        cluster.stop();
    }
    if postgres || arguments.list {
        return conclusion.exit_code();
    }
    let required = env::var_os(REQUIRE).is_some_and(|value| value == "1");
    println!("{}\n{}\n{}", "!".repeat(100), MISSING, "!".repeat(100));
    if required { ExitCode::FAILURE } else { conclusion.exit_code() }
}

/// Set to 1, it makes a run without PostgreSQL fail.
pub const REQUIRE: &str = "TEST_REQUIRE_POSTGRES";

/// The last lines of a run without PostgreSQL.
pub const MISSING: &str =
    "!! THE POSTGRESQL HALF OF THE TESTS WAS NOT RUN: neither `initdb` and `postgres` nor TEST_POSTGRES_URL were found.
!! Install the server (Debian: apt-get install postgresql) or set TEST_POSTGRES_URL=postgres://user@host/postgres, and run again.";

fn trials(story: Story, postgres: bool) -> Vec<Trial> {
    match story {
        Story::Once(path, check) => vec![Trial::test(format!("once::{}", name(path)), move || {
            check();
            Ok(())
        })],
        Story::Deployment(path, run) => {
            let trial = || Trial::test(format!("postgres::{}", name(path)), move || deploy(run));
            postgres.then(trial).into_iter().collect()
        }
        Story::OnDatabase(path, run) => {
            let backends = [(Backend::Sqlite, "sqlite", true), (Backend::Postgres, "postgres", postgres)];
            let there = backends.into_iter().filter(|(_, _, there)| *there);
            there.map(|(backend, word, _)| Trial::test(format!("{word}::{}", name(path)), move || play(backend, run))).collect()
        }
    }
}

/// The path without the test binary's name.
fn name(path: &str) -> &str {
    path.split_once("::").map_or(path, |(_, rest)| rest)
}

/// How long a story may take before the run gives it up: none comes near it, and one that hangs must not hold up the rest.
const PATIENCE: Duration = Duration::from_mins(4);

fn play(backend: Backend, run: Run) -> Result<(), Failed> {
    within_patience(async {
        let app = TestApp::start(backend).await;
        run(&app).await;
        app.finish().await;
    })
}

fn deploy(run: Deploy) -> Result<(), Failed> {
    within_patience(run())
}

fn within_patience(story: impl Future<Output = ()>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let told = runtime.block_on(async { tokio::time::timeout(PATIENCE, story).await });
    runtime.shutdown_background();
    told.map_err(|_| Failed::from(format!("the story did not come to its end within {} s", PATIENCE.as_secs())))
}
