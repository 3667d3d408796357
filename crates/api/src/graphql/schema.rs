//! The roots of the schema, put together from the areas.

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject};
use tertulia_app::App;

use super::{directory::DirectoryQuery, knowledge::KnowledgeQuery, node::NodeQuery, service::ServiceQuery};
use crate::error::ErrorMap;

/// What can be read.
#[derive(MergedObject, Default)]
pub struct Query(ServiceQuery, NodeQuery, DirectoryQuery, KnowledgeQuery);

/// The schema.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The schema over an application.
pub fn build(app: Arc<App>) -> Schema {
    builder().data(app).finish()
}

/// The schema as text, the way `schema.graphql` has it.
pub fn sdl() -> String {
    builder().finish().sdl()
}

fn builder() -> async_graphql::SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    async_graphql::Schema::build(Query::default(), EmptyMutation, EmptySubscription).extension(ErrorMap)
}
