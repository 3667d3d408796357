//! One transaction a use case. It ends in [`UnitOfWork::commit`], which demands the policy's grant and the events, and
//! writes the audit entries, which the events are read from, with everything else; dropped before, it undoes everything.

use std::sync::{Mutex, PoisonError, atomic::AtomicBool};

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Reason, Result,
    id::AnyId,
    policy::{self, Act, Actor, Grant, Scope},
    record::{audit::AuditEntry, event::Event},
};
use tertulia_persistence::{
    Writer,
    identity::session,
    record::{
        audit,
        revision::{self, Replacement},
    },
};

use crate::{App, Ctx};

/// A transaction under way.
#[derive(Debug)]
pub struct UnitOfWork<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    writer: Writer,
    /// What follows from the act by rule, done as the system.
    consequences: Vec<(Grant, Event)>,
    /// What edits replaced.
    replaced: Mutex<Vec<Replacement>>,
    /// Whether a message goes out with the commit.
    pub(crate) has_mail: AtomicBool,
}

impl<'a> UnitOfWork<'a> {
    pub(crate) async fn begin(app: &'a App, ctx: &'a Ctx) -> Result<Self> {
        let writer = app.store.writer(&ctx.statements);
        Ok(Self { app, ctx, writer, consequences: Vec::new(), replaced: Mutex::default(), has_mail: AtomicBool::new(false) })
    }

    /// The way to the tables, for reads and writes inside the transaction.
    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// The application.
    pub(crate) fn app(&self) -> &'a App {
        self.app
    }

    /// The request's context.
    pub(crate) fn ctx(&self) -> &'a Ctx {
        self.ctx
    }

    /// Keeps the state that an edit replaces. It is written with the commit, after the rows that are edited: of two edits of one version the
    /// second then waits for the first at the row itself, whichever way each of them goes.
    pub(crate) fn replace<T: Serialize + Sync>(&self, grant: &Grant, object: AnyId, version: i64, state: &T) -> Result<()> {
        let replacement = Replacement {
            id: self.app.ids.uuid(),
            object,
            version,
            at: self.ctx.now,
            user: grant.user(),
            organisation: grant.organisation(),
            state: revision::state(state)?,
        };
        self.replaced.lock().unwrap_or_else(PoisonError::into_inner).push(replacement);
        Ok(())
    }

    /// Notes what the server does in the same transaction because a rule says so: somebody else's act leads to it and is not it.
    pub(crate) fn consequence(&mut self, act: Act, event: Event) -> Result<()> {
        let grant = policy::decide(&Actor::System, act, &Scope::default(), None)?;
        self.consequences.push((grant, event));
        Ok(())
    }

    /// Makes durable what follows by rule alone; nothing, if nothing was due.
    pub(crate) async fn commit_consequences(mut self) -> Result<()> {
        let mut due = std::mem::take(&mut self.consequences).into_iter();
        let Some((grant, first)) = due.next() else { return Ok(()) };
        self.consequences = due.collect();
        self.commit(grant, [first]).await
    }

    /// Makes durable how far a job is that tells of itself when it ends: nothing that anybody did.
    pub(crate) async fn commit_progress(self) -> Result<()> {
        self.writer.commit().await
    }

    /// Writes an audit entry that tells of each of `events`, of which there must be one at least, makes everything durable
    /// and wakes the dispatcher.
    pub(crate) async fn commit(self, grant: Grant, events: impl IntoIterator<Item = Event>) -> Result<()> {
        let events: Vec<Event> = events.into_iter().collect();
        if events.is_empty() {
            return Err(Error::broken("a write was to be committed without an event"));
        }
        let of_act = events.iter().map(|event| (&grant, event));
        let all = of_act.chain(self.consequences.iter().map(|(grant, event)| (grant, event)));
        let entries: Vec<_> = all.map(|(grant, event)| (self.entry(grant, event), event.topic)).collect();
        revision::insert(&self.writer, self.replaced.into_inner().unwrap_or_else(PoisonError::into_inner)).await?;
        audit::insert(&self.writer, &entries).await?;
        if let Actor::User { session, .. } = self.ctx.actor
            && self.app.store.has_replica()
            && self.ctx.notes_write()
        {
            session::wrote(&self.writer, session, self.ctx.now).await?;
        }
        self.writer.commit().await?;
        for event in &events {
            self.app.directory.changed(event.topic);
        }
        self.app.record.wake(self.has_mail.into_inner());
        Ok(())
    }

    fn entry(&self, grant: &Grant, event: &Event) -> AuditEntry {
        AuditEntry {
            id: self.app.ids.new_id(),
            at: self.ctx.now,
            act: grant.act().name().to_owned(),
            object: event.object,
            user: grant.user(),
            client: grant.client(),
            organisation: grant.organisation(),
            fields: event.fields.iter().map(|field| (*field).to_owned()).collect(),
            request_id: self.ctx.request_id.clone(),
            seq: None,
            hash: None,
        }
    }
}

/// Refuses an edit based on an older version than the current one.
pub fn check_version(stated: i64, current: i64) -> Result<()> {
    if stated == current {
        return Ok(());
    }
    Err(Error::new(
        Code::VersionMismatch,
        Reason::StaleVersion,
        "version",
        format!("Somebody changed this since you read it: you state version {stated}, the current one is {current}."),
    ))
}
