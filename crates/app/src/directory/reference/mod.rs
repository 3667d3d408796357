//! Reference data: the files that ship with the program, loading and writing them.
//!
//! All files are read and checked before anything is written, and everything is written in one transaction: a file with a
//! fault loads nothing. Loading the same files again changes nothing.

mod export;
mod instruments;
mod keys;
mod load;
mod organisations;
mod others;
mod places;
mod plan;
mod plans;
mod row;
mod rows;
mod sheet;

pub use export::export;
pub use load::{Report, import, load_fictional, load_new};
pub use plan::Loaded;
pub use sheet::File;

/// The dialogue and the held meeting of Madrid, for the area that keeps dialogues.
pub const MADRID: &str = include_str!("../../../data/madrid_2025.json");

macro_rules! embedded {
    ($(#[$doc:meta])* $set:ident from $folder:literal: $($name:literal),+ $(,)?) => {
        $(#[$doc])*
        fn $set() -> Vec<File> {
            vec![$(File { name: $name.to_owned(), bytes: include_bytes!(concat!("../../../data/", $folder, $name)).to_vec() }),+]
        }
    };
}
embedded![
    /// The files that ship with the program.
    shipped from "":
    "regions.csv",
    "countries.csv",
    "organisations.csv",
    "electoral_bodies.csv",
    "platform_services.csv",
    "elections.csv",
    "reporting_programmes.csv",
    "instruments.csv",
    "publications.csv",
];
embedded![
    /// The demo's fictional entries.
    fictional from "fictional/":
    "countries.csv",
    "organisations.csv",
    "electoral_bodies.csv",
    "platform_services.csv",
    "elections.csv",
];
