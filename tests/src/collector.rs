//! Something that traces are sent to: it takes every POST and keeps its body.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

/// How long a story waits for what it expects.
const PATIENCE: Duration = Duration::from_mins(1);

/// An HTTP server that keeps what it is sent.
#[derive(Clone)]
pub struct Collector {
    address: SocketAddr,
    kept: watch::Sender<Vec<u8>>,
}

impl Collector {
    /// Listens on a free port, until the story ends.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let collector = Self { address, kept: watch::Sender::new(Vec::new()) };
        let taking = collector.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let collector = taking.clone();
                tokio::spawn(async move { collector.take(connection).await });
            }
        });
        collector
    }

    /// Its address.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Waits until what was sent so far is as it should be, and answers it.
    pub async fn until(&self, enough: impl Fn(&[u8]) -> bool) -> Vec<u8> {
        let mut kept = self.kept.subscribe();
        let found = timeout(PATIENCE, kept.wait_for(|sent| enough(sent))).await.expect("what was to be sent, in time");
        found.expect("a collector").clone()
    }

    async fn take(&self, connection: TcpStream) -> Option<()> {
        let (read, mut write) = connection.into_split();
        let mut read = BufReader::new(read);
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if read.read_line(&mut line).await.ok()? == 0 {
                    return Some(());
                }
                if line.trim().is_empty() {
                    break;
                }
                let (name, value) = line.split_once(':').unwrap_or_default();
                if name.eq_ignore_ascii_case("content-length") {
                    length = value.trim().parse().ok()?;
                }
            }
            let mut body = vec![0; length];
            read.read_exact(&mut body).await.ok()?;
            self.kept.send_modify(|kept| kept.extend(body));
            write.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n").await.ok()?;
        }
    }
}
