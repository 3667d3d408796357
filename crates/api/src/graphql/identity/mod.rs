//! GraphQL types and resolvers of the area `identity`.

mod api_client;
mod input;
mod load;
mod membership;
mod mutation;
mod query;
mod user;

pub use api_client::ApiClient;
pub(crate) use membership::organisation;
pub use membership::{Membership, Role};
pub use user::User;

use async_graphql::MergedObject;

/// What can be read.
#[derive(MergedObject, Default)]
pub struct IdentityQuery(query::PeopleQuery, api_client::ApiClientQuery);

/// What can be done.
#[derive(MergedObject, Default)]
pub struct IdentityMutation(mutation::PeopleMutation, api_client::ApiClientMutation);
