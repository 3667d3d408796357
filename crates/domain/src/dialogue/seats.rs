//! Seats: how many there are in the room and online, for whom some are kept, how many are taken, and who gets the next one.
//! Pure arithmetic; who calls it holds the meeting, so that no seat is given twice.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    dialogue::MeetingFormat,
    meeting::Meeting,
    participation::{CapacityRole, Listed, ParticipationMode, ParticipationStatus},
    series::not_now,
    wall_time,
};
use crate::{
    error::{Error, Faults, Reason, Result, closed},
    id::ParticipationId,
    time::{self, Instant},
};

/// Most seats of a kind.
pub const MOST_SEATS: i64 = 100_000;

closed! {
    /// Who can register for a meeting.
    RegistrationMode {
        /// Only who is invited.
        Invitation = "INVITATION",
        /// Everybody signed in who reads the meeting.
        Open = "OPEN",
        /// Everybody signed in who reads the meeting; the organisers decide on each.
        Approval = "APPROVAL",
    }
}

/// Seats kept for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserved {
    /// For whom.
    pub role: CapacityRole,
    /// In the room or online.
    pub mode: ParticipationMode,
    /// How many.
    pub seats: i64,
}

/// Who can register, and when. Times are wall times: they mean what the clocks of the zone will show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Who.
    pub mode: RegistrationMode,
    /// From when.
    pub opens: Option<NaiveDateTime>,
    /// Until when.
    pub closes: Option<NaiveDateTime>,
    /// The zone of both.
    pub zone: Tz,
}

impl Default for Registration {
    fn default() -> Self {
        Self { mode: RegistrationMode::Invitation, opens: None, closes: None, zone: Tz::UTC }
    }
}

impl Registration {
    /// The instant from which one can register.
    pub fn opens_at(&self) -> Option<Instant> {
        self.opens.map(|wall| wall_time::resolve(self.zone, wall))
    }

    /// The instant from which one can no longer register.
    pub fn closes_at(&self) -> Option<Instant> {
        self.closes.map(|wall| wall_time::resolve(self.zone, wall))
    }

    /// Whether one can register at `now`, as far as the window goes.
    pub fn is_open(&self, now: Instant) -> bool {
        self.opens_at().is_none_or(|at| at <= now) && self.closes_at().is_none_or(|at| now < at)
    }
}

/// Who can take part in a meeting: its seats, its registration, and who sees the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Seats in the room; without a number no limit.
    pub in_person: Option<i64>,
    /// Seats online; without a number no limit.
    pub online: Option<i64>,
    /// Seats kept for roles.
    pub reserved: Vec<Reserved>,
    /// Who can register, and when.
    pub registration: Registration,
    /// Who sees the list of participants, as far as each of them consents.
    pub list: Listed,
}

impl Default for Admission {
    fn default() -> Self {
        Self { in_person: None, online: None, reserved: Vec::new(), registration: Registration::default(), list: Listed::Participants }
    }
}

impl Admission {
    /// The seats of a mode.
    pub fn seats(&self, mode: ParticipationMode) -> Option<i64> {
        match mode {
            ParticipationMode::InPerson => self.in_person,
            ParticipationMode::Online => self.online,
        }
    }

    /// The same with other seats, checked against each other and against those that are taken.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` with the number of seats taken where there would be fewer; `CONTRADICTION` where more are kept than there are.
    pub fn with_seats(&self, (in_person, online): (Option<i64>, Option<i64>), reserved: Vec<Reserved>, taken: &Seats) -> Result<Self> {
        let mut faults = Faults::default();
        for (path, mode, seats) in [("inPerson", ParticipationMode::InPerson, in_person), ("online", ParticipationMode::Online, online)] {
            let Some(seats) = seats else { continue };
            let (now, kept) = (taken.taken(mode), reserved.iter().filter(|one| one.mode == mode).map(|one| one.seats).sum::<i64>());
            if !(0..=MOST_SEATS).contains(&seats) {
                faults.add(Reason::OutOfRange, path, format!("0 to {MOST_SEATS} seats."));
            } else if seats < now {
                faults.add(Reason::OutOfRange, path, format!("{now} seats are taken; there cannot be fewer."));
            } else if seats < kept {
                faults.add(Reason::Contradiction, "reservedSeats", format!("{kept} seats are kept for roles, and there are {seats}."));
            }
        }
        for (index, one) in reserved.iter().enumerate() {
            if !(1..=MOST_SEATS).contains(&one.seats) {
                faults.add(Reason::OutOfRange, &format!("reservedSeats.{index}.seats"), format!("1 to {MOST_SEATS} seats."));
            }
            if reserved.iter().take(index).any(|other| (other.role, other.mode) == (one.role, one.mode)) {
                faults.add(Reason::Duplicate, &format!("reservedSeats.{index}"), "This role stands twice.");
            }
        }
        faults.finish()?;
        Ok(Self { in_person, online, reserved, ..self.clone() })
    }

    /// The same with another registration.
    ///
    /// # Errors
    /// `CONTRADICTION` where registration would close before it opens.
    pub fn with_registration(&self, registration: Registration, list: Listed) -> Result<Self> {
        if registration.opens.zip(registration.closes).is_some_and(|(opens, closes)| closes <= opens) {
            return Err(Error::invalid(Reason::Contradiction, "localCloses", "Registration would close before it opens."));
        }
        Ok(Self { registration, list, ..self.clone() })
    }
}

/// How many participations of a meeting have a status, for each role and mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seats(BTreeMap<(ParticipationMode, CapacityRole, ParticipationStatus), i64>);

/// One who waits, in the order of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The participation.
    pub id: ParticipationId,
    /// Where.
    pub mode: ParticipationMode,
    /// As what.
    pub role: CapacityRole,
}

impl Seats {
    /// Notes some participations; a negative number takes them away.
    pub fn add(&mut self, mode: ParticipationMode, role: CapacityRole, status: ParticipationStatus, number: i64) {
        *self.0.entry((mode, role, status)).or_default() += number;
    }

    fn sum(&self, wanted: impl Fn(ParticipationMode, CapacityRole, ParticipationStatus) -> bool) -> i64 {
        self.0.iter().filter(|((mode, role, status), _)| wanted(*mode, *role, *status)).map(|(_, number)| number).sum()
    }

    /// The seats of a mode that are taken.
    pub fn taken(&self, mode: ParticipationMode) -> i64 {
        self.sum(|at, _, status| at == mode && status.holds_seat())
    }

    /// How many have this status, in either mode.
    pub fn with(&self, wanted: ParticipationStatus) -> i64 {
        self.sum(|_, _, status| status == wanted)
    }

    /// The seats of a mode that one of this role can have; `None` without a limit. What is kept for other roles is left to them.
    pub fn free(&self, terms: &Admission, mode: ParticipationMode, role: CapacityRole) -> Option<i64> {
        let kept = |one: &Reserved| (one.seats - self.sum(|at, of, status| at == mode && of == one.role && status.holds_seat())).max(0);
        let for_others: i64 = terms.reserved.iter().filter(|one| one.mode == mode && one.role != role).map(kept).sum();
        terms.seats(mode).map(|seats| seats - self.taken(mode) - for_others)
    }

    /// Whether there is a seat for one of this role.
    pub fn has_room(&self, terms: &Admission, mode: ParticipationMode, role: CapacityRole) -> bool {
        self.free(terms, mode, role).is_none_or(|free| free > 0)
    }

    /// Whether somebody waits who could have a seat now.
    pub fn owes_an_offer(&self, terms: &Admission) -> bool {
        let waits = |((mode, role, status), number): (&(ParticipationMode, CapacityRole, ParticipationStatus), &i64)| {
            *status == ParticipationStatus::Waitlisted && *number > 0 && self.has_room(terms, *mode, *role)
        };
        self.0.iter().any(waits)
    }

    /// Who of those who wait, in the order of the queue, gets a seat now. Their seats are taken afterwards.
    pub fn offer(&mut self, terms: &Admission, queue: &[Waiting]) -> Vec<ParticipationId> {
        let mut offered = Vec::new();
        for one in queue {
            if self.has_room(terms, one.mode, one.role) {
                self.add(one.mode, one.role, ParticipationStatus::Waitlisted, -1);
                self.add(one.mode, one.role, ParticipationStatus::Offered, 1);
                offered.push(one.id);
            }
        }
        offered
    }
}

/// Until when a seat offered at `now` is kept: as long as usual, and near the start no longer than half the time that is left, so
/// that the next one has a chance too. `None` once the meeting has begun.
pub fn offered_until(now: Instant, starts_at: Instant, usual: TimeDelta) -> Option<Instant> {
    (starts_at > now).then(|| time::to_micros(now + usual.min((starts_at - now) / 2)))
}

impl Meeting {
    /// Where one takes part who does not say where.
    pub fn usual_mode(&self) -> ParticipationMode {
        match self.format {
            MeetingFormat::InPerson => ParticipationMode::InPerson,
            MeetingFormat::Online | MeetingFormat::Hybrid => ParticipationMode::Online,
        }
    }

    /// Checks that one can take part there.
    ///
    /// # Errors
    /// `CONTRADICTION` where the meeting has no room, or no link.
    pub fn check_mode(&self, mode: ParticipationMode) -> Result<()> {
        self.lacks(mode).map_or(Ok(()), |message| Err(Error::invalid(Reason::Contradiction, "mode", message)))
    }

    /// Why one cannot take part there, if so.
    const fn lacks(&self, mode: ParticipationMode) -> Option<&'static str> {
        match (self.format, mode) {
            (MeetingFormat::Online, ParticipationMode::InPerson) => Some("This meeting takes place online only."),
            (MeetingFormat::InPerson, ParticipationMode::Online) => Some("This meeting takes place in the room only."),
            _ => None,
        }
    }

    /// Checks that it has seats only where one can take part.
    ///
    /// # Errors
    /// `CONTRADICTION` at the field of the seats.
    pub fn check_seats(&self, (in_person, online): (Option<i64>, Option<i64>), reserved: &[Reserved]) -> Result<()> {
        let mut faults = Faults::default();
        for (path, mode, seats) in [("inPerson", ParticipationMode::InPerson, in_person), ("online", ParticipationMode::Online, online)] {
            if let Some(message) = self.lacks(mode).filter(|_| seats.is_some_and(|seats| seats > 0)) {
                faults.add(Reason::Contradiction, path, message);
            }
        }
        for (index, one) in reserved.iter().enumerate() {
            if let Some(message) = self.lacks(one.mode) {
                faults.add(Reason::Contradiction, &format!("reservedSeats.{index}.mode"), message);
            }
        }
        faults.finish()
    }

    /// Checks that registration closes before it begins.
    ///
    /// # Errors
    /// `CONTRADICTION` at `localCloses`.
    pub fn check_closing(&self, registration: &Registration) -> Result<()> {
        if registration.closes_at().is_some_and(|at| at > self.starts_at) {
            return Err(Error::invalid(Reason::Contradiction, "localCloses", "Registration would close after the meeting begins."));
        }
        Ok(())
    }

    /// Checks that one can still come to it.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` once it was called off or is over.
    pub fn check_ahead(&self, now: Instant) -> Result<()> {
        let ahead = self.status.can_cancel() && now < self.ends_at;
        if ahead { Ok(()) } else { Err(not_now("This meeting was called off or is over.")) }
    }

    /// Checks that it has begun, so that one can know who came.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` before it begins, and where it was called off.
    pub fn check_begun(&self, now: Instant) -> Result<()> {
        let begun = !self.status.is_off() && self.starts_at <= now;
        if begun { Ok(()) } else { Err(not_now("This meeting has not begun, or was called off.")) }
    }
}
