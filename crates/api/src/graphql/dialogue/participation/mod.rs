//! Who takes part in meetings.

mod capacity;
mod input;
mod load;
mod mutation;
mod object;
mod query;
mod subscription;
mod words;

pub(super) use capacity::{Capacity, InterpretationGap, Registration, gap};
pub(super) use mutation::ParticipationMutation;
pub use object::Participation;
pub(super) use query::{ParticipationFilter, join_url, of_meeting, own};
pub use subscription::RegistrationSubscription;
