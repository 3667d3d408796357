//! A database for each story: a copy of one that was migrated once in this run.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
    thread,
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::{
    config, connect,
    harness::{self, Backend},
    postgres::Cluster,
};

/// One story's database.
pub struct TestDatabase {
    /// Which kind it is.
    pub backend: Backend,
    /// How to reach it.
    pub url: String,
    /// What goes with it.
    place: Place,
}

/// Where a database lies, and so how it is removed.
enum Place {
    /// SQLite's file, in a folder.
    Folder(TempDir),
    /// The run's cluster.
    Cluster,
    /// Somebody else's, who removes it.
    Elsewhere,
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
                Self { backend, url: format!("sqlite:{}", file.display()), place: Place::Folder(folder) }
            }
            Backend::Postgres => {
                let template = POSTGRES.get_or_init(|| apart(postgres_template));
                let url = harness::cluster().expect("PostgreSQL").create(Some(template)).await;
                Self { backend, url, place: Place::Cluster }
            }
        }
    }

    /// A new database without any table.
    pub async fn empty(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let url = format!("sqlite:{}", folder.path().join("tertulia.sqlite").display());
                Self { backend, url, place: Place::Folder(folder) }
            }
            Backend::Postgres => Self { backend, url: harness::cluster().expect("PostgreSQL").create(None).await, place: Place::Cluster },
        }
    }

    /// How many rows there are of each word: what `SELECT word, count(*) … GROUP BY …` answers. For what no request shows.
    pub async fn counts(&self, sql: &str) -> BTreeMap<String, i64> {
        let connection = self.connect().await;
        let statement = Statement::from_string(connection.get_database_backend(), sql.to_owned());
        let rows = connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("closing the connection");
        let pair = |row: &sea_orm::QueryResult| (row.try_get_by_index(0).expect("a word"), row.try_get_by_index(1).expect("a number"));
        rows.iter().map(pair).collect()
    }

    /// Every table there is, and each of its rows as one text; bytes in hexadecimal, as PostgreSQL shows them.
    pub async fn everything(&self) -> BTreeMap<String, Vec<String>> {
        let sqlite = self.backend == Backend::Sqlite;
        let tables = if sqlite {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        } else {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        };
        let connection = self.connect().await;
        let mut all = BTreeMap::new();
        for table in texts(&connection, tables).await {
            let rows = if sqlite {
                let columns = texts(&connection, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let text = |name: &String| {
                    format!("CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") ELSE coalesce(CAST(\"{name}\" AS text), '') END")
                };
                let columns: Vec<String> = columns.iter().map(text).collect();
                format!("SELECT {} FROM \"{table}\"", columns.join(" || '|' || "))
            } else {
                format!("SELECT whole::text FROM \"{table}\" AS whole")
            };
            all.insert(table, texts(&connection, &rows).await);
        }
        connection.close().await.expect("closing the connection");
        assert!(all.len() > 40, "every table is looked at: {:?}", all.keys());
        all
    }

    /// A connection beside the server's.
    pub async fn connect(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.expect("a connection")
    }

    /// A new database with every table in a cluster of the story's own.
    pub async fn within(cluster: &Cluster) -> Self {
        let url = cluster.create(None).await;
        fill(&url).await;
        Self { backend: Backend::Postgres, url, place: Place::Elsewhere }
    }

    /// The same database, for one more server.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { backend: self.backend, url: self.url.clone(), place: Place::Elsewhere }
    }

    /// Removes it, unless somebody else does.
    pub async fn remove(self) {
        match self.place {
            Place::Folder(folder) => folder.close().expect("removing the folder"),
            Place::Cluster => harness::cluster().expect("PostgreSQL").drop(&self.url).await,
            Place::Elsewhere => {}
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
    // Numbered before any story begins, so that no server has news of the directory in the midst of one.
    tertulia_app::record::drain(&app).await.expect("the record");
    app.close().await.expect("closing the template");
}

/// Runs `work` on a runtime of its own, since the caller blocks one of his.
fn apart<T: Send + 'static, F: Future<Output = T>>(work: impl FnOnce() -> F + Send + 'static) -> T {
    thread::spawn(|| tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work()))
        .join()
        .expect("the template")
}

/// The texts of a query's only column.
async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql.to_owned());
    let rows = connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}
