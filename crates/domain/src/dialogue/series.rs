//! How a series was changed from one of its dates on ("this and following", "all"), without touching its rule: dates keep the
//! names that the rule gives them, and a stretch of them says how far from there they take place, where and how long.

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    dialogue::{Dialogue, DialogueStatus, Venue},
    length::Length,
    meeting::{Meeting, MeetingStatus, Slot},
};
use crate::{
    error::{Code, Error, Reason, Result, closed},
    text::WebUrl,
    time::{Instant, zone},
};

/// Most changes that one series keeps.
pub const MOST_STRETCHES: usize = 100;
/// Furthest that a series may be moved from the dates that its rule names.
pub const MOST_SHIFT: TimeDelta = TimeDelta::days(366);

closed! {
    /// Which meetings of a series a change is about.
    ChangeScope {
        /// One only.
        This = "THIS",
        /// One, and those whose dates the rule names after it.
        ThisAndFollowing = "THIS_AND_FOLLOWING",
        /// All that lie ahead.
        All = "ALL",
    }
}

/// What holds from one of the rule's dates on, up to the next stretch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The first of the rule's dates for which it holds.
    pub from: NaiveDateTime,
    /// How much later on the clock meetings begin than the rule says, in seconds.
    pub shift_seconds: i64,
    /// The zone of that clock, if it is another than the rule's.
    #[serde(serialize_with = "zone_name", deserialize_with = "zone_of_name")]
    pub zone: Option<Tz>,
    /// How long a meeting takes.
    pub length: Length,
    /// The place.
    pub venue: Option<Venue>,
    /// The link.
    pub join_url: Option<WebUrl>,
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn zone_name<S: Serializer>(zone: &Option<Tz>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    zone.map(Tz::name).serialize(serializer)
}

fn zone_of_name<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Tz>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    name.map(|name| zone(&name).map_err(serde::de::Error::custom)).transpose()
}

impl Stretch {
    /// How much later on the clock meetings begin than the rule says.
    pub fn shift(&self) -> TimeDelta {
        TimeDelta::seconds(self.shift_seconds)
    }
}

impl Dialogue {
    /// What holds before any change.
    pub fn unchanged(&self) -> Stretch {
        Stretch {
            from: NaiveDateTime::MIN,
            shift_seconds: 0,
            zone: None,
            length: self.length,
            venue: self.venue.clone(),
            join_url: self.join_url.clone(),
        }
    }

    /// What holds for the rule's date `original`.
    pub fn stretch(&self, original: NaiveDateTime) -> Stretch {
        self.stretches.iter().rev().find(|stretch| stretch.from <= original).cloned().unwrap_or_else(|| self.unchanged())
    }

    /// What holds for the latest dates.
    pub fn latest(&self) -> Stretch {
        self.stretches.last().cloned().unwrap_or_else(|| self.unchanged())
    }

    /// When the rule's date `original`, which it names in `host`, takes place.
    pub fn slot(&self, original: NaiveDateTime, host: Tz) -> Slot {
        let stretch = self.stretch(original);
        Slot { local_start: original + stretch.shift(), zone: stretch.zone.unwrap_or(host), length: stretch.length }
    }

    /// The zone in which a meeting's date is named: where hosts take turns, its own unless it was moved to another.
    fn host_of(&self, meeting: &Meeting) -> Tz {
        if self.recurrence.rotation.is_empty() { self.recurrence.zone } else { meeting.zone }
    }

    /// The slot that the series alone gives a meeting.
    pub fn slot_of(&self, meeting: &Meeting) -> Slot {
        self.slot(meeting.original_start, self.host_of(meeting))
    }

    /// Whether a meeting was moved by itself.
    pub fn was_moved_alone(&self, meeting: &Meeting) -> bool {
        self.slot_of(meeting) != Slot { local_start: meeting.local_start, zone: meeting.zone, length: meeting.length }
    }

    /// Where a meeting takes place.
    pub fn venue_of(&self, meeting: &Meeting) -> Option<Venue> {
        meeting.venue.clone().or_else(|| self.stretch(meeting.original_start).venue)
    }

    /// The link by which parties join a meeting.
    pub fn join_url_of(&self, meeting: &Meeting) -> Option<WebUrl> {
        meeting.join_url.clone().or_else(|| self.stretch(meeting.original_start).join_url)
    }

    /// Whether no meeting takes place on the rule's date `original`, since the series was paused or ended before it.
    pub fn is_closed_on(&self, original: NaiveDateTime) -> bool {
        self.closed_from.is_some_and(|from| from <= original)
    }

    /// The same dialogue with a change that holds from `from` on, also in the stretches that were there.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it is paused or has ended; `LIMIT_EXCEEDED` if it was changed too often.
    pub fn changed_from(&self, from: NaiveDateTime, change: impl Fn(&mut Stretch), now: Instant) -> Result<Self> {
        if self.status != DialogueStatus::Active {
            return Err(not_now("A series that is paused or has ended cannot be changed as a whole."));
        }
        let mut stretches = self.stretches.clone();
        if !stretches.iter().any(|stretch| stretch.from == from) {
            let at = stretches.partition_point(|stretch| stretch.from < from);
            stretches.insert(at, Stretch { from, ..self.stretch(from) });
        }
        stretches.iter_mut().filter(|stretch| stretch.from >= from).for_each(change);
        // What says the same as the stretch before it says nothing.
        let mut kept: Vec<Stretch> = Vec::new();
        for stretch in stretches {
            let before = kept.last().cloned().unwrap_or_else(|| self.unchanged());
            if before != (Stretch { from: before.from, ..stretch.clone() }) {
                kept.push(stretch);
            }
        }
        if kept.len() > MOST_STRETCHES {
            let message = format!("A series keeps at most {MOST_STRETCHES} changes. Begin a new dialogue.");
            return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "scope", message));
        }
        Ok(Self { stretches: kept, ..self.edited(now) })
    }

    /// The series moved from `from` on, so that the date `original` takes place in this slot and the others as much later on
    /// the clock.
    pub fn moved_from(&self, from: NaiveDateTime, original: NaiveDateTime, slot: Slot, now: Instant) -> Result<Self> {
        let shift = slot.local_start - original;
        if shift.abs() > MOST_SHIFT {
            return Err(Error::invalid(Reason::OutOfRange, "localStart", "A series moves by a year at most."));
        }
        let zone = (slot.zone != self.recurrence.zone || !self.recurrence.rotation.is_empty()).then_some(slot.zone);
        let change = |stretch: &mut Stretch| {
            (stretch.shift_seconds, stretch.zone, stretch.length) = (shift.num_seconds(), zone, slot.length);
        };
        self.changed_from(from, change, now)
    }

    /// The series without meetings from `from` on, paused or ended.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it was ended before, or is paused already.
    pub fn closed(&self, from: NaiveDateTime, status: DialogueStatus, now: Instant) -> Result<Self> {
        match (self.status, status) {
            (DialogueStatus::Ended, _) => Err(not_now("This dialogue has ended.")),
            (DialogueStatus::Paused, DialogueStatus::Paused) => Err(not_now("This dialogue is paused already.")),
            _ => {
                let closed_from = Some(self.closed_from.map_or(from, |before| before.min(from)));
                Ok(Self { status, closed_from, ..self.edited(now) })
            }
        }
    }

    /// The series with meetings again.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it is not paused.
    pub fn resumed(&self, now: Instant) -> Result<Self> {
        if self.status != DialogueStatus::Paused {
            return Err(not_now("This dialogue is not paused."));
        }
        Ok(Self { status: DialogueStatus::Active, closed_from: None, ..self.edited(now) })
    }

    /// Whether calendars show it otherwise than the version before.
    pub fn shows_otherwise(&self, before: &Self) -> bool {
        self.stretches != before.stretches
            || self.closed_from != before.closed_from
            || self.title != before.title
            || self.purpose != before.purpose
    }

    /// The next version, with calendars told to look again.
    #[must_use]
    pub fn edited(&self, now: Instant) -> Self {
        Self { updated_at: now, version: self.version + 1, sequence: self.sequence + 1, ..self.clone() }
    }
}

impl Meeting {
    /// The meeting in the slot that its changed series gives it; `None` if it stays where it is: it lies behind, was called off
    /// or was moved by itself before.
    pub fn follow(&self, before: &Dialogue, after: &Dialogue, reason: Option<&str>, now: Instant) -> Result<Option<Self>> {
        if !self.status.can_move() || self.starts_at <= now || before.was_moved_alone(self) {
            return Ok(None);
        }
        let slot = after.slot_of(self);
        if before.slot_of(self) == slot {
            return Ok(None);
        }
        let moved = self.reschedule(slot, reason.map(str::to_owned), now)?;
        Ok(Some(Self { status: self.status, ..moved }))
    }

    /// The meeting where its changed series takes place; `None` if that is where it was, or it is past or was called off.
    pub fn follow_to(&self, before: &Dialogue, after: &Dialogue, reason: Option<&str>, now: Instant) -> Option<Self> {
        let stays = before.venue_of(self) == after.venue_of(self) && before.join_url_of(self) == after.join_url_of(self);
        let is_open = self.status.can_move() && self.starts_at > now;
        (is_open && !stays).then(|| Self { reason: reason.map(str::to_owned), ..self.changed(now) })
    }

    /// The meeting with the languages of its changed series, if it had those of the series before; else as it follows.
    pub fn speaking(&self, follows: Option<Self>, before: &Dialogue, after: &Dialogue, now: Instant) -> Option<Self> {
        let is_open = self.status.can_move() && self.starts_at > now && self.working_languages == before.working_languages;
        if !is_open || before.working_languages == after.working_languages {
            return follows;
        }
        let follows = follows.unwrap_or_else(|| Self { sequence: self.sequence, ..self.changed(now) });
        Some(Self { working_languages: after.working_languages.clone(), ..follows })
    }

    /// The meeting of a paused series: ahead, and without a date that holds.
    pub fn postponed(&self, reason: Option<&str>, now: Instant) -> Option<Self> {
        let open = matches!(self.status, MeetingStatus::Proposed | MeetingStatus::Polling | MeetingStatus::Scheduled);
        let reason = reason.map(str::to_owned);
        (open && self.starts_at > now).then(|| Self { status: MeetingStatus::Postponed, reason, ..self.changed(now) })
    }

    /// The meeting put off until a date for it is found.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if it was put off or called off before, has begun or was held.
    pub fn postpone(&self, reason: Option<&str>, now: Instant) -> Result<Self> {
        let message = "A meeting that was postponed or cancelled before, has begun or was held cannot be postponed.";
        let postponed = self.postponed(reason, now).ok_or_else(|| not_now(message))?;
        Ok(Self { put_off: true, ..postponed })
    }

    /// The meeting of a series that goes on: on again if it lies ahead, called off for good if its date went by; as it is, if it was
    /// put off by itself.
    pub fn resumed(&self, now: Instant) -> Option<Self> {
        let status = if self.starts_at > now { MeetingStatus::Scheduled } else { MeetingStatus::Cancelled };
        (self.status == MeetingStatus::Postponed && !self.put_off).then(|| Self { status, reason: None, ..self.changed(now) })
    }

    /// The meeting at the instant that its wall time means by the zone data of today; `None` if that is the one it has, or it
    /// has begun.
    pub fn rederived(&self, now: Instant) -> Option<Self> {
        let slot = Slot { local_start: self.local_start, zone: self.zone, length: self.length };
        let starts_at = slot.starts_at();
        let ends_at = starts_at + self.length.delta();
        (self.starts_at > now && self.starts_at != starts_at).then(|| Self { starts_at, ends_at, ..self.changed(now) })
    }
}

pub(super) fn not_now(message: &str) -> Error {
    Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", message)
}
