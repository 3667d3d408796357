//! The audit log. Lines are appended, each with the topic of the event that it tells of; the only later write is the seal, once.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::ValueTuple,
};
use tertulia_domain::{
    Error,
    id::{AnyId, AuditEntryId, Id},
    page::{Edge, Page, PageRequest, Position},
    policy::AuditSight,
    record::{
        audit::{AuditEntry, AuditFilter},
        event::Topic,
    },
};

use crate::{
    error::{OrFail, decoded},
    json, keyset,
    portable::update_from_values,
    store::{Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) at: DateTimeUtc,
    pub(crate) act: String,
    pub(crate) object_type: String,
    pub(crate) object_id: Uuid,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) organisation_id: Option<Uuid>,
    pub(crate) fields: String,
    pub(crate) request_id: String,
    pub(crate) seq: Option<i64>,
    pub(crate) hash: Option<String>,
    pub(crate) topic: Option<String>,
    pub(crate) client_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for AuditEntry {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            at: row.at,
            object: decoded(AnyId::from_parts(&row.object_type, row.object_id), "audit_entry", "object_type", &row.object_type)?,
            user: row.user_id.map(Id::new),
            client: row.client_id.map(Id::new),
            organisation: row.organisation_id.map(Id::new),
            fields: json::decode(&row.fields, "audit_entry", "fields")?,
            act: row.act,
            request_id: row.request_id,
            seq: row.seq,
            hash: row.hash,
        })
    }
}

/// Appends lines, each with what subscribers are told of it, in one statement.
pub async fn insert(writer: &Writer, entries: &[(AuditEntry, Topic)]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(entries.len());
    for (entry, topic) in entries {
        rows.push(ActiveModel {
            id: Set(entry.id.uuid()),
            at: Set(entry.at),
            act: Set(entry.act.clone()),
            object_type: Set(entry.object.prefix().to_owned()),
            object_id: Set(entry.object.uuid()),
            user_id: Set(entry.user.map(Id::uuid)),
            organisation_id: Set(entry.organisation.map(Id::uuid)),
            fields: Set(json::encode(&entry.fields)?),
            request_id: Set(entry.request_id.clone()),
            seq: Set(None),
            hash: Set(None),
            topic: Set(Some(topic.as_str().to_owned())),
            client_id: Set(entry.client.map(Id::uuid)),
        });
    }
    writer.put(Entity, Entity::insert_many(rows)).await
}

/// The last sealed line's place and hash; (0, "") before the first.
pub async fn last_sealed(session: &dyn Session) -> Result<(i64, String), Error> {
    let last = Entity::find().filter(Column::Seq.is_not_null()).order_by_desc(Column::Seq).one(&session.exec()).await.or_fail()?;
    Ok(last.map_or((0, String::new()), |row| (row.seq.unwrap_or(0), row.hash.unwrap_or_default())))
}

/// Whether a line waits to be sealed.
pub async fn has_unsealed(session: &dyn Session) -> Result<bool, Error> {
    let waiting = Entity::find().select_only().column(Column::Id).filter(Column::Seq.is_null()).limit(1);
    Ok(waiting.into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}

/// Lines not yet sealed, oldest first.
pub async fn unsealed(session: &dyn Session, limit: u64) -> Result<Vec<AuditEntry>, Error> {
    let rows = Entity::find().filter(Column::Seq.is_null()).order_by_asc(Column::Id).limit(limit).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(AuditEntry::try_from).collect()
}

/// Seals lines, each as (id, place, hash), in one statement.
pub async fn seal(writer: &Writer, lines: &[(AuditEntryId, i64, String)]) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let sealed = lines.iter().map(|(id, place, seal)| ValueTuple::Three(id.uuid().into(), (*place).into(), seal.as_str().into()));
    let unsealed = Condition::all().add(Column::Seq.is_null());
    update_from_values(writer, Entity, Column::Id, &[Column::Seq, Column::Hash], sealed.collect(), unsealed).await?;
    Ok(())
}

/// What the caller may read: every line, those of organisations that he administers, his own.
fn seen(sight: &AuditSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let mut known = Condition::any().add(Column::Act.is_not_in(AuditSight::SPOKEN.iter().map(|act| act.name())));
    if let Some(speaker) = sight.speaker() {
        known = known.add(Column::UserId.eq(speaker.uuid()));
    }
    let administered = Column::OrganisationId.is_in(sight.administered().iter().map(|id| id.uuid()));
    let seen = Condition::any().add(Condition::all().add(administered).add(known));
    match sight.user() {
        Some(user) => seen.add(Column::UserId.eq(user.uuid())),
        None => seen,
    }
}

/// The lines of those ids that the caller may read, in any order.
pub async fn find_many(session: &dyn Session, sight: &AuditSight, ids: &[AuditEntryId]) -> Result<Vec<AuditEntry>, Error> {
    let chosen = Column::Id.is_in(ids.iter().map(|id| id.uuid()));
    let rows = Entity::find().filter(chosen).filter(seen(sight)).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(AuditEntry::try_from).collect()
}

fn filtered(sight: &AuditSight, filter: &AuditFilter) -> Select<Entity> {
    let mut query = Entity::find().filter(seen(sight));
    if !filter.acts.is_empty() {
        query = query.filter(Column::Act.is_in(filter.acts.iter().map(|act| act.name())));
    }
    if !filter.object_types.is_empty() {
        query = query.filter(Column::ObjectType.is_in(filter.object_types.iter().copied()));
    }
    if let Some(object) = filter.object {
        query = query.filter(Column::ObjectId.eq(object.uuid())).filter(Column::ObjectType.eq(object.prefix()));
    }
    if let Some(organisation) = filter.organisation {
        query = query.filter(Column::OrganisationId.eq(organisation.uuid()));
    }
    if let Some(from) = filter.from {
        query = query.filter(Column::At.gte(from));
    }
    match filter.to {
        Some(to) => query.filter(Column::At.lt(to)),
        None => query,
    }
}

/// A page of the lines that the caller may read, newest first.
pub async fn list(
    session: &dyn Session,
    sight: &AuditSight,
    filter: &AuditFilter,
    request: &PageRequest,
) -> Result<Page<AuditEntry>, Error> {
    let sort = keyset::Sort { key: Column::At, kind: keyset::Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: keyset::instant_key(row.at), id: row.id };
    let page = keyset::page(session, filtered(sight, filter), sort, request, position).await?;
    let edges = page.edges.into_iter().map(|edge| Ok(Edge { position: edge.position, item: AuditEntry::try_from(edge.item)? }));
    Ok(Page { edges: edges.collect::<Result<_, Error>>()?, has_next: page.has_next, has_previous: page.has_previous })
}

/// How many lines [`list`] would give in all.
pub async fn count(session: &dyn Session, sight: &AuditSight, filter: &AuditFilter) -> Result<u64, Error> {
    filtered(sight, filter).count(&session.exec()).await.or_fail()
}
