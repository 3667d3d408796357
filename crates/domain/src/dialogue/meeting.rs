//! A meeting: one date of a dialogue. Its id belongs to the dialogue and the original date for good, wherever it is moved.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    dialogue::{Dialogue, MeetingFormat, Venue},
    length::Length,
    recurrence::Occurrence,
    seats::Admission,
    series::not_now,
    wall_time,
};
use crate::{
    error::{Error, Reason, Result, closed},
    id::{DialogueId, MeetingId},
    text::{LanguageTag, LocalizedText, WebUrl},
    time::Instant,
};

closed! {
    /// How far a meeting has come.
    MeetingStatus {
        /// Its date is a proposal.
        Proposed = "PROPOSED",
        /// Its date is being voted on.
        Polling = "POLLING",
        /// Its date stands.
        Scheduled = "SCHEDULED",
        /// It is under way.
        InProgress = "IN_PROGRESS",
        /// It took place.
        Held = "HELD",
        /// It took place and its papers are closed.
        Archived = "ARCHIVED",
        /// It will take place at a date not yet known.
        Postponed = "POSTPONED",
        /// It does not take place.
        Cancelled = "CANCELLED",
    }
}

impl MeetingStatus {
    /// Whether the meeting still lies ahead, so that it can be moved.
    pub const fn can_move(self) -> bool {
        matches!(self, Self::Proposed | Self::Polling | Self::Scheduled | Self::Postponed)
    }

    /// Whether it does not take place on its date.
    pub const fn is_off(self) -> bool {
        matches!(self, Self::Cancelled | Self::Postponed)
    }

    /// Whether it can be cancelled: at any time before it was held.
    pub const fn can_cancel(self) -> bool {
        self.can_move() || matches!(self, Self::InProgress)
    }

    /// iCalendar's word for it (RFC 5545, 3.8.1.11).
    pub const fn ical(self) -> &'static str {
        match self {
            Self::Proposed | Self::Polling => "TENTATIVE",
            Self::Scheduled | Self::InProgress | Self::Held | Self::Archived => "CONFIRMED",
            // Nobody is to come on the old date of one that was put off.
            Self::Cancelled | Self::Postponed => "CANCELLED",
        }
    }
}

closed! {
    /// How a meeting is interpreted.
    InterpretationKind {
        /// While people speak.
        Simultaneous = "SIMULTANEOUS",
        /// After people spoke.
        Consecutive = "CONSECUTIVE",
        /// Into a sign language.
        Sign = "SIGN",
        /// As captions.
        Caption = "CAPTION",
    }
}

/// A language into which a meeting is interpreted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpretation {
    /// The language; none where the source does not name it.
    pub language: Option<LanguageTag>,
    /// How.
    pub kind: InterpretationKind,
    /// Whether somebody is engaged for it.
    #[serde(default)]
    pub confirmed: bool,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// Its dialogue.
    pub dialogue: DialogueId,
    /// The wall time that the dialogue's recurrence named, in the dialogue's zone; never changes.
    pub original_start: NaiveDateTime,
    /// Its own title; without one it is called as the dialogue.
    pub title: Option<LocalizedText>,
    /// When it begins, on the clocks of `zone`.
    pub local_start: NaiveDateTime,
    /// Where those clocks stand.
    pub zone: Tz,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How long it takes.
    pub length: Length,
    /// Where it takes place.
    pub format: MeetingFormat,
    /// How far it has come.
    pub status: MeetingStatus,
    /// Whether it was put off by itself, so that it stays so when its paused dialogue goes on.
    pub put_off: bool,
    /// Why it was moved or cancelled.
    pub reason: Option<String>,
    /// Its own place; without one, the dialogue's.
    pub venue: Option<Venue>,
    /// Its own link; without one, the dialogue's.
    pub join_url: Option<WebUrl>,
    /// The languages spoken.
    pub working_languages: Vec<LanguageTag>,
    /// The languages into which it is interpreted.
    pub interpretation: Vec<Interpretation>,
    /// Who can take part in it.
    pub admission: Admission,
    /// How often its date was changed, as iCalendar counts (RFC 5545, 3.8.7.4).
    pub sequence: i64,
    /// When it was laid out.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// How often it was changed, from 1.
    pub version: i64,
}

/// Which meetings a list shows; what is empty or `None` does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MeetingFilter {
    /// That begin at or after this instant.
    pub starts_from: Option<Instant>,
    /// That begin before this instant.
    pub starts_to: Option<Instant>,
    /// That have not ended at this instant and are not cancelled.
    pub upcoming_at: Option<Instant>,
    /// Of these dialogues.
    pub dialogues: Vec<DialogueId>,
    /// With this status.
    pub statuses: Vec<MeetingStatus>,
}

/// When a meeting is to begin, and how long it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The wall time.
    pub local_start: NaiveDateTime,
    /// Its zone.
    pub zone: Tz,
    /// The length.
    pub length: Length,
}

impl Slot {
    /// When it begins.
    pub fn starts_at(&self) -> Instant {
        wall_time::resolve(self.zone, self.local_start)
    }
}

impl Meeting {
    /// The meeting of a dialogue on one of its dates.
    pub fn lay_out(id: MeetingId, dialogue: &Dialogue, occurrence: Occurrence, now: Instant) -> Self {
        let slot = dialogue.slot(occurrence.original, occurrence.zone);
        let starts_at = slot.starts_at();
        Self {
            id,
            dialogue: dialogue.id,
            original_start: occurrence.original,
            title: None,
            local_start: slot.local_start,
            zone: slot.zone,
            starts_at,
            ends_at: starts_at + slot.length.delta(),
            length: slot.length,
            format: dialogue.format,
            status: MeetingStatus::Scheduled,
            put_off: false,
            reason: None,
            venue: None,
            join_url: None,
            working_languages: dialogue.working_languages.clone(),
            interpretation: Vec::new(),
            admission: Admission::default(),
            sequence: 0,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// The meeting as a calendar has it from which its series is taken over, also where it lies behind.
    #[must_use]
    pub fn taken_over(self, slot: Slot, is_off: bool) -> Self {
        let starts_at = slot.starts_at();
        Self {
            local_start: slot.local_start,
            zone: slot.zone,
            starts_at,
            ends_at: starts_at + slot.length.delta(),
            length: slot.length,
            status: if is_off { MeetingStatus::Cancelled } else { self.status },
            ..self
        }
    }

    /// The meeting moved to another slot.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it was cancelled, has begun or was held; `IN_PAST` if the new start is past.
    pub fn reschedule(&self, slot: Slot, reason: Option<String>, now: Instant) -> Result<Self> {
        let is_over = self.starts_at <= now && self.status != MeetingStatus::Postponed;
        if !self.status.can_move() || is_over {
            return Err(not_now("A meeting that was cancelled, has begun or was held cannot be moved."));
        }
        let starts_at = slot.starts_at();
        if starts_at <= now {
            return Err(Error::invalid(Reason::InPast, "localStart", "The new start lies in the past."));
        }
        let status = if self.status == MeetingStatus::Postponed { MeetingStatus::Scheduled } else { self.status };
        Ok(Self {
            local_start: slot.local_start,
            zone: slot.zone,
            starts_at,
            ends_at: starts_at + slot.length.delta(),
            length: slot.length,
            status,
            put_off: false,
            reason,
            ..self.changed(now)
        })
    }

    /// The meeting called off.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it was called off before, or was held.
    pub fn cancel(&self, reason: Option<String>, now: Instant) -> Result<Self> {
        if !self.status.can_cancel() {
            return Err(not_now("This meeting was cancelled before or has been held."));
        }
        Ok(Self { status: MeetingStatus::Cancelled, reason, ..self.changed(now) })
    }

    /// The same meeting under a new version; its date stays, and so does the number that calendars count by.
    #[must_use]
    pub fn edited(&self, now: Instant) -> Self {
        Self { version: self.version + 1, updated_at: now, ..self.clone() }
    }

    /// What the time makes of its status: a date that stands begins and ends by itself; `None` where nothing changes.
    pub fn passed(&self, now: Instant) -> Option<MeetingStatus> {
        match self.status {
            MeetingStatus::Scheduled | MeetingStatus::InProgress if self.ends_at <= now => Some(MeetingStatus::Held),
            MeetingStatus::Scheduled if self.starts_at <= now => Some(MeetingStatus::InProgress),
            _ => None,
        }
    }

    /// The meeting at another place or by another link; `None` takes the series' own again.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it was cancelled, has begun or was held.
    pub fn relocate(&self, venue: Option<Venue>, join_url: Option<WebUrl>, reason: Option<String>, now: Instant) -> Result<Self> {
        if !self.status.can_move() || self.starts_at <= now {
            return Err(not_now("A meeting that was cancelled, has begun or was held takes place nowhere else."));
        }
        Ok(Self { reason, venue, join_url, ..self.changed(now) })
    }

    /// The meeting whose date is asked about in a poll.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it was cancelled, has begun or was held, or is asked about already.
    pub fn poll(&self, now: Instant) -> Result<Self> {
        let is_over = self.starts_at <= now && self.status != MeetingStatus::Postponed;
        if !self.status.can_move() || self.status == MeetingStatus::Polling || is_over {
            return Err(not_now(
                "A meeting that was cancelled, has begun or was held, or about which a poll is open, cannot be asked about.",
            ));
        }
        Ok(Self { status: MeetingStatus::Polling, ..self.changed(now) })
    }

    /// The meeting with the slot that a poll decided on.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if no poll is open about it any more, since it was cancelled for example.
    pub fn settle(&self, slot: Slot, now: Instant) -> Result<Self> {
        if self.status != MeetingStatus::Polling {
            return Err(not_now("No poll is open about this meeting any more."));
        }
        let starts_at = slot.starts_at();
        Ok(Self {
            local_start: slot.local_start,
            zone: slot.zone,
            starts_at,
            ends_at: starts_at + slot.length.delta(),
            length: slot.length,
            status: MeetingStatus::Scheduled,
            put_off: false,
            ..self.changed(now)
        })
    }

    /// The meeting with the status that it had before a poll.
    #[must_use]
    pub fn unpoll(&self, before: MeetingStatus, now: Instant) -> Self {
        Self { status: before, ..self.changed(now) }
    }

    pub(super) fn changed(&self, now: Instant) -> Self {
        Self { sequence: self.sequence + 1, version: self.version + 1, updated_at: now, ..self.clone() }
    }

    /// Whether it differs from what its series alone says, so that a calendar must tell it apart.
    pub fn is_changed(&self, dialogue: &Dialogue) -> bool {
        self.title.is_some()
            || self.venue.is_some()
            || self.join_url.is_some()
            || self.status.ical() != MeetingStatus::Scheduled.ical()
            || dialogue.was_moved_alone(self)
    }
}
