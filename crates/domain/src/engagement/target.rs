//! The target that binds one contact, as it was when the contact was sent, and how it was kept: a pure function of the facts.
//!
//! A target is kept by an answer *before* its moment: the time is half open, and who answers at the very moment is late. While the
//! receiver waits for the sender the clock for the decision stands still. The first response is never put off: a question is one.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    engagement::{
        business_time::Calendar,
        fact::Fact,
        line::{Line, Pause, Terms, line, pauses},
        vocabulary::{Status, Step},
    },
    error::{Error, Reason, Result, closed},
    id::{InstrumentId, ResponseTargetId},
    time::{Instant, iso_minutes, minutes},
};

/// Longest time within which an answer is to come, in days.
pub const MOST_DAYS: i64 = 366;
/// How long before its moment an answer is due soon: a quarter of the whole time, and never longer than this.
const SOON: TimeDelta = TimeDelta::hours(24);

closed! {
    /// What time a target counts.
    TargetClock {
        /// Every minute.
        Elapsed = "ELAPSED",
        /// The minutes in which somebody works.
        Business = "BUSINESS",
    }
}

closed! {
    /// What a target stands on.
    TargetNature {
        /// The platform's own promise.
        Promised = "PROMISED",
        /// An agreement of both sides.
        Agreed = "AGREED",
        /// A law or an order.
        Statutory = "STATUTORY",
        /// What is expected where nobody promised anything.
        Expected = "EXPECTED",
    }
}

closed! {
    /// How a target stands at a moment.
    TargetState {
        /// No target binds the contact; or it ended before its time was over without an answer, as when it was withdrawn.
        NoTarget = "NO_TARGET",
        /// There is time, or the clock stands still while the receiver waits for the sender.
        Running = "RUNNING",
        /// The last quarter of the time, at most a day, has begun.
        DueSoon = "DUE_SOON",
        /// The answer came in time.
        Met = "MET",
        /// The time is over and no answer came.
        Missed = "MISSED",
        /// An answer came, and not in time.
        MissedThenAnswered = "MISSED_THEN_ANSWERED",
    }
}

/// A time in whole minutes, from one minute to [`MOST_DAYS`] days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Within(i64);

impl Within {
    /// Reads a duration of ISO 8601, as `PT3H`.
    pub fn parse(raw: &str) -> Result<Self> {
        let minutes = minutes(raw)?;
        if (1..=MOST_DAYS * 24 * 60).contains(&minutes) {
            Ok(Self(minutes))
        } else {
            Err(Error::invalid(Reason::OutOfRange, "", format!("This must be from one minute to {MOST_DAYS} days.")))
        }
    }

    /// The same as a difference of instants.
    pub fn delta(self) -> TimeDelta {
        TimeDelta::minutes(self.0)
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&iso_minutes(self.0))
    }
}
impl Serialize for Within {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Within {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// What a target asked when the contact was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The entry from which it was taken, which may have changed since.
    pub id: ResponseTargetId,
    /// The agreement or law on which it stands.
    pub instrument: Option<InstrumentId>,
    /// Within which time a human acknowledgement, a question or a decision is to come.
    pub acknowledge_within: Option<Within>,
    /// Within which time a decision is to come.
    pub decide_within: Option<Within>,
    /// What time counts.
    pub clock: TargetClock,
    /// When somebody works, for business time.
    pub calendar: Option<Calendar>,
    /// What it stands on.
    pub nature: TargetNature,
}

impl Target {
    fn after(&self, from: Instant, time: TimeDelta) -> Instant {
        self.calendar.as_ref().map_or(from + time, |calendar| calendar.after(from, time))
    }

    fn between(&self, from: Instant, to: Instant) -> TimeDelta {
        self.calendar.as_ref().map_or(to - from, |calendar| calendar.between(from, to))
    }

    /// When so much time has passed since the sending, without the pauses; none while a pause lasts that began before.
    fn deadline(&self, sent: Instant, within: Within, pauses: &[Pause]) -> Option<Instant> {
        let (mut cursor, mut left) = (sent, within.delta());
        for pause in pauses {
            let at = self.after(cursor, left);
            if at <= pause.from {
                return Some(at);
            }
            left -= self.between(cursor, pause.from);
            cursor = pause.to?;
        }
        Some(self.after(cursor, left))
    }

    /// When the first response is due.
    pub fn acknowledge_by(&self, sent: Instant) -> Option<Instant> {
        self.deadline(sent, self.acknowledge_within?, &[])
    }

    /// When the decision is due; none where none is asked for, or while the clock stands still.
    pub fn decide_by(&self, sent: Instant, pauses: &[Pause]) -> Option<Instant> {
        self.deadline(sent, self.decide_within?, pauses)
    }
}

/// From when on something is due soon: the last quarter of its time, a day at most.
fn soon(sent: Instant, due: Instant) -> Instant {
    due - ((due - sent) / 4).min(SOON)
}

/// A deadline, and from when on it is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When it is over.
    pub due_at: Instant,
    /// From when on it is near.
    pub soon_at: Instant,
}

closed! {
    /// How far the answer is, whatever the time.
    Mark {
        /// It is awaited.
        Pending = "PENDING",
        /// It is awaited, and the receiver waits for the sender.
        Paused = "PAUSED",
        /// It came in time.
        Met = "MET",
        /// It came late.
        Late = "LATE",
        /// The contact ended without it after its time was over.
        Missed = "MISSED",
        /// The contact ended without it before its time was over.
        Void = "VOID",
    }
}

/// How a target was kept so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// How far the answer is.
    pub mark: Mark,
    /// When the next response is due; of what is answered, when it was: the missed moment, if one was.
    pub due_at: Option<Instant>,
    /// From when on the awaited response is due soon.
    pub soon_at: Option<Instant>,
    /// When the answer came, or the contact ended without it.
    pub settled_at: Option<Instant>,
}

impl Course {
    /// What the facts say of the target; of a contact that was not sent, nothing.
    pub fn of(target: &Target, terms: Terms<'_>, facts: &[Fact]) -> Option<Self> {
        let line = line(terms, facts);
        let at = |step: &crate::engagement::line::Move<'_>| step.fact.told.occurred_at;
        let sent = line.moves.iter().find(|step| step.fact.told.step == Step::Sent && step.from != step.to).map(at)?;
        let after = |wanted: fn(Step) -> bool| line.moves.iter().filter(|step| wanted(step.fact.told.step)).map(at).find(|at| *at >= sent);
        let first = after(|step| matches!(step, Step::Acknowledged | Step::Asked | Step::Decided));
        let decided = after(|step| step == Step::Decided);
        let pauses = pauses(&line.moves);
        let (first_due, decision_due) = (target.acknowledge_by(sent), target.decide_by(sent, &pauses));
        let answered = if target.decide_within.is_some() { decided } else { first };
        if let Some(answered) = answered {
            let late = |came: Option<Instant>, due: Option<Instant>| came.zip(due).filter(|(came, due)| came >= due);
            let missed = late(decided, decision_due).or_else(|| late(first, first_due));
            let mark = if missed.is_some() { Mark::Late } else { Mark::Met };
            let due_at = missed.map(|(_, due)| due).or(decision_due).or(first_due);
            let settled_at = Some(missed.map_or(answered, |(came, _)| came));
            return Some(Self { mark, due_at, soon_at: None, settled_at });
        }
        let due = match (first, first_due) {
            (None, Some(first_due)) => Some(decision_due.map_or(first_due, |due| due.min(first_due))),
            _ => decision_due,
        };
        Some(Self::unanswered(&line, sent, due))
    }

    fn unanswered(line: &Line<'_>, sent: Instant, due: Option<Instant>) -> Self {
        let last = line.moves.last();
        let ended = last.filter(|step| matches!(step.to, Status::Closed | Status::Withdrawn)).map(|step| step.fact.told.occurred_at);
        if let Some(ended) = ended {
            let mark = if due.is_some_and(|due| ended >= due) { Mark::Missed } else { Mark::Void };
            return Self { mark, due_at: due, soon_at: None, settled_at: Some(ended) };
        }
        let soon_at = due.map(|due| soon(sent, due));
        let mark = if due.is_some() { Mark::Pending } else { Mark::Paused };
        Self { mark, due_at: due, soon_at, settled_at: None }
    }

    /// How it stands at a moment.
    pub fn state(&self, now: Instant) -> TargetState {
        match self.mark {
            Mark::Void => TargetState::NoTarget,
            Mark::Met => TargetState::Met,
            Mark::Late => TargetState::MissedThenAnswered,
            Mark::Missed => TargetState::Missed,
            Mark::Pending if self.due_at.is_some_and(|due| due <= now) => TargetState::Missed,
            Mark::Pending if self.soon_at.is_some_and(|soon| soon <= now) => TargetState::DueSoon,
            Mark::Pending | Mark::Paused => TargetState::Running,
        }
    }
}

/// The target that binds a contact, and how it was kept so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What it asks.
    pub target: Target,
    /// How it was kept; none before the contact is sent.
    pub course: Option<Course>,
}

impl Bound {
    /// When the decision is due of what was not even acknowledged in time: nothing is asked of the sender before the first response, so no
    /// pause moves it.
    pub fn decision_after(&self, sent: Instant) -> Option<Deadline> {
        let course = self.course.filter(|course| course.mark == Mark::Pending && course.settled_at.is_none())?;
        let first = course.due_at.filter(|due| self.target.acknowledge_by(sent) == Some(*due))?;
        let due_at = self.target.decide_by(sent, &[]).filter(|due| *due > first)?;
        Some(Deadline { due_at, soon_at: soon(sent, due_at) })
    }

    /// By how many whole minutes the answer is or was late, in the time that the target counts; none where it is not.
    pub fn minutes_over(&self, now: Instant) -> Option<i64> {
        let course = self.course?;
        let due = course.due_at?;
        let until = match course.state(now) {
            TargetState::Missed | TargetState::MissedThenAnswered => course.settled_at.unwrap_or(now),
            _ => return None,
        };
        Some(self.target.between(due, until).num_minutes().max(0))
    }
}
