//! In which phase of an election a contact was sent.

use chrono::{Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::{
    directory::{
        election::{ElectionFields, ElectionStatus},
        entry::Precision,
        polling_day::{PollingDay, SilencePeriod},
    },
    error::closed,
    time::{Instant, day_begins, day_ends, resolve, zone},
};

/// How many days before the first polling day a campaign begins where no source says when.
pub const CAMPAIGN_DAYS: u64 = 30;
/// For how many days before a campaign its preparation lasts.
pub const PRE_CAMPAIGN_DAYS: u64 = 90;
/// For how many days after the last poll votes are counted.
pub const COUNTING_DAYS: u64 = 7;
/// Until how many days after the last poll results are disputed.
pub const DISPUTE_DAYS: u64 = 30;
/// Until how many days after the last poll an election is looked back at.
pub const POST_DAYS: u64 = 90;
/// Within how many days around a polling day an election has a phase other than OUTSIDE, at most: a campaign lasts no longer than a year.
pub const REACH_DAYS: u64 = 366 + PRE_CAMPAIGN_DAYS + 2;

closed! {
    /// A phase of an election, the most pressing first: of several elections at a time, the first of these counts.
    ElectionPhase {
        /// People vote.
        Polling = "POLLING",
        /// Campaigning is forbidden.
        Silence = "SILENCE",
        /// Votes are counted: a week from the last poll.
        Counting = "COUNTING",
        /// The campaign, until the last poll: from its first day, where a source says which; else for 30 days. Between rounds and phases, too.
        Campaign = "CAMPAIGN",
        /// Results are disputed: until 30 days after the last poll.
        Dispute = "DISPUTE",
        /// The 90 days before the campaign.
        PreCampaign = "PRE_CAMPAIGN",
        /// Until 90 days after the last poll.
        Post = "POST",
        /// No election is near.
        Outside = "OUTSIDE",
    }
}

/// The phase at a moment, by these elections. Days are those of `zones` where a polling day names none: a phase lasts from where it begins
/// first to where it ends last. Elections that were called off or put off have no phase, and neither have those not known to the day.
pub fn phase_at<'a>(elections: impl IntoIterator<Item = &'a ElectionFields>, zones: &[Tz], at: Instant) -> ElectionPhase {
    let phases = elections.into_iter().map(|election| of_election(election, zones, at));
    phases.min().unwrap_or(ElectionPhase::Outside)
}

fn of_election(election: &ElectionFields, zones: &[Tz], at: Instant) -> ElectionPhase {
    if matches!(election.status, ElectionStatus::Cancelled | ElectionStatus::Postponed) {
        return ElectionPhase::Outside;
    }
    let days: Vec<&PollingDay> = election.polling_days.iter().filter(|day| day.date.precision == Precision::Day).collect();
    let (Some(first), Some(last)) = (days.iter().map(|day| day.date.date).min(), days.iter().map(|day| day.last_day()).max()) else {
        return ElectionPhase::Outside;
    };
    let named: Vec<Tz> = days.iter().filter_map(|day| zone(day.zone.as_deref()?).ok()).collect();
    let known = if zones.is_empty() { named.as_slice() } else { zones };
    let zones = if known.is_empty() { &[Tz::UTC] } else { known };
    if days.iter().any(|day| is_polling(day, zones, at)) {
        return ElectionPhase::Polling;
    }
    if election.silence_periods.iter().any(|silence| is_silent(silence, at)) {
        return ElectionPhase::Silence;
    }
    let campaign = election.campaign_from.filter(|from| *from <= first).unwrap_or_else(|| before(first, CAMPAIGN_DAYS));
    let within = |from: NaiveDate, to: NaiveDate| zones.iter().any(|zone| (day_begins(*zone, from)..day_ends(*zone, to)).contains(&at));
    let after = |days: u64| last.checked_add_days(Days::new(days)).unwrap_or(last);
    if within(campaign, last) {
        ElectionPhase::Campaign
    } else if within(last, after(COUNTING_DAYS)) {
        ElectionPhase::Counting
    } else if within(last, after(DISPUTE_DAYS)) {
        ElectionPhase::Dispute
    } else if within(before(campaign, PRE_CAMPAIGN_DAYS), campaign) {
        ElectionPhase::PreCampaign
    } else if within(last, after(POST_DAYS)) {
        ElectionPhase::Post
    } else {
        ElectionPhase::Outside
    }
}

fn is_silent(silence: &SilencePeriod, at: Instant) -> bool {
    zone(&silence.zone).is_ok_and(|zone| (resolve(zone, silence.local_start)..resolve(zone, silence.local_end)).contains(&at))
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// Whether people vote: while polling stations are open, the whole day where no source says when.
fn is_polling(day: &PollingDay, zones: &[Tz], at: Instant) -> bool {
    let named = day.zone.as_deref().and_then(|name| zone(name).ok());
    let zones = named.as_ref().map_or(zones, std::slice::from_ref);
    let (first, last) = (day.date.date, day.last_day());
    zones.iter().any(|zone| {
        let opens = day.opens_at.map_or_else(|| day_begins(*zone, first), |at| resolve(*zone, first.and_time(at)));
        let closes = day.closes_at.map_or_else(|| day_ends(*zone, last), |at| resolve(*zone, last.and_time(at)));
        // Where stations close after midnight, the hour of closing is of the next day.
        let closes = if closes <= opens { closes + TimeDelta::days(1) } else { closes };
        (opens..closes).contains(&at)
    })
}
