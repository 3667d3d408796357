//! One message of a webhook: its attempts, and what became of them.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    error::closed,
    id::{AnyId, WebhookDeliveryId, WebhookEndpointId},
    record::event::{RecordedEvent, Topic},
    time::Instant,
};

/// The waits between attempts in seconds, as the specification suggests: ten attempts over about 75 hours, and what [`spread`] adds.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The longest wait that an endpoint can ask for: as long as the longest of ours.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// The part of a wait that is added to it at most: one in so many.
const SPREAD: u64 = 5;
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
        /// There was no connection, or it broke off before there was an answer.
        Connection = "CONNECTION",
        /// Nobody who is trusted certifies that it is who it says.
        Certificate = "CERTIFICATE",
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
    /// Before when the endpoint asked not to be tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<Instant>,
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
        Self { at, latency_ms, response_code: answer.ok(), failure, retry_after: None }
    }

    /// The attempt whose answer asks to be left alone until then (`Retry-After`). Only 429 (RFC 6585, 4) and 503 (RFC 9110, 15.6.4) say
    /// anything by it.
    #[must_use]
    pub fn asking(self, until: Option<Instant>) -> Self {
        Self { retry_after: until.filter(|_| matches!(self.response_code, Some(429 | 503))), ..self }
    }

    /// Whether the endpoint said that it is gone for good.
    pub fn is_gone(&self) -> bool {
        self.response_code == Some(410)
    }
}

/// How long to wait after so many attempts; `None` after the last. As long as planned, or as the endpoint asked, if that is longer and no
/// longer than [`LONGEST`]; and what [`spread`] adds.
fn wait(tried: u32, asked: Option<TimeDelta>, seed: u64) -> Option<TimeDelta> {
    let index = usize::try_from(tried).ok()?.checked_sub(1)?;
    let planned = TimeDelta::seconds(*WAITS.get(index)?);
    let wait = planned.max(asked.unwrap_or_default().min(LONGEST));
    Some(wait + spread(wait, seed))
}

/// What is added to a wait, so that messages that failed in one moment do not come back in one: from nothing to a fifth of it, evenly over
/// all seeds.
fn spread(wait: TimeDelta, seed: u64) -> TimeDelta {
    let most = wait.num_microseconds().and_then(|micros| u64::try_from(micros).ok()).unwrap_or_default() / SPREAD;
    let share = (u128::from(most) * u128::from(seed)) >> 64;
    TimeDelta::microseconds(i64::try_from(share).unwrap_or_default())
}

/// A number that looks like chance, and is the same for the same attempt of the same message (the finalizer of `SplitMix64`).
fn seed(id: Uuid, tried: u32) -> u64 {
    let (high, low) = id.as_u64_pair();
    let mixed = high.rotate_left(32) ^ low ^ u64::from(tried).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
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

    /// When to try again after this attempt; `None` after the last.
    fn next_attempt(&self, attempt: &Attempt) -> Option<Instant> {
        let asked = attempt.retry_after.map(|until| until - attempt.at);
        wait(self.tried, asked, seed(self.id.uuid(), self.tried)).map(|wait| attempt.at + wait)
    }

    /// Whether more attempts began than there are: none of them came to its end.
    pub fn is_worn_out(&self) -> bool {
        usize::try_from(self.tried).is_ok_and(|tried| tried > WAITS.len() + 1)
    }

    /// The message as an attempt left it.
    #[must_use]
    pub fn attempted(mut self, attempt: Attempt) -> Self {
        let again = self.next_attempt(&attempt).filter(|_| attempt.failure.is_some() && !attempt.is_gone());
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
    use proptest::prelude::*;

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
        for (seed, hours) in [(0, 75), (u64::MAX, 90)] {
            let (mut all, mut tried) = (TimeDelta::zero(), 1);
            while let Some(one) = wait(tried, None, seed) {
                (all, tried) = (all + one, tried + 1);
            }
            assert_eq!((tried, all.num_hours()), (10, hours));
        }
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

    #[test]
    fn messages_that_failed_in_one_moment_come_back_one_by_one() {
        let wait = TimeDelta::seconds(5);
        let mut fifths = [0_u32; 5];
        for number in 0..1_000_u128 {
            // Ids of one millisecond differ in their last bits only.
            let added = spread(wait, seed(Uuid::from_u128((0x0190_0000_7000_8000 << 64) + number), 1));
            fifths[usize::try_from(added.num_milliseconds() / 200).expect("an index")] += 1;
        }
        assert!(fifths.iter().all(|count| (150..250).contains(count)), "{fifths:?}");
    }

    #[test]
    fn only_who_is_overloaded_says_when_to_come_back() {
        let until = now() + TimeDelta::hours(1);
        let asked = |status: u16| Attempt::new(Ok(status), now(), 5).asking(Some(until)).retry_after;
        assert_eq!([429, 503].map(asked), [Some(until); 2]);
        assert_eq!([200, 301, 404, 410, 500, 504].map(asked), [None; 6]);
        assert_eq!(Attempt::new(Err(Failure::Timeout), now(), 5).asking(Some(until)).retry_after, None);
    }

    proptest! {
        #[test]
        fn a_wait_is_what_was_planned_or_asked_and_a_fifth_more_at_most(
            tried in 1_u32..10,
            asked in proptest::option::of(-1_000_000_i64..1_000_000),
            seeds in any::<[u64; 2]>(),
        ) {
            let asked = asked.map(TimeDelta::seconds);
            let planned = wait(tried, None, 0).expect("a wait");
            let [first, second] = seeds.map(|seed| wait(tried, asked, seed).expect("a wait"));
            let least = planned.max(asked.unwrap_or_default().min(LONGEST));
            prop_assert!(first >= least && first >= planned && first <= least + least / 5);
            prop_assert!(first <= LONGEST + LONGEST / 5, "bounded, whatever was asked");
            prop_assert_eq!(first.cmp(&second).is_lt(), seeds[0] < seeds[1] && first != second, "the same seed, the same wait");
            prop_assert_eq!(wait(tried, asked, seeds[0]), Some(first));
        }
    }
}
