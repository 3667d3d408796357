//! A partner's address that takes webhooks.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

/// How long a story waits for a message before it fails; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What arrived.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The request's path.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: String,
}

/// A server that keeps what it is sent, and answers 200 unless a story says otherwise.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    count: watch::Sender<usize>,
}

impl Receiver {
    /// Listens on a free port, until the story ends.
    pub async fn start() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
    }

    /// The address of a server that is not there, and how to bring it up.
    pub async fn absent() -> (String, impl AsyncFnOnce() -> Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        (format!("http://{address}/hook"), async move || Self::on(TcpListener::bind(address).await.expect("the same port")))
    }

    fn on(listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("an address");
        let receiver = Self { address, heard: Arc::default(), answers: Arc::default(), count: watch::Sender::new(0) };
        let accepting = receiver.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let receiver = accepting.clone();
                tokio::spawn(async move { receiver.talk(connection).await });
            }
        });
        receiver
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Answers the next requests with these statuses.
    pub fn answers(&self, statuses: &[u16]) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(statuses);
    }

    /// Waits until so many messages have arrived; answers all that are there then.
    pub async fn arrived(&self, count: usize) -> Vec<Heard> {
        let mut changes = self.count.subscribe();
        let all = timeout(PATIENCE, changes.wait_for(|arrived| *arrived >= count)).await;
        all.unwrap_or_else(|_| panic!("{count} messages in time: {:?}", self.now())).expect("a receiver");
        self.now()
    }

    /// What has arrived so far.
    pub fn now(&self) -> Vec<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn talk(&self, connection: TcpStream) -> Option<()> {
        let (read, mut write) = connection.into_split();
        let mut read = BufReader::new(read);
        loop {
            let mut line = String::new();
            read.read_line(&mut line).await.ok().filter(|bytes| *bytes > 0)?;
            let path = line.split(' ').nth(1)?.to_owned();
            let mut headers = HashMap::new();
            loop {
                let mut line = String::new();
                read.read_line(&mut line).await.ok()?;
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                headers.insert(name.to_ascii_lowercase(), value.to_owned());
            }
            let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            read.read_exact(&mut body).await.ok()?;
            let body = String::from_utf8(body).ok()?;
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(Heard { path, headers, body });
            let status = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(200);
            let answer = format!("HTTP/1.1 {status} X\r\nlocation: http://{}/elsewhere\r\ncontent-length: 0\r\n\r\n", self.address);
            write.write_all(answer.as_bytes()).await.ok()?;
            self.count.send_modify(|count| *count += 1);
        }
    }
}
