//! GraphQL: the schema, and the handlers that serve it.

mod live;
mod loader;
mod schema;
mod service;

pub mod connection;
pub mod dialogue;
pub mod directory;
pub mod documents;
pub mod engagement;
pub mod graphiql;
pub mod http;
pub mod identity;
pub mod ids;
pub mod knowledge;
pub mod node;
pub mod payload;
pub mod precheck;
pub mod record;
pub mod scalar;
mod sse;
pub mod text;
pub mod ws;

pub use documents::Documents;
pub use live::Places;
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
    /// The application and the caller, for what outlives the resolver, as the count of a list.
    fn shared(&self) -> (Arc<App>, Arc<Ctx>);
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

    fn shared(&self) -> (Arc<App>, Arc<Ctx>) {
        (Arc::clone(self.data_unchecked::<Arc<App>>()), Arc::clone(self.data_unchecked::<Arc<Ctx>>()))
    }
}

/// The address under which people reach this server, without a slash at its end.
pub(crate) struct PublicUrl(String);

impl PublicUrl {
    /// The address.
    pub(crate) fn of<'a>(ctx: &async_graphql::Context<'a>) -> &'a str {
        &ctx.data_unchecked::<Self>().0
    }
}
