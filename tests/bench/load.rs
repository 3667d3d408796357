//! Asks over HTTP/1.1 as fast as the answers come, on kept connections, and notes how long each answer took.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::Instant,
};

use crate::scenario::Scenario;

/// What one side took.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) latencies: Vec<Duration>,
    pub(crate) took: Duration,
    pub(crate) server_cpu: Duration,
    pub(crate) database_cpu: Duration,
}

impl Figures {
    pub(crate) fn add(&mut self, mut other: Self) {
        self.latencies.append(&mut other.latencies);
        self.took += other.took;
        self.server_cpu += other.server_cpu;
        self.database_cpu += other.database_cpu;
    }
}

/// Asks for `length` on as many connections as the scenario says.
pub(crate) async fn run(address: SocketAddr, scenario: &Scenario, bare: bool, length: Duration) -> Figures {
    let started = Instant::now();
    let asking: Vec<_> = (0..scenario.connections)
        .map(|number| {
            let requests: Vec<Vec<u8>> = (0..scenario.variants(bare)).map(|variant| scenario.request(bare, variant)).collect();
            tokio::spawn(ask(address, requests, number, started + length))
        })
        .collect();
    let mut figures = Figures::default();
    for one in asking {
        figures.latencies.append(&mut one.await.expect("a connection that works"));
    }
    figures.took = started.elapsed();
    figures
}

async fn ask(address: SocketAddr, requests: Vec<Vec<u8>>, offset: usize, until: Instant) -> Vec<Duration> {
    let mut connection = connect(address).await;
    let mut buffer = Vec::with_capacity(65_536);
    let mut latencies = Vec::new();
    for request in requests.iter().cycle().skip(offset * 7) {
        let asked = Instant::now();
        if asked >= until {
            break;
        }
        connection.write_all(request).await.expect("a request leaves");
        let (status, body) = answer(&mut connection, &mut buffer).await;
        assert!(status == 200 && !is_refusal(&buffer[body..]), "status {status}: {}", String::from_utf8_lossy(&buffer));
        latencies.push(asked.elapsed());
    }
    latencies
}

/// Whether GraphQL refused an act, which it says with status 200. Pages are no acts, and long.
fn is_refusal(body: &[u8]) -> bool {
    const SHORT: usize = 1_024;
    let says = |what: &[u8]| body.windows(what.len()).any(|part| part == what);
    body.len() < SHORT && (says(b"\"errors\":[") || says(b"\"userErrors\":[{"))
}

/// Asks once; answers the body.
pub(crate) async fn once(address: SocketAddr, request: &[u8]) -> String {
    let mut connection = connect(address).await;
    connection.write_all(request).await.expect("a request leaves");
    let mut buffer = Vec::new();
    let (status, body) = answer(&mut connection, &mut buffer).await;
    let text = String::from_utf8_lossy(&buffer[body..]).into_owned();
    assert!(status == 200, "status {status}: {text}");
    text
}

async fn connect(address: SocketAddr) -> TcpStream {
    let connection = TcpStream::connect(address).await.expect("a connection");
    connection.set_nodelay(true).expect("a socket");
    connection
}

/// Reads one answer whole; its status and where its body begins.
async fn answer(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> (u16, usize) {
    buffer.clear();
    loop {
        assert!(connection.read_buf(buffer).await.expect("an answer") > 0, "the connection ended");
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).expect("a head in ASCII").to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).expect("a length");
        let whole = end + 4 + length.trim().parse::<usize>().expect("a number");
        while buffer.len() < whole {
            assert!(connection.read_buf(buffer).await.expect("an answer") > 0, "the connection ended");
        }
        return (head[9..12].parse().expect("a status"), end + 4);
    }
}
