//! GraphQL types and resolvers of the area `directory`.

pub mod channel;
pub mod country;
pub mod election;
pub mod expert;
pub mod load;
pub mod organisation;
pub mod platform;
pub mod provenance;
pub mod reporting_programme;
pub mod words;

mod nested;
mod query;

pub use country::Country;
pub use election::Election;
pub use expert::Expert;
pub use organisation::{ElectoralBody, Organisation, OtherOrganisation, Platform};
pub use platform::PlatformService;
pub use query::DirectoryQuery;
