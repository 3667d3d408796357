//! The signing keys as this server knows them, read anew when they may have changed.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::TimeDelta;
use tertulia_domain::{
    Result,
    policy::{Act, Scope},
    record::event::{Event, Topic},
    time::Instant,
};
use tertulia_persistence::{Statements, identity::signing_key};

use super::{
    key::{self, Jwks, KeySet},
    sealing::Sealing,
};
use crate::{App, Ctx};

/// How long keys are used before the database is asked again: how late a server hears of a rotation elsewhere.
const FRESH: TimeDelta = TimeDelta::seconds(60);
/// How soon an unknown key may cause another look: a forger must not cause one with every request.
const AGAIN: TimeDelta = TimeDelta::seconds(2);

/// The keys known, and since when.
#[derive(Debug)]
pub struct KeyRing {
    sealing: Sealing,
    known: RwLock<Option<(Arc<KeySet>, Instant)>>,
}

impl KeyRing {
    pub(super) fn new(sealing: Sealing) -> Self {
        Self { sealing, known: RwLock::new(None) }
    }

    /// What is known, if it is not older than `age`.
    fn known(&self, age: TimeDelta, now: Instant) -> Option<Arc<KeySet>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(_, since)| now < *since + age).map(|(keys, _)| Arc::clone(keys))
    }
}

/// The keys in use. A new database gets its first key here.
pub(super) async fn keys(app: &App, now: Instant) -> Result<Arc<KeySet>> {
    match app.identity.keys.known(FRESH, now) {
        Some(keys) => Ok(keys),
        None => read(app, now).await,
    }
}

/// The keys in use, for a token that names an unknown one; `None` if they were read just now.
pub(super) async fn keys_again(app: &App, now: Instant) -> Result<Option<Arc<KeySet>>> {
    if app.identity.keys.known(AGAIN, now).is_some() { Ok(None) } else { read(app, now).await.map(Some) }
}

/// Reads the keys. Not counted among the request's statements: it happens once a minute, not once a request.
async fn read(app: &App, now: Instant) -> Result<Arc<KeySet>> {
    let ring = &app.identity.keys;
    let mut keys = signing_key::all(&app.store.reader(&Statements::default())).await?;
    if keys.iter().all(|key| key.retired_at.is_some()) {
        add(app, &app.system()).await?;
        keys = signing_key::all(&app.store.reader(&Statements::default())).await?;
    }
    let keys = Arc::new(KeySet::open(&ring.sealing, &keys, now)?);
    *ring.known.write().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(&keys), now));
    Ok(keys)
}

async fn add(app: &App, ctx: &Ctx) -> Result<()> {
    let grant = ctx.allow(Act::KeyRotate, &Scope::default())?;
    let key = key::generate(&app.identity.keys.sealing, app.ids.new_id(), ctx.now)?;
    let work = app.begin(ctx).await?;
    signing_key::delete_before(work.writer(), key::dead_before(ctx.now)).await?;
    signing_key::insert(work.writer(), &key).await?;
    work.commit(grant, [Event::new(Topic::KeyRotated, key.id.any())]).await
}

/// Puts a new key into use. Nobody is signed out: what the former key signed stays good until it expires. Other servers
/// hear of it within a minute, or with the first token that the new key signed.
pub async fn rotate(app: &App, ctx: &Ctx) -> Result<()> {
    ctx.may(Act::KeyRotate)?;
    add(app, ctx).await?;
    read(app, ctx.now).await.map(drop)
}

/// The public keys, for whoever checks access tokens by himself.
pub async fn jwks(app: &App, ctx: &Ctx) -> Result<Jwks> {
    Ok(keys(app, ctx.now).await?.jwks())
}
