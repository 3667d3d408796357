//! The processes that are measured, and how much CPU they have used.

use std::{
    fs,
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::{net::TcpStream, time::sleep};

/// One side of the comparison, in a process of its own.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    bare: bool,
}

impl Server {
    /// Starts the server (`tertulia`, built in the same profile) or the bare handlers on a free port.
    pub(crate) async fn start(which: &str, url: &str) -> Self {
        let address = free_address();
        let this = std::env::current_exe().expect("this program's path");
        let bare = which == "bare";
        let mut command = if bare {
            let mut command = Command::new(&this);
            command.args(["bare", url]).env("BARE_LISTEN", address.to_string());
            command
        } else {
            let binary = this.with_file_name("tertulia");
            assert!(binary.exists(), "{} is missing: cargo build --release first.", binary.display());
            let mut command = Command::new(binary);
            command.args(["serve"]).env("DATABASE_URL", url).env("TERTULIA_SECRET", super::prepare::SECRET);
            command.env("TERTULIA_SERVER__LISTEN", address.to_string()).env("TERTULIA_LOG__FILTER", "error");
            command
        };
        let child = command.stdin(Stdio::null()).spawn().expect("the process starts");
        let server = Self { child, address, bare };
        while TcpStream::connect(address).await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
        server
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn is_bare(&self) -> bool {
        self.bare
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address")
}

/// Reads the CPU time of a process, or of a PostgreSQL server with all its backends.
pub(crate) enum Meter {
    /// One process.
    Process(u32),
    /// A postmaster and its children.
    Family(u32),
    /// Nothing: SQLite works inside the server.
    Nothing,
}

impl Meter {
    pub(crate) fn of(pid: u32) -> Self {
        Self::Process(pid)
    }

    /// The database server's, if `BENCH_POSTGRES_PID` names its first process.
    pub(crate) fn database(url: &str) -> Self {
        let pid = std::env::var("BENCH_POSTGRES_PID").ok().and_then(|pid| pid.parse().ok());
        match pid {
            Some(pid) if !url.starts_with("sqlite:") => Self::Family(pid),
            _ => Self::Nothing,
        }
    }

    pub(crate) fn read(&self) -> Duration {
        match self {
            Self::Process(pid) => stat(*pid).map_or(Duration::ZERO, |(_, used)| used),
            Self::Family(first) => {
                let processes = fs::read_dir("/proc").expect("/proc").flatten();
                let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
                pids.filter_map(|pid| stat(pid).map(|found| (pid, found)))
                    .filter(|(pid, (parent, _))| pid == first || parent == first)
                    .map(|(_, (_, used))| used)
                    .sum()
            }
            Self::Nothing => Duration::ZERO,
        }
    }
}

/// A process's parent and the CPU time it has used, from `/proc/PID/stat` (in hundredths of a second).
fn stat(pid: u32) -> Option<(u32, Duration)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some((fields.get(1)?.parse().ok()?, Duration::from_millis(ticks * 10)))
}
