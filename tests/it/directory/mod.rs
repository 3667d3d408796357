//! The directory: reference data, search, edits, channels, experts.

mod channel;
mod edit;
mod expert;
mod reference;
mod search;

use tertulia_app::directory::reference as data;
use tertulia_tests::{TestApp, harness::Story};

pub(crate) fn stories() -> Vec<Story> {
    [channel::stories(), edit::stories(), expert::stories(), reference::stories(), search::stories()].into_iter().flatten().collect()
}

/// The four documents that front ends send; here, the directory's.
const OPERATIONS: &str = include_str!("../../operations/directory.graphql");

/// Loads the files that ship with the program.
async fn load(app: &TestApp) {
    data::load_new(&app.app, &app.app.system()).await.expect("the reference data loads").expect("the database was empty");
}
