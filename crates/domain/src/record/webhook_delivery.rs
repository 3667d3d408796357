//! One message of a webhook: its attempts, and what became of them.

use chrono::TimeDelta;

use crate::{
    error::closed,
    id::{AnyId, WebhookDeliveryId, WebhookEndpointId},
    record::event::{RecordedEvent, Topic},
    time::Instant,
};

/// The waits between attempts in seconds, as the specification suggests: ten attempts over about 75 hours. Without its jitter: what
/// waits for one endpoint is sent two at a time.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// Attempts that are kept of a message, the last ones.
const KEPT_ATTEMPTS: usize = 20;

closed! {
    /// How far a message has come.
    DeliveryStatus {
        /// It waits for its next attempt.
        Pending = "PENDING",
        /// The endpoint answered with a status of 200 to 299.
        Delivered = "DELIVERED",
        /// Every attempt failed.
        Failed = "FAILED",
        /// It was not sent: what it tells of may not be read any more.
        Dropped = "DROPPED",
    }
}

closed! {
    /// What was wrong with an attempt.
    Failure {
        /// The endpoint answered with another status than 200 to 299.
        Status = "STATUS",
        /// It answered with a redirect, which is not followed.
        Redirect = "REDIRECT",
        /// It did not answer in time.
        Timeout = "TIMEOUT",
        /// There was no connection, or none that is secure.
        Connection = "CONNECTION",
        /// Its name leads to an address that is not public.
        ForbiddenAddress = "FORBIDDEN_ADDRESS",
        /// The server broke off before there was an answer.
        Interrupted = "INTERRUPTED",
    }
}

/// One attempt to send a message. Of an answer only the status is kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Instant,
    /// Milliseconds until the answer, or until it was clear that there was none.
    pub latency_ms: u32,
    /// The status of the answer.
    pub response_code: Option<u16>,
    /// What was wrong.
    pub failure: Option<Failure>,
}

impl Attempt {
    /// An attempt and how it ended: with a status, or with what went wrong before there was one.
    pub fn new(answer: Result<u16, Failure>, at: Instant, latency_ms: u32) -> Self {
        let failure = match answer {
            Ok(200..=299) => None,
            Ok(300..=399) => Some(Failure::Redirect),
            Ok(_) => Some(Failure::Status),
            Err(failure) => Some(failure),
        };
        Self { at, latency_ms, response_code: answer.ok(), failure }
    }

    /// Whether the endpoint said that it is gone for good.
    pub fn is_gone(&self) -> bool {
        self.response_code == Some(410)
    }
}

/// One message to one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// Its id, which is the message's `webhook-id`: the same for every attempt, so that a receiver takes it once.
    pub id: WebhookDeliveryId,
    /// To which endpoint.
    pub endpoint: WebhookEndpointId,
    /// The event's number; none for a ping.
    pub seq: Option<i64>,
    /// The event's name, or `ping`.
    pub kind: String,
    /// The object that the event is about; none for a ping, and for a reader who may not read it.
    pub object: Option<AnyId>,
    /// When the event happened.
    pub at: Instant,
    /// When the message was put on its way.
    pub created_at: Instant,
    /// How far it has come.
    pub status: DeliveryStatus,
    /// Attempts that have begun since it was last asked for.
    pub tried: u32,
    /// When the next attempt is due; none while its endpoint is disabled.
    pub next_at: Option<Instant>,
    /// The last attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

impl WebhookDelivery {
    /// A message on its way.
    pub fn new(id: WebhookDeliveryId, endpoint: WebhookEndpointId, kind: String, at: Instant, now: Instant) -> Self {
        Self {
            id,
            endpoint,
            seq: None,
            kind,
            object: None,
            at,
            created_at: now,
            status: DeliveryStatus::Pending,
            tried: 0,
            next_at: Some(now),
            attempts: Vec::new(),
        }
    }

    /// A message that tells of an event.
    pub fn of(id: WebhookDeliveryId, endpoint: WebhookEndpointId, event: &RecordedEvent, now: Instant) -> Self {
        let one = Self::new(id, endpoint, event.topic.as_str().to_owned(), event.at, now);
        Self { seq: Some(event.seq), object: Some(event.object), ..one }
    }

    /// The event that it tells of; none for a ping.
    pub fn event(&self) -> Option<RecordedEvent> {
        Some(RecordedEvent { seq: self.seq?, topic: Topic::parse(&self.kind)?, object: self.object?, at: self.at })
    }

    /// When to try again after so many attempts; `None` after the last.
    pub fn next_attempt(tried: u32, now: Instant) -> Option<Instant> {
        let index = usize::try_from(tried).ok()?.checked_sub(1)?;
        WAITS.get(index).map(|seconds| now + TimeDelta::seconds(*seconds))
    }

    /// Whether more attempts began than there are: none of them came to its end.
    pub fn is_worn_out(&self) -> bool {
        usize::try_from(self.tried).is_ok_and(|tried| tried > WAITS.len() + 1)
    }

    /// The message as an attempt left it.
    #[must_use]
    pub fn attempted(mut self, attempt: Attempt) -> Self {
        let again = Self::next_attempt(self.tried, attempt.at).filter(|_| attempt.failure.is_some() && !attempt.is_gone());
        self.status = match (attempt.failure, again) {
            (None, _) => DeliveryStatus::Delivered,
            (Some(_), Some(_)) => DeliveryStatus::Pending,
            (Some(_), None) => DeliveryStatus::Failed,
        };
        self.next_at = again;
        self.attempts.push(attempt);
        let more = self.attempts.len().saturating_sub(KEPT_ATTEMPTS);
        self.attempts.drain(..more);
        self
    }

    /// The message, not sent: what it tells of may not be read any more.
    #[must_use]
    pub fn dropped(self) -> Self {
        Self { status: DeliveryStatus::Dropped, next_at: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::Id;

    fn now() -> Instant {
        Instant::default() + TimeDelta::days(20_000)
    }

    fn delivery() -> WebhookDelivery {
        WebhookDelivery::new(Id::new(Uuid::nil()), Id::new(Uuid::nil()), "contact.logged".to_owned(), now(), now())
    }

    #[test]
    fn ten_attempts_over_three_days() {
        let mut at = now();
        let mut tried = 1;
        while let Some(next) = WebhookDelivery::next_attempt(tried, at) {
            assert!(next > at);
            (at, tried) = (next, tried + 1);
        }
        assert_eq!((tried, (at - now()).num_hours()), (10, 75));
        assert!(WebhookDelivery { tried: 11, ..delivery() }.is_worn_out() && !WebhookDelivery { tried: 10, ..delivery() }.is_worn_out());
    }

    #[test]
    fn an_attempt_ends_well_or_is_made_again() {
        let attempted = |tried: u32, answer: Result<u16, Failure>| {
            let one = WebhookDelivery { tried, ..delivery() }.attempted(Attempt::new(answer, now(), 5));
            (one.status, one.attempts.last().and_then(|one| one.failure), one.next_at.is_some())
        };
        assert_eq!(attempted(1, Ok(200)), (DeliveryStatus::Delivered, None, false));
        assert_eq!(attempted(1, Ok(299)), (DeliveryStatus::Delivered, None, false));
        assert_eq!(attempted(1, Ok(302)), (DeliveryStatus::Pending, Some(Failure::Redirect), true));
        assert_eq!(attempted(9, Ok(500)), (DeliveryStatus::Pending, Some(Failure::Status), true));
        assert_eq!(attempted(10, Err(Failure::Timeout)), (DeliveryStatus::Failed, Some(Failure::Timeout), false));
        assert_eq!(attempted(11, Err(Failure::Interrupted)), (DeliveryStatus::Failed, Some(Failure::Interrupted), false));
        assert_eq!(attempted(1, Ok(410)), (DeliveryStatus::Failed, Some(Failure::Status), false));
    }

    #[test]
    fn only_the_last_attempts_are_kept() {
        let mut one = delivery();
        for minute in 0..25_i64 {
            one = one.attempted(Attempt::new(Ok(500), now() + TimeDelta::minutes(minute), 5));
        }
        assert_eq!((one.attempts.len(), one.attempts[0].at), (KEPT_ATTEMPTS, now() + TimeDelta::minutes(5)));
    }
}
