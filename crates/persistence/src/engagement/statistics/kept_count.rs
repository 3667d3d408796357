//! The counts of each organisation, a row a month of sending, and what is not folded into them yet.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict, Query, UnionType},
};
use tertulia_domain::{
    Error,
    engagement::statistics::{dimension::Month, phase::ElectionPhase},
    id::OrganisationId,
    policy::Side,
};

use super::{
    counted,
    counted_fresh::{self, InPhase},
};
use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_count")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) organisation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) month: Date,
    pub(crate) cells: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Cells that count, or that were counted and no longer do.
#[derive(Debug)]
pub struct Part {
    /// The cells as they are written.
    pub cells: Vec<u8>,
    /// The phase in which their contact was sent, where the cells themselves do not tell.
    pub phase: Option<ElectionPhase>,
    /// The same as they were when they were folded into other parts of this answer.
    pub before: Option<InPhase>,
}

/// All counts of an organisation's contacts that were sent from one month to another: those that are kept, and beside them the contacts
/// that are not folded yet, of any month. In one statement, so that none is counted twice or missed.
pub async fn parts_of(session: &dyn Session, (own, side): (OrganisationId, Side), from: Month, to: Month) -> Result<Vec<Part>, Error> {
    let nothing = || Expr::cust("NULL");
    let party = if side == Side::Platform { counted_fresh::Column::PlatformId } else { counted_fresh::Column::ElectoralBodyId };
    let fresh = Query::select().exprs(counted_fresh::columns()).from(counted_fresh::Entity).and_where(party.eq(own.uuid())).take();
    let all = Query::select()
        .column(Column::Cells)
        .exprs([nothing(), nothing(), nothing()])
        .from(Entity)
        .and_where(Column::OrganisationId.eq(own.uuid()))
        .and_where(Expr::col(Column::Month).gte(from.first_day()))
        .and_where(Expr::col(Column::Month).lte(to.first_day()))
        .union(UnionType::All, fresh)
        .take();
    session.exec().query_all(&all).await.or_fail()?.iter().map(part).collect()
}

fn part(row: &QueryResult) -> Result<Part, Error> {
    let word: Option<String> = row.try_get_by_index(1).or_fail()?;
    let phase = word.as_deref().map(counted::phase).transpose()?;
    Ok(Part { cells: row.try_get_by_index(0).or_fail()?, phase, before: counted_fresh::before(row)? })
}

/// The counts of an organisation in these months, to be changed.
pub async fn find(writer: &Writer, organisation: OrganisationId, (from, to): (Month, Month)) -> Result<BTreeMap<Month, Vec<u8>>, Error> {
    let rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation.uuid()))
        .filter(Column::Month.gte(from.first_day()))
        .filter(Column::Month.lte(to.first_day()));
    let rows = rows.all(&writer.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|row| (Month::holding(row.month), row.cells)).collect())
}

/// Keeps counts in the place of those before.
pub async fn put(writer: &Writer, rows: Vec<(OrganisationId, Month, Vec<u8>)>) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(|(organisation, month, cells)| ActiveModel {
        organisation_id: Set(organisation.uuid()),
        month: Set(month.first_day()),
        cells: Set(cells),
    });
    let anew = OnConflict::columns([Column::OrganisationId, Column::Month]).update_column(Column::Cells).to_owned();
    Entity::insert_many(rows).on_conflict(anew).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Forgets all counts.
pub async fn delete_all(writer: &Writer) -> Result<(), Error> {
    Entity::delete_many().exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
