//! A PostgreSQL cluster for one run of the tests, or a part of one that somebody else runs.
//!
//! The cluster lies in a temporary folder, listens on a free port of 127.0.0.1 and survives everything but the machine. A shell
//! holds it: when this process ends, however it ends, the shell's input closes and it stops the server and removes the folder.

use std::{
    env,
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader, Lines, Write},
    net::TcpListener,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// The superuser of a cluster of ours.
const USER: &str = "tertulia";
/// A shell program: `$1` the folder, the rest the server's command line. Each line of its input stops the server at once, as a
/// failure would, or starts it again, and is answered with a line.
const HOLDER: &str = r#"dir=$1; shift; halt() { kill -QUIT $server; wait $server; }; "$@" >&2 & server=$!
while read -r word; do case $word in stop) halt;; start) "$@" >&2 & server=$!;; esac; echo "$word"; done
halt; rm -rf "$dir""#;
/// What every cluster runs with, and what one adds that is nobody else's.
const SETTINGS: [&str; 4] = ["listen_addresses=127.0.0.1", "max_connections=300", "fsync=off", "full_page_writes=off"];
const SHARED: [&str; 1] = ["synchronous_commit=off"];

/// Where the tests find PostgreSQL.
pub enum Source {
    /// A server that runs already, from `TEST_POSTGRES_URL`: a URL whose user may create databases.
    Running(String),
    /// The folder with `initdb` and `postgres`.
    Binaries(PathBuf),
}

impl Source {
    /// Looks at `TEST_POSTGRES_URL`, then for server binaries on the PATH and where distributions put them. `none` as the URL
    /// is as if nothing were found.
    pub fn find() -> Option<Self> {
        if let Some(url) = env::var_os("TEST_POSTGRES_URL").filter(|url| !url.is_empty()) {
            return url.into_string().ok().filter(|url| url != "none").map(Self::Running);
        }
        Self::programs().map(Self::Binaries)
    }

    /// The folder with `initdb`, `pg_basebackup` and `postgres`, if there is one.
    pub fn programs() -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut versions: Vec<PathBuf> =
            fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
        versions.sort_by_key(|path| path.iter().nth(4).and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok()));
        let folders = env::split_paths(&path).chain(versions.into_iter().rev()).chain([PathBuf::from("/usr/local/pgsql/bin")]);
        folders.into_iter().find(|folder| ["initdb", "pg_basebackup", "postgres"].iter().all(|name| folder.join(name).is_file()))
    }
}

/// A server that answers, and its databases made so far.
pub struct Cluster {
    url: String,
    databases: AtomicUsize,
    /// The shell that holds the server; `None` for a server of somebody else.
    holder: Mutex<Option<Holder>>,
}

/// A shell and what it says.
struct Holder {
    shell: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Cluster {
    /// Starts a cluster, or takes the running one.
    pub fn start(source: &Source) -> Result<Self, String> {
        match source {
            Source::Running(url) => Ok(Self { url: url.clone(), databases: AtomicUsize::new(0), holder: Mutex::new(None) }),
            Source::Binaries(folder) => initialize(folder).and_then(|place| launch(folder, &place, &SHARED)),
        }
    }

    /// Starts a cluster of a story's own, which it may stop and start; what it has acknowledged it keeps.
    pub fn own() -> Result<Self, String> {
        let folder = Source::programs().ok_or("a cluster of one's own needs `initdb` and `postgres`")?;
        initialize(&folder).and_then(|place| launch(&folder, &place, &[]))
    }

    /// Starts a streaming replica of this cluster.
    pub fn replica(&self) -> Result<Self, String> {
        let folder = Source::programs().ok_or("a replica needs `pg_basebackup` and `postgres`")?;
        let place = place()?;
        made(
            command(&folder.join("pg_basebackup"), &place).args(["-R", "-c", "fast", "--no-sync", "-D", "data", "-d", &self.url]),
            &place,
        )?;
        launch(&folder, &place, &[])
    }

    /// Stops the server as a failure would, until [`Self::go_on`].
    pub fn fail(&self) {
        self.order("stop");
    }

    /// Starts a server that failed.
    pub fn go_on(&self) {
        self.order("start");
    }

    fn order(&self, word: &str) {
        let mut holder = self.holder.lock().unwrap_or_else(PoisonError::into_inner);
        let holder = holder.as_mut().expect("a server of ours");
        writeln!(holder.shell.stdin.as_mut().expect("a way to the shell"), "{word}").expect("a shell that listens");
        assert_eq!(holder.said.next().expect("an answer").expect("a line"), word);
    }

    /// The URL of the database of that name.
    pub fn url_of(&self, database_url: &str) -> String {
        self.with_database(database(database_url))
    }

    /// Runs a statement on the server.
    pub async fn run(&self, sql: &str) {
        self.statement(sql).await;
    }

    /// A new database, empty or a copy of `template` (which nobody may be connected to); answers its URL.
    pub async fn create(&self, template: Option<&str>) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("tertulia_test_{}_{number}", std::process::id());
        let source = template.map(|url| format!(" TEMPLATE {}", database(url))).unwrap_or_default();
        self.statement(&format!("CREATE DATABASE {name}{source}")).await;
        self.with_database(&name)
    }

    /// Removes a database, closing what is still connected.
    pub async fn drop(&self, url: &str) {
        self.statement(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database(url))).await;
    }

    /// Stops a server of ours and removes its folder. A static holds the cluster, so this is not left to `Drop`.
    pub fn stop(&self) {
        if let Some(mut holder) = self.holder.lock().unwrap_or_else(PoisonError::into_inner).take() {
            drop(holder.shell.stdin.take());
            let _ = holder.shell.wait();
        }
    }

    async fn statement(&self, sql: &str) {
        let connection: DatabaseConnection = Database::connect(&self.url).await.expect("a connection to PostgreSQL");
        connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("closing the connection");
    }

    fn with_database(&self, name: &str) -> String {
        let (server, options) = self.url.split_once('?').map_or((self.url.as_str(), String::new()), |(a, b)| (a, format!("?{b}")));
        let host = server.rsplit_once('/').filter(|(host, _)| !host.ends_with('/')).map_or(server, |(host, _)| host);
        format!("{host}/{name}{options}")
    }
}

/// The database's name in a URL.
fn database(url: &str) -> &str {
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    url.rsplit_once('/').map_or(url, |(_, name)| name)
}

/// A folder and whose it is.
struct Place {
    folder: PathBuf,
    owner: Option<(u32, u32)>,
}

fn initialize(binaries: &Path) -> Result<Place, String> {
    let place = place()?;
    let initdb = ["--pgdata=data", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username", USER];
    made(command(&binaries.join("initdb"), &place).args(initdb), &place)?;
    Ok(place)
}

/// A new folder for a cluster, of a user who may run it.
fn place() -> Result<Place, String> {
    let folder = tempfile::Builder::new().prefix("tertulia-postgres-").tempdir().map_err(|error| error.to_string())?;
    let root = fs::metadata(folder.path()).map_err(|error| error.to_string())?.uid() == 0;
    let owner = if root { Some(unprivileged().ok_or("root runs no PostgreSQL, and there is no user to drop to")?) } else { None };
    if let Some((uid, gid)) = owner {
        std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid)).map_err(|error| error.to_string())?;
    }
    Ok(Place { folder: folder.keep(), owner })
}

/// Runs a program that fills a place, or removes the place.
fn made(program: &mut Command, place: &Place) -> Result<(), String> {
    let made = program.output().map_err(|error| error.to_string())?;
    if made.status.success() {
        return Ok(());
    }
    let _ = fs::remove_dir_all(&place.folder);
    Err(format!("{} failed: {}", program.get_program().display(), String::from_utf8_lossy(&made.stderr)))
}

/// Starts the server of a place. Another process may take the free port first; then a further one is tried.
fn launch(binaries: &Path, place: &Place, settings: &[&str]) -> Result<Cluster, String> {
    let mut last = String::new();
    for _ in 0..5 {
        match attempt(binaries, place, settings) {
            Ok(cluster) => return Ok(cluster),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn attempt(binaries: &Path, place: &Place, settings: &[&str]) -> Result<Cluster, String> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).map_err(|error| error.to_string())?.port();
    let mut shell = command(Path::new("sh"), place)
        .args(["-c", HOLDER, "holder"])
        .args([place.folder.as_os_str(), binaries.join("postgres").as_os_str()])
        .args(["-D", "data", "-k", ".", "-p", &port.to_string()])
        .args(SETTINGS.iter().chain(settings).flat_map(|setting| ["-c", *setting]))
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut said = Vec::new();
    let mut lines = BufReader::new(shell.stderr.take().ok_or("no standard error")?).lines();
    let answers = BufReader::new(shell.stdout.take().ok_or("no standard output")?).lines();
    while let Some(Ok(line)) = lines.next() {
        if line.contains("ready to accept") {
            thread::spawn(move || lines.for_each(drop));
            let url = format!("postgres://{USER}@127.0.0.1:{port}/postgres");
            return Ok(Cluster { url, databases: AtomicUsize::new(0), holder: Mutex::new(Some(Holder { shell, said: answers })) });
        }
        said.push(line);
    }
    let _ = shell.wait();
    Err(format!("postgres did not start: {}", said.join("\n")))
}

fn command(program: &Path, place: &Place) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&place.folder).env("LC_ALL", "C").env("HOME", &place.folder);
    if let Some((uid, gid)) = place.owner {
        command.uid(uid).gid(gid);
    }
    command
}

/// A user other than root: PostgreSQL refuses to run as root.
fn unprivileged() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|wanted| {
        let fields: Vec<&str> =
            users.lines().map(|line| line.split(':').collect()).find(|fields: &Vec<&str>| fields.first() == Some(wanted))?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    })
}
