//! The bucket of an S3-compatible service in which contents lie.

use std::{fmt, ops::Range, time::Duration};

use futures::{StreamExt, TryStreamExt};
use object_store::{
    BackoffConfig, ClientOptions, Error as Failure, GetOptions, GetRange, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, Checksum},
    path::Path,
};
use secrecy::{ExposeSecret, SecretString};
use tempfile::{Builder, TempPath};
use tertulia_domain::{Error, Result};
use tokio::{fs, io::AsyncReadExt, time::timeout};

use super::{Content, Damaged, Known, place, tidied};

/// Bytes that are sent at once: the least that S3 takes as one of several parts.
const PART: u64 = 5 * 1024 * 1024;
/// How often a request is sent again that found no answer, or an answer that tells to come back.
const AGAIN: usize = 2;
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a content may take to be removed, since a transaction waits for it.
const REMOVE: Duration = Duration::from_secs(3);
/// What the local files of uploads begin with.
const ASIDE: &str = "tertulia-upload-";

/// Which bucket, and how to reach it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The service's address; none for Amazon's own in the region.
    pub endpoint: Option<String>,
    /// The region, with which requests are signed.
    pub region: String,
    /// The bucket's name.
    pub bucket: String,
    /// What all keys begin with, without slashes around it; may be empty.
    pub prefix: String,
    /// The access key.
    pub access_key: String,
    /// The secret that belongs to it.
    pub secret_key: SecretString,
    /// Whether the bucket stands in the path of an address rather than before its host.
    pub path_style: bool,
    /// How long the service may take to answer a request, and between two pieces of an answer.
    pub timeout: Duration,
}

/// The bucket in which contents lie.
pub(crate) struct Bucket {
    store: AmazonS3,
    name: String,
    endpoint: String,
    prefix: String,
}

/// Nothing of how the bucket is reached, since its key is there.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("name", &self.name).field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// A new local file, among those that the system keeps for a while.
pub(super) fn aside() -> Result<(fs::File, TempPath)> {
    let (file, path) = Builder::new().prefix(ASIDE).tempfile().map_err(Error::unavailable)?.into_parts();
    Ok((fs::File::from_std(file), path))
}

pub(super) async fn tidy() -> Result<()> {
    tidied(std::env::temp_dir(), ASIDE).await
}

impl Bucket {
    pub(super) fn new(settings: &Settings) -> Result<Self> {
        let options = ClientOptions::new()
            .with_allow_http(settings.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://")))
            .with_connect_timeout(settings.timeout.min(CONNECT))
            // A reader may take as long over a file as he needs; what is bounded is how long the service says nothing.
            .with_timeout_disabled()
            .with_read_timeout(settings.timeout);
        let backoff = BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(1), base: 2.0 };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(settings.secret_key.expose_secret())
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_disable_bulk_delete(true)
            .with_client_options(options)
            .with_retry(RetryConfig { backoff, max_retries: AGAIN, retry_timeout: settings.timeout });
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(address(endpoint, settings));
        }
        Ok(Self {
            store: builder.build().map_err(Error::internal)?,
            name: settings.bucket.clone(),
            endpoint: settings.endpoint.clone().unwrap_or_else(|| format!("Amazon's service in {}", settings.region)),
            prefix: settings.prefix.clone(),
        })
    }

    fn key(&self, sha256: &str) -> Path {
        Path::from(format!("{}/{}", self.prefix, place(sha256)))
    }

    pub(super) async fn keep(&self, aside: TempPath, sha256: &str) -> Result<()> {
        let key = self.key(sha256);
        let mut file = fs::File::open(&aside).await.map_err(Error::unavailable)?;
        let first = part(&mut file).await?;
        if (first.len() as u64) < PART {
            self.store.put(&key, first.into()).await.map_err(Error::unavailable)?;
            return Ok(());
        }
        let mut parts = self.store.put_multipart(&key).await.map_err(Error::unavailable)?;
        let send = async {
            let mut next = first;
            while !next.is_empty() {
                parts.put_part(next.into()).await.map_err(Error::unavailable)?;
                next = part(&mut file).await?;
            }
            parts.complete().await.map_err(Error::unavailable)
        };
        if let Err(error) = send.await {
            // Parts that stay all the same are the business of a rule of the bucket, as after a server's loss.
            let _ = parts.abort().await;
            return Err(error);
        }
        Ok(())
    }

    pub(super) async fn read(&self, content: Known<'_>, range: Range<u64>) -> Result<Content> {
        let wanted = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.key(content.sha256), wanted).await.map_err(|failure| match failure {
            Failure::NotFound { .. } => Damaged::missing(content),
            other => Error::unavailable(other),
        })?;
        Damaged::checked(content, found.meta.size)?;
        Ok(found.into_stream().map_err(std::io::Error::other).boxed())
    }

    pub(super) async fn remove(&self, sha256: &str) -> Result<()> {
        match timeout(REMOVE, self.store.delete(&self.key(sha256))).await.map_err(Error::unavailable)? {
            Err(Failure::NotFound { .. }) | Ok(()) => Ok(()),
            Err(other) => Err(Error::unavailable(other)),
        }
    }

    pub(super) async fn answers(&self) -> Result<()> {
        match self.store.head(&self.key("nothing")).await {
            // A key that may not list what is there is refused what is not there.
            Err(Failure::NotFound { .. } | Failure::PermissionDenied { .. }) | Ok(_) => Ok(()),
            Err(other) => Err(Error::unavailable(other)),
        }
    }

    pub(super) fn advice(&self, error: &Error) -> String {
        let (name, endpoint) = (&self.name, &self.endpoint);
        match error.cause().and_then(|cause| cause.downcast_ref::<Failure>()) {
            Some(Failure::NotFound { .. }) => {
                format!("There is no bucket {name} at {endpoint}. Make it, or correct files.s3.bucket and files.s3.endpoint.")
            }
            Some(Failure::PermissionDenied { .. } | Failure::Unauthenticated { .. }) => format!(
                "{endpoint} refuses the access key for the bucket {name}. Check files.s3.access_key, secret_key and region and this machine's \
                 clock, and let the key get, put and delete objects, and upload them in parts."
            ),
            _ => format!(
                "{endpoint} does not answer as it should. Check files.s3.endpoint and path_style, and whether it can be reached from here."
            ),
        }
    }
}

/// The address of the bucket's service, with the bucket before its host unless it stands in the path.
fn address(endpoint: &str, settings: &Settings) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    match endpoint.split_once("://").filter(|_| !settings.path_style) {
        Some((scheme, host)) => format!("{scheme}://{}.{host}", settings.bucket),
        None => endpoint.to_owned(),
    }
}

/// The next part of a file; shorter than [`PART`] at its end, empty behind it.
async fn part(file: &mut fs::File) -> Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART).read_to_end(&mut part).await.map_err(Error::unavailable)?;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(path_style: bool, endpoint: Option<&str>) -> Bucket {
        let text = str::to_owned;
        Bucket::new(&Settings {
            endpoint: endpoint.map(text),
            region: text("eu-central-1"),
            bucket: text("evidence"),
            prefix: text("a/b"),
            access_key: text("key"),
            secret_key: "hidden".into(),
            path_style,
            timeout: Duration::from_secs(1),
        })
        .expect("a bucket")
    }

    #[test]
    fn the_bucket_stands_in_the_path_or_before_the_host() {
        let debug = |bucket: &Bucket| format!("{:?}", bucket.store);
        for (bucket, address) in [
            (bucket(true, Some("http://localhost:9000")), "\"http://localhost:9000/evidence\""),
            (bucket(false, Some("https://s3.example/")), "\"https://evidence.s3.example\""),
            (bucket(true, None), "\"https://s3.eu-central-1.amazonaws.com/evidence\""),
            (bucket(false, None), "\"https://evidence.s3.eu-central-1.amazonaws.com\""),
        ] {
            assert!(debug(&bucket).contains(&format!("bucket_endpoint: {address}")), "{}", debug(&bucket));
            assert!(!format!("{bucket:?}").contains("hidden"));
        }
        assert_eq!(bucket(true, None).key("abcd").as_ref(), "a/b/ab/abcd");
    }

    #[test]
    fn what_fails_has_its_advice() {
        let bucket = bucket(true, Some("https://s3.example"));
        let source = || "no".into();
        let missing = Failure::NotFound { path: String::new(), source: source() };
        let refused = Failure::PermissionDenied { path: String::new(), source: source() };
        let silent = Failure::Generic { store: "S3", source: source() };
        for (failure, words) in
            [(missing, "There is no bucket evidence at https://s3.example."), (refused, "access_key"), (silent, "path_style")]
        {
            let told = bucket.advice(&Error::unavailable(failure));
            assert!(told.contains(words), "{told}");
        }
    }
}
