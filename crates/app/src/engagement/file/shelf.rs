//! The folder in which contents lie, each under its hash. What is there is whole: a content is written aside and then renamed.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::{NamedTempFile, TempPath};
use tertulia_domain::{Error, Result};
use tokio::fs;

/// How long something half written is left alone: nobody uploads for so long.
const ABANDONED: Duration = Duration::from_hours(24);

/// The folder in which contents lie.
#[derive(Debug)]
pub(crate) struct Shelf(PathBuf);

impl Shelf {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Where a content lies. Hashes are spread over folders, since some file systems are slow with many files in one.
    fn place(&self, sha256: &str) -> PathBuf {
        let (first, _) = sha256.split_at_checked(2).unwrap_or(("00", sha256));
        self.0.join(first).join(sha256)
    }

    fn incoming(&self) -> PathBuf {
        self.0.join("incoming")
    }

    /// A new file for a content of which not all is known yet. It goes when it is dropped.
    pub(super) async fn aside(&self) -> Result<(fs::File, TempPath)> {
        let folder = self.incoming();
        fs::create_dir_all(&folder).await.map_err(Error::unavailable)?;
        let (file, path) = NamedTempFile::with_prefix_in("upload-", folder).map_err(Error::unavailable)?.into_parts();
        Ok((fs::File::from_std(file), path))
    }

    /// Puts a content that is written and synchronised where it belongs, whether or not it is there already.
    pub(super) async fn keep(&self, aside: TempPath, sha256: &str) -> Result<()> {
        let place = self.place(sha256);
        let folder = place.parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&folder).await.map_err(Error::unavailable)?;
        aside.persist(&place).map_err(|error| Error::unavailable(error.error))?;
        // The name is durable once its folder is.
        let folder = fs::File::open(folder).await.map_err(Error::unavailable)?;
        folder.sync_all().await.map_err(Error::unavailable)
    }

    /// Opens a content.
    pub(crate) async fn open(&self, sha256: &str) -> Result<fs::File> {
        fs::File::open(self.place(sha256)).await.map_err(Error::internal)
    }

    /// Removes a content; one that is not there is removed.
    pub(super) async fn remove(&self, sha256: &str) -> Result<()> {
        match fs::remove_file(self.place(sha256)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::internal(error)),
            _ => Ok(()),
        }
    }

    /// Removes what servers left half written that ended in the middle.
    pub(super) async fn tidy(&self) -> Result<()> {
        let mut entries = match fs::read_dir(self.incoming()).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(Error::internal)?,
        };
        while let Some(entry) = entries.next_entry().await.map_err(Error::internal)? {
            let age = entry.metadata().await.and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
            if age.is_some_and(|age| age > ABANDONED) {
                fs::remove_file(entry.path()).await.map_err(Error::internal)?;
            }
        }
        Ok(())
    }
}
