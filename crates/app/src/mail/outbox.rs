//! Mail on its way: kept with the act that causes it, sent by the worker until it has left.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use tertulia_domain::{Error, Result, time::Instant};
use tertulia_persistence::record::mail::{self, Waiting};
use tokio::{sync::watch, time::timeout};
use tracing::{error, warn};

use super::Letter;
use crate::{App, UnitOfWork};

/// The purpose under which messages are sealed.
pub(crate) const PURPOSE: &str = "mail on its way";
/// Attempts after which a message is given up: with the waits between them about a day.
const ATTEMPTS: u32 = 10;
/// How long the mail server may take for one message. Shorter than the first wait, less what two servers' clocks may differ, so
/// that no other server takes up a message that is still being sent.
const SENDING: Duration = Duration::from_secs(25);
/// How long the sender sleeps when no commit of its own server wakes it.
const IDLE: Duration = Duration::from_secs(2);

impl UnitOfWork<'_> {
    /// Keeps messages, to be sent once the transaction is committed.
    pub(crate) async fn mail(&self, mails: impl IntoIterator<Item = impl Into<Letter>>) -> Result<()> {
        let mut sealed = Vec::new();
        for mail in mails {
            let id = self.app().ids.uuid();
            let letter: Letter = mail.into();
            let text = serde_json::to_vec(&letter).map_err(Error::internal)?;
            sealed.push((id, self.app().identity.mail_sealing.seal(&id.to_string(), &text)?));
        }
        mail::insert(self.writer(), &sealed, self.ctx().now).await?;
        self.has_mail.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// When a message is tried again after so many attempts: a minute, doubling up to some hours.
fn next(now: Instant, attempts: u32) -> Instant {
    now + TimeDelta::minutes(1 << attempts.saturating_sub(1).min(8))
}

/// Sends what is due until `stop` says so, finishing what is under way. Apart from the events' worker, which a slow mail
/// server must not hold up.
pub(crate) async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(failure) = deliver(&app).await {
            error!(error = %failure, cause = failure.cause().map(tracing::field::display), "mail waits");
        }
        tokio::select! {
            () = app.record.mailed() => {}
            () = tokio::time::sleep(IDLE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Sends every message that is due; says how many were tried. A message is taken by one server at a time and sent once. Only if
/// the server dies between handing it over and noting so, or the mail server's answer does not come, is it sent again, a minute
/// later and under the same `Message-ID`: a second copy of an invitation does less harm than none.
pub(crate) async fn deliver(app: &App) -> Result<u64> {
    let mut tried = 0;
    loop {
        // The time moves on while others are sent: a message is put off from when it is taken.
        let ctx = app.system();
        if !mail::is_due(&app.reader(&ctx), ctx.now).await? {
            return Ok(tried);
        }
        let writer = app.store.writer(&ctx.statements);
        let taken = mail::take(&writer, ctx.now, |attempts| next(ctx.now, attempts)).await?;
        writer.commit().await?;
        let Some(waiting) = taken else { return Ok(tried) };
        tried += 1;
        if settled(app, &waiting, ctx.now).await {
            let writer = app.store.writer(&ctx.statements);
            mail::delete(&writer, waiting.id).await?;
            writer.commit().await?;
        }
    }
}

/// Sends everything on its way, and waits for what the worker is sending just now: for tests and for commands that end.
/// Gives up after ten seconds on what cannot be sent.
pub async fn drain(app: &App) -> Result<()> {
    let ctx = app.system();
    for _ in 0..1_000 {
        deliver(app).await?;
        if !mail::is_due(&app.reader(&ctx), ctx.now + TimeDelta::days(1)).await? {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// Sends one message; says whether nothing is left to do about it.
async fn settled(app: &App, waiting: &Waiting, now: Instant) -> bool {
    let sent = async {
        let text = app.identity.mail_sealing.open(&waiting.id.to_string(), &waiting.sealed)?;
        let letter: Letter = serde_json::from_slice(text.expose_secret()).map_err(Error::internal)?;
        timeout(SENDING, app.identity.mailer.send(&letter, waiting.id, now)).await.map_err(Error::unavailable)?
    };
    let Err(failure) = sent.await else { return true };
    let given_up = waiting.attempts >= ATTEMPTS;
    warn!(mail = %waiting.id, attempts = waiting.attempts, given_up, cause = failure.cause().map(tracing::field::display), "a mail did not leave");
    given_up
}
