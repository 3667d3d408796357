//! Dates that may be known only to their month or year.

use async_graphql::{InputObject, SimpleObject};
use tertulia_domain::directory::entry;

use super::words::Precision;
use crate::graphql::scalar::Date;

/// A date that may be known only to its month or year.
#[derive(Clone, Debug, SimpleObject)]
pub struct PartialDate {
    /// The day; the first day of its month or year where no more is known.
    date: Date,
    /// How exactly the date is known.
    precision: Precision,
}

impl From<entry::PartialDate> for PartialDate {
    fn from(date: entry::PartialDate) -> Self {
        Self { date: Date(date.date), precision: date.precision.into() }
    }
}

/// A date that may be known only to its month or year.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct PartialDateInput {
    /// The day, or any day of its month or year.
    date: Date,
    /// How exactly the date is known; DAY if left out.
    precision: Option<Precision>,
}

/// A date as somebody would type it: `2024-03-14`, `2024-03` or `2024`.
pub fn spelled(date: PartialDateInput) -> String {
    entry::PartialDate::of(date.date.0, date.precision.map_or(entry::Precision::Day, Into::into)).to_string()
}
