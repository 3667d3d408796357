//! How each contact that was sent counts. The act that changes a contact writes it in the same transaction; what changed since the contact
//! was folded into the counts of its parties is fresh.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, OnConflict, SimpleExpr},
};
use tertulia_domain::{
    Error,
    engagement::{
        contact::Contact,
        statistics::{cells::Cells, counted::Counted, phase::ElectionPhase},
        vocabulary::{Direction, Kind},
    },
    id::{ContactId, Id},
};

use crate::{
    engagement::contact_row,
    error::{OrFail, decoded},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counted")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) contact_id: Uuid,
    pub(crate) electoral_body_id: Uuid,
    pub(crate) platform_id: Option<Uuid>,
    pub(crate) phase: String,
    pub(crate) cell: Vec<u8>,
    pub(crate) kept: Option<Vec<u8>>,
    pub(crate) kept_phase: Option<String>,
    pub(crate) fresh: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// How a contact counts, as it is written. Its own phase does not matter: that of the row does.
#[derive(Debug)]
pub struct Row<'a> {
    /// The contact.
    pub contact: &'a Contact,
    /// How it counts; none if it does not.
    pub counted: Option<Counted>,
    /// The phase in which it was sent; none leaves the one that is kept.
    pub phase: Option<ElectionPhase>,
}

/// Keeps how contacts count that are new, in one statement.
pub async fn insert(writer: &Writer, rows: Vec<Row<'_>>) -> Result<(), Error> {
    if rows.is_empty() { Ok(()) } else { writer.put(Entity, Entity::insert_many(rows.into_iter().map(ActiveModel::from))).await }
}

/// Keeps how contacts count, in one statement. Either all rows tell the phase or none does.
pub async fn put(writer: &Writer, rows: Vec<Row<'_>>) -> Result<(), Error> {
    let Some(first) = rows.first() else { return Ok(()) };
    let mut changed = vec![Column::ElectoralBodyId, Column::PlatformId, Column::Cell, Column::Fresh];
    changed.extend(first.phase.map(|_| Column::Phase));
    // What was folded is noted when it changes, so that most rows, which never do, are folded without a copy.
    let folded = |now: &str, noted: &str| Expr::cust(format!("CASE WHEN counted.fresh THEN counted.{noted} ELSE counted.{now} END"));
    let noted = [(Column::Kept, folded("cell", "kept")), (Column::KeptPhase, folded("phase", "kept_phase"))];
    let anew = OnConflict::column(Column::ContactId).update_columns(changed).values(noted).to_owned();
    writer.put(Entity, Entity::insert_many(rows.into_iter().map(ActiveModel::from)).on_conflict(anew)).await
}

impl From<Row<'_>> for ActiveModel {
    fn from(row: Row<'_>) -> Self {
        Self {
            contact_id: Set(row.contact.id.uuid()),
            electoral_body_id: Set(row.contact.electoral_body.uuid()),
            platform_id: Set(row.contact.platform.map(Id::uuid)),
            phase: Set(row.phase.unwrap_or(ElectionPhase::Outside).to_string()),
            cell: Set(Cells::of(row.counted).bytes()),
            kept: NotSet,
            kept_phase: NotSet,
            fresh: Set(true),
        }
    }
}

/// The phases in which these contacts were sent, of those that have a row.
pub async fn phases_of(session: &dyn Session, contacts: &[ContactId]) -> Result<HashMap<ContactId, ElectionPhase>, Error> {
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .column(Column::ContactId)
        .column(Column::Phase)
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|(contact, word)| Ok((Id::new(contact), phase(&word)?))).collect()
}

pub(super) fn phase(word: &str) -> Result<ElectionPhase, Error> {
    decoded(ElectionPhase::parse(word), "counted", "phase", word)
}

/// The contacts that are looked at for whether all are counted.
const OLDEST: u64 = 100;

/// Whether one of the oldest contacts that may count has no row: they were logged before there were any.
pub async fn lacks_oldest(session: &dyn Session) -> Result<bool, Error> {
    let kinds = Kind::ALL.iter().filter(|kind| kind.expects_answer()).map(|kind| kind.as_str());
    let oldest: Vec<Uuid> = contact_row::Entity::find()
        .select_only()
        .column(contact_row::Column::Id)
        .filter(contact_row::Column::SentAt.is_not_null())
        .filter(contact_row::Column::Direction.eq(Direction::EbToPlatform.as_str()))
        .filter(contact_row::Column::Kind.is_in(kinds))
        .order_by_asc(contact_row::Column::Id)
        .limit(OLDEST)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    let counted = Entity::find().filter(Column::ContactId.is_in(oldest.iter().copied())).count(&session.exec()).await.or_fail()?;
    Ok(counted < oldest.len() as u64)
}

/// A contact that is to be folded: how it counts, and how it counted when it was folded last.
#[derive(Debug)]
pub struct Fresh {
    /// The contact.
    pub contact: ContactId,
    /// How it counts, with the phase in which it was sent.
    pub now: (Vec<u8>, ElectionPhase),
    /// The same as it was folded last; none if it was not.
    pub before: Option<(Vec<u8>, ElectionPhase)>,
}

/// What is fresh. The predicate of the indexes, in their words, so that they are used whatever is bound.
fn is_fresh() -> SimpleExpr {
    Expr::cust("fresh")
}

/// Whether at least so many contacts are fresh.
pub async fn has_fresh(session: &dyn Session, least: u64) -> Result<bool, Error> {
    let some = Entity::find().select_only().column(Column::ContactId).filter(is_fresh()).limit(1).offset(least.saturating_sub(1));
    Ok(some.into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}

/// Some contacts that are fresh, held so that nobody changes them before this transaction ends.
pub async fn fresh(writer: &Writer, most: u64) -> Result<Vec<Fresh>, Error> {
    let rows = Entity::find().filter(is_fresh()).order_by_asc(Column::ContactId).limit(most).held();
    let rows = rows.all(&writer.exec()).await.or_fail()?;
    let read = |row: Model| {
        let before = row.kept.zip(row.kept_phase).map(|(cell, word)| Ok::<_, Error>((cell, phase(&word)?))).transpose()?;
        Ok(Fresh { contact: Id::new(row.contact_id), now: (row.cell, phase(&row.phase)?), before })
    };
    rows.into_iter().map(read).collect()
}

/// Notes that these contacts are folded as they are.
pub async fn settle(writer: &Writer, contacts: &[ContactId]) -> Result<(), Error> {
    let settled = Entity::update_many()
        .col_expr(Column::Fresh, Expr::value(false))
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.uuid())));
    settled.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Notes that nothing is folded.
pub async fn unsettle(writer: &Writer) -> Result<(), Error> {
    let unsettled = Entity::update_many()
        .col_expr(Column::Kept, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::KeptPhase, Expr::value(None::<String>))
        .col_expr(Column::Fresh, Expr::value(true));
    unsettled.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
