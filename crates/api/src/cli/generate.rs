//! `tertulia generate`: fills a database for a trial.

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use tertulia_app::{Clock, engagement::generate};

use super::{Configured, Outcome, connect, load, migrate};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// How many contacts, with their items and histories.
    #[arg(long, value_name = "N")]
    contacts: u64,
    /// The same seed over the same directory makes the same contacts.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    configured: Configured,
}

pub(super) async fn run(arguments: &Arguments) -> Outcome {
    let app = connect(&load(&arguments.configured)?, Clock::system()).await?;
    migrate::bring_up_to_date(&app).await?;
    let ctx = app.system();
    let order = generate::Order { contacts: arguments.contacts, seed: arguments.seed, among_generated: false, before: ctx.now };
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} contacts, {per_sec}, {eta} left");
    let bar = ProgressBar::new(arguments.contacts).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let made = generate::generate(&app, &ctx, order, |made| bar.set_position(made)).await;
    bar.finish_and_clear();
    println!("{} contacts are generated, each marked as such.", made?);
    Ok(())
}
