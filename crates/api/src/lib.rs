//! What speaks to the outside: GraphQL, REST, the command line. It parses, authenticates, calls one use case and wraps what
//! comes back; rules live below.

pub mod auth;
pub mod cli;
pub mod config;
pub mod envelope;
pub mod error;
pub mod graphql;
pub mod rest;
pub mod server;
pub mod telemetry;
