//! What the stories stand on: a server on a free port, a database of its own for each story, clients by role.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what went wrong by failing")]

pub mod harness;
pub mod postgres;

use harness::Backend;

/// A server with a database of its own.
pub struct TestApp {
    backend: Backend,
    database: String,
}

impl TestApp {
    /// Starts a server on a new database.
    pub async fn start(backend: Backend) -> Self {
        let database = match backend {
            Backend::Sqlite => String::new(),
            Backend::Postgres => harness::cluster().unwrap().create(None).await,
        };
        Self { backend, database }
    }

    /// Stops the server and removes its database.
    pub async fn finish(self) {
        if self.backend == Backend::Postgres {
            harness::cluster().unwrap().drop(&self.database).await;
        }
    }
}
