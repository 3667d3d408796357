//! `tertulia keys rotate`: a new key for access tokens.

use clap::{Args, Subcommand};
use tertulia_app::identity::key_ring;

use super::{Configured, Outcome, connect_current};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Sign new access tokens with a new key. What the former key signed stays good until it expires; running servers
    /// take the new key up within a minute.
    Rotate(Configured),
}

pub(super) async fn run(arguments: &Arguments) -> Outcome {
    let Act::Rotate(configured) = &arguments.act;
    let app = connect_current(configured).await?;
    key_ring::rotate(&app, &app.system()).await?;
    app.close().await?;
    println!("A new key signs access tokens from now on; running servers take it up within a minute.");
    Ok(())
}
