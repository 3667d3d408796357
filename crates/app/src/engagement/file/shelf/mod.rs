//! Where contents lie, each under its hash: a folder, or a bucket of an S3-compatible service. What is there is whole.

mod bucket;
mod folder;

use std::{io, ops::Range, path::PathBuf, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tertulia_domain::{Error, Result, engagement::file::File, record::audit::hex};
use tokio::{
    fs,
    io::{AsyncSeekExt, AsyncWriteExt},
};
use tracing::warn;

pub use self::bucket::Settings as BucketSettings;
use self::{bucket::Bucket, folder::Folder};

/// How long something half written is left alone: nobody uploads for so long.
const ABANDONED: Duration = Duration::from_hours(24);

/// The bytes of a content, piece by piece.
pub type Content = BoxStream<'static, io::Result<Bytes>>;

/// Where an operator has contents lie.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a folder.
    Folder(PathBuf),
    /// In a bucket.
    Bucket(BucketSettings),
}

/// A content is not what the row of its file says.
#[derive(Debug, thiserror::Error)]
enum Damaged {
    /// There is none.
    #[error("the content {0} is not in the store")]
    Missing(String),
    /// It has another length.
    #[error("the content {0} has {1} bytes in the store instead of {2}")]
    Length(String, u64, u64),
    /// It has another hash.
    #[error("the content {0} has another hash in the store")]
    Hash(String),
}

impl Damaged {
    fn missing(content: Known<'_>) -> Error {
        Error::internal(Self::Missing(content.sha256.to_owned()))
    }

    /// Refuses a content that has another length than it should.
    fn checked(content: Known<'_>, found: u64) -> Result<()> {
        let Known { sha256, bytes } = content;
        if found == bytes { Ok(()) } else { Err(Error::internal(Self::Length(sha256.to_owned(), found, bytes))) }
    }
}

/// A content, as its file knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    /// Its hash, in hexadecimal digits.
    pub(super) sha256: &'a str,
    /// How many bytes it has.
    pub(super) bytes: u64,
}

impl<'a> From<&'a File> for Known<'a> {
    fn from(file: &'a File) -> Self {
        Self { sha256: &file.sha256, bytes: u64::try_from(file.bytes).unwrap_or_default() }
    }
}

/// The place of a content below the store's root. Hashes are spread over folders, since some file systems are slow with many files in one.
fn place(sha256: &str) -> String {
    let (first, _) = sha256.split_at_checked(2).unwrap_or(("00", sha256));
    format!("{first}/{sha256}")
}

/// The store of contents.
#[derive(Debug)]
pub(crate) enum Shelf {
    Folder(Folder),
    Bucket(Bucket),
}

impl Shelf {
    pub(crate) fn new(place: Place) -> Result<Self> {
        Ok(match place {
            Place::Folder(folder) => Self::Folder(Folder::new(folder)),
            Place::Bucket(settings) => Self::Bucket(Bucket::new(&settings)?),
        })
    }

    /// A new local file for a content of which not all is known yet. It goes when it is dropped.
    pub(super) async fn aside(&self) -> Result<(fs::File, TempPath)> {
        match self {
            Self::Folder(folder) => folder.aside().await,
            Self::Bucket(_) => bucket::aside(),
        }
    }

    /// Puts a content that is written and synchronised where it belongs, whether or not it is there already: what is there may be damaged.
    pub(super) async fn keep(&self, aside: TempPath, sha256: &str) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.keep(aside, sha256).await,
            Self::Bucket(bucket) => bucket.keep(aside, sha256).await,
        }
    }

    /// Opens a content for reading these of its bytes.
    pub(super) async fn open(&self, content: Known<'_>, range: Range<u64>) -> Result<Content> {
        let pieces = match self {
            Self::Folder(folder) => folder.read(content, range).await?,
            Self::Bucket(bucket) => bucket.read(content, range).await?,
        };
        let sha256 = content.sha256.to_owned();
        Ok(pieces.inspect_err(move |error| warn!(%error, sha256, "a content broke off while it was read")).boxed())
    }

    /// A content as a local file that can be read in any order. The copy of one in a bucket has no name and goes when it is closed.
    pub(crate) async fn local(&self, content: Known<'_>) -> Result<std::fs::File> {
        match self {
            Self::Folder(folder) => Ok(folder.open(content).await?.into_std().await),
            Self::Bucket(bucket) => copied(bucket, content).await,
        }
    }

    /// Removes a content; one that is not there is removed.
    pub(super) async fn remove(&self, sha256: &str) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.remove(sha256).await,
            Self::Bucket(bucket) => bucket.remove(sha256).await,
        }
    }

    /// Whether the store answers: a reason to begin no transaction that would wait for it.
    pub(super) async fn answers(&self) -> Result<()> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::Bucket(bucket) => bucket.answers().await,
        }
    }

    /// Removes what servers left half written that ended in the middle.
    pub(super) async fn tidy(&self) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.tidy().await,
            Self::Bucket(_) => bucket::tidy().await,
        }
    }

    /// What an operator may look at when the store fails with this error.
    pub(super) fn advice(&self, error: &Error) -> String {
        match self {
            Self::Folder(folder) => folder.advice(),
            Self::Bucket(bucket) => bucket.advice(error),
        }
    }
}

/// Removes files of a folder that begin with `prefix` and were left alone for so long that nobody writes them any more.
async fn tidied(folder: PathBuf, prefix: &str) -> Result<()> {
    let mut entries = match fs::read_dir(folder).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(Error::internal)?,
    };
    while let Some(entry) = entries.next_entry().await.map_err(Error::internal)? {
        let age = entry.metadata().await.and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(prefix));
        if is_ours && age.is_some_and(|age| age > ABANDONED) {
            fs::remove_file(entry.path()).await.map_err(Error::internal)?;
        }
    }
    Ok(())
}

/// A local copy of a content in a bucket.
async fn copied(bucket: &Bucket, content: Known<'_>) -> Result<std::fs::File> {
    let mut pieces = bucket.read(content, 0..content.bytes).await?;
    let mut copy = fs::File::from_std(tempfile::tempfile().map_err(Error::unavailable)?);
    let mut hash = Sha256::new();
    while let Some(piece) = pieces.try_next().await.map_err(Error::unavailable)? {
        hash.update(&piece);
        copy.write_all(&piece).await.map_err(Error::unavailable)?;
    }
    if hex(&hash.finalize()) != content.sha256 {
        return Err(Error::internal(Damaged::Hash(content.sha256.to_owned())));
    }
    copy.flush().await.map_err(Error::unavailable)?;
    copy.rewind().await.map_err(Error::unavailable)?;
    Ok(copy.into_std().await)
}
