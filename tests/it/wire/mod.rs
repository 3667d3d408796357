//! The transport: GraphQL over HTTP, sockets, health, logs.

mod documents;
mod envelope;
mod events;
mod graphiql;
mod http;
mod introspection;
mod process;
mod rest;
mod slow;
mod socket;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    [
        documents::stories(),
        envelope::stories(),
        events::stories(),
        graphiql::stories(),
        http::stories(),
        introspection::stories(),
        process::stories(),
        rest::stories(),
        rest::checks(),
        slow::stories(),
        socket::stories(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
