//! Loads by id, in one statement for everything that a level of the document asks for. Made for each request with the
//! caller inside, so that nothing is shared between readers.

use std::{sync::Arc, time::Duration};

use async_graphql::dataloader::DataLoader;
use futures::future::BoxFuture;
use tertulia_app::{App, Ctx};

/// Loads for one request. Each kind of id has its implementation of `async_graphql::dataloader::Loader` beside its GraphQL type.
pub struct Loader {
    pub(crate) app: Arc<App>,
    pub(crate) ctx: Arc<Ctx>,
}

/// The request's loaders.
pub type Loaders = DataLoader<Loader>;

impl Loader {
    /// The loaders of one request. They do not wait for more ids than a level of resolvers has asked for.
    pub fn for_request(app: Arc<App>, ctx: Arc<Ctx>) -> Loaders {
        DataLoader::new(Self { app, ctx }, after_the_level).delay(Duration::ZERO)
    }
}

/// How often a load steps back behind the resolvers. A long list is resolved in turns of about thirty items, so that a page of
/// a hundred needs four for each of its levels.
const TURNS: usize = 16;

/// Runs a load once the resolvers of its level have had their turns, so that all their ids go into one statement.
fn after_the_level(load: BoxFuture<'static, ()>) {
    tokio::spawn(async move {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        load.await;
    });
}
