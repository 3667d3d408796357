//! Webhooks: which events an organisation has sent to an address of its own, and how (Standard Webhooks 1.0).

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::{
    error::{Code, Error, Reason, Result, closed},
    id::{ApiClientId, OrganisationId, UserId, WebhookEndpointId},
    policy::ApiScope,
    record::{
        event::{RecordedEvent, Topic},
        webhook_delivery::Attempt,
        webhook_draft::WebhookEndpointChange,
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
    Topic::ContactAttached,
    Topic::ContactDetached,
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
        /// Whose rights it has, has none in its organisation any more, or the API client is good no longer.
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
    /// What its keepers call it.
    pub description: Option<String>,
    /// The person whose rights in the organisation decide what is sent: who made it, or who last said where it leads or what it is told of.
    pub maker: UserId,
    /// The API client by which he did, to whose scopes these rights are narrowed.
    pub client: Option<ApiClientId>,
    /// Whether it is disabled, and why.
    pub disabled: Option<DisabledWhy>,
    /// Since when every attempt has failed.
    pub failing_since: Option<Instant>,
    /// The number of the last event before it was made or enabled.
    pub from_seq: i64,
    /// For events that it is told of since later: the number of the last event before.
    pub topics_from: BTreeMap<Topic, i64>,
    /// When it was made.
    pub created_at: Instant,
    /// Until when the former secret signs, too.
    pub former_until: Option<Instant>,
    /// Counts its changes by people.
    pub version: i64,
}

impl WebhookEndpoint {
    /// Whether anything is sent.
    pub fn status(&self) -> EndpointStatus {
        if self.disabled.is_some() { EndpointStatus::Disabled } else { EndpointStatus::Active }
    }

    /// Whether it is to be told of an event, as far as its own settings go.
    pub fn wants(&self, event: &RecordedEvent) -> bool {
        let from = self.topics_from.get(&event.topic).map_or(self.from_seq, |later| self.from_seq.max(*later));
        event.seq > from && self.topics.contains(&event.topic)
    }

    /// The endpoint as somebody changed it when `seq` was the last event's number. Whoever says where it leads or what it is told of gives
    /// it his rights, so that nobody learns by it what he may not read himself; what it failed at another address is forgotten.
    #[must_use]
    pub fn change(self, change: WebhookEndpointChange, maker: UserId, client: Option<ApiClientId>, seq: i64) -> Self {
        let mut after = self.clone();
        if change.takes_over() {
            (after.maker, after.client) = (maker, client);
        }
        if let Some(url) = change.url.filter(|url| *url != self.url) {
            (after.url, after.failing_since) = (url, None);
        }
        if let Some(topics) = change.topics {
            after.topics_from.extend(topics.difference(&self.topics).map(|added| (*added, seq)));
            after.topics_from.retain(|topic, _| topics.contains(topic));
            after.topics = topics;
        }
        after.description = change.description.unwrap_or(after.description);
        after.version += 1;
        after
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
            description: None,
            maker: Id::new(Uuid::nil()),
            client: None,
            disabled: None,
            failing_since: None,
            from_seq: 7,
            topics_from: BTreeMap::new(),
            created_at: now(),
            former_until: None,
            version: 1,
        }
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

    #[test]
    fn a_change_gives_it_the_rights_of_who_says_where_it_leads() {
        let (somebody, now_failing) = (Id::new(Uuid::from_u128(5)), WebhookEndpoint { failing_since: Some(now()), ..endpoint() });
        let named = WebhookEndpointChange { description: Some(Some("Case system".to_owned())), ..WebhookEndpointChange::default() };
        let named = now_failing.clone().change(named, somebody, None, 20);
        assert_eq!((named.maker, named.failing_since, named.version), (endpoint().maker, Some(now()), 2));
        assert_eq!(named.description.as_deref(), Some("Case system"));
        let moved = WebhookEndpointChange { url: WebUrl::parse("https://other.example/").ok(), ..WebhookEndpointChange::default() };
        let moved = named.change(moved, somebody, Some(Id::new(Uuid::nil())), 20);
        assert_eq!((moved.maker, moved.failing_since, moved.version), (somebody, None, 3));
        assert!(moved.client.is_some() && moved.description.is_some());
    }

    #[test]
    fn events_that_are_added_are_told_from_then_on() {
        let event = |seq, topic| RecordedEvent { seq, topic, object: endpoint().id.any(), at: now() };
        let topics =
            |topics: &[Topic]| WebhookEndpointChange { topics: Some(topics.iter().copied().collect()), ..WebhookEndpointChange::default() };
        let both = endpoint().change(topics(&[Topic::ContactLogged, Topic::ContactSent]), endpoint().maker, None, 20);
        assert!(both.wants(&event(8, Topic::ContactLogged)), "as before");
        assert!(!both.wants(&event(20, Topic::ContactSent)) && both.wants(&event(21, Topic::ContactSent)));
        let one = both.change(topics(&[Topic::ContactSent]), endpoint().maker, None, 30);
        assert!(!one.wants(&event(40, Topic::ContactLogged)) && one.wants(&event(21, Topic::ContactSent)));
        let again = one.change(topics(&[Topic::ContactLogged]), endpoint().maker, None, 50);
        assert!(!again.wants(&event(50, Topic::ContactLogged)) && again.topics_from.len() == 1);
    }
}
