//! Sending the same act again: the same key and input answer with the object as it is now, and write nothing.

use chrono::TimeDelta;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tertulia_domain::{
    Code, Error, Reason, Result,
    id::{AnyId, Id},
    policy::Grant,
    record::audit::hex,
    text,
};
use tertulia_persistence::record::idempotency::{self, Done, Key};

use crate::UnitOfWork;

/// How long a key is kept.
pub(crate) const KEPT: TimeDelta = TimeDelta::days(30);

/// A caller's key for one act, with a digest of the input that it was sent with.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    key: String,
    digest: String,
}

impl IdempotencyKey {
    /// Reads a key of 1 to 100 characters, if one was sent. `input` is everything else of the request.
    pub fn parse<T: Serialize>(raw: Option<&str>, input: &T) -> Result<Option<Self>> {
        let Some(raw) = raw else { return Ok(None) };
        let key = text::line(raw, 100).map_err(|error| error.under("idempotencyKey"))?;
        let digest = hex(&Sha256::digest(serde_json::to_vec(input).map_err(Error::internal)?));
        Ok(Some(Self { key, digest }))
    }
}

impl UnitOfWork<'_> {
    /// Claims the key for the write that follows and makes or changes `object`. Answers the earlier object if the act was
    /// done under this key before; then nothing may be written.
    ///
    /// # Errors
    /// `CONFLICT` (`KEY_REUSED`) if the key was used with another input.
    pub(crate) async fn claim(&self, grant: &Grant, key: Option<&IdempotencyKey>, object: AnyId) -> Result<Option<AnyId>> {
        let Some(key) = key else { return Ok(None) };
        let Some(holder) = grant.organisation().map(Id::uuid).or(grant.user().map(Id::uuid)) else { return Ok(None) };
        let place = Key { holder, act: grant.act().name(), key: &key.key };
        let claim = Done { digest: key.digest.clone(), object };
        if idempotency::claim(self.writer(), self.app().ids.uuid(), place, &claim, self.ctx().now).await? {
            return Ok(None);
        }
        let done = idempotency::find(self.writer(), place).await?.ok_or_else(|| Error::broken("a claimed key was not found"))?;
        if done.digest == key.digest {
            return Ok(Some(done.object));
        }
        let message = "This key was used before, with another input. Take a new key for a new act.";
        Err(Error::new(Code::Conflict, Reason::KeyReused, "idempotencyKey", message))
    }
}
