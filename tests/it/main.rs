//! The one test binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    tertulia_tests::harness::run(stories())
}

async fn trial(_app: &tertulia_tests::TestApp) {}
tertulia_tests::stories![trial];
