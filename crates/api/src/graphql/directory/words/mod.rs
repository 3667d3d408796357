//! The directory's closed lists as GraphQL enums.

mod election;
mod instrument;
mod organisation;
mod platform;

pub use election::*;
pub use instrument::*;
pub use organisation::*;
pub use platform::*;
