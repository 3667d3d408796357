//! The command line of `tertulia` as a binary of this package, so that Cargo builds it with the tests and tells them where it is.

fn main() -> std::process::ExitCode {
    tertulia_api::cli::main()
}
