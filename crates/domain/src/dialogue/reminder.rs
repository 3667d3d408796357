//! Reminders: a week and a day before a meeting, each once for each date that it had.

use chrono::TimeDelta;

use crate::{error::closed, time::Instant};

closed! {
    /// How long before a meeting somebody is reminded.
    ReminderLead {
        /// Seven days.
        Week = "WEEK",
        /// Twenty-four hours.
        Day = "DAY",
    }
}

impl ReminderLead {
    /// The meetings of which to remind at `now`: those that begin after the first instant, and at or before the second. One that is
    /// found a day too late is still within a week's reminder, so that servers may have been away; one that was scheduled later than
    /// that needs none.
    pub fn window(self, now: Instant) -> (Instant, Instant) {
        match self {
            Self::Week => (now + TimeDelta::days(6), now + TimeDelta::days(7)),
            Self::Day => (now, now + TimeDelta::days(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_meeting_is_due_for_both(minutes in -1_000_i64..20_000) {
            let now = Instant::UNIX_EPOCH;
            let starts_at = now + TimeDelta::minutes(minutes);
            let due = |lead: ReminderLead| {
                let (after, to) = lead.window(now);
                starts_at > after && starts_at <= to
            };
            prop_assert_eq!(due(ReminderLead::Week), (6 * 1440 < minutes) && (minutes <= 7 * 1440));
            prop_assert_eq!(due(ReminderLead::Day), (0 < minutes) && (minutes <= 1440));
        }
    }
}
