//! The figures as a table.

use std::{fs, time::Duration};

use crate::{load::Figures, prepare::World, scenario::Scenario};

/// Where and over what it was measured, and the table's head.
pub(crate) fn heading(url: &str, world: &World) {
    let database = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?");
    println!("\n{database}, {} contacts, {cores} cores, load average before: {load}\n", world.contacts);
    println!("| request | at once | side | requests/s | p50 ms | p99 ms | server CPU ms | database CPU ms | of bare |");
    println!("|---|---:|---|---:|---:|---:|---:|---:|---:|");
}

/// One scenario: the server, the bare handler, and how much of the bare one's rate the server reaches.
pub(crate) fn row(scenario: &Scenario, [ours, bare]: &[Figures; 2]) {
    let share = rate(ours) / rate(bare);
    let connections = scenario.connections.to_string();
    line((scenario.name, &connections), "server", ours, &format!("**{share:.2}**"));
    line(("", ""), "bare", bare, "");
}

fn line((name, connections): (&str, &str), side: &str, figures: &Figures, share: &str) {
    let mut sorted = figures.latencies.clone();
    sorted.sort_unstable();
    let requests = sorted.len().max(1);
    let at = |part: usize| millis(sorted.get(requests * part / 100).copied().unwrap_or_default());
    let each = |cpu: Duration| cpu.as_secs_f64() * 1_000.0 / f64::from(u32::try_from(requests).unwrap_or(u32::MAX));
    println!(
        "| {name} | {connections} | {side} | {:.0} | {:.2} | {:.2} | {:.3} | {:.3} | {share} |",
        rate(figures),
        at(50),
        at(99),
        each(figures.server_cpu),
        each(figures.database_cpu)
    );
}

/// What writing a contact costs that counts, and one that does not. `folding` is what it took afterwards to fold the first.
pub(crate) fn writing(connections: usize, [counted, other]: &[Figures; 2], folding: Duration) {
    println!("\nWriting a contact on {connections} connections: one that counts in statistics, and one of a kind that does not.\n");
    println!("| contact | contacts/s | p50 ms | p99 ms | CPU ms | folding, CPU ms | CPU ms in all |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let [with, without] = [written("counts", counted, folding), written("does not", other, Duration::ZERO)];
    println!(
        "\nTime: **{:.3}**, CPU: **{:.3}**, CPU with folding: **{:.3}** times as much.",
        rate(other) / rate(counted),
        with.0 / without.0,
        with.1 / without.1
    );
}

/// The CPU time of one contact in ms, as it is written and in all.
fn written(name: &str, figures: &Figures, folding: Duration) -> (f64, f64) {
    let mut sorted = figures.latencies.clone();
    sorted.sort_unstable();
    let contacts = sorted.len().max(1);
    let at = |part: usize| millis(sorted.get(contacts * part / 100).copied().unwrap_or_default());
    let each = |cpu: Duration| millis(cpu) / f64::from(u32::try_from(contacts).unwrap_or(u32::MAX));
    let (own, folding) = (each(figures.server_cpu + figures.database_cpu), each(folding));
    println!("| {name} | {:.0} | {:.2} | {:.2} | {own:.3} | {folding:.3} | {:.3} |", rate(figures), at(50), at(99), own + folding);
    (own, own + folding)
}

fn rate(figures: &Figures) -> f64 {
    f64::from(u32::try_from(figures.latencies.len()).unwrap_or(u32::MAX)) / figures.took.as_secs_f64()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
