//! The roots of the schema, put together from the areas.

use std::sync::Arc;

use async_graphql::{MergedObject, SDLExportOptions};
use tertulia_app::App;

use super::{
    PublicUrl,
    dialogue::{DialogueMutations, DialogueQueries},
    directory::{DirectoryMutation, DirectoryQuery},
    engagement::{ContactSubscription, EngagementMutation, EngagementQuery},
    identity::{IdentityMutation, IdentityQuery},
    knowledge::KnowledgeQuery,
    node::NodeQuery,
    record::AuditQuery,
    service::ServiceQuery,
};
use crate::{config::Config, error::ErrorMap};

/// What can be read.
#[derive(MergedObject, Default)]
pub struct Query(ServiceQuery, NodeQuery, DirectoryQuery, KnowledgeQuery, DialogueQueries, EngagementQuery, IdentityQuery, AuditQuery);

/// What can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(DirectoryMutation, DialogueMutations, EngagementMutation, IdentityMutation);

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, ContactSubscription>;

/// The schema over an application, as the configuration has it.
pub fn build(app: Arc<App>, config: &Config) -> Schema {
    let builder = builder().data(app).data(PublicUrl(config.public_url()));
    if config.graphql.suggestions { builder.finish() } else { builder.disable_suggestions().finish() }
}

/// The schema as text, the way `schema.graphql` has it.
pub fn sdl() -> String {
    builder().finish().sdl_with_options(SDLExportOptions::new().include_specified_by())
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, ContactSubscription> {
    async_graphql::Schema::build(Query::default(), Mutation::default(), ContactSubscription).extension(ErrorMap)
}
