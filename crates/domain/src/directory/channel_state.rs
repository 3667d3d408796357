//! How far a channel can be relied on: verified, degraded, retired.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{channel::ChannelFields, entry::number};
use crate::{
    error::{Code, Error, Faults, Reason, Result, closed},
    id::OrganisationId,
    text::block,
    time::Instant,
};

/// Days after a verification at which a channel is to be checked again, unless its owner says otherwise.
pub const CHECK_AFTER_DAYS: i64 = 90;

/// Days before a polling day of a country that a channel serves by name, by which it is to have been checked.
pub const CHECK_BEFORE_POLL_DAYS: i64 = 14;
/// Days between checks from then on until the poll.
pub const CHECK_NEAR_POLL_DAYS: i64 = 7;

/// When a channel is to be checked again at the latest, if a country that it serves by name votes on these days: two weeks before, and from
/// then on every week. `None` where no poll is ahead.
pub fn check_before(polls: &[NaiveDate], today: NaiveDate) -> Option<NaiveDate> {
    let next = polls.iter().copied().filter(|poll| *poll > today).min()?;
    let in_time = next.checked_sub_signed(TimeDelta::days(CHECK_BEFORE_POLL_DAYS))?;
    if in_time > today { Some(in_time) } else { today.checked_add_signed(TimeDelta::days(CHECK_NEAR_POLL_DAYS)) }
}

closed! {
    /// Whether a channel can be relied on.
    ChannelStatus {
        /// Nobody has tried it since it was entered or changed.
        Unverified = "UNVERIFIED",
        /// It was verified.
        Active = "ACTIVE",
        /// It answers late or in part, as was stated; or it was verified, and is overdue to be checked again or answers have stopped.
        Degraded = "DEGRADED",
        /// It is closed; it stays readable and cannot come back.
        Retired = "RETIRED",
    }
}

/// How far a channel can be relied on, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelState {
    /// Whether it can be relied on.
    pub status: ChannelStatus,
    /// When it was last verified.
    pub verified_at: Option<Instant>,
    /// The organisation that verified it.
    pub verified_by: Option<OrganisationId>,
    /// When it is to be checked again.
    pub next_check_due: Option<NaiveDate>,
    /// Why it was retired.
    pub retired_reason: Option<String>,
}

/// What somebody found who tried a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Whether it answers late or in part only.
    pub degraded: bool,
    /// After how many days it is to be checked again, 1 to 730; [`CHECK_AFTER_DAYS`] if left out.
    pub check_after_days: Option<i32>,
}

impl ChannelState {
    /// The state of a channel that nobody has tried.
    pub const fn unverified() -> Self {
        Self { status: ChannelStatus::Unverified, verified_at: None, verified_by: None, next_check_due: None, retired_reason: None }
    }

    /// The status that readers are shown on a day: a channel that was verified can be relied on no longer once it is overdue to be
    /// checked again, or answers over it have stopped.
    pub fn shown(&self, answers_stopped: bool, today: NaiveDate) -> ChannelStatus {
        let is_overdue = self.next_check_due.is_some_and(|due| due < today);
        if self.status == ChannelStatus::Active && (answers_stopped || is_overdue) { ChannelStatus::Degraded } else { self.status }
    }

    /// The state after somebody reached the channel. A retired one cannot be verified. `polls` are the days on which the countries vote
    /// that the channel serves by name: near one it is to be checked again earlier.
    pub fn verify(&self, by: Option<OrganisationId>, seen: Verification, polls: &[NaiveDate], now: Instant) -> Result<Self> {
        self.not_retired()?;
        let mut faults = Faults::default();
        let days = number(&mut faults, "checkAfterDays", seen.check_after_days, 1..=730);
        faults.finish()?;
        let (today, wait) = (now.date_naive(), TimeDelta::days(days.map_or(CHECK_AFTER_DAYS, i64::from)));
        let due = today.checked_add_signed(wait).into_iter().chain(check_before(polls, today)).min();
        Ok(Self {
            status: if seen.degraded { ChannelStatus::Degraded } else { ChannelStatus::Active },
            verified_at: Some(now),
            verified_by: by,
            next_check_due: due,
            retired_reason: None,
        })
    }

    /// The state of a channel that is closed for good.
    pub fn retire(&self, reason: &str) -> Result<Self> {
        self.not_retired()?;
        let reason = block(reason, 1_000).map_err(|error| error.under("reason"))?;
        Ok(Self { status: ChannelStatus::Retired, next_check_due: None, retired_reason: Some(reason), ..self.clone() })
    }

    /// The state after an edit: a new address has to be verified anew.
    pub fn after_edit(&self, before: &ChannelFields, after: &ChannelFields) -> Result<Self> {
        self.not_retired()?;
        let same = before.address == after.address && before.kind == after.kind;
        Ok(if same { self.clone() } else { Self::unverified() })
    }

    fn not_retired(&self) -> Result<()> {
        if self.status == ChannelStatus::Retired {
            return Err(Error::new(
                Code::InvalidTransition,
                Reason::NotAllowedNow,
                "",
                "This channel is retired. Create a new one for a way that works again.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        directory::channel::{ChannelDraft, ChannelKind},
        id::Id,
    };

    fn fields(address: &str) -> ChannelFields {
        ChannelDraft {
            platform: Some(Id::new(uuid::Uuid::nil())),
            kind: Some(ChannelKind::Email),
            address: Some(address.into()),
            ..ChannelDraft::default()
        }
        .check()
        .expect("a valid draft")
    }

    #[test]
    fn near_a_poll_it_is_checked_earlier() {
        let day = |text: &str| -> NaiveDate { text.parse().expect("a day") };
        let due = |polls: &[&str]| {
            let polls: Vec<NaiveDate> = polls.iter().map(|text| day(text)).collect();
            let verified = ChannelState::unverified().verify(None, Verification::default(), &polls, Instant::default()).expect("verified");
            verified.next_check_due.expect("a day")
        };
        assert_eq!(due(&[]), day("1970-04-01"), "90 days");
        assert_eq!(due(&["1970-12-01", "1970-03-01"]), day("1970-02-15"), "two weeks before the next one");
        assert_eq!(due(&["1970-01-10", "1970-03-01"]), day("1970-01-08"), "every week from then on");
        assert_eq!(due(&["1970-01-01", "1969-12-01"]), day("1970-04-01"), "what is over counts no longer");
        assert_eq!(due(&["1970-12-01"]), day("1970-04-01"), "never later than without it");
    }

    #[test]
    fn a_new_address_must_be_verified_anew_and_a_retired_channel_stays_so() {
        let now = Instant::default();
        let seen = Verification { degraded: false, check_after_days: Some(30) };
        let active = ChannelState::unverified().verify(None, seen, &[], now).expect("verified");
        assert_eq!(active.next_check_due.map(|day| day.to_string()).as_deref(), Some("1970-01-31"));
        let day = |text: &str| text.parse().expect("a day");
        assert_eq!(active.shown(false, day("1970-01-31")), ChannelStatus::Active, "on the day itself");
        assert_eq!(active.shown(false, day("1970-02-01")), ChannelStatus::Degraded, "overdue to be checked");
        assert_eq!(active.shown(true, day("1970-01-02")), ChannelStatus::Degraded, "answers have stopped");
        assert_eq!(ChannelState::unverified().shown(true, day("1970-01-02")), ChannelStatus::Unverified);
        let (old, new) = (fields("a@example.org"), fields("b@example.org"));
        assert_eq!(active.after_edit(&old, &old).expect("edited").status, ChannelStatus::Active);
        assert_eq!(active.after_edit(&old, &new).expect("edited").status, ChannelStatus::Unverified);
        let retired = active.retire("No answer for a year").expect("retired");
        assert!(retired.verify(None, Verification::default(), &[], now).is_err());
        assert!(retired.retire("again").is_err());
        assert!(retired.after_edit(&old, &new).is_err());
    }
}
