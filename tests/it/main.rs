//! The one test binary. Each area and each cross-cutting file lists its stories; here they come together.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by failing, and its name says what it shows"
)]

mod operate;
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    tertulia_tests::harness::run([operate::stories(), wire::stories()].into_iter().flatten())
}
