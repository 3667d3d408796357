//! `tertulia contact verify`: checks an exported history without a database.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use tertulia_domain::engagement::history::verify;

use super::{Failure, Outcome};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Check that no fact of a contact's history was changed, moved or left out.
    ///
    /// The file is what `GET /v1/contacts/{id}/history` answers. Compare the head that is printed with the one that somebody
    /// else keeps: only that shows whether the newest facts were cut off.
    Verify {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Act::Verify { file } = &arguments.act;
    let text = std::fs::read_to_string(file).map_err(|error| Failure::new(format!("Cannot read {}: {error}.", file.display())))?;
    let verified = verify(&text).map_err(|error| {
        let places = error.faults.iter().map(|fault| format!("{}: {}", fault.path.join("."), fault.message));
        Failure::new(format!("The history is not sound.\n{}", places.collect::<Vec<_>>().join("\n")))
    })?;
    match verified.head {
        Some(head) => println!("The history of {} is sound: {} facts, head {}.", verified.contact, head.seq, head.hash),
        None => println!("The history of {} is sound: no facts yet.", verified.contact),
    }
    Ok(())
}
