//! The transport: GraphQL over HTTP, sockets, health, logs.

mod http;
mod process;
mod socket;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    [http::stories(), process::stories(), socket::stories()].into_iter().flatten().collect()
}
