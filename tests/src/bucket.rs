//! A bucket of an S3-compatible service over HTTP, which can go away and come back.

use std::{net::SocketAddr, path::PathBuf};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tertulia_api::config::Config;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

/// The key that the service knows, and its secret.
const KEY: (&str, &str) = ("key-of-the-tests", "secret-of-the-tests");
/// The bucket's name, and what its keys begin with.
const PLACE: (&str, &str) = ("evidence", "tertulia/files");

/// A service with one bucket.
pub struct Bucket {
    folder: TempDir,
    address: SocketAddr,
    service: S3Service,
    serving: Option<JoinHandle<()>>,
}

impl Bucket {
    /// Makes the bucket and serves it on a free port.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(PLACE.0)).expect("a folder for the bucket");
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("a folder"));
        service.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut bucket = Self { folder, address, service: service.build(), serving: None };
        bucket.serve(listener);
        bucket
    }

    fn serve(&mut self, listener: TcpListener) {
        let service = self.service.clone();
        self.serving = Some(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                let service = service.clone();
                connections
                    .spawn(async move { Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(connection), service).await });
            }
        }));
    }

    /// Takes the service away, and breaks off its connections.
    pub async fn stop(&mut self) {
        let serving = self.serving.take().expect("a service that runs");
        serving.abort();
        assert!(serving.await.is_err_and(|ended| ended.is_cancelled()));
    }

    /// Brings it back where it was.
    pub async fn restart(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the same port");
        self.serve(listener);
    }

    /// Lets a server keep its files here.
    pub fn configure(&self, config: &mut Config) {
        config.files.folder.clear();
        let s3 = &mut config.files.s3;
        (s3.endpoint, s3.region) = (format!("http://{}", self.address), "us-east-1".to_owned());
        (s3.bucket, s3.prefix) = (PLACE.0.to_owned(), PLACE.1.to_owned());
        (s3.access_key, s3.secret_key) = (KEY.0.to_owned(), KEY.1.into());
    }

    /// The same as a file of settings.
    pub fn settings(&self, bucket: &str, secret: &str) -> String {
        let (address, key) = (self.address, KEY.0);
        format!(
            "[files.s3]\nendpoint = \"http://{address}\"\nregion = \"us-east-1\"\nbucket = \"{bucket}\"\naccess_key = \"{key}\"\nsecret_key = \"{secret}\"\n"
        )
    }

    /// The name and the secret that are right.
    pub const RIGHT: (&str, &str) = (PLACE.0, KEY.1);

    /// Every object in the bucket.
    pub fn objects(&self) -> Vec<PathBuf> {
        let below = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        below(self.folder.path().join(PLACE.0).join(PLACE.1)).flat_map(below).collect()
    }
}
