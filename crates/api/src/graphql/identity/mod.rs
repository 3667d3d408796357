//! GraphQL types and resolvers of the area `identity`.

mod api_client;
mod input;
mod load;
mod membership;
mod mutation;
mod organisation_lock;
mod query;
mod user;

pub use api_client::ApiClient;
pub(crate) use membership::organisation;
pub use membership::{Membership, Role};
pub use organisation_lock::OrganisationLock;
pub(crate) use organisation_lock::lock_on;
pub use user::User;

use async_graphql::MergedObject;

/// What can be read.
#[derive(MergedObject, Default)]
pub struct IdentityQuery(query::PeopleQuery, api_client::ApiClientQuery);

/// What can be done.
#[derive(MergedObject, Default)]
pub struct IdentityMutation(mutation::PeopleMutation, api_client::ApiClientMutation, organisation_lock::OrganisationLockMutation);
