//! What waits to be told or sent, and what is out of use, for those who watch.

use tertulia_domain::{Result, record::webhook::DisabledWhy, time::Instant};
use tertulia_persistence::record::{event, mail, webhook, webhook_delivery};

use crate::App;

/// What waits.
#[derive(Clone, Debug)]
pub struct Backlog {
    /// Since when the oldest event waits to be told to subscribers.
    pub oldest_event: Option<Instant>,
    /// How many mails have not left.
    pub mails: u32,
    /// Since when the oldest of them waits.
    pub oldest_mail: Option<Instant>,
    /// How many messages to webhook endpoints in use wait to be sent, or sent again.
    pub deliveries: u32,
    /// Since when the oldest of them waits.
    pub oldest_delivery: Option<Instant>,
    /// How many webhook endpoints are disabled, by why; nothing about those of which there are none.
    pub disabled: Vec<(DisabledWhy, u64)>,
}

/// What waits now.
pub async fn backlog(app: &App) -> Result<Backlog> {
    let reader = app.reader(&app.system());
    let oldest_event = event::oldest_unnumbered(&reader).await?;
    let (mails, oldest_mail) = mail::waiting(&reader).await?;
    let (deliveries, oldest_delivery) = webhook_delivery::waiting(&reader).await?;
    let disabled = webhook::disabled(&reader).await?;
    let some = |many: u64| u32::try_from(many).unwrap_or(u32::MAX);
    Ok(Backlog { oldest_event, mails: some(mails), oldest_mail, deliveries: some(deliveries), oldest_delivery, disabled })
}
