//! `tertulia create-admin`: the first coordinator.

use std::io::{self, IsTerminal};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use tertulia_app::{
    Clock,
    identity::user::{self, NewCoordinator},
    record,
};
use tertulia_domain::identity::Person;

use super::{Configured, Failure, Outcome, connect, load, migrate};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The coordinator's e-mail address.
    #[arg(long)]
    email: String,
    /// The coordinator's name.
    #[arg(long)]
    name: String,
    /// The organisation of the coordinator's desk, by its id; without it the desk of the reference data.
    #[arg(long, value_name = "ID")]
    organisation: Option<String>,
    /// Read the password from standard input, its first line; without it a link is printed with which the coordinator sets one.
    #[arg(long)]
    password_stdin: bool,
    /// Go on although there is a coordinator already, if nobody can sign in any more.
    #[arg(long)]
    another: bool,
    #[command(flatten)]
    configured: Configured,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let person = Person::parse(&arguments.email, &arguments.name)?;
    let organisation = arguments.organisation.map(|id| id.parse()).transpose();
    let organisation = organisation.map_err(|_| Failure::new("--organisation takes an id as organisation_01j…"))?;
    let config = load(&arguments.configured)?;
    let password = if arguments.password_stdin { Some(read_password()?) } else { None };
    let app = connect(&config, Clock::system()).await?;
    migrate::bring_up_to_date(&app).await?;
    let input = NewCoordinator { person, organisation, password, another: arguments.another };
    let link = user::create_coordinator(&app, &app.system(), input).await?;
    record::drain(&app).await?;
    app.close().await?;
    match link {
        Some(link) => println!("Hand this link to the coordinator; it works once, for seven days:\n{}", link.expose_secret()),
        None => println!("The coordinator can sign in."),
    }
    Ok(())
}

/// The first line of standard input.
fn read_password() -> Result<SecretString, Failure> {
    if io::stdin().is_terminal() {
        eprintln!("Type the password and Enter; it is shown as you type.");
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}
