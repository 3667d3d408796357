//! What operators watch, for Prometheus. Names of operations and routes, counts and times: nothing of what was asked or answered.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use async_graphql::{Response, Value, parser::types::OperationType};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use tertulia_domain::{Code, time::Instant};

use super::webhooks::Webhooks;
use crate::graphql::precheck::Operation;

/// How many names of operations are told apart, and how long they are. Clients choose names, and each is kept as long as the
/// server runs; further ones count as [`OTHER`].
const NAMES: usize = 200;
const LENGTH: usize = 64;
const OTHER: &str = "other";
/// Upper bounds of the classes of time, in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// How a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It was answered; a mutation may have refused in `userErrors`.
    Ok,
    /// It was refused.
    Refused,
    /// The server was at fault or away.
    Failed,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    fn of(response: &Response) -> Self {
        let at_fault = [Code::Internal, Code::Unavailable].map(|code| Value::from(code.as_str()));
        let code = |error: &async_graphql::ServerError| error.extensions.as_ref().and_then(|found| found.get("code")).cloned();
        if response.errors.iter().filter_map(code).any(|code| at_fault.contains(&code)) {
            Self::Failed
        } else if response.errors.is_empty() {
            Self::Ok
        } else {
            Self::Refused
        }
    }
}

/// A GraphQL operation that ran, left with its response for the one who counts.
#[derive(Clone, Debug)]
pub struct Ran {
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
    /// Its name, cut; `None` for one without.
    pub name: Option<String>,
    /// How it went.
    pub outcome: Outcome,
    /// Whether somebody who has signed in sent it.
    pub signed_in: bool,
}

impl Ran {
    /// The operation and how it was answered.
    pub fn new(operation: Operation, signed_in: bool, response: &Response) -> Self {
        Self { outcome: Outcome::of(response), ..Self::begun(operation, signed_in) }
    }

    /// A subscription that begins.
    pub fn begun(operation: Operation, signed_in: bool) -> Self {
        let kind = match operation.kind {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        };
        let name = operation.name.map(|name| name.chars().take(LENGTH).collect());
        Self { kind, name, outcome: Outcome::Ok, signed_in }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    kind: &'static str,
    operation: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Work {
    kind: &'static str,
    operation: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct Connections {
    pub(super) pool: &'static str,
    pub(super) state: &'static str,
}

/// A value that is looked up when it is asked for; not a number while it is not known.
pub(super) type Level = Gauge<f64, AtomicU64>;

/// How many seconds ago that was; nothing if there is nothing.
pub(super) fn age(at: Option<Instant>, now: Instant) -> f64 {
    at.and_then(|at| (now - at).to_std().ok()).unwrap_or_default().as_secs_f64()
}

/// Everything that is counted.
pub struct Metrics {
    pub(super) registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Work, Histogram>,
    names: Mutex<HashSet<String>>,
    subscriptions: Gauge,
    pub(super) sockets: Gauge,
    pub(super) connections: Family<Connections, Gauge>,
    pub(super) database_up: Gauge,
    pub(super) replica_serves: Gauge,
    pub(super) oldest_event: Level,
    pub(super) oldest_mail: Level,
    pub(super) mails: Level,
    pub(super) memory: Level,
    pub(super) webhooks: Webhooks,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tertulia");
        let seconds: Family<Work, Histogram> = Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let (requests, connections) = (Family::default(), Family::default());
        let (subscriptions, sockets, database_up, replica_serves) =
            (Gauge::default(), Gauge::default(), Gauge::default(), Gauge::default());
        let (oldest_event, oldest_mail, mails, memory) = (Level::default(), Level::default(), Level::default(), Level::default());
        registry.register("requests", "Requests by operation or route and how they went", requests.clone());
        registry.register_with_unit("request_duration", "Time from a request to its answer", Unit::Seconds, seconds.clone());
        registry.register("subscriptions", "Subscriptions that run", subscriptions.clone());
        registry.register("sockets", "Sockets and event streams that are open", sockets.clone());
        registry.register("database_connections", "Connections to the database by pool: used, idle, and the limit", connections.clone());
        registry.register("database_up", "Whether the database answers", database_up.clone());
        registry.register("replica_serves", "Whether reads go to the replica", replica_serves.clone());
        let help = "Age of the oldest event that is committed and not yet told to subscribers";
        registry.register_with_unit("events_waiting_oldest", help, Unit::Seconds, oldest_event.clone());
        registry.register_with_unit("mails_waiting_oldest", "Age of the oldest mail that has not left", Unit::Seconds, oldest_mail.clone());
        registry.register("mails_waiting", "Mails that have not left", mails.clone());
        registry.register_with_unit("process_resident_memory", "Memory of the process", Unit::Bytes, memory.clone());
        let (names, webhooks) = (Mutex::default(), Webhooks::register(&mut registry));
        Self {
            registry,
            requests,
            seconds,
            names,
            subscriptions,
            sockets,
            connections,
            database_up,
            replica_serves,
            oldest_event,
            oldest_mail,
            mails,
            memory,
            webhooks,
        }
    }
}

impl Metrics {
    /// Counts a request that was answered: a GraphQL operation, or else what its route answered.
    pub(super) fn count(&self, ran: Option<&Ran>, route: &str, outcome: Outcome, took: Duration) {
        match ran {
            Some(ran) => self.add(ran.kind, self.name(ran), outcome.max(ran.outcome), took),
            None => self.add("http", route.to_owned(), outcome, took),
        }
    }

    /// Counts a query or mutation that came over a connection that stays open.
    pub fn ran(&self, ran: &Ran, took: Duration) {
        self.add(ran.kind, self.name(ran), ran.outcome, took);
    }

    fn add(&self, kind: &'static str, operation: String, outcome: Outcome, took: Duration) {
        self.requests.get_or_create(&Answered { kind, operation: operation.clone(), outcome: outcome.as_str() }).inc();
        self.seconds.get_or_create(&Work { kind, operation }).observe(took.as_secs_f64());
    }

    /// Counts a subscription that begins, and that it runs until what this answers is dropped.
    pub fn subscribe(&self, ran: &Ran) -> Subscribed {
        let answered = Answered { kind: ran.kind, operation: self.name(ran), outcome: ran.outcome.as_str() };
        self.requests.get_or_create(&answered).inc();
        self.subscriptions.inc();
        Subscribed(self.subscriptions.clone())
    }

    /// The name under which an operation counts. Only who has signed in adds one, so that no stranger uses them up.
    fn name(&self, ran: &Ran) -> String {
        let Some(name) = &ran.name else { return "unnamed".to_owned() };
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.contains(name) || (ran.signed_in && names.len() < NAMES && names.insert(name.clone())) {
            return name.clone();
        }
        OTHER.to_owned()
    }
}

/// A subscription that runs.
pub struct Subscribed(Gauge);

impl Drop for Subscribed {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(name: &str, signed_in: bool) -> Ran {
        Ran::begun(Operation { kind: OperationType::Query, introspects: false, name: Some(name.to_owned()) }, signed_in)
    }

    #[test]
    fn names_are_bounded_in_number_and_length() {
        let metrics = Metrics::default();
        assert_eq!(metrics.name(&ran("Stranger", false)), OTHER, "a stranger adds none");
        for number in 0..NAMES {
            assert_eq!(metrics.name(&ran(&format!("Known{number}"), true)), format!("Known{number}"));
        }
        assert_eq!(metrics.name(&ran("OneMore", true)), OTHER);
        assert_eq!(metrics.name(&ran("Known7", false)), "Known7");
        assert_eq!(ran(&"a".repeat(LENGTH + 1), true).name, Some("a".repeat(LENGTH)));
    }
}
