//! Counts of contacts that can be added up: in any order they give the same.

use std::collections::BTreeMap;

use super::{bins::Bin, counted::Counted, survival::Waits};
use crate::{engagement::vocabulary::Outcome, time::Instant};

/// Counts of contacts at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many were sent.
    pub sent: u32,
    /// How many were answered with a decision.
    pub answered: u32,
    /// How many have each outcome.
    pub outcomes: BTreeMap<Outcome, u32>,
    /// How many kept their target.
    pub in_time: u32,
    /// How many did not.
    pub not_in_time: u32,
    /// Of how many only one side tells anything.
    pub one_sided: u32,
    /// Of how many a fact was recorded late.
    pub late_entries: u32,
    /// How many a generator made.
    pub generated: u32,
    /// How long they waited for a first response.
    pub waits: Waits,
}

impl Tally {
    /// Counts contacts that count alike.
    pub fn add(&mut self, contact: &Counted, contacts: u32, now: Instant) {
        let if_so = |holds: bool| if holds { contacts } else { 0 };
        self.sent += contacts;
        self.answered += if_so(contact.answered);
        if let Some(outcome) = contact.outcome {
            *self.outcomes.entry(outcome).or_default() += contacts;
        }
        let in_time = contact.in_time(now);
        self.in_time += if_so(in_time == Some(true));
        self.not_in_time += if_so(in_time == Some(false));
        self.one_sided += if_so(contact.one_sided);
        self.late_entries += if_so(contact.late_entry);
        self.generated += if_so(contact.generated);
        let (minutes, responded) = contact.waited(now);
        if responded {
            self.waits.respond(Bin::of(minutes), contacts);
        } else {
            self.waits.censor(Bin::of(minutes), contacts);
        }
    }

    /// Adds other counts of the same moment.
    pub fn merge(&mut self, other: &Self) {
        self.sent += other.sent;
        self.answered += other.answered;
        for (outcome, contacts) in &other.outcomes {
            *self.outcomes.entry(*outcome).or_default() += contacts;
        }
        self.in_time += other.in_time;
        self.not_in_time += other.not_in_time;
        self.one_sided += other.one_sided;
        self.late_entries += other.late_entries;
        self.generated += other.generated;
        self.waits.merge(&other.waits);
    }

    /// Takes away counts of the same moment that are among these.
    pub fn take(&mut self, part: &Self) {
        let less = |whole: &mut u32, part: u32| *whole = whole.saturating_sub(part);
        less(&mut self.sent, part.sent);
        less(&mut self.answered, part.answered);
        for (outcome, contacts) in &part.outcomes {
            less(self.outcomes.entry(*outcome).or_default(), *contacts);
        }
        self.outcomes.retain(|_, contacts| *contacts > 0);
        less(&mut self.in_time, part.in_time);
        less(&mut self.not_in_time, part.not_in_time);
        less(&mut self.one_sided, part.one_sided);
        less(&mut self.late_entries, part.late_entries);
        less(&mut self.generated, part.generated);
        self.waits.take(&part.waits);
    }

    /// How many the platform acted upon.
    pub fn acted(&self) -> u32 {
        self.outcomes.get(&Outcome::ActionTaken).copied().unwrap_or_default()
    }

    /// How many were not answered: they are open, or were closed in silence.
    pub fn unanswered(&self) -> u32 {
        self.sent.saturating_sub(self.answered)
    }

    /// The share of `part` in `whole`; none of nothing.
    pub fn share(part: u32, whole: u32) -> Option<f64> {
        (whole > 0).then(|| f64::from(part) / f64::from(whole))
    }

    /// The share that was not answered.
    pub fn unanswered_share(&self) -> Option<f64> {
        Self::share(self.unanswered(), self.sent)
    }

    /// The share within target, of those whose target is decided: kept, or not; awaited ones whose time is over are not.
    pub fn within_target_share(&self) -> Option<f64> {
        Self::share(self.in_time, self.in_time + self.not_in_time)
    }

    /// The share of which only one side tells anything.
    pub fn one_sided_share(&self) -> Option<f64> {
        Self::share(self.one_sided, self.sent)
    }

    /// The share of which a fact was recorded late.
    pub fn late_entry_share(&self) -> Option<f64> {
        Self::share(self.late_entries, self.sent)
    }

    /// The share that was censored: without a first response.
    pub fn censored_share(&self) -> Option<f64> {
        Self::share(self.waits.censored(), self.waits.contacts())
    }
}
