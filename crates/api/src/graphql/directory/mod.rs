//! GraphQL types and resolvers of the area `directory`.

pub mod channel;
pub mod country;
pub mod election;
pub mod expert;
pub mod instrument;
pub mod load;
pub mod mutation;
pub mod organisation;
pub mod partial_date;
pub mod platform;
pub mod provenance;
pub mod query;
pub mod reporting_programme;
pub mod words;

mod nested;

pub use country::Country;
pub use election::Election;
pub use expert::Expert;
pub use instrument::Instrument;
pub use mutation::DirectoryMutation;
pub use organisation::{ElectoralBody, Organisation, OtherOrganisation, Platform};
pub use platform::PlatformService;
pub use query::DirectoryQuery;
