//! The directory's closed lists as GraphQL enums.

mod election;
mod organisation;
mod platform;

pub use election::*;
pub use organisation::*;
pub use platform::*;
