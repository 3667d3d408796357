//! What the coordinator recorded under mandates: whether a party tells of the same meanwhile. What nobody confirmed enters no statistic.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use tertulia_domain::{
    Error,
    id::{ContactId, MandateId, TransitionId},
};

use super::contact_row;
use crate::{
    error::OrFail,
    store::{Executes, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mandated_fact")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) fact_id: Uuid,
    pub(crate) contact_id: Uuid,
    pub(crate) mandate_id: Uuid,
    pub(crate) confirmed: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The contacts of which the coordinator alone tells nothing that counts: those that a statistic may count.
pub(super) fn all_confirmed() -> SimpleExpr {
    let open = Entity::find()
        .select_only()
        .column(Column::FactId)
        .filter(Expr::col((Entity, Column::ContactId)).equals((contact_row::Entity, contact_row::Column::Id)))
        .filter(Column::Confirmed.eq(false))
        .into_query();
    Expr::exists(open).not()
}

/// Keeps under which mandate these facts of a contact were recorded.
pub async fn insert(writer: &Writer, contact: ContactId, mandate: MandateId, facts: &[TransitionId]) -> Result<(), Error> {
    if facts.is_empty() {
        return Ok(());
    }
    let rows = facts.iter().map(|fact| ActiveModel {
        fact_id: Set(fact.uuid()),
        contact_id: Set(contact.uuid()),
        mandate_id: Set(mandate.uuid()),
        confirmed: Set(false),
    });
    writer.put(Entity, Entity::insert_many(rows)).await
}

/// Keeps which of a contact's facts nobody confirmed: `open` ones, and no other.
pub async fn confirm(writer: &Writer, contact: ContactId, open: &[TransitionId]) -> Result<(), Error> {
    let is_open = Condition::all().add(Column::FactId.is_in(open.iter().map(|fact| fact.uuid())));
    for (confirmed, which) in [(true, is_open.clone().not()), (false, is_open)] {
        let update = Entity::update_many()
            .col_expr(Column::Confirmed, Expr::value(confirmed))
            .filter(Column::ContactId.eq(contact.uuid()))
            .filter(Column::Confirmed.ne(confirmed))
            .filter(which);
        update.exec(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}
