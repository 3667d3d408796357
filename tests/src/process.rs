//! A server as a process of its own, to be killed, told to stop, or listened to.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
};

use crate::{Client, database::TestDatabase};

/// Runs a command over the database at `url` to its end, with `input` as its standard input.
pub fn command(binary: impl AsRef<OsStr>, url: &str, arguments: &[&str], input: &str) -> Ended {
    let mut command = Command::new(binary);
    command.args(arguments).env_clear().env("DATABASE_URL", url).env("TERTULIA_SECRET", crate::SECRET);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary");
    // A command that does not read it closes its end.
    let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("its end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Ended { code: output.status.code().expect("an exit code"), said: text(output.stdout), complained: text(output.stderr) }
}

/// What a command answered.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub said: String,
    /// Its standard error.
    pub complained: String,
}

/// A running server.
pub struct Process {
    child: Child,
    address: String,
    log: Option<JoinHandle<String>>,
}

impl Process {
    /// Serves this database on a free port.
    pub fn start(binary: impl AsRef<OsStr>, database: &TestDatabase, secret: &str) -> Self {
        Self::serve(binary, &database.url, secret)
    }

    /// Serves the database at `url` on a free port.
    pub fn serve(binary: impl AsRef<OsStr>, url: &str, secret: &str) -> Self {
        Self::serve_with(binary, url, secret, &[])
    }

    /// The same with further settings in its environment.
    pub fn serve_with(binary: impl AsRef<OsStr>, url: &str, secret: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(binary);
        command
            .arg("serve")
            .env_clear()
            .env("DATABASE_URL", url)
            .env("TERTULIA_SECRET", secret)
            .env("TERTULIA_SERVER__LISTEN", "127.0.0.1:0")
            .env("TERTULIA_LOG__FORMAT", "json")
            .env("TERTULIA_LOG__FILTER", "debug")
            .envs(settings.iter().copied());
        Self::run(command)
    }

    /// The demo in this folder, on a free port.
    pub fn demo(binary: impl AsRef<OsStr>, folder: &Path) -> Self {
        Self::demo_with(binary, folder, &[])
    }

    /// The same with settings from the environment.
    pub fn demo_with(binary: impl AsRef<OsStr>, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(binary);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder).env_clear().envs(settings.iter().copied());
        Self::run(command)
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts a server and waits until it says where it listens.
    fn run(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary");
        let mut errors = child.stderr.take().expect("standard error");
        let log = thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).map(|_| text).unwrap_or_default()
        });
        let mut said = BufReader::new(child.stdout.take().expect("standard output")).lines();
        let address = said.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            Some(rest.split(['.', ' ']).take(4).collect::<Vec<_>>().join("."))
        });
        let Some(address) = address else { panic!("the server did not start: {}", log.join().unwrap_or_default()) };
        thread::spawn(move || said.for_each(drop));
        Self { child, address: format!("http://{address}"), log: Some(log) }
    }

    /// A caller of this server.
    pub fn client(&self, token: Option<String>) -> Client {
        Client::new(self.address.clone(), token)
    }

    /// The server's address.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Kills the process as a power failure would.
    pub fn kill(mut self) {
        self.child.kill().expect("a process");
        self.child.wait().expect("its end");
    }

    /// Sends SIGTERM, as a process manager does.
    pub fn terminate(&self) {
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().expect("a shell");
        assert!(sent.success());
    }

    /// Waits until the process has ended; answers how, and everything that it logged.
    pub fn ended(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("its end");
        (status, self.log.take().expect("the log").join().expect("the log"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A story that failed leaves no server behind; one that ended is not there any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
