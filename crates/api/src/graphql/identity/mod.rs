//! GraphQL types and resolvers of the area `identity`.

mod input;
mod load;
mod membership;
mod mutation;
mod query;
mod user;

pub(crate) use membership::organisation;
pub use membership::{Membership, Role};
pub use mutation::IdentityMutation;
pub use query::IdentityQuery;
pub use user::User;
