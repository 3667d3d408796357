//! The one test binary. Each area and each cross-cutting file lists its stories; here they come together.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by failing, and its name says what it shows"
)]

mod dialogue;
mod directory;
mod engagement;
mod hostile;
mod identity;
mod knowledge;
mod operate;
mod record;
mod whole;
mod wire;

use std::process::ExitCode;

/// The command line under test.
const BINARY: &str = env!("CARGO_BIN_EXE_tertulia-under-test");

fn main() -> ExitCode {
    let mut stories = Vec::new();
    stories.extend(dialogue::stories());
    stories.extend(engagement::stories());
    stories.extend(directory::stories());
    stories.extend(identity::stories());
    stories.extend(knowledge::stories());
    stories.extend(operate::stories());
    stories.extend(record::stories());
    stories.extend(wire::stories());
    stories.extend(whole::stories());
    stories.extend(hostile::stories());
    tertulia_tests::harness::run(stories)
}
