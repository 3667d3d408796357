//! Loads by id, in one statement for everything that a level of the document asks for. Made for each request with the
//! caller inside, so that nothing is shared between readers.

use std::{sync::Arc, time::Duration};

use async_graphql::dataloader::DataLoader;
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
        DataLoader::new(Self { app, ctx }, tokio::spawn).delay(Duration::ZERO)
    }
}
