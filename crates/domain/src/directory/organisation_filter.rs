//! What lists of organisations are narrowed to and sorted by.

use super::organisation::{OrganisationKind, OrganisationStatus};
use crate::{
    error::closed,
    text::{CountryCode, SearchTerm},
};

/// The states that a filter lets through: those named, else all but DISSOLVED, else all.
pub(super) fn wanted_statuses(named: &[OrganisationStatus], include_historical: bool) -> Vec<OrganisationStatus> {
    let mut statuses = if named.is_empty() { vec![OrganisationStatus::Active, OrganisationStatus::Dormant] } else { named.to_vec() };
    if include_historical && !statuses.contains(&OrganisationStatus::Dissolved) {
        statuses.push(OrganisationStatus::Dissolved);
    }
    statuses
}

/// What a list of organisations is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct OrganisationFilter {
    /// Words found in any name, the abbreviation, or any name of the country.
    pub search: Option<SearchTerm>,
    /// Organisations of any of these kinds; empty: of every kind.
    pub kinds: Vec<OrganisationKind>,
    /// Organisations of this country.
    pub country: Option<CountryCode>,
    /// Organisations with any of these states; empty: every state but DISSOLVED.
    pub statuses: Vec<OrganisationStatus>,
    /// Whether dissolved organisations are shown beside the others.
    pub include_historical: bool,
}

impl OrganisationFilter {
    /// The states that the filter lets through.
    pub fn wanted_statuses(&self) -> Vec<OrganisationStatus> {
        wanted_statuses(&self.statuses, self.include_historical)
    }
}

closed! {
    /// How a list of organisations is sorted.
    OrganisationOrder {
        /// By the English name, A first.
        Name = "NAME",
        /// By when it was entered, the oldest first.
        CreatedAt = "CREATED_AT",
    }
}
