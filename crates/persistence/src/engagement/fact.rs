//! Facts: appended, never updated or deleted; no query here does either.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    engagement::fact::{Digest, Fact},
    id::{ContactId, Id},
};

use crate::{
    cells::{Cells, FromCells},
    error::OrFail,
    json,
    packed::{self, Packed},
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

/// What is read of a fact. The columns left out stand in `told` too; they are there for other queries.
const READ: [Packed<Column>; 7] = [
    Packed::Id(Column::ContactId),
    Packed::Id(Column::Id),
    Packed::Number(Column::Seq),
    Packed::Plain(Column::RecordedAt),
    Packed::Json(Column::Told),
    Packed::Json(Column::Sealed),
    Packed::Plain(Column::Hash),
];

/// A fact with its contact.
struct Of(ContactId, Fact);

impl FromCells for Of {
    fn from_cells(cells: &mut Cells<'_>) -> Result<Self, DbErr> {
        let contact = Id::new(cells.next()?);
        let fact = Fact {
            id: Id::new(cells.next()?),
            seq: cells.next::<i64>()?.try_into().map_err(|_| DbErr::Type("a fact's number is out of range".to_owned()))?,
            recorded_at: cells.next()?,
            told: cells.json()?,
            sealed: cells.json()?,
            hash: cells.word(Digest::parse)?,
        };
        Ok(Self(contact, fact))
    }
}

/// The facts of these contacts, each with its contact, in the order of the history. The caller read the contacts before,
/// through his sight.
pub async fn find_of(session: &dyn Session, contacts: &[ContactId]) -> Result<Vec<(ContactId, Fact)>, Error> {
    let query = Entity::find()
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.uuid())))
        .order_by_asc(Column::ContactId)
        .order_by_asc(Column::Seq);
    let facts = packed::all(session, query, &READ).await?;
    Ok(facts.into_iter().map(|Of(contact, fact)| (contact, fact)).collect())
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
