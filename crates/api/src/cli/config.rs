//! `tertulia config`: the settings, and whether a configuration can be used.

use clap::Args;

use super::{Configured, Outcome, load};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Read the configuration as `serve` would and say whether it can be used.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if arguments.check {
        let config = load(&arguments.configured)?;
        println!("The configuration can be used. The server will listen on {}.", config.server.listen);
    } else {
        print!("{}", crate::config::DEFAULTS);
    }
    Ok(())
}
