//! How contacts count that changed since they were folded into the counts of their parties, or never were. The act that changes a contact
//! writes it in the same transaction, and a fold takes it out again.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict, Query, SimpleExpr},
};
use tertulia_domain::{
    Error,
    engagement::{
        contact::Contact,
        statistics::{cells::Cells, counted::Counted, phase::ElectionPhase},
    },
    id::{ContactId, Id},
};

use super::counted::{self, phase};
use crate::{
    error::OrFail,
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counted_fresh")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) contact_id: Uuid,
    pub(crate) electoral_body_id: Uuid,
    pub(crate) platform_id: Option<Uuid>,
    pub(crate) phase: Option<String>,
    pub(crate) cell: Vec<u8>,
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

/// Keeps how contacts count, in one statement.
pub async fn put(writer: &Writer, rows: Vec<Row<'_>>) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let told = Expr::cust("COALESCE(excluded.phase, counted_fresh.phase)");
    let anew = OnConflict::column(Column::ContactId)
        .update_columns([Column::ElectoralBodyId, Column::PlatformId, Column::Cell])
        .value(Column::Phase, told)
        .to_owned();
    writer.put(Entity, Entity::insert_many(rows.into_iter().map(ActiveModel::from)).on_conflict(anew)).await
}

impl From<Row<'_>> for ActiveModel {
    fn from(row: Row<'_>) -> Self {
        Self {
            contact_id: Set(row.contact.id.uuid()),
            electoral_body_id: Set(row.contact.electoral_body.uuid()),
            platform_id: Set(row.contact.platform.map(Id::uuid)),
            phase: Set(row.phase.map(|phase| phase.to_string())),
            cell: Set(Cells::of(row.counted).bytes()),
        }
    }
}

/// How the contact of a row was folded last.
fn folded(column: &str) -> String {
    format!("(SELECT counted.{column} FROM counted WHERE counted.contact_id = counted_fresh.contact_id)")
}

/// The phase in which a contact was sent: as it was told last, else as it was folded. A contact that was logged before there were figures may
/// have none until all are counted anew.
fn told_phase() -> SimpleExpr {
    Expr::cust(format!("COALESCE(counted_fresh.phase, {}, '{}')", folded("phase"), ElectionPhase::Outside))
}

/// How a contact counts, in which phase, and both as they were folded last ([`before`]): these are looked up row by row, however many rows the
/// database takes this table to have.
pub(super) fn columns() -> [SimpleExpr; 4] {
    [Expr::cust("counted_fresh.cell"), told_phase(), Expr::cust(folded("cell")), Expr::cust(folded("phase"))]
}

/// A cell with the phase in which its contact was sent.
pub type InPhase = (Vec<u8>, ElectionPhase);

/// How a contact counted when it was folded last, from the third and the fourth of [`columns`]; none if it was not.
pub(super) fn before(row: &QueryResult) -> Result<Option<InPhase>, Error> {
    let cell: Option<Vec<u8>> = row.try_get_by_index(2).or_fail()?;
    let word: Option<String> = row.try_get_by_index(3).or_fail()?;
    cell.zip(word).map(|(cell, word)| Ok((cell, phase(&word)?))).transpose()
}

/// A contact that is to be folded: how it counts, and how it counted when it was folded last.
#[derive(Debug)]
pub struct Fresh {
    /// The contact.
    pub contact: ContactId,
    /// How it counts.
    pub now: InPhase,
    /// How it counted when it was folded last; none if it was not.
    pub before: Option<InPhase>,
}

/// Whether at least so many contacts are fresh.
pub async fn has_fresh(session: &dyn Session, least: u64) -> Result<bool, Error> {
    let some = Entity::find().select_only().column(Column::ContactId).limit(1).offset(least.saturating_sub(1));
    Ok(some.into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}

/// Some contacts that are fresh, held so that nobody changes them before this transaction ends.
pub async fn fresh(writer: &Writer, most: u64) -> Result<Vec<Fresh>, Error> {
    let rows = Entity::find().select_only().exprs(columns()).column(Column::ContactId).order_by_asc(Column::ContactId).limit(most).held();
    let rows = writer.exec().query_all(&rows.into_query()).await.or_fail()?;
    let read = |row: &QueryResult| {
        let (cell, word): (Vec<u8>, String) = (row.try_get_by_index(0).or_fail()?, row.try_get_by_index(1).or_fail()?);
        Ok(Fresh { contact: Id::new(row.try_get_by_index(4).or_fail()?), now: (cell, phase(&word)?), before: before(row)? })
    };
    rows.iter().map(read).collect()
}

/// Notes that these contacts are folded as they are, and takes them out.
pub async fn settle(writer: &Writer, contacts: &[ContactId]) -> Result<(), Error> {
    let these = || Column::ContactId.is_in(contacts.iter().map(|id| id.uuid()));
    let mut settled = Query::select();
    settled.columns([Column::ContactId, Column::ElectoralBodyId, Column::PlatformId]).expr(told_phase()).column(Column::Cell);
    settled.from(Entity).and_where(these());
    let anew = OnConflict::column(counted::Column::ContactId)
        .update_columns([counted::Column::ElectoralBodyId, counted::Column::PlatformId, counted::Column::Phase, counted::Column::Cell])
        .to_owned();
    let keep = Query::insert()
        .into_table(counted::Entity)
        .columns(counted::Column::iter())
        .select_from(settled)
        .map_err(Error::internal)?
        .on_conflict(anew)
        .take();
    writer.exec().execute(&keep).await.or_fail()?;
    Entity::delete_many().filter(these()).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Notes that nothing is folded. What changed since it was folded stays as it changed.
pub async fn unsettle(writer: &Writer) -> Result<(), Error> {
    let told = Expr::cust("COALESCE(counted_fresh.phase, excluded.phase)");
    let mut all = Query::select();
    // SQLite takes the conflict for a join where nothing stands between.
    all.columns(counted::Column::iter()).from(counted::Entity).and_where(Expr::val(1).eq(1));
    let take_out = Query::insert()
        .into_table(Entity)
        .columns(Column::iter())
        .select_from(all)
        .map_err(Error::internal)?
        .on_conflict(OnConflict::column(Column::ContactId).value(Column::Phase, told).to_owned())
        .take();
    writer.exec().execute(&take_out).await.or_fail()?;
    counted::Entity::delete_many().exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// The phases that are told of these contacts.
pub(super) async fn phases_of(session: &dyn Session, contacts: &[Uuid]) -> Result<Vec<(Uuid, String)>, Error> {
    let told = Entity::find()
        .select_only()
        .columns([Column::ContactId, Column::Phase])
        .filter(Column::ContactId.is_in(contacts.iter().copied()))
        .filter(Column::Phase.is_not_null());
    told.into_tuple().all(&session.exec()).await.or_fail()
}

/// Those of these contacts that are fresh.
pub(super) async fn among(session: &dyn Session, contacts: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let fresh = Entity::find().select_only().column(Column::ContactId).filter(Column::ContactId.is_in(contacts.iter().copied()));
    fresh.into_tuple().all(&session.exec()).await.or_fail()
}
