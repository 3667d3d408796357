//! A partner's address that takes webhooks.

use std::{
    collections::{HashMap, VecDeque},
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rcgen::{CertificateParams, KeyPair};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, split},
    net::TcpListener,
    sync::watch,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs::default_provider,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
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

/// How a receiver treats who sends it something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// It answers.
    #[default]
    Plain,
    /// It listens and says nothing.
    Silent,
    /// It answers 200, and a body that never ends.
    EndlessBody,
    /// It begins to answer, and never comes to the body.
    EndlessHead,
}

/// A status, and what stands in `Retry-After`.
type Answer = (u16, Option<String>);

/// A server that keeps what it is sent, and answers 200 unless a story says otherwise.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    scheme: &'static str,
    manner: Manner,
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    count: watch::Sender<usize>,
    broken_off: watch::Sender<usize>,
}

impl Receiver {
    /// Listens on a free port, until the story ends.
    pub async fn start() -> Self {
        Self::mannered(Manner::Plain).await
    }

    /// As [`Self::start`], with other manners.
    pub async fn mannered(manner: Manner) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a free port"), manner, None)
    }

    /// As [`Self::start`], over TLS, with a certificate for `name` that nobody else gave; and that, in PEM.
    pub async fn certified(name: &str) -> (Self, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([name.to_owned()]).expect("a name");
        let certificate = params.self_signed(&key).expect("a certificate");
        let pem = certificate.pem();
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate.into()], private))
            .expect("a configuration");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        (Self::on(listener, Manner::Plain, Some(TlsAcceptor::from(Arc::new(config)))), pem)
    }

    /// The address of a server that is not there, and how to bring it up.
    pub async fn absent() -> (String, impl AsyncFnOnce() -> Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let appear = async move || Self::on(TcpListener::bind(address).await.expect("the same port"), Manner::Plain, None);
        (format!("http://{address}/hook"), appear)
    }

    fn on(listener: TcpListener, manner: Manner, tls: Option<TlsAcceptor>) -> Self {
        let address = listener.local_addr().expect("an address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (heard, answers) = (Arc::default(), Arc::default());
        let (count, broken_off) = (watch::Sender::new(0), watch::Sender::new(0));
        let receiver = Self { address, scheme, manner, heard, answers, count, broken_off };
        let accepting = receiver.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (receiver, tls) = (accepting.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => receiver.talk(connection).await,
                        Some(tls) => receiver.talk(tls.accept(connection).await.ok()?).await,
                    }
                });
            }
        });
        receiver
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("{}://{}/hook", self.scheme, self.address)
    }

    /// Answers the next requests with these statuses.
    pub fn answers(&self, statuses: &[u16]) {
        let answers = statuses.iter().map(|status| (*status, None));
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(answers);
    }

    /// Answers the next request with this status, and asks by `Retry-After` to be left alone.
    pub fn asks(&self, status: u16, retry_after: &str) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back((status, Some(retry_after.to_owned())));
    }

    /// Waits until so many messages have arrived; answers all that are there then.
    pub async fn arrived(&self, count: usize) -> Vec<Heard> {
        let mut changes = self.count.subscribe();
        let all = timeout(PATIENCE, changes.wait_for(|arrived| *arrived >= count)).await;
        all.unwrap_or_else(|_| panic!("{count} messages in time: {:?}", self.now())).expect("a receiver");
        self.now()
    }

    /// Waits until somebody has broken off so many endless answers.
    pub async fn broken_off(&self, count: usize) {
        let mut changes = self.broken_off.subscribe();
        let all = timeout(PATIENCE, changes.wait_for(|broken| *broken >= count)).await;
        all.expect("somebody reads on and on").expect("a receiver");
    }

    /// What has arrived so far.
    pub fn now(&self) -> Vec<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn talk(&self, connection: impl AsyncRead + AsyncWrite) -> Option<()> {
        let (read, mut write) = split(connection);
        let mut read = Box::pin(BufReader::new(read));
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
            self.answer(&mut write).await?;
        }
    }

    async fn answer(&self, write: &mut (impl AsyncWrite + Unpin)) -> Option<()> {
        let (head, again) = match self.manner {
            Manner::Plain => {
                let next = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let (status, asks) = next.unwrap_or((200, None));
                let asks = asks.map(|text| format!("retry-after: {text}\r\n")).unwrap_or_default();
                let elsewhere = format!("location: http://{}/elsewhere", self.address);
                (format!("HTTP/1.1 {status} X\r\n{elsewhere}\r\n{asks}content-length: 0\r\n\r\n"), None)
            }
            Manner::Silent => (String::new(), None),
            Manner::EndlessBody => {
                ("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(), Some("10\r\n0123456789abcdef\r\n".repeat(1_000)))
            }
            Manner::EndlessHead => ("HTTP/1.1 200 X\r\n".to_owned(), Some("x-more: and more\r\n".repeat(50))),
        };
        write.write_all(head.as_bytes()).await.ok()?;
        self.count.send_modify(|count| *count += 1);
        if self.manner == Manner::Silent {
            pending::<()>().await;
        }
        let Some(again) = again else { return Some(()) };
        while write.write_all(again.as_bytes()).await.is_ok() {}
        self.broken_off.send_modify(|count| *count += 1);
        None
    }
}
