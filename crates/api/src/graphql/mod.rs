//! GraphQL: the schema, and the handlers that serve it.

mod loader;
mod schema;
mod service;

pub mod connection;
pub mod dialogue;
pub mod directory;
pub mod engagement;
pub mod http;
pub mod identity;
pub mod payload;
pub mod precheck;
pub mod scalar;
pub mod ws;

pub use loader::{Loader, Loaders};
pub use schema::{Schema, build, sdl};

use std::sync::Arc;

use tertulia_app::{App, Ctx};

/// What every resolver finds in its context.
pub(crate) trait Resolving {
    /// The application, for use cases.
    fn app(&self) -> &App;
    /// Who asks.
    fn caller(&self) -> &Ctx;
    /// The request's loaders.
    fn loaders(&self) -> &Loaders;
}

impl Resolving for async_graphql::Context<'_> {
    fn app(&self) -> &App {
        self.data_unchecked::<Arc<App>>()
    }

    fn caller(&self) -> &Ctx {
        self.data_unchecked::<Arc<Ctx>>()
    }

    fn loaders(&self) -> &Loaders {
        self.data_unchecked::<Loaders>()
    }
}
