//! How webhooks fare: counts and times of all endpoints together. Whose they are and where they lead, no label says.

use std::sync::atomic::Ordering;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::{Registry, Unit},
};
use tertulia_app::{App, record::Backlog, webhooks};
use tertulia_domain::record::{webhook::DisabledWhy, webhook_delivery::Failure};

use super::metrics::{Level, age};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    outcome: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Disabled {
    why: String,
}

/// What is told of webhooks.
#[derive(Default)]
pub(super) struct Webhooks {
    attempts: Family<Ended, Counter>,
    waiting: Level,
    oldest: Level,
    disabled: Family<Disabled, Level>,
}

impl Webhooks {
    /// Ready to be looked up.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let new = Self::default();
        let help = "Attempts of this server to send a message to a webhook endpoint, by how they ended";
        registry.register("webhook_attempts", help, new.attempts.clone());
        registry.register("webhook_deliveries_waiting", "Messages to webhook endpoints in use that wait to be sent", new.waiting.clone());
        let help = "Age of the oldest message to a webhook endpoint in use that waits to be sent";
        registry.register_with_unit("webhook_deliveries_waiting_oldest", help, Unit::Seconds, new.oldest.clone());
        registry.register("webhook_endpoints_disabled", "Webhook endpoints that are out of use, by why", new.disabled.clone());
        new
    }

    /// Looks up how it is now; `None` if the database does not say.
    pub(super) fn look(&self, app: &App, waiting: Option<&Backlog>) {
        for (failure, many) in webhooks::attempts(app) {
            let outcome = failure.map_or("delivered", Failure::as_str).to_lowercase();
            self.attempts.get_or_create(&Ended { outcome }).inner().store(many, Ordering::Relaxed);
        }
        self.waiting.set(waiting.map_or(f64::NAN, |waiting| waiting.deliveries.into()));
        self.oldest.set(waiting.map_or(f64::NAN, |waiting| age(waiting.oldest_delivery, app.clock.now())));
        for why in DisabledWhy::ALL {
            let many = |waiting: &Backlog| waiting.disabled.iter().find(|(one, _)| one == why).map_or(0, |(_, many)| *many);
            let many = waiting.map_or(f64::NAN, |waiting| u32::try_from(many(waiting)).unwrap_or(u32::MAX).into());
            self.disabled.get_or_create(&Disabled { why: why.as_str().to_lowercase() }).set(many);
        }
    }
}
