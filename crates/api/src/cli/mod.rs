//! The command line. Each command is a file; each answers in sentences.

mod config;
mod contact;
mod create_admin;
pub mod demo;
mod directory;
mod files;
mod generate;
mod health;
mod keys;
pub mod listen;
mod migrate;
mod organisation;
mod serve;
mod statistics;
pub mod tour;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Args, CommandFactory, Parser, Subcommand};
use tertulia_app::{App, Clock};

use crate::{config::Config, graphql, rest};

/// The shared data layer through which electoral bodies and online platforms talk to each other.
#[derive(Debug, Parser)]
#[command(name = "tertulia", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a demo: its own database in its own folder, with fictional organisations, generated contacts and one account a role.
    Demo(demo::Arguments),
    /// Serve GraphQL and REST, with the database and secret of the configuration.
    Serve(Configured),
    /// Bring the database's tables up to date and load the reference data into a new one.
    Migrate(Configured),
    /// Fill a trial database with generated contacts over its directory, each marked as generated.
    ///
    /// Refuses a database that holds contacts that somebody logged.
    Generate(generate::Arguments),
    /// Load or write the reference data as CSV files.
    Directory(directory::Arguments),
    /// Print changes of contacts as they come, until stopped.
    Listen(listen::Arguments),
    /// Make the first coordinator, who invites everybody else.
    CreateAdmin(create_admin::Arguments),
    /// Put a new key into use that signs access tokens; nobody is signed out.
    Keys(keys::Arguments),
    /// Lock an organisation at once, when nobody can sign in to do it.
    Organisation(organisation::Arguments),
    /// Check an exported history of a contact.
    Contact(contact::Arguments),
    /// Check whether files can be kept where the configuration says, and read.
    Files(files::Arguments),
    /// Count every contact anew from its facts.
    Statistics(statistics::Arguments),
    /// Print the GraphQL schema.
    Schema,
    /// Print the OpenAPI description of REST.
    Openapi,
    /// Print every setting with its default and what it means, or check a configuration.
    Config(config::Arguments),
    /// Ask a running server whether it is ready; for health checks of containers.
    Health(Configured),
}

/// What every command that opens the configured database takes.
#[derive(Args, Debug)]
struct Configured {
    /// A configuration file; `tertulia config` prints its form. The environment wins over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A command's failure, as a sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    /// A failure that these sentences explain.
    pub fn new(sentences: impl Into<String>) -> Self {
        Self(sentences.into())
    }
}

impl From<tertulia_domain::Error> for Failure {
    fn from(error: tertulia_domain::Error) -> Self {
        let mut sentences: Vec<String> = error.faults.iter().map(|fault| fault.message.clone()).collect();
        sentences.extend(error.cause().map(|cause| format!("Cause: {cause}.")));
        Self(sentences.join("\n"))
    }
}
impl From<crate::config::ConfigError> for Failure {
    fn from(error: crate::config::ConfigError) -> Self {
        Self(error.to_string())
    }
}
impl From<crate::server::StartError> for Failure {
    fn from(error: crate::server::StartError) -> Self {
        Self(error.to_string())
    }
}
impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self(format!("The server does not answer as it should: {error}."))
    }
}
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What a command answers.
pub type Outcome = Result<(), Failure>;

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&Failure::from(error)),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failed(&failure),
    }
}

/// The names of all commands.
pub fn commands() -> Vec<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

fn failed(failure: &Failure) -> ExitCode {
    eprintln!("{failure}");
    ExitCode::FAILURE
}

async fn run(command: Command) -> Outcome {
    match command {
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Serve(configured) => serve::run(load(&configured)?).await,
        Command::Migrate(configured) => migrate::run(&load(&configured)?).await,
        Command::Directory(arguments) => directory::run(&arguments).await,
        Command::Generate(arguments) => generate::run(&arguments).await,
        Command::CreateAdmin(arguments) => create_admin::run(arguments).await,
        Command::Keys(arguments) => keys::run(&arguments).await,
        Command::Organisation(arguments) => organisation::run(arguments).await,
        Command::Contact(arguments) => contact::run(&arguments),
        Command::Files(arguments) => files::run(&arguments).await,
        Command::Statistics(arguments) => statistics::run(&arguments).await,
        Command::Listen(arguments) => listen::run(&arguments).await,
        Command::Schema => {
            print!("{}", graphql::sdl());
            Ok(())
        }
        Command::Openapi => {
            print!("{}", rest::openapi::description()?.text);
            Ok(())
        }
        Command::Config(arguments) => config::run(&arguments),
        Command::Health(configured) => health::run(&Config::load(configured.config.as_deref())?).await,
    }
}

fn load(configured: &Configured) -> Result<Config, Failure> {
    let config = Config::load(configured.config.as_deref())?;
    config.validate()?;
    Ok(config)
}

/// The application on the configured database.
pub async fn connect(config: &Config, clock: Clock) -> Result<Arc<App>, Failure> {
    Ok(Arc::new(App::connect(config.settings(clock)).await?))
}

/// As [`connect`], for commands that leave the tables as they are: refuses a database that is not up to date.
async fn connect_current(configured: &Configured) -> Result<Arc<App>, Failure> {
    let app = connect(&load(configured)?, Clock::system()).await?;
    match app.pending_migrations().await? {
        0 => Ok(app),
        _ => Err(Failure::new("The database's tables are not there or not up to date. Run `tertulia migrate` first.")),
    }
}
