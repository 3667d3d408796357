//! What operators meet: containers, configuration, commands, the demo and its tour, what the server does by itself.

mod commands;
mod compose;
mod demo;
mod generate;
mod lock;
mod postgres;
mod replica;
mod servers;
mod sweep;
mod tour;
mod watch;

use tertulia_tests::harness::Story;

/// The stories of this folder.
pub(crate) fn stories() -> Vec<Story> {
    [
        commands::stories(),
        commands::checks(),
        compose::checks(),
        demo::checks(),
        generate::stories(),
        lock::stories(),
        postgres::checks(),
        replica::deployments(),
        servers::deployments(),
        sweep::stories(),
        tour::checks(),
        watch::stories(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
