//! The queries of the directory, a file for each kind.

pub mod election;
pub mod expert;
pub mod instrument;
pub mod organisation;
pub mod platform;

use async_graphql::MergedObject;

use super::{country::CountryQuery, mutation::HistoryQuery};
use election::ElectionQuery;
use expert::ExpertQuery;
use instrument::InstrumentQuery;
use organisation::OrganisationQuery;
use platform::PlatformQuery;

/// The queries of the directory.
#[derive(MergedObject, Default)]
pub struct DirectoryQuery(CountryQuery, OrganisationQuery, PlatformQuery, ElectionQuery, ExpertQuery, InstrumentQuery, HistoryQuery);
