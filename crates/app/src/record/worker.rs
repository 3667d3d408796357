//! The worker loop: seals committed audit lines, which numbers their events, and publishes events to this server's listeners.
//!
//! Several servers may run it on one database: one at a time numbers and seals, each publishes. A server that has numbered tells
//! the others; one that missed it finds out by looking.

use std::{sync::Arc, time::Duration};

use tertulia_domain::{Result, record::audit::seal};
use tertulia_persistence::{
    record::{audit, event, lease},
    tell,
};
use tokio::sync::watch;
use tracing::{error, info};
use uuid::Uuid;

use super::others;
use crate::{
    App,
    engagement::{contact_import, statistic_release},
    mail::outbox,
    schedule::Schedule,
    webhooks,
};

/// How many audit lines one transaction seals.
const BATCH: u64 = 500;
/// How long the worker lets acts gather between two transactions, unless one was full.
const BREATH: Duration = Duration::from_millis(20);
/// How long the worker sleeps when nothing wakes it: what another server told and this one did not hear waits so long at most.
const IDLE: Duration = Duration::from_millis(500);

/// The worker of one server.
#[derive(Debug)]
pub struct Worker {
    app: Arc<App>,
    holder: Uuid,
    published: i64,
    schedule: Schedule,
}

impl Worker {
    /// A worker that publishes the events numbered from now on.
    pub async fn new(app: Arc<App>) -> Result<Self> {
        let ctx = app.system();
        let published = event::last_seq(&app.reader(&ctx)).await?;
        app.record.begin_after(published);
        let holder = app.ids.uuid();
        Ok(Self { app, holder, published, schedule: Schedule::default() })
    }

    /// Works until `stop` says so, finishing what is under way.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        info!("the worker runs");
        let post = tokio::spawn(outbox::run(Arc::clone(&self.app), stop.clone()));
        let imports = tokio::spawn(contact_import::run(Arc::clone(&self.app), stop.clone()));
        let releases = tokio::spawn(statistic_release::run(Arc::clone(&self.app), stop.clone()));
        let hooks = tokio::spawn(webhooks::run(Arc::clone(&self.app), self.holder, stop.clone()));
        let ears = tokio::spawn(others::hear(Arc::clone(&self.app)));
        let watch = tokio::spawn(others::watch_replica(Arc::clone(&self.app)));
        while !*stop.borrow() {
            match self.turn().await {
                Ok(0) => {
                    tokio::select! {
                        () = self.app.record.committed() => {}
                        () = tokio::time::sleep(IDLE) => {}
                        _ = stop.changed() => {}
                    }
                }
                Ok(BATCH..) => {}
                // What is committed meanwhile goes with the next batch: a transaction of its own for each act costs more than the act.
                Ok(_) => {
                    tokio::select! {
                        () = tokio::time::sleep(BREATH) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(failure) => {
                    error!(error = %failure, cause = failure.cause().map(tracing::field::display), "the worker failed and tries again");
                    tokio::select! {
                        () = tokio::time::sleep(IDLE) => {}
                        _ = stop.changed() => {}
                    }
                }
            }
        }
        ears.abort();
        watch.abort();
        if post.await.is_err() {
            error!("the sender of mail broke off");
        }
        if imports.await.is_err() {
            error!("the import of contacts broke off");
        }
        if releases.await.is_err() {
            error!("the work on statistic releases broke off");
        }
        if hooks.await.is_err() {
            error!("the sender of webhooks broke off");
        }
        info!("the worker has stopped");
    }

    /// One round; says how much there was to do.
    async fn turn(&mut self) -> Result<u64> {
        let numbered = number_and_seal(&self.app, self.holder).await?;
        let published = self.publish().await?;
        let scheduled = self.schedule.turn(&self.app, self.holder).await?;
        Ok(numbered + published + scheduled)
    }

    async fn publish(&mut self) -> Result<u64> {
        let ctx = self.app.system();
        let events = event::after(&self.app.reader(&ctx), self.published, BATCH).await?;
        let count = events.len() as u64;
        for event in events {
            self.published = event.seq;
            self.app.directory.changed(event.topic);
            self.schedule.hear(event.topic);
            self.app.record.publish(event);
        }
        Ok(count)
    }
}

/// Seals audit lines, which numbers their events; says how many. Waits while another server does, and then does what that one left.
async fn number_and_seal(app: &App, holder: Uuid) -> Result<u64> {
    let ctx = app.system();
    if !audit::has_unsealed(&app.reader(&ctx)).await? {
        return Ok(0);
    }
    let writer = app.store.writer(&ctx.statements);
    lease::take(&writer, "record", holder, ctx.now).await?;
    let (mut seq, mut hash) = audit::last_sealed(&writer).await?;
    let mut sealed = Vec::new();
    for entry in audit::unsealed(&writer, BATCH).await? {
        seq += 1;
        hash = seal(&entry, seq, &hash);
        sealed.push((entry.id, seq, hash.clone()));
    }
    audit::seal(&writer, &sealed).await?;
    tell(&writer).await?;
    writer.commit().await?;
    Ok(sealed.len() as u64)
}

/// Numbers and seals everything that is committed: for commands that end, and for tests.
pub async fn drain(app: &App) -> Result<()> {
    let holder = app.ids.uuid();
    while number_and_seal(app, holder).await? > 0 {}
    Ok(())
}
