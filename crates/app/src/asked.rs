//! Work that people ask for and do not wait for: whichever server is free takes it up.

use std::time::Duration;

use tertulia_domain::Result;
use tokio::sync::{Notify, watch};
use tracing::error;
use uuid::Uuid;

use crate::App;

/// How long the work rests when nothing is asked for on this server: on another one something may be.
const IDLE: Duration = Duration::from_millis(500);

/// Takes up what is asked for until `stop` says so. A `turn` works at one thing, as the server of this id, and says whether there was one;
/// what it could not do is tried again, and the log says that `what` failed.
pub(crate) async fn take_up<'a, F: Future<Output = Result<bool>> + Send>(
    (app, asked): (&'a App, &'a Notify),
    stop: &'a watch::Receiver<bool>,
    what: &str,
    turn: impl Fn(&'a App, Uuid, &'a watch::Receiver<bool>) -> F,
) {
    let (holder, mut stopping) = (app.ids.uuid(), stop.clone());
    while !*stop.borrow() {
        match turn(app, holder, stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failure) => {
                error!(error = %failure, cause = failure.cause().map(tracing::field::display), "{what} failed and is tried again");
            }
        }
        tokio::select! {
            () = asked.notified() => {}
            () = tokio::time::sleep(IDLE) => {}
            _ = stopping.changed() => {}
        }
    }
}
