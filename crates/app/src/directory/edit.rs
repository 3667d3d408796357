//! Recording and editing, the same for every kind of entry: who may, once under a key, one version after another, with what
//! was replaced kept in history.

use std::fmt::Debug;

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    directory::entry::Entry,
    id::{Id, Kind},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{Session, Writer};

use super::changed::changed;
use crate::{App, Ctx, IdempotencyKey, check_version};

/// A change that somebody asks for: what of it could be read, and how to tell it from the same change sent again.
#[derive(Debug)]
pub struct Edit<K: Kind, P> {
    /// The entry, or why its id cannot be read.
    pub id: Result<Id<K>>,
    /// The version that the caller read.
    pub version: i64,
    /// What is to be changed, or why it cannot be read.
    pub patch: Result<P>,
    /// The caller's key.
    pub key: Option<String>,
    /// What else makes it another change.
    digest: String,
}

/// An edit read: the entry, its version, the change and the key.
type Readable<K, P> = (Id<K>, i64, P, Option<IdempotencyKey>);

impl<K: Kind, P: Debug> Edit<K, P> {
    /// A change of `id`, as the caller sent it.
    pub fn new(id: Result<Id<K>>, version: i32, patch: Result<P>, key: Option<String>) -> Self {
        Self { id, version: i64::from(version), patch, key, digest: String::new() }
    }

    /// The same with more that tells it from others.
    #[must_use]
    pub(crate) fn with(self, more: &impl Debug) -> Self {
        Self { digest: format!("{more:?}"), ..self }
    }

    /// Everything of it, or every fault.
    pub(crate) fn read(self) -> Result<Readable<K, P>> {
        let mut faults = Faults::default();
        let id = faults.check("", self.id);
        let patch = faults.check("", self.patch);
        let (id, patch) = faults.finish_with(id.zip(patch))?;
        let key = IdempotencyKey::parse(self.key.as_deref(), &format!("{id} {} {patch:?} {}", self.version, self.digest))?;
        Ok((id, self.version, patch, key))
    }
}

/// A kind of entry that people edit: what an edit needs to know of it. The order of its steps stands in [`update`].
pub(crate) trait Edited: Kind {
    /// What an entry says.
    type Fields: Serialize + Debug + Sync;
    /// A change of it, as somebody typed it.
    type Patch: Debug;
    /// What an edit is, and the event that tells of it.
    const UPDATE: (Act, Topic);
    /// The field of an input that names the entry.
    const ID: &'static str = "id";

    /// Whose the entry is.
    fn scope(id: Id<Self>, fields: &Self::Fields) -> Scope;
    /// The fields after a change, checked.
    fn apply(patch: Self::Patch, fields: &Self::Fields) -> Result<Self::Fields>;
    /// Refuses what refers to something that does not exist.
    async fn check_references(session: &dyn Session, id: Id<Self>, fields: &Self::Fields) -> Result<()>;
    /// The entry, if the caller may read it.
    async fn find(session: &dyn Session, ctx: &Ctx, id: Id<Self>) -> Result<Option<Entry<Self, Self::Fields>>>;
    /// Replaces the entry's version before.
    async fn replace(writer: &Writer, entry: &Entry<Self, Self::Fields>) -> Result<()>;
}

/// A kind of entry that people record as it is, too. The order of the steps stands in [`create`].
pub(crate) trait Created: Edited {
    /// A new entry, as somebody typed it.
    type Draft: Debug;
    /// What recording is, and the event that tells of it.
    const CREATE: (Act, Topic);

    /// Whose the entry will be.
    fn scope_of(draft: &Self::Draft) -> Scope;
    /// Whether a generator makes it.
    fn is_generated(_: &Self::Draft) -> bool {
        false
    }
    /// The fields, checked.
    fn check(draft: &Self::Draft) -> Result<Self::Fields>;
    /// Enters the entry.
    async fn insert(writer: &Writer, entry: &Entry<Self, Self::Fields>) -> Result<()>;
}

/// A kind of entry that parties propose and the coordinator confirms. The order of the steps stands in [`confirm`].
pub(crate) trait Confirmed: Edited {
    /// What confirming is, and the event that tells of it.
    const CONFIRM: (Act, Topic);

    /// The fields once the coordinator stands behind them; nothing, if he does already.
    fn confirmed(fields: &Self::Fields) -> Option<Self::Fields>;
}

/// Records an entry.
pub(crate) async fn create<K: Created>(app: &App, ctx: &Ctx, draft: Result<K::Draft>, key: Option<&str>) -> Result<Entry<K, K::Fields>> {
    let (act, topic) = K::CREATE;
    ctx.may(act)?;
    let draft = draft?;
    let grant = ctx.allow(act, &K::scope_of(&draft))?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?}"))?;
    let uow = app.begin(ctx).await?;
    let id: Id<K> = app.ids.new_id();
    if let Some(earlier) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        return current(uow.writer(), ctx, earlier.typed()).await;
    }
    let fields = K::check(&draft)?;
    K::check_references(uow.writer(), id, &fields).await?;
    let entry = Entry { generated: K::is_generated(&draft), ..Entry::born(id, None, fields, ctx.now) };
    K::insert(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(topic, id.any())]).await?;
    Ok(entry)
}

/// Edits an entry; what it said before goes into its history. An edit that changes nothing writes nothing.
pub(crate) async fn update<K: Edited>(app: &App, ctx: &Ctx, edit: Edit<K, K::Patch>) -> Result<Entry<K, K::Fields>> {
    let (act, topic) = K::UPDATE;
    ctx.may(act)?;
    let (id, version, patch, key) = edit.read()?;
    let uow = app.begin(ctx).await?;
    let before = current(uow.writer(), ctx, Some(id)).await?;
    let grant = ctx.allow(act, &K::scope(id, &before.fields))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    check_version(version, before.version)?;
    let fields = K::apply(patch, &before.fields)?;
    K::check_references(uow.writer(), id, &fields).await?;
    let names = changed(&before.fields, &fields)?;
    if names.is_empty() {
        return Ok(before);
    }
    uow.replace(&grant, id.any(), before.version, &before.fields)?;
    let entry = before.edited(fields, ctx.now);
    K::replace(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::edit(topic, id.any(), names)]).await?;
    Ok(entry)
}

/// Stands behind a proposal. What is confirmed already stays as it is.
pub(crate) async fn confirm<K: Confirmed>(app: &App, ctx: &Ctx, edit: Edit<K, ()>) -> Result<Entry<K, K::Fields>> {
    let (act, topic) = K::CONFIRM;
    ctx.may(act)?;
    let (id, version, (), key) = edit.read()?;
    let uow = app.begin(ctx).await?;
    let before = current(uow.writer(), ctx, Some(id)).await?;
    let grant = ctx.allow(act, &Scope::default())?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    let Some(fields) = K::confirmed(&before.fields) else { return Ok(before) };
    check_version(version, before.version)?;
    uow.replace(&grant, id.any(), before.version, &before.fields)?;
    let entry = before.edited(fields, ctx.now);
    K::replace(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(topic, id.any())]).await?;
    Ok(entry)
}

/// The entry as it is now, or `NOT_FOUND`.
pub(crate) async fn current<K: Edited>(session: &dyn Session, ctx: &Ctx, id: Option<Id<K>>) -> Result<Entry<K, K::Fields>> {
    let found = match id {
        Some(id) => K::find(session, ctx, id).await?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found(K::ID))
}
