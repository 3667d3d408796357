//! What else works on the database: other servers, whose news wake this one, and the replica that reads may go to.

use std::{sync::Arc, time::Duration};

use tertulia_domain::{Error, Result};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::App;

/// How long a server that cannot listen waits before it tries again.
const AGAIN: Duration = Duration::from_secs(1);
/// How often the replica is asked how far it has come, and how often again while it is behind.
const ASK: Duration = Duration::from_millis(500);
const ASK_AGAIN: Duration = Duration::from_millis(50);
/// How long the replica may take to come to where the primary was, before that is asked anew and worth a line in the log.
const PATIENCE: Duration = Duration::from_secs(10);

/// Wakes this server's worker whenever another server tells of something, for as long as the server runs.
pub(super) async fn hear(app: Arc<App>) {
    loop {
        match listen(&app).await {
            Ok(()) => return,
            Err(failure) => {
                warn!(error = %failure, "this server does not hear others and looks by itself until it does");
                sleep(AGAIN).await;
            }
        }
    }
}

/// Ends only on a database that has no other servers.
async fn listen(app: &App) -> Result<()> {
    let Some(mut listener) = app.store.listen().await? else { return Ok(()) };
    loop {
        // At the beginning too: something may have been told while nobody listened.
        app.record.wake(false);
        listener.heard().await?;
    }
}

/// Keeps known how far the replica has come, for as long as the server runs.
pub(super) async fn watch_replica(app: Arc<App>) {
    if !app.store.has_replica() {
        return;
    }
    let mut answers = true;
    loop {
        let asked = timeout(PATIENCE, follow_replica(&app)).await.unwrap_or_else(|late| Err(Error::unavailable(late)));
        if answers != asked.is_ok() {
            answers = asked.is_ok();
            match asked {
                Ok(()) => info!("the replica serves"),
                Err(failure) => {
                    warn!(cause = failure.cause().map(tracing::field::display), "the replica is away or behind: the primary serves");
                }
            }
        }
        sleep(ASK).await;
    }
}

/// Waits until the replica has come to where the primary is now.
async fn follow_replica(app: &App) -> Result<()> {
    let here = app.store.position(app.clock.now()).await?;
    while !app.store.replica_reached(&here).await? {
        sleep(ASK_AGAIN).await;
    }
    Ok(())
}
