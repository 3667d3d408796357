//! The roots of the schema, put together from the areas.

use std::sync::Arc;

use async_graphql::{MergedObject, MergedSubscription, Request, Response, SDLExportOptions};
use futures::stream::{BoxStream, StreamExt};
use tertulia_app::App;

use super::{
    PublicUrl,
    dialogue::{DialogueMutations, DialogueQueries, MeetingSubscription, RegistrationSubscription},
    directory::{DirectoryMutation, DirectoryQuery},
    engagement::{ContactSubscription, EngagementMutation, EngagementQuery},
    identity::{IdentityMutation, IdentityQuery},
    knowledge::{KnowledgeMutation, KnowledgeQuery},
    node::NodeQuery,
    record::{RecordQuery, WebhookMutation},
    service::ServiceQuery,
};
use crate::{config::Config, error::mapped};

/// What can be read.
#[derive(MergedObject, Default)]
pub(super) struct Query(
    ServiceQuery,
    NodeQuery,
    DirectoryQuery,
    KnowledgeQuery,
    DialogueQueries,
    EngagementQuery,
    IdentityQuery,
    RecordQuery,
);

/// What can be done.
#[derive(MergedObject, Default)]
pub(super) struct Mutation(DirectoryMutation, Papers, DialogueMutations, EngagementMutation, IdentityMutation);

/// What is published, and where events are sent. Each part that the roots have more costs the compiler depth.
#[derive(MergedObject, Default)]
pub(super) struct Papers(KnowledgeMutation, WebhookMutation);

/// What can be listened to.
#[derive(MergedSubscription, Default)]
pub(super) struct Subscription(ContactSubscription, MeetingSubscription, RegistrationSubscription);

type Roots = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema, whose answers say of every fault what the closed list of codes has for it. Mapped here and not by an extension of
/// the library, which would make every single field cost more.
#[derive(Clone)]
pub struct Schema(Roots);

impl Schema {
    /// Runs a query or a mutation.
    pub async fn execute(&self, request: Request) -> Response {
        mapped(self.0.execute(request).await)
    }

    /// Runs a subscription.
    pub fn execute_stream(&self, request: Request) -> BoxStream<'static, Response> {
        self.0.execute_stream(request).map(mapped).boxed()
    }
}

/// The schema over an application, as the configuration has it.
pub fn build(app: Arc<App>, config: &Config) -> Schema {
    let builder = builder().data(app).data(PublicUrl(config.public_url()));
    Schema(if config.graphql.suggestions { builder.finish() } else { builder.disable_suggestions().finish() })
}

/// The schema as text, the way `schema.graphql` has it.
pub fn sdl() -> String {
    builder().finish().sdl_with_options(SDLExportOptions::new().include_specified_by())
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    async_graphql::Schema::build(Query::default(), Mutation::default(), Subscription::default())
}
