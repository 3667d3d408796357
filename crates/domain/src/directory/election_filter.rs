//! What lists of elections are narrowed to and sorted by.

use chrono::NaiveDate;

use super::{
    country::M49,
    election::{ElectionStatus, ElectionType},
};
use crate::{error::closed, text::CountryCode};

/// What a list of elections is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ElectionFilter {
    /// Elections of this country.
    pub country: Option<CountryCode>,
    /// Elections of countries within this region, at any depth.
    pub region: Option<M49>,
    /// Elections of any of these types; empty: of every type.
    pub types: Vec<ElectionType>,
    /// Elections that read as any of these statuses today; empty: as any.
    pub statuses: Vec<ElectionStatus>,
    /// Elections whose polling, from its first day to its last, ends on this day or later.
    pub polling_day_from: Option<NaiveDate>,
    /// Elections whose polling begins on this day or earlier.
    pub polling_day_to: Option<NaiveDate>,
}

closed! {
    /// How a list of elections is sorted; those without a polling day come last in the one and first in the other.
    ElectionOrder {
        /// By the first polling day, the earliest first.
        PollingDay = "POLLING_DAY",
        /// By the first polling day, the latest first.
        PollingDayDesc = "POLLING_DAY_DESC",
    }
}
