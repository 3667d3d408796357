//! The directory: reference data, search, edits, channels, experts. Each story begins with the reference data loaded.

pub(crate) mod channel;
mod edit;
mod expert;
mod instrument;
mod reference;
mod search;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    [channel::stories(), edit::stories(), expert::stories(), instrument::stories(), reference::stories(), search::stories()]
        .into_iter()
        .flatten()
        .collect()
}

/// What front ends send about the directory.
const OPERATIONS: &str = include_str!("../../operations/directory.graphql");
