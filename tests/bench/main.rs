//! What a request costs, beside the least it can cost: the server against a bare actix handler with one hand-written SQL
//! statement that gives the same answer, on the same database, in turns within one run.
//!
//! `tests/bench/run` makes the databases and calls this. Every answer of the two is compared before anything is measured.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark that cannot measure says why and stops, and a bare handler takes clock and ids where they are"
)]

mod bare;
mod bare_figures;
mod load;
mod own_figures;
mod prepare;
mod process;
mod releasing;
mod report;
mod scenario;
mod writing;

use std::time::Duration;

use load::Figures;
use process::{Meter, Server};
use scenario::Scenario;

/// The same allocator for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bare", url] => bare::serve(url),
        ["run", url, turns, seconds, only @ ..] => {
            let numbers = "the number of turns and the seconds of one turn";
            let (turns, seconds) = (turns.parse().expect(numbers), Duration::from_secs(seconds.parse().expect(numbers)));
            runtime().block_on(run(url, turns, seconds, only.first().unwrap_or(&"")));
        }
        _ => {
            eprintln!(
                "Usage: tertulia-bench run DATABASE_URL TURNS SECONDS [PART OF A REQUEST'S NAME]. The script tests/bench/run makes the databases first."
            );
            std::process::exit(2);
        }
    }
}

/// Measures every scenario whose name has `only` in it on one database, each side in turn.
async fn run(url: &str, turns: u32, length: Duration, only: &str) {
    let world = prepare::prepare(url).await;
    let server = Server::start("tertulia", url).await;
    let bare = Server::start("bare", url).await;
    let mut scenarios = scenario::all(&world, &server).await;
    scenarios.retain(|scenario| scenario.name.contains(only));
    if !scenarios.is_empty() {
        report::heading(url, &world);
    }
    for scenario in &scenarios {
        compare(scenario, &server, &bare).await;
    }
    for scenario in &scenarios {
        let mut sides = [Figures::default(), Figures::default()];
        for _ in 0..turns {
            for (side, target) in sides.iter_mut().zip([&server, &bare]) {
                side.add(measured(url, target, scenario, length).await);
            }
        }
        report::row(scenario, &sides);
    }
    if writing::NAME.contains(only) {
        writing::measure(url, &world, &server, (turns, length)).await;
    }
    if releasing::NAME.contains(only) {
        releasing::measure(url).await;
    }
}

/// What one side takes for one turn.
async fn measured(url: &str, target: &Server, scenario: &Scenario, length: Duration) -> Figures {
    let meters = [Meter::of(target.pid()), Meter::database(url)];
    let before: Vec<Duration> = meters.iter().map(Meter::read).collect();
    let mut figures = load::run(target.address(), scenario, target.is_bare(), length).await;
    figures.server_cpu = meters[0].read().saturating_sub(before[0]);
    figures.database_cpu = meters[1].read().saturating_sub(before[1]);
    figures
}

/// Both sides must answer alike, or the figures would compare different work.
async fn compare(scenario: &Scenario, server: &Server, bare: &Server) {
    let ours = load::once(server.address(), &scenario.request(false, 0)).await;
    let theirs = load::once(bare.address(), &scenario.request(true, 0)).await;
    let (ours, theirs) = (scenario.comparable(&ours), scenario.comparable(&theirs));
    assert!(ours == theirs, "{}: the answers differ.\nserver: {ours}\nbare:   {theirs}", scenario.name);
}
