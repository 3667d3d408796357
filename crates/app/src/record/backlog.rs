//! What waits to be told or sent, for those who watch.

use tertulia_domain::{Result, time::Instant};
use tertulia_persistence::record::{event, mail};

use crate::App;

/// What waits.
#[derive(Clone, Copy, Debug)]
pub struct Backlog {
    /// Since when the oldest event waits to be told to subscribers.
    pub oldest_event: Option<Instant>,
    /// How many mails have not left.
    pub mails: u32,
    /// Since when the oldest of them waits.
    pub oldest_mail: Option<Instant>,
}

/// What waits now.
pub async fn backlog(app: &App) -> Result<Backlog> {
    let reader = app.reader(&app.system());
    let oldest_event = event::oldest_unnumbered(&reader).await?;
    let (mails, oldest_mail) = mail::waiting(&reader).await?;
    Ok(Backlog { oldest_event, mails: u32::try_from(mails).unwrap_or(u32::MAX), oldest_mail })
}
