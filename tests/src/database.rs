//! A database for each story: a copy of one that was migrated once in this run.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
    thread,
};

use tempfile::TempDir;

use crate::{
    config, connect,
    harness::{self, Backend},
};

/// One story's database.
pub struct TestDatabase {
    /// Which kind it is.
    pub backend: Backend,
    /// How to reach it.
    pub url: String,
    /// Where SQLite's file lies.
    folder: Option<TempDir>,
}

static SQLITE: OnceLock<PathBuf> = OnceLock::new();
static POSTGRES: OnceLock<String> = OnceLock::new();
static SCRATCH: Mutex<Option<TempDir>> = Mutex::new(None);

impl TestDatabase {
    /// A new database with every table.
    pub async fn new(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let template = SQLITE.get_or_init(|| apart(sqlite_template));
                let folder = tempfile::tempdir().expect("a temporary folder");
                let file = folder.path().join("tertulia.sqlite");
                fs::copy(template, &file).expect("a copy of the template");
                Self { backend, url: format!("sqlite:{}", file.display()), folder: Some(folder) }
            }
            Backend::Postgres => {
                let template = POSTGRES.get_or_init(|| apart(postgres_template));
                let url = harness::cluster().expect("PostgreSQL").create(Some(template)).await;
                Self { backend, url, folder: None }
            }
        }
    }

    /// Removes it.
    pub async fn remove(self) {
        match self.folder {
            Some(folder) => folder.close().expect("removing the folder"),
            None => harness::cluster().expect("PostgreSQL").drop(&self.url).await,
        }
    }
}

/// Removes the templates, when the run ends.
pub(crate) async fn remove_templates() {
    drop(SCRATCH.lock().unwrap_or_else(PoisonError::into_inner).take());
    if let Some(template) = POSTGRES.get() {
        harness::cluster().expect("PostgreSQL").drop(template).await;
    }
}

async fn sqlite_template() -> PathBuf {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("template.sqlite");
    *SCRATCH.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    fill(&format!("sqlite:{}", file.display())).await;
    file
}

async fn postgres_template() -> String {
    let url = harness::cluster().expect("PostgreSQL").create(None).await;
    fill(&url).await;
    url
}

/// Makes the tables and loads the reference data. Nobody may stay connected: PostgreSQL copies no database in use, and SQLite's log must be folded in.
async fn fill(url: &str) {
    let app = connect(&config(url, Path::new("."))).await;
    app.migrate().await.expect("the migrations");
    tertulia_app::directory::reference::load_new(&app, &app.system()).await.expect("the reference data");
    app.close().await.expect("closing the template");
}

/// Runs `work` on a runtime of its own, since the caller blocks one of his.
fn apart<T: Send + 'static, F: Future<Output = T>>(work: impl FnOnce() -> F + Send + 'static) -> T {
    thread::spawn(|| tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work()))
        .join()
        .expect("the template")
}
