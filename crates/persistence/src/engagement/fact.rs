//! Facts: appended, never updated or deleted; no query here does either.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, entity::prelude::*, sea_query::Order};
use tertulia_domain::{
    Error,
    engagement::fact::{Chained, Digest, Fact, Seal},
    id::{ContactId, Id},
};

use crate::{
    cells::{Cells, FromCells},
    json,
    packed::{self, Columns, Packed},
    store::{Session, Writer},
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
const CELLS: &[Packed<Column>] = &[
    Packed::Id(Column::ContactId),
    Packed::Id(Column::Id),
    Packed::Plain(Column::Seq),
    Packed::Plain(Column::RecordedAt),
    Packed::Plain(Column::Told),
];
static READ: Columns<Column> = Columns::new(CELLS);
static READ_IN_ROW: Columns<Column> = Columns::inner(CELLS);
/// The same with what is kept beside it.
static READ_CHAINED: Columns<Column> = Columns::new(&[
    Packed::Id(Column::ContactId),
    Packed::Id(Column::Id),
    Packed::Plain(Column::Seq),
    Packed::Plain(Column::RecordedAt),
    Packed::Plain(Column::Told),
    Packed::Plain(Column::Sealed),
    Packed::Plain(Column::Hash),
]);

/// A fact with its contact.
pub(super) struct Of<T>(pub(super) ContactId, pub(super) T);

impl FromCells for Of<Fact> {
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr> {
        let contact = Id::new(cells.next()?);
        let fact = Fact {
            id: Id::new(cells.next()?),
            seq: cells.next::<i64>()?.try_into().map_err(|_| DbErr::Type("a fact's number is out of range".to_owned()))?,
            recorded_at: cells.next()?,
            told: cells.json()?,
        };
        Ok(Self(contact, fact))
    }
}

impl FromCells for Of<Chained> {
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr> {
        let Of(contact, fact) = Of::<Fact>::from_cells(cells)?;
        let seal = Seal { sealed: cells.json()?, hash: cells.word(Digest::parse)? };
        Ok(Self(contact, Chained { fact, seal }))
    }
}

/// The facts of these contacts, each with its contact, in the order of the history. The caller read the contacts before,
/// through his sight.
pub async fn find_of(session: &dyn Session, contacts: &[ContactId]) -> Result<Vec<(ContactId, Fact)>, Error> {
    read(session, contacts, &READ).await
}

/// The same, each with what is kept beside it.
pub async fn find_chained(session: &dyn Session, contacts: &[ContactId]) -> Result<Vec<(ContactId, Chained)>, Error> {
    read(session, contacts, &READ_CHAINED).await
}

async fn read<T>(session: &dyn Session, contacts: &[ContactId], columns: &'static Columns<Column>) -> Result<Vec<(ContactId, T)>, Error>
where
    Of<T>: FromCells,
{
    let of_contacts = Column::ContactId.is_in(contacts.iter().map(|id| id.uuid()));
    let in_order = [Column::ContactId, Column::Seq].map(|column| (column, Order::Asc));
    let query = packed::of(Entity).and_where(of_contacts).order_by_columns(in_order).take();
    let facts: Vec<Of<T>> = packed::all(session, query, columns).await?;
    Ok(facts.into_iter().map(|Of(contact, fact)| (contact, fact)).collect())
}

/// What [packs](packed::parts) a contact's facts into its row, in the order of the history.
pub(super) fn of_row() -> String {
    packed::parts(&READ_IN_ROW, Column::ContactId, &super::contact_row::Column::Id, Column::Seq)
}

/// Appends facts, in one statement.
pub async fn insert(writer: &Writer, facts: &[(ContactId, &Chained)]) -> Result<(), Error> {
    if facts.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(facts.len());
    for (contact, Chained { fact, seal }) in facts {
        rows.push(ActiveModel {
            id: Set(fact.id.uuid()),
            contact_id: Set(contact.uuid()),
            seq: Set(i64::from(fact.seq)),
            step: Set(fact.told.step.to_string()),
            side: Set(fact.told.side.to_string()),
            occurred_at: Set(fact.told.occurred_at),
            recorded_at: Set(fact.recorded_at),
            told: Set(json::encode(&fact.told)?),
            sealed: Set(json::encode(&seal.sealed)?),
            supersedes: Set(fact.told.supersedes.map(Id::uuid)),
            hash: Set(seal.hash.to_string()),
        });
    }
    writer.put(Entity, Entity::insert_many(rows)).await
}
