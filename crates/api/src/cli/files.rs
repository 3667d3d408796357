//! `tertulia files check`: whether files can be kept, and what to do if they cannot.

use clap::{Args, Subcommand};
use tertulia_app::engagement::file;

use super::{Configured, Outcome, connect_current};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Keep a small file in the configured folder or bucket, read and remove it; if that fails, say what can be done.
    Check(Configured),
}

pub(super) async fn run(arguments: &Arguments) -> Outcome {
    let Act::Check(configured) = &arguments.act;
    let app = connect_current(configured).await?;
    let checked = file::check(&app).await;
    app.close().await?;
    checked?;
    println!("Files can be kept and read.");
    Ok(())
}
