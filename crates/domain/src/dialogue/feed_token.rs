//! A private calendar address: whoever has it reads, without signing in, the meetings that its owner may read.

use crate::{
    error::{Code, Error, Reason, Result, closed},
    id::{DialogueId, FeedTokenId, OrganisationId, UserId},
    time::Instant,
};

closed! {
    /// Which meetings an address shows.
    FeedScope {
        /// Those of every dialogue to which one of the owner's organisations belongs.
        MyMeetings = "MY_MEETINGS",
        /// Those of every dialogue to which one organisation belongs, while the owner belongs to it.
        Organisation = "ORGANISATION",
        /// Those of one dialogue.
        Dialogue = "DIALOGUE",
    }
}

closed! {
    /// The form in which an address answers.
    FeedKind {
        /// iCalendar, RFC 5545.
        Ics = "ICS",
    }
}

/// Most addresses in force that one user may have.
pub const MOST: u64 = 50;

/// A private calendar address. The secret in it is kept as a hash only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedToken {
    /// Its id.
    pub id: FeedTokenId,
    /// Whose rights it carries, evaluated at each fetch.
    pub user: UserId,
    /// Which meetings it shows.
    pub scope: FeedScope,
    /// The dialogue, if it shows one only.
    pub dialogue: Option<DialogueId>,
    /// The organisation, if it shows the dialogues of one only.
    pub organisation: Option<OrganisationId>,
    /// When it was made.
    pub created_at: Instant,
    /// The day of the last fetch, as its first instant in UTC: kept no finer, since it tells what a person does.
    pub last_used_at: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

impl FeedToken {
    /// The address out of use.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it was revoked before.
    pub fn revoke(&self, now: Instant) -> Result<Self> {
        if self.revoked_at.is_some() {
            return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "", "This address was revoked before."));
        }
        Ok(Self { revoked_at: Some(now), ..self.clone() })
    }

    /// The first instant of the UTC day of `now`, if the day of the last fetch must be noted anew.
    pub fn day_to_note(&self, now: Instant) -> Option<Instant> {
        let day = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        (self.last_used_at != Some(day)).then_some(day)
    }
}
