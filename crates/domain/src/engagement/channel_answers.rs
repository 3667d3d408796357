//! Whether anybody answers over a channel, by what the contact log shows of it, and who may be told.
//!
//! Who has contacts of his own over a channel is told what they show, to the moment. What all bodies' contacts show together is told
//! to everybody, but only with [`FEWEST_CONTACTS`] contacts of [`FEWEST_BODIES`] bodies behind it, no finer than a week, and worked out
//! once a week: so no single answer, and no single body's silence, can be told from a change of it.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::{
    engagement::{
        line::SILENCE,
        suppression::{LEAST_BODIES, LEAST_CONTACTS},
    },
    id::ChannelId,
    time::Instant,
};

/// Contacts that must be behind what is told to others than their parties.
pub const FEWEST_CONTACTS: i64 = LEAST_CONTACTS;
/// Bodies whose contacts those must be.
pub const FEWEST_BODIES: i64 = LEAST_BODIES;
/// How many of one's own last contacts must have waited in vain before answers count as stopped.
pub const LAST: i64 = 3;
/// How far back contacts are looked at.
pub const LOOKED_AT: TimeDelta = TimeDelta::days(365);
/// After how long a contact without an answer has waited in vain: when it may be closed as unanswered, too.
pub const IN_VAIN: TimeDelta = SILENCE;

/// What contacts over a channel show: those that expect an answer, were not withdrawn, and were answered or have waited in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The channel.
    pub channel: ChannelId,
    /// When the last answer came.
    pub last_answered_at: Option<Instant>,
    /// How many were answered.
    pub answered: i64,
    /// Of how many bodies.
    pub answered_bodies: i64,
    /// How many have waited in vain that were sent after the last one that was answered.
    pub waiting: i64,
    /// Of how many bodies.
    pub waiting_bodies: i64,
}

impl Answers {
    /// Whether answers have stopped, for who sent these contacts himself.
    pub const fn have_stopped(&self) -> bool {
        self.waiting >= LAST
    }

    /// What everybody may be told of these contacts of all bodies.
    pub fn assessed(&self) -> Assessment {
        let enough = |contacts: i64, bodies: i64| contacts >= FEWEST_CONTACTS && bodies >= FEWEST_BODIES;
        Assessment {
            channel: self.channel,
            answered_week: self.last_answered_at.filter(|_| enough(self.answered, self.answered_bodies)).map(week),
            stopped: enough(self.waiting, self.waiting_bodies),
        }
    }
}

/// What everybody may be told of how a channel answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The channel.
    pub channel: ChannelId,
    /// The Monday of the week (UTC) of the last answer.
    pub answered_week: Option<NaiveDate>,
    /// Whether answers have stopped.
    pub stopped: bool,
}

/// The Monday of the week of a moment, in UTC.
pub fn week(at: Instant) -> NaiveDate {
    let day = at.date_naive();
    day.checked_sub_signed(TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
}

/// What a reader is told of how a channel answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// When the last answer came: to his own contacts, to the moment; else the beginning of the week of the last answer to anybody.
    pub last_answered_at: Option<Instant>,
    /// Whether that is a week only.
    pub is_week: bool,
    /// Whether answers have stopped.
    pub stopped: bool,
}

impl Freshness {
    /// What a reader is told whose own contacts show `own`.
    pub fn of(own: Option<&Answers>, all: Option<&Assessment>) -> Self {
        let exact = own.and_then(|own| own.last_answered_at);
        let band = all.and_then(|all| all.answered_week).and_then(|monday| monday.and_hms_opt(0, 0, 0)).map(|start| start.and_utc());
        Self {
            last_answered_at: exact.or(band),
            is_week: exact.is_none() && band.is_some(),
            stopped: own.is_some_and(Answers::have_stopped) || all.is_some_and(|all| all.stopped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(answered: (i64, i64), waiting: (i64, i64)) -> Answers {
        Answers {
            channel: ChannelId::new(uuid::Uuid::nil()),
            last_answered_at: "2026-03-05T10:00:00Z".parse().ok().filter(|_| answered.0 > 0),
            answered: answered.0,
            answered_bodies: answered.1,
            waiting: waiting.0,
            waiting_bodies: waiting.1,
        }
    }

    #[test]
    fn others_are_told_a_week_and_only_with_enough_behind_it() {
        for (few, told) in [((9, 3), false), ((10, 2), false), ((10, 3), true), ((0, 0), false)] {
            let assessed = answers(few, few).assessed();
            assert_eq!((assessed.answered_week.is_some(), assessed.stopped), (told, told), "{few:?}");
        }
        let all = answers((10, 3), (0, 0)).assessed();
        let told = Freshness::of(None, Some(&all));
        assert_eq!(told.last_answered_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-03-02T00:00:00+00:00"), "a Monday");
        assert!(told.is_week && !told.stopped);
        assert_eq!(Freshness::of(None, Some(&answers((9, 9), (9, 9)).assessed())), Freshness::default());
    }

    #[test]
    fn who_has_contacts_of_his_own_is_told_what_they_show() {
        let (one, all) = (answers((1, 1), (0, 0)), answers((30, 5), (0, 0)).assessed());
        let told = Freshness::of(Some(&one), Some(&all));
        assert_eq!((told.last_answered_at, told.is_week), (one.last_answered_at, false));
        for (waiting, stopped) in [(2, false), (3, true)] {
            assert_eq!(Freshness::of(Some(&answers((1, 1), (waiting, 1))), None).stopped, stopped);
        }
    }

    #[test]
    fn a_week_begins_on_monday() {
        for (at, monday) in
            [("2026-03-02T00:00:00Z", "2026-03-02"), ("2026-03-08T23:59:59Z", "2026-03-02"), ("2026-01-01T12:00:00Z", "2025-12-29")]
        {
            assert_eq!(week(at.parse().expect("an instant")).to_string(), monday);
        }
    }
}
