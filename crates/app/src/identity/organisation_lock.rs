//! Locking an organisation at once, and unlocking it by two persons.
//!
//! The lock is read by the one statement that authenticates (`persistence/identity/authentication.rs`), so that no membership and no API
//! client of a locked organisation gives any right from its commit on, on every server; connections that stay open hear its event.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    id::{OrganisationId, UserId, read},
    identity::{
        organisation_lock::{OrganisationLock, Unlocking, Word, refusal},
        session::SessionEnd,
    },
    policy::{Act, Grant, Role, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session,
    identity::{api_client, membership, organisation, organisation_lock as table, session, user},
};

use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork,
    mail::letters::{self, Closure},
};

/// Which organisation is to be locked or unlocked, and why; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Concerned {
    /// The organisation.
    pub organisation: String,
    /// Why.
    pub reason: String,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

/// What the caller typed, checked, and the policy's word on it.
struct Asked {
    organisation: OrganisationId,
    word: Word,
    key: Option<IdempotencyKey>,
    grant: Grant,
}

impl Concerned {
    fn check(&self, ctx: &Ctx, act: Act) -> Result<Asked> {
        ctx.may(act)?;
        let mut faults = Faults::default();
        let organisation = faults.check("organisationId", read(&self.organisation));
        let word = faults.check("", Word::parse(ctx.actor.user(), &self.reason, ctx.now));
        let key = faults.check("", IdempotencyKey::parse(self.idempotency_key.as_deref(), self)).flatten();
        let (organisation, word) = faults.finish_with(organisation.zip(word))?;
        let grant = ctx.allow(act, &Scope::owned_by(organisation))?;
        Ok(Asked { organisation, word, key, grant })
    }
}

/// A lock, and what ended with it.
#[derive(Clone, Debug)]
pub struct Locked {
    /// The lock.
    pub lock: OrganisationLock,
    /// What ended; none when the same request came again.
    pub ended: Option<Ended>,
}

/// What ended when an organisation was locked.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The organisation's name.
    pub organisation: String,
    /// How many sessions of its people.
    pub sessions: u64,
    /// Of how many of its API clients the tokens.
    pub clients: u64,
}

/// Locks an organisation. From the commit on nobody acts or reads for it, on any server: the sessions of its people end, the tokens of
/// its programs are good no longer, and neither gives a right of it again before it is unlocked. What others hold stays as it is.
/// The operator of the server locks as the system.
pub async fn lock(app: &App, ctx: &Ctx, input: &Concerned) -> Result<Locked> {
    let Asked { organisation, word, key, grant } = input.check(ctx, Act::OrganisationLock)?;
    let uow = app.begin(ctx).await?;
    let before = held(&uow, organisation).await?;
    if uow.claim(&grant, key.as_ref(), organisation.any()).await?.is_some() {
        return before.map(|lock| Locked { lock, ended: None }).ok_or_else(|| Error::not_found("organisationId"));
    }
    if before.is_some_and(|lock| lock.is_on()) {
        return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "organisationId", "This organisation is locked already."));
    }
    let keepers = membership::keepers(uow.writer(), organisation).await?;
    if keepers.iter().any(|(_, role)| *role == Role::Coordinator) {
        let message = "The coordinator's desk cannot be locked: there would be nobody to unlock it.";
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "organisationId", message));
    }
    let lock = OrganisationLock::begin(organisation, word);
    table::insert(uow.writer(), app.ids.uuid(), &lock).await?;
    // As an act upon a client, which ends with the session of who acts.
    let clients = api_client::end_tokens(uow.writer(), organisation, app.ids.uuid()).await?;
    let sessions = session::end_all_of(uow.writer(), organisation, SessionEnd::OrganisationLocked, ctx.now).await?;
    let name = tell(&uow, &lock, Closure::Locked).await?;
    uow.commit(grant, [Event::new(Topic::OrganisationLocked, organisation.any())]).await?;
    Ok(Locked { lock, ended: Some(Ended { organisation: name, sessions, clients }) })
}

/// Unlocks an organisation, or is the first of the two persons to want it. People sign in again, and programs ask for new tokens.
pub async fn unlock(app: &App, ctx: &Ctx, input: &Concerned) -> Result<OrganisationLock> {
    let Asked { organisation, word, key, grant } = input.check(ctx, Act::OrganisationUnlock)?;
    let uow = app.begin(ctx).await?;
    let not_locked = || Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "organisationId", "This organisation is not locked.");
    let lock = held(&uow, organisation).await?.ok_or_else(not_locked)?;
    if uow.claim(&grant, key.as_ref(), organisation.any()).await?.is_some() {
        return Ok(lock);
    }
    let (lock, step) = lock.unlock(word).map_err(|error| error.under("organisationId"))?;
    table::update(uow.writer(), &lock).await?;
    let (closure, topic) = match step {
        Unlocking::Proposed => (Closure::UnlockProposed, Topic::OrganisationUnlockProposed),
        Unlocking::Done => (Closure::Unlocked, Topic::OrganisationUnlocked),
    };
    tell(&uow, &lock, closure).await?;
    uow.commit(grant, [Event::new(topic, organisation.any())]).await?;
    Ok(lock)
}

/// The last lock of the organisation, whose row is held so that acts on it come one after the other.
async fn held(uow: &UnitOfWork<'_>, id: OrganisationId) -> Result<Option<OrganisationLock>> {
    organisation::hold(uow.writer(), id).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    table::last(uow.writer(), id).await
}

/// Letters to who keeps the organisation's memberships and to the coordinators; that unlocking is proposed concerns these alone.
/// Answers the organisation's name.
async fn tell(uow: &UnitOfWork<'_>, lock: &OrganisationLock, closure: Closure) -> Result<String> {
    let mut readers: Vec<UserId> = membership::holders(uow.writer(), Role::Coordinator).await?;
    if closure != Closure::UnlockProposed {
        readers.extend(membership::keepers(uow.writer(), lock.organisation).await?.into_iter().map(|(user, _)| user));
    }
    readers.sort_unstable();
    readers.dedup();
    let place = organisation::name(uow.writer(), lock.organisation).await?;
    let readers = user::find_many(uow.writer(), &readers).await?;
    uow.mail(readers.into_iter().map(|reader| letters::closure(reader.email, closure, &place, lock))).await?;
    Ok(place)
}

/// The locks that last on these organisations, for who may know of them; none for everybody else.
pub async fn of_organisations(app: &App, ctx: &Ctx, ids: &[OrganisationId]) -> Result<Vec<OrganisationLock>> {
    if ctx.may(Act::OrganisationLockRead).is_err() {
        return Ok(Vec::new());
    }
    table::find_many(&app.reader(ctx), ids).await
}

/// Refuses what is to be done for an organisation that is locked, whoever does it; `path` names the input that asked for it.
pub(crate) async fn admits(session: &dyn Session, organisation: OrganisationId, path: &str) -> Result<()> {
    if table::find_many(session, &[organisation]).await?.is_empty() { Ok(()) } else { Err(refusal(path)) }
}
