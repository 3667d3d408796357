//! Rules that hold for the whole of Tertulia.

mod coverage;
mod errors;
mod events;
mod layout;
mod node;
mod operations;
mod record;
mod schema;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    [
        schema::checks(),
        events::checks(),
        coverage::stories(),
        operations::stories(),
        record::stories(),
        errors::checks(),
        node::stories(),
        layout::checks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The root of the sources.
pub(crate) fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
