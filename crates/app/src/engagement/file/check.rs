//! Whether contents can be kept, and what an operator may do if they cannot.

use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use tertulia_domain::{Code, Error, Reason, Result, record::audit::hex};
use tokio::io::AsyncWriteExt;
use tracing::warn;

use super::shelf::{Known, Shelf};
use crate::App;

/// Keeps a small content, reads and removes it.
///
/// # Errors
/// With what an operator may look at, in sentences.
pub async fn check(app: &App) -> Result<()> {
    let Some(shelf) = &app.files.shelf else {
        let message = "Nothing can be uploaded: there is neither a folder (files.folder) nor a bucket (files.s3) for files.";
        return Err(Error::new(Code::Unavailable, Reason::Required, "", message));
    };
    tried(app, shelf).await.map_err(|error| {
        let cause = error.cause().map_or_else(|| error.to_string(), ToString::to_string);
        Error::new(Code::Unavailable, Reason::ServerFault, "", format!("{}\nCause: {cause}.", shelf.advice(&error)))
    })
}

/// Says in the log if files cannot be kept; the server does everything else all the same.
pub async fn warn_if_unusable(app: &App) {
    if app.files.shelf.is_some()
        && let Err(error) = check(app).await
    {
        warn!(%error, "files can neither be uploaded nor read");
    }
}

async fn tried(app: &App, shelf: &Shelf) -> Result<()> {
    // Like no other content: what is removed in the end belongs to no file.
    let text = format!("tertulia {}", app.ids.uuid());
    let (mut aside, path) = shelf.aside().await?;
    aside.write_all(text.as_bytes()).await.map_err(Error::unavailable)?;
    aside.sync_all().await.map_err(Error::unavailable)?;
    let sha256 = hex(&Sha256::digest(&text));
    shelf.keep(path, &sha256).await?;
    let content = Known { sha256: &sha256, bytes: text.len() as u64 };
    let read = shelf.open(content, 0..content.bytes).await?.try_collect::<Vec<_>>().await.map_err(Error::unavailable)?.concat();
    shelf.remove(&sha256).await?;
    if read == text.as_bytes() { Ok(()) } else { Err(Error::broken("what was read is not what was kept")) }
}
