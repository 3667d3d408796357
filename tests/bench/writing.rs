//! What statistics add to writing a contact: contacts of two kinds are logged by the same request in turns, one that counts and one of a
//! kind that expects no answer and so does not. In a database without response targets the two differ in nothing else. What the server has
//! not folded by the end of a turn is folded then, so that the turns of the other side do not pay for it, and what that takes is told beside.

use std::time::Duration;

use tertulia_app::engagement::statistics::fold_all;

use crate::{
    load::Figures,
    measured,
    prepare::{self, Look, World},
    process::{Meter, Server},
    report,
    scenario::logging,
};

/// As it is chosen by name.
pub(crate) const NAME: &str = "writing a contact that counts";

/// Measures both in turns, each turn in the other order.
pub(crate) async fn measure(url: &str, world: &World, server: &Server, (turns, length): (u32, Duration)) {
    let kinds = [logging(world, server, "ESCALATION").await, logging(world, server, "AUTHORITATIVE_INFO").await];
    let look = Look::connect(url).await;
    // A contact that is new is in one of them, folded or not.
    let rows = async || look.count("counted").await + look.count("counted_fresh").await;
    let mut sides = [Figures::default(), Figures::default()];
    fold(url).await;
    let mut folding = Duration::ZERO;
    for turn in 0..turns {
        for side in if turn % 2 == 0 { [0, 1] } else { [1, 0] } {
            let before = rows().await;
            let figures = measured(url, server, &kinds[side], length).await;
            let rows = rows().await - before;
            let expected = if side == 0 { figures.latencies.len() } else { 0 };
            assert!(rows == expected as u64, "{rows} rows were counted of {expected} contacts");
            sides[side].add(figures);
            let took = fold(url).await;
            folding += if side == 0 { took } else { Duration::ZERO };
        }
    }
    report::writing(kinds[0].connections, &sides, folding);
}

/// Folds what was counted; the CPU time that it took here and in the database.
async fn fold(url: &str) -> Duration {
    let meters = [Meter::of(std::process::id()), Meter::database(url)];
    let app = prepare::connect(url).await;
    let before: Vec<Duration> = meters.iter().map(Meter::read).collect();
    fold_all(&app, &app.system(), |_| ()).await.expect("folding");
    let took = meters.iter().zip(before).map(|(meter, before)| meter.read().saturating_sub(before)).sum();
    app.close().await.expect("closing the database");
    took
}
