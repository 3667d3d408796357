//! Contacts: found, listed and counted through the reader's sight; inserted and changed by the acts.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SelectStatement},
};
use tertulia_domain::{
    Error,
    engagement::{
        contact::{Contact, Listed, Parts},
        fact::Fact,
        filter::{ContactFilter, ContactOrder},
    },
    id::{ContactId, Id, OrganisationId},
    page::{Page, PageRequest, Position},
    policy::ContactSight,
    time::Instant,
};

use super::{
    contact_listed::{self, ListedRow, OF_BRIEF, OF_FACTS, OF_SHOWN, OF_SHOWN_AND_FACTS},
    contact_query::{narrowed, seen},
    contact_row::{Column, Entity, Model, Row, changed, logged},
    fact, target_cells,
};
use crate::{
    error::OrFail,
    keyset::{self, Key, Sort, instant_key},
    packed::{self, Columns},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

/// The contact, if there is one that the caller may read.
pub async fn find(session: &dyn Session, sight: &ContactSight, id: ContactId) -> Result<Option<Contact>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(seen(sight)).into_model::<Row>().one(&session.exec()).await.or_fail()?;
    row.map(Contact::try_from).transpose()
}

/// The same, held so that nobody else changes it before this transaction ends. On SQLite there is one writer anyway.
pub async fn hold(writer: &Writer, sight: &ContactSight, id: ContactId) -> Result<Option<Contact>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(seen(sight)).held().into_model::<Row>().one(&writer.exec()).await.or_fail()?;
    row.map(Contact::try_from).transpose()
}

/// Those of the contacts that the caller may read.
pub async fn find_many(session: &dyn Session, sight: &ContactSight, ids: &[ContactId]) -> Result<Vec<Contact>, Error> {
    if ids.is_empty() || sight.is_blind() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(seen(sight))
        .into_model::<Row>()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Contact::try_from).collect()
}

/// Those of the contacts that the caller may read: who sent each, and since when the other side may read it.
pub async fn shared_since(
    session: &dyn Session,
    sight: &ContactSight,
    ids: &[ContactId],
) -> Result<Vec<(ContactId, OrganisationId, Option<Instant>)>, Error> {
    if ids.is_empty() || sight.is_blind() {
        return Ok(Vec::new());
    }
    let chosen = Entity::find()
        .select_only()
        .columns([Column::Id, Column::OwnerId, Column::SharedAt])
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(seen(sight));
    let found: Vec<(uuid::Uuid, uuid::Uuid, Option<Instant>)> = chosen.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(found.into_iter().map(|(id, owner, at)| (ContactId::new(id), OrganisationId::new(owner), at)).collect())
}

/// Those of the contacts that the caller may read and the filter leaves, for one that listens to changes.
pub async fn find_matching(
    session: &dyn Session,
    sight: &ContactSight,
    filter: &ContactFilter,
    ids: &[ContactId],
) -> Result<Vec<Contact>, Error> {
    if ids.is_empty() || sight.is_blind() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(seen(sight))
        .filter(narrowed(filter, sight))
        .into_model::<Row>()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Contact::try_from).collect()
}

/// One page of what the caller may read and the filter leaves.
pub async fn list(
    session: &dyn Session,
    sight: &ContactSight,
    filter: &ContactFilter,
    order: ContactOrder,
    page: &PageRequest,
) -> Result<Page<Contact>, Error> {
    let key = |row: &Model| match order {
        ContactOrder::DueAt => target_cells::place_of(row),
        ContactOrder::ChangedAt | ContactOrder::ChangedAtDesc => row.updated_at,
        ContactOrder::SentAt | ContactOrder::SentAtDesc => row.listed_at,
    };
    let position = |Row(row): &Row| Position { key: instant_key(key(row)), id: row.id };
    let query = Entity::find().filter(seen(sight)).filter(narrowed(filter, sight));
    keyset::page(session, query, sort(order), page, position).await?.try_map(Contact::try_from)
}

/// The same page, of each contact what a list shows and the parts that are asked for.
pub async fn list_parts(
    session: &dyn Session,
    sight: &ContactSight,
    filter: &ContactFilter,
    order: ContactOrder,
    page: &PageRequest,
    parts: Parts,
) -> Result<Page<Listed>, Error> {
    let listing =
        Listing { session, query: packed::of(Entity).cond_where(seen(sight)).cond_where(narrowed(filter, sight)).take(), order, page };
    if order == ContactOrder::DueAt {
        // No list shows of itself when an answer is due, so the contacts are read whole.
        let found = list(session, sight, filter, order, page).await?.map(|contact| contact_listed::of_whole(&contact));
        return if parts.facts { with_facts(session, found).await } else { Ok(found) };
    }
    let apart = parts.facts && !packed::travel(session);
    let found = match (parts.shown, parts.facts && !apart) {
        (false, false) => listing.read::<false, false>(&OF_BRIEF).await,
        (true, false) => listing.read::<true, false>(&OF_SHOWN).await,
        (false, true) => listing.read::<false, true>(&OF_FACTS).await,
        (true, true) => listing.read::<true, true>(&OF_SHOWN_AND_FACTS).await,
    }?;
    if apart { with_facts(session, found).await } else { Ok(found) }
}

/// A page that is to be read.
struct Listing<'a> {
    session: &'a dyn Session,
    query: SelectStatement,
    order: ContactOrder,
    page: &'a PageRequest,
}

impl Listing<'_> {
    async fn read<const SHOWN: bool, const FACTS: bool>(self, columns: &'static Columns<Column>) -> Result<Page<Listed>, Error> {
        let Self { session, query, order, page } = self;
        let position = |row: &ListedRow<SHOWN, FACTS>| row.position(by_change(order));
        Ok(keyset::packed_page(session, query, columns, sort(order), page, position).await?.map(|row| row.listed))
    }
}

/// The same page with the contacts' facts, in one statement more.
async fn with_facts(session: &dyn Session, page: Page<Listed>) -> Result<Page<Listed>, Error> {
    let ids: Vec<ContactId> = page.edges.iter().map(|edge| edge.item.brief.id).collect();
    let mut facts: HashMap<ContactId, Vec<Fact>> = HashMap::new();
    for (contact, fact) in fact::find_of(session, &ids).await? {
        facts.entry(contact).or_default().push(fact);
    }
    Ok(page.map(|listed| {
        let facts = facts.remove(&listed.brief.id).unwrap_or_default();
        Listed { facts: Some(facts), ..listed }
    }))
}

fn by_change(order: ContactOrder) -> bool {
    matches!(order, ContactOrder::ChangedAt | ContactOrder::ChangedAtDesc)
}

fn sort(order: ContactOrder) -> Sort<Column> {
    Sort {
        key: match order {
            ContactOrder::DueAt => Column::WaitsUntil,
            ContactOrder::ChangedAt | ContactOrder::ChangedAtDesc => Column::UpdatedAt,
            ContactOrder::SentAt | ContactOrder::SentAtDesc => Column::ListedAt,
        },
        kind: Key::Instant,
        id: Column::Id,
        descending: matches!(order, ContactOrder::SentAtDesc | ContactOrder::ChangedAtDesc),
    }
}

/// How many contacts the caller may read and the filter leaves.
pub async fn count(session: &dyn Session, sight: &ContactSight, filter: &ContactFilter) -> Result<u64, Error> {
    Entity::find().filter(seen(sight)).filter(narrowed(filter, sight)).count(&session.exec()).await.or_fail()
}

/// Keeps new contacts, in one statement.
pub async fn insert(writer: &Writer, contacts: &[Contact]) -> Result<(), Error> {
    let rows = contacts.iter().map(logged).collect::<Result<Vec<_>, Error>>()?;
    writer.put(Entity, Entity::insert_many(rows)).await
}

/// Keeps what an act changed.
pub async fn update(writer: &Writer, contact: &Contact) -> Result<(), Error> {
    let row = changed(contact)?;
    writer.put(Entity, Entity::update_many().set(row).filter(Column::Id.eq(contact.id.uuid()))).await
}

/// Notes that something beside the contact itself changed, as a comment, so that who asks for changes hears of it.
pub async fn touch(writer: &Writer, id: ContactId, at: Instant) -> Result<(), Error> {
    let touched = Entity::update_many().col_expr(Column::UpdatedAt, Expr::value(at)).filter(Column::Id.eq(id.uuid()));
    touched.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Notes when the other side first read these contacts; answers those that it had not read before.
pub async fn mark_read(writer: &Writer, ids: &[ContactId], at: Instant) -> Result<Vec<ContactId>, Error> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let unread: Vec<uuid::Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .filter(Column::ReadAt.is_null())
        // In one order, so that two readers of the same contacts do not wait for each other.
        .order_by_asc(Column::Id)
        .held()
        .into_tuple()
        .all(&writer.exec())
        .await
        .or_fail()?;
    if !unread.is_empty() {
        let marked = Entity::update_many().col_expr(Column::ReadAt, Expr::value(at)).filter(Column::Id.is_in(unread.clone()));
        marked.exec(&writer.exec()).await.or_fail()?;
    }
    Ok(unread.into_iter().map(Id::new).collect())
}

/// The next contacts in the order of their ids, held so that nobody changes them before this transaction ends.
pub async fn hold_next(writer: &Writer, after: Option<ContactId>, most: u64) -> Result<Vec<Contact>, Error> {
    let mut next = Entity::find().order_by_asc(Column::Id).limit(most).held();
    if let Some(after) = after {
        next = next.filter(Column::Id.gt(after.uuid()));
    }
    next.into_model::<Row>().all(&writer.exec()).await.or_fail()?.into_iter().map(Contact::try_from).collect()
}

/// Whether there is a contact that somebody logged, and no generator made.
pub async fn has_logged(session: &dyn Session) -> Result<bool, Error> {
    let logged = Entity::find().select_only().column(Column::Id).filter(Column::Generated.eq(false)).limit(1);
    Ok(logged.into_tuple::<uuid::Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}
