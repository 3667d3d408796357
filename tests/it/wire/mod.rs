//! The transport: GraphQL over HTTP, sockets, health, logs.

mod graphiql;
mod http;
mod introspection;
mod process;
mod rest;
mod socket;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    [graphiql::stories(), http::stories(), introspection::stories(), process::stories(), rest::stories(), rest::checks(), socket::stories()]
        .into_iter()
        .flatten()
        .collect()
}
