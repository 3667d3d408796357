//! How long contacts wait for a first response, although some still wait: the estimator of Kaplan and Meier (Journal of the American
//! Statistical Association 53 (1958), 457-481), over counts by bin.
//!
//! A contact that waits without a response is censored: it is known to have waited so long and not how much longer. The curve falls at each
//! response by the share of those that still waited then. Where it never falls to a half there is no median, however many were answered.
//!
//! Of one bin, responses come before censorings, as is usual for equal times. So where no contact was censored in a bin with responses up to
//! the one that is told, what is told differs from the exact time by at most [`RELATIVE_ERROR`](super::bins::RELATIVE_ERROR); else the exact
//! time is not longer than that, and not shorter than if the censorings came first.

use super::bins::Bin;

/// How far two shares may differ and count as the same: what multiplying fractions loses.
const ROUNDING: f64 = 1e-9;

/// Contacts by how long they waited: for a first response, or without one until now or until they ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// By bin, as far as there is anything: how many got a response, and how many were censored.
    bins: Vec<(u32, u32)>,
}

impl Waits {
    /// Counts contacts that got a response after this time.
    pub fn respond(&mut self, after: Bin, contacts: u32) {
        self.count(after, (contacts, 0));
    }

    /// Counts contacts without a response for this time.
    pub fn censor(&mut self, after: Bin, contacts: u32) {
        self.count(after, (0, contacts));
    }

    fn count(&mut self, bin: Bin, (responded, censored): (u32, u32)) {
        let place = usize::from(bin.number());
        if responded + censored > 0 && self.bins.len() <= place {
            self.bins.resize(place + 1, (0, 0));
        }
        if let Some(cell) = self.bins.get_mut(place) {
            cell.0 += responded;
            cell.1 += censored;
        }
    }

    /// Adds the counts of others.
    pub fn merge(&mut self, others: &Self) {
        for (bin, counts) in others.filled() {
            self.count(bin, counts);
        }
    }

    /// Takes away the counts of some that are among these.
    pub fn take(&mut self, some: &Self) {
        for (counts, (responded, censored)) in self.bins.iter_mut().zip(&some.bins) {
            *counts = (counts.0.saturating_sub(*responded), counts.1.saturating_sub(*censored));
        }
        let filled = self.bins.iter().rposition(|counts| *counts != (0, 0)).map_or(0, |last| last + 1);
        self.bins.truncate(filled);
    }

    fn filled(&self) -> impl Iterator<Item = (Bin, (u32, u32))> {
        let numbered = (0_u16..).zip(&self.bins).filter(|(_, counts)| **counts != (0, 0));
        numbered.filter_map(|(number, counts)| Some((Bin::numbered(number)?, *counts)))
    }

    /// How many contacts there are.
    pub fn contacts(&self) -> u32 {
        self.bins.iter().map(|(responded, censored)| responded + censored).sum()
    }

    /// How many of them were censored.
    pub fn censored(&self) -> u32 {
        self.bins.iter().map(|(_, censored)| censored).sum()
    }

    /// The time within which a share of contacts, as 0.5, is estimated to get a first response, in minutes; none where the curve never
    /// comes so far.
    pub fn quantile(&self, share: f64) -> Option<i64> {
        self.curve().find(|(_, waiting)| *waiting <= 1.0 - share + ROUNDING).map(|(bin, _)| bin.minutes())
    }

    /// How far the curve comes: the share that is estimated to get a first response within the longest time that any contact waited for
    /// one. Of no contacts, none.
    pub fn reached(&self) -> f64 {
        1.0 - self.curve().last().map_or(1.0, |(_, waiting)| waiting)
    }

    /// The curve: after each bin with responses, the share that is estimated to wait still.
    fn curve(&self) -> impl Iterator<Item = (Bin, f64)> {
        let start = (self.contacts(), 1.0);
        let steps = self.filled().scan(start, |(at_risk, waiting), (bin, (responded, censored))| {
            *waiting *= f64::from(at_risk.saturating_sub(responded)) / f64::from((*at_risk).max(1));
            *at_risk = at_risk.saturating_sub(responded + censored);
            Some((bin, *waiting, responded))
        });
        steps.filter(|(_, _, responded)| *responded > 0).map(|(bin, waiting, _)| (bin, waiting))
    }
}
