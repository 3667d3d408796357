//! Webhooks: which events an organisation has sent to an address of its own, and how (Standard Webhooks 1.0).

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::{
    error::{Code, Error, Faults, Reason, Result, closed},
    id::{ApiClientId, OrganisationId, UserId, WebhookEndpointId},
    policy::{Actor, ApiScope},
    record::{
        event::{RecordedEvent, Topic},
        public_address,
        webhook_delivery::Attempt,
    },
    text::WebUrl,
    time::Instant,
};

/// How long a secret signs beside its successor after it was changed.
pub const OVERLAP: TimeDelta = TimeDelta::hours(24);
/// How long messages are kept, and how far back events can be asked for again.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// Events that one request asks for again at most.
pub const MOST_REPLAYED: usize = 1_000;
/// How long every attempt must have failed for an endpoint to be disabled: about as long as one message is tried.
pub const FAILING: TimeDelta = TimeDelta::days(3);
/// The type of a message that only shows that an endpoint is there.
pub const PING: &str = "ping";

/// The events that can be sent, in the order in which they are listed.
pub const TOPICS: &[Topic] = &[
    Topic::ContactLogged,
    Topic::ContactSent,
    Topic::ContactShared,
    Topic::ContactAcknowledged,
    Topic::ContactDecided,
    Topic::ContactAsked,
    Topic::ContactReplied,
    Topic::ContactDisputed,
    Topic::ContactClosed,
    Topic::ContactReopened,
    Topic::ContactWithdrawn,
    Topic::ContactDiscarded,
    Topic::ContactReferred,
    Topic::ContactCorrected,
    Topic::ContactCommented,
    Topic::ContactPlatformResolved,
    Topic::ContactReminded,
    Topic::ContactBreached,
    Topic::MeetingRescheduled,
    Topic::MeetingCancelled,
    Topic::MeetingRelocated,
    Topic::MeetingAdded,
    Topic::MeetingUpdated,
    Topic::MeetingPostponed,
    Topic::MeetingResumed,
    Topic::MeetingStarted,
    Topic::MeetingHeld,
];

/// The scope without which a client is sent nothing of a topic.
pub fn scope_of(topic: Topic) -> ApiScope {
    if topic.as_str().starts_with("contact.") { ApiScope::ContactsRead } else { ApiScope::DialoguesRead }
}

closed! {
    /// Whether an endpoint is sent anything.
    EndpointStatus {
        /// It is.
        Active = "ACTIVE",
        /// It is not.
        Disabled = "DISABLED",
    }
}

closed! {
    /// Why an endpoint is disabled.
    DisabledWhy {
        /// Somebody of its organisation disabled it.
        ByOwner = "BY_OWNER",
        /// It answered 410: it is gone.
        Gone = "GONE",
        /// Every attempt failed for three days.
        Failing = "FAILING",
        /// Who made it has no rights in its organisation any more, or the API client that made it is good no longer.
        NoRights = "NO_RIGHTS",
    }
}

/// Where events are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEndpoint {
    /// Its id.
    pub id: WebhookEndpointId,
    /// The organisation that owns it.
    pub organisation: OrganisationId,
    /// The address.
    pub url: WebUrl,
    /// Which events.
    pub topics: BTreeSet<Topic>,
    /// The person whose rights in the organisation decide what is sent.
    pub maker: UserId,
    /// The API client that made it, to whose scopes these rights are narrowed.
    pub client: Option<ApiClientId>,
    /// Whether it is disabled, and why.
    pub disabled: Option<DisabledWhy>,
    /// Since when every attempt has failed.
    pub failing_since: Option<Instant>,
    /// The number of the last event before it was made or enabled.
    pub from_seq: i64,
    /// When it was made.
    pub created_at: Instant,
    /// Until when the former secret signs, too.
    pub former_until: Option<Instant>,
}

impl WebhookEndpoint {
    /// Whether anything is sent.
    pub fn status(&self) -> EndpointStatus {
        if self.disabled.is_some() { EndpointStatus::Disabled } else { EndpointStatus::Active }
    }

    /// Whether it is to be told of an event, as far as its own settings go.
    pub fn wants(&self, event: &RecordedEvent) -> bool {
        event.seq > self.from_seq && self.topics.contains(&event.topic)
    }

    /// The endpoint after an attempt at `now`, out of use if that was the last straw.
    #[must_use]
    pub fn after(self, attempt: &Attempt, now: Instant) -> Self {
        let failing_since = attempt.failure.map(|_| self.failing_since.unwrap_or(now));
        let worn_out = failing_since.is_some_and(|since| since <= now - FAILING);
        let why = if attempt.is_gone() { Some(DisabledWhy::Gone) } else { worn_out.then_some(DisabledWhy::Failing) };
        Self { failing_since, disabled: self.disabled.or(why), ..self }
    }

    /// Refuses what needs an endpoint in use.
    pub fn check_active(&self) -> Result<()> {
        if self.disabled.is_none() {
            return Ok(());
        }
        Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "webhookEndpointId", "This endpoint is disabled."))
    }

    /// The endpoint out of use.
    pub fn disable(self, why: DisabledWhy) -> Result<Self> {
        self.check_active()?;
        Ok(Self { disabled: Some(why), ..self })
    }

    /// The endpoint in use again, from the event numbered after `seq` on.
    pub fn enable(self, seq: i64) -> Result<Self> {
        if self.disabled.is_none() {
            return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "webhookEndpointId", "This endpoint is in use."));
        }
        Ok(Self { disabled: None, failing_since: None, from_seq: seq, ..self })
    }
}

/// An endpoint to be made, as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct WebhookEndpointDraft {
    /// The address.
    pub url: String,
    /// The events by name.
    pub topics: Vec<String>,
}

impl WebhookEndpointDraft {
    /// Checks everything at once. `loopback` lets addresses of this machine pass, for development.
    pub fn check(&self, actor: &Actor, loopback: bool) -> Result<(WebUrl, BTreeSet<Topic>)> {
        let mut faults = Faults::default();
        let url = faults.check("url", WebUrl::parse(&self.url));
        if let Some(url) = &url {
            faults.check("url", public_address::check(url, loopback));
        }
        if self.topics.is_empty() {
            faults.add(Reason::Required, "topics", "Name an event at least.");
        }
        let mut topics = BTreeSet::new();
        for (index, word) in self.topics.iter().enumerate().take(TOPICS.len() + 1) {
            let path = format!("topics.{index}");
            let known = Topic::parse(word).filter(|topic| TOPICS.contains(topic));
            match known {
                None => faults.add(Reason::NotAnOption, &path, "There is no such event that can be sent."),
                Some(topic) if actor.members_under(scope_of(topic)).is_empty() => {
                    faults.add(Reason::NotPermitted, &path, format!("This needs the scope {}.", scope_of(topic)));
                }
                Some(topic) if !topics.insert(topic) => faults.add(Reason::Duplicate, &path, "This event stands twice."),
                Some(_) => {}
            }
        }
        faults.finish_with(url.map(|url| (url, topics)))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{id::Id, record::webhook_delivery::Failure};

    fn now() -> Instant {
        Instant::default() + TimeDelta::days(20_000)
    }

    fn endpoint() -> WebhookEndpoint {
        WebhookEndpoint {
            id: Id::new(Uuid::nil()),
            organisation: Id::new(Uuid::nil()),
            url: WebUrl::parse("https://partner.example/hook").expect("an address"),
            topics: BTreeSet::from([Topic::ContactLogged]),
            maker: Id::new(Uuid::nil()),
            client: None,
            disabled: None,
            failing_since: None,
            from_seq: 7,
            created_at: now(),
            former_until: None,
        }
    }

    #[test]
    fn a_topic_is_one_of_the_list_and_names_what_it_needs() {
        let everything = Actor::System;
        let draft = |topics: &[&str]| WebhookEndpointDraft {
            url: "https://partner.example/hook".to_owned(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        };
        let paths = |draft: WebhookEndpointDraft| {
            let faults = draft.check(&everything, false).expect_err("faults").faults;
            faults.into_iter().map(|fault| (fault.path.join("."), fault.reason)).collect::<Vec<_>>()
        };
        assert_eq!(paths(draft(&["session.started"])), [("topics.0".to_owned(), Reason::NotAnOption)]);
        assert_eq!(paths(draft(&["contact.logged"])), [("topics.0".to_owned(), Reason::NotPermitted)]);
        assert_eq!(paths(draft(&[])), [("topics".to_owned(), Reason::Required)]);
        assert!(TOPICS.iter().all(|topic| ["contact", "meeting"].contains(&topic.as_str().split('.').next().unwrap_or_default())));
    }

    #[test]
    fn one_success_in_three_days_keeps_it_in_use() {
        let tried = |endpoint: WebhookEndpoint, answer: Result<u16, Failure>, hours: i64| {
            let at = now() + TimeDelta::hours(hours);
            endpoint.after(&Attempt::new(answer, at, 5), at)
        };
        let failing = tried(tried(endpoint(), Ok(500), 0), Err(Failure::Timeout), 71);
        assert_eq!((failing.failing_since, failing.status()), (Some(now()), EndpointStatus::Active));
        assert_eq!(tried(failing.clone(), Ok(503), 72).disabled, Some(DisabledWhy::Failing));
        let healed = tried(failing, Ok(204), 71);
        assert_eq!(healed.failing_since, None);
        assert_eq!(tried(healed, Ok(503), 72).disabled, None);
        assert_eq!(tried(endpoint(), Ok(410), 0).disabled, Some(DisabledWhy::Gone));
        let by_hand = endpoint().disable(DisabledWhy::ByOwner).expect("disabled");
        assert_eq!(tried(by_hand, Ok(410), 0).disabled, Some(DisabledWhy::ByOwner));
    }

    #[test]
    fn it_wants_its_topics_from_when_it_came_into_use() {
        let event = |seq, topic| RecordedEvent { seq, topic, object: endpoint().id.any(), at: now() };
        assert!(endpoint().wants(&event(8, Topic::ContactLogged)));
        assert!(!endpoint().wants(&event(7, Topic::ContactLogged)) && !endpoint().wants(&event(8, Topic::ContactSent)));
        let again = endpoint().disable(DisabledWhy::Gone).and_then(|one| one.enable(9)).expect("in use again");
        assert!(!again.wants(&event(9, Topic::ContactLogged)) && again.wants(&event(10, Topic::ContactLogged)));
        assert!(endpoint().enable(9).is_err() && again.disable(DisabledWhy::ByOwner).is_ok());
    }
}
