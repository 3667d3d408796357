//! `tertulia statistics recount`: counts every contact anew.

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use tertulia_app::engagement::statistics;

use super::{Configured, Outcome, connect_current};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Count every contact anew from its facts, for the figures that organisations read of their own contacts.
    ///
    /// Needed once for a database whose contacts were logged before there were figures, and whenever the server says so. Servers may run
    /// meanwhile.
    Recount(Configured),
}

pub(super) async fn run(arguments: &Arguments) -> Outcome {
    let Act::Recount(configured) = &arguments.act;
    let app = connect_current(configured).await?;
    let style = ProgressStyle::with_template("{spinner} {human_pos} contacts, {per_sec}");
    let bar = ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let counted = statistics::recount(&app, &app.system(), |done| bar.set_position(done)).await;
    bar.finish_and_clear();
    println!("{} contacts are counted anew.", counted?);
    Ok(())
}
