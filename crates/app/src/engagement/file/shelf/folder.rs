//! The folder in which contents lie. A content is written aside and then renamed.

use std::{
    io::{ErrorKind, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

use futures::StreamExt;
use tempfile::{NamedTempFile, TempPath};
use tertulia_domain::{Error, Result};
use tokio::{
    fs,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;

use super::{Content, Damaged, Known, place, tidied};

/// Bytes that are read from a file at once.
const PIECE: usize = 64 * 1024;

/// The folder in which contents lie.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn incoming(&self) -> PathBuf {
        self.0.join("incoming")
    }

    pub(super) async fn aside(&self) -> Result<(fs::File, TempPath)> {
        let folder = self.incoming();
        fs::create_dir_all(&folder).await.map_err(Error::unavailable)?;
        let (file, path) = NamedTempFile::with_prefix_in("upload-", folder).map_err(Error::unavailable)?.into_parts();
        Ok((fs::File::from_std(file), path))
    }

    pub(super) async fn keep(&self, aside: TempPath, sha256: &str) -> Result<()> {
        let place = self.0.join(place(sha256));
        let folder = place.parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&folder).await.map_err(Error::unavailable)?;
        aside.persist(&place).map_err(|error| Error::unavailable(error.error))?;
        // The name is durable once its folder is.
        let folder = fs::File::open(folder).await.map_err(Error::unavailable)?;
        folder.sync_all().await.map_err(Error::unavailable)
    }

    pub(super) async fn open(&self, content: Known<'_>) -> Result<fs::File> {
        let opened = fs::File::open(self.0.join(place(content.sha256))).await.map_err(|error| match error.kind() {
            ErrorKind::NotFound => Damaged::missing(content),
            _ => Error::internal(error),
        })?;
        Damaged::checked(content, opened.metadata().await.map_err(Error::internal)?.len())?;
        Ok(opened)
    }

    pub(super) async fn read(&self, content: Known<'_>, range: Range<u64>) -> Result<Content> {
        let mut opened = self.open(content).await?;
        opened.seek(SeekFrom::Start(range.start)).await.map_err(Error::internal)?;
        Ok(ReaderStream::with_capacity(opened.take(range.end.saturating_sub(range.start)), PIECE).boxed())
    }

    pub(super) async fn remove(&self, sha256: &str) -> Result<()> {
        match fs::remove_file(self.0.join(place(sha256))).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::internal(error)),
            _ => Ok(()),
        }
    }

    pub(super) async fn tidy(&self) -> Result<()> {
        tidied(self.incoming(), "").await
    }

    pub(super) fn advice(&self) -> String {
        format!("Let the server's user write into the folder {} (files.folder), and see that its disk is not full.", self.0.display())
    }
}
