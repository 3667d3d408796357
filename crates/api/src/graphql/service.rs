//! The service itself: what a client asks first.

use async_graphql::{Context, Object, SimpleObject};

use super::{Resolving, scalar::DateTime};

/// This server: its version, its clock and its time-zone data, so that a front end can show how current they are.
#[derive(SimpleObject)]
pub(super) struct Service {
    /// Version of the software.
    version: &'static str,
    /// The server's time.
    now: DateTime,
    /// Version of the IANA time zone database with which future times are worked out.
    time_zone_data: &'static str,
}

/// Queries about the service.
#[derive(Default)]
pub(super) struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// This server: version, clock and time-zone data. Who: anyone.
    async fn service(&self, ctx: &Context<'_>) -> Service {
        Service { version: env!("CARGO_PKG_VERSION"), now: DateTime(ctx.caller().now), time_zone_data: chrono_tz::IANA_TZDB_VERSION }
    }
}
