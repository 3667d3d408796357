//! The directory: who is who, and how each can be reached.

pub mod channel;
pub mod country;
pub mod election;
pub mod expert;
pub mod history;
pub mod instrument;
pub mod organisation;
pub mod platform;
pub mod reference;
pub mod reporting_programme;

pub(crate) mod cache;
pub(crate) mod changed;
pub(crate) mod edit;
pub(crate) mod references;
pub(crate) mod votes;

pub use edit::Edit;
