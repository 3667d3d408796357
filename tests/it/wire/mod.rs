//! The transport: GraphQL over HTTP, sockets, health, logs.

mod http;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    [http::stories()].into_iter().flatten().collect()
}
