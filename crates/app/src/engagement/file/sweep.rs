//! Files that nothing uses go after a while, and with the last file its content.

use chrono::TimeDelta;
use tertulia_domain::{Code, Result};
use tertulia_persistence::engagement::file;
use tracing::warn;

use super::Shelf;
use crate::{App, Ctx};

/// Files and contents of one round.
const BATCH: u64 = 200;
/// How long a content without a file is left alone: somebody may be about to keep it.
const GRACE: TimeDelta = TimeDelta::days(1);

/// Removes some files that nothing uses and some contents that no file has; says how many.
pub(crate) async fn sweep(app: &App, ctx: &Ctx) -> Result<u64> {
    let Some(shelf) = &app.files.shelf else { return Ok(0) };
    let writer = app.store.writer(&ctx.statements);
    let removed = file::delete_unused(&writer, ctx.now - app.files.unused, BATCH).await?;
    writer.commit().await?;
    // The sweep does not wait for a place that does not answer, nor does anything that comes after it.
    match contents(app, ctx, shelf).await {
        Err(error) if error.code == Code::Unavailable => {
            warn!(cause = error.cause().map(tracing::field::display), "contents that no file has stay for now");
            Ok(removed)
        }
        swept => Ok(removed + swept?),
    }
}

/// Removes some contents that no file has.
async fn contents(app: &App, ctx: &Ctx, shelf: &Shelf) -> Result<u64> {
    let before = ctx.now - GRACE;
    let mut removed = 0;
    let left = file::contents_of_none(&app.current_reader(ctx), before, BATCH).await?;
    if !left.is_empty() {
        shelf.answers().await?;
    }
    for sha256 in left {
        // Inside of the transaction: who wants to keep the same content waits, and then writes it anew.
        let writer = app.store.writer(&ctx.statements);
        if file::forget_content(&writer, &sha256, before).await? {
            shelf.remove(&sha256).await?;
            writer.commit().await?;
            removed += 1;
        }
    }
    shelf.tidy().await?;
    Ok(removed)
}
