//! Facts: appended, never updated or deleted; no query here does either.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect, entity::prelude::*,
};
use tertulia_domain::{
    Error,
    engagement::fact::{Digest, Fact},
    id::{ContactId, Id},
};

use crate::{
    cells::Cells,
    error::{OrFail, decoded},
    json,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fact")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) contact_id: Uuid,
    pub(crate) seq: i64,
    pub(crate) step: String,
    pub(crate) side: String,
    pub(crate) occurred_at: DateTimeUtc,
    pub(crate) recorded_at: DateTimeUtc,
    pub(crate) told: String,
    pub(crate) sealed: String,
    pub(crate) supersedes: Option<Uuid>,
    pub(crate) hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What [`find_of`] reads. The columns left out stand in `told` too; they are there for other queries.
const READ: [Column; 7] = [Column::ContactId, Column::Id, Column::Seq, Column::RecordedAt, Column::Told, Column::Sealed, Column::Hash];

struct Row {
    contact: Uuid,
    id: Uuid,
    seq: i64,
    recorded_at: DateTimeUtc,
    told: String,
    sealed: String,
    hash: String,
}

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let mut cells = Cells::of(row);
        Ok(Self {
            contact: cells.next()?,
            id: cells.next()?,
            seq: cells.next()?,
            recorded_at: cells.next()?,
            told: cells.next()?,
            sealed: cells.next()?,
            hash: cells.next()?,
        })
    }
}

impl TryFrom<Row> for Fact {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            seq: decoded(u32::try_from(row.seq).ok(), "fact", "seq", "a number out of range")?,
            recorded_at: row.recorded_at,
            told: json::decode(&row.told, "fact", "told")?,
            sealed: json::decode(&row.sealed, "fact", "sealed")?,
            hash: decoded(Digest::parse(&row.hash), "fact", "hash", &row.hash)?,
        })
    }
}

/// The facts of these contacts, each with its contact, in the order of the history. The caller read the contacts before,
/// through his sight.
pub async fn find_of(session: &dyn Session, contacts: &[ContactId]) -> Result<Vec<(ContactId, Fact)>, Error> {
    let rows = Entity::find()
        .select_only()
        .columns(READ)
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.uuid())))
        .order_by_asc(Column::ContactId)
        .order_by_asc(Column::Seq)
        .into_model::<Row>()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|row| Ok((Id::new(row.contact), Fact::try_from(row)?))).collect()
}

/// Appends facts, in one statement.
pub async fn insert(writer: &Writer, facts: &[(ContactId, &Fact)]) -> Result<(), Error> {
    if facts.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(facts.len());
    for (contact, fact) in facts {
        rows.push(ActiveModel {
            id: Set(fact.id.uuid()),
            contact_id: Set(contact.uuid()),
            seq: Set(i64::from(fact.seq)),
            step: Set(fact.told.step.to_string()),
            side: Set(fact.told.side.to_string()),
            occurred_at: Set(fact.told.occurred_at),
            recorded_at: Set(fact.recorded_at),
            told: Set(json::encode(&fact.told)?),
            sealed: Set(json::encode(&fact.sealed)?),
            supersedes: Set(fact.told.supersedes.map(Id::uuid)),
            hash: Set(fact.hash.to_string()),
        });
    }
    Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
