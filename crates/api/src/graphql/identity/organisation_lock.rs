//! Locking and unlocking organisations.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::identity::organisation_lock::{self, Concerned};
use tertulia_domain::{
    Error, Result,
    id::OrganisationId,
    identity,
    policy::{Act, Role},
};

use super::membership::organisation;
use crate::graphql::{
    Loader, Resolving,
    directory::Organisation,
    payload::{UserError, payload},
    scalar::DateTime,
};

/// The lock that lasts on an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct LockOn(OrganisationId);

impl Loads<LockOn> for Loader {
    type Value = identity::OrganisationLock;
    type Error = Error;

    async fn load(&self, keys: &[LockOn]) -> Result<HashMap<LockOn, identity::OrganisationLock>> {
        let ids: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let found = organisation_lock::of_organisations(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|lock| (LockOn(lock.organisation), lock)).collect())
    }
}

/// The lock that lasts on the organisation, if the caller may know of it.
pub(crate) async fn lock_on(ctx: &Context<'_>, organisation: OrganisationId) -> Result<Option<OrganisationLock>> {
    if ctx.caller().may(Act::OrganisationLockRead).is_err() {
        return Ok(None);
    }
    Ok(ctx.loaders().load_one(LockOn(organisation)).await?.map(OrganisationLock))
}

/// The lock of an organisation.
pub struct OrganisationLock(identity::OrganisationLock);

/// The lock of an organisation: while it lasts, nobody acts or reads for the organisation. Its contacts stay where they are, and the
/// other party reads and records as before.
#[Object]
impl OrganisationLock {
    /// Since when the organisation is locked.
    async fn locked_at(&self) -> DateTime {
        DateTime(self.0.locked.at)
    }

    /// Why; null for others than the coordinator and the auditor.
    async fn reason(&self, ctx: &Context<'_>) -> Option<&str> {
        let told = ctx.caller().actor.members_in_person().iter().any(|member| matches!(member.role, Role::Coordinator | Role::Auditor));
        told.then_some(self.0.locked.reason.as_str())
    }

    /// When a first person wanted to unlock it, whose word holds; null without one, and for others than the coordinator.
    async fn unlock_proposed_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let caller = ctx.caller();
        caller.may(Act::OrganisationUnlock).ok()?;
        self.0.proposal(caller.now).map(|word| DateTime(word.at))
    }

    /// When it was unlocked; null while the lock lasts.
    async fn unlocked_at(&self) -> Option<DateTime> {
        self.0.unlocked.as_ref().map(|word| DateTime(word.at))
    }
}

/// An organisation to be locked.
#[derive(InputObject)]
pub(super) struct OrganisationLockInput {
    /// The organisation.
    organisation_id: ID,
    /// Why: 1 to 1,000 characters, for the coordinator, the auditor and the letters that tell of it.
    reason: String,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

/// An organisation to be unlocked.
#[derive(InputObject)]
pub(super) struct OrganisationUnlockInput {
    /// The organisation.
    organisation_id: ID,
    /// Why: 1 to 1,000 characters.
    reason: String,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    idempotency_key: Option<String>,
}

/// What locking and unlocking an organisation answer.
#[derive(SimpleObject)]
pub(super) struct OrganisationLockPayload {
    /// The organisation; null if the act was refused.
    organisation: Option<Organisation>,
    /// Its lock as it is now; null if the act was refused.
    lock: Option<OrganisationLock>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

async fn answer(ctx: &Context<'_>, result: Result<identity::OrganisationLock>) -> Option<Result<OrganisationLockPayload>> {
    let place = match &result {
        Ok(lock) => organisation(ctx, lock.organisation).await,
        Err(_) => Ok(None),
    };
    payload(result.and_then(|lock| place.map(|place| (place, lock))), |done, user_errors| {
        let (organisation, lock) = done.unzip();
        OrganisationLockPayload { organisation: organisation.flatten(), lock: lock.map(OrganisationLock), user_errors }
    })
}

/// Locking and unlocking.
#[derive(Default)]
pub(super) struct OrganisationLockMutation;

#[Object]
impl OrganisationLockMutation {
    /// Locks an organisation at once: from this moment on nobody acts or reads for it, on any server. Its people are signed out and their
    /// sockets closed; who belongs to no other organisation cannot sign in (`FORBIDDEN`, `LOCKED`). Tokens of its API clients are good no
    /// longer and no new ones are given; imports, exports, private calendars and letters about meetings and contacts stop. The coordinator
    /// records nothing under its mandates, and its memberships do not change (`LOCKED`). The other party of its contacts reads and records
    /// as before, and what is logged towards it is kept for it. Its administrators and the coordinator are told by mail. Passwords,
    /// secrets of API clients and everything recorded stay. The coordinator's own desk cannot be locked. Who: COORDINATOR,
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn organisation_lock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: OrganisationLockInput,
    ) -> Option<Result<OrganisationLockPayload>> {
        let concerned = Concerned { organisation: input.organisation_id.0, reason: input.reason, idempotency_key: input.idempotency_key };
        let locked = organisation_lock::lock(ctx.app(), ctx.caller(), &concerned).await;
        answer(ctx, locked.map(|locked| locked.lock)).await
    }

    /// Unlocks an organisation by the word of two persons: the first proposes it, and another one who calls the same within seven days
    /// ends the lock. People sign in again, and API clients ask for new tokens. Who: COORDINATOR.
    async fn organisation_unlock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: OrganisationUnlockInput,
    ) -> Option<Result<OrganisationLockPayload>> {
        let concerned = Concerned { organisation: input.organisation_id.0, reason: input.reason, idempotency_key: input.idempotency_key };
        answer(ctx, organisation_lock::unlock(ctx.app(), ctx.caller(), &concerned).await).await
    }
}
