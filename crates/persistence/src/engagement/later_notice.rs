//! What officers are to be told of later: that a decision is due which nobody even acknowledged in time. The contact itself knows its next
//! deadline only.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use tertulia_domain::{
    Error,
    id::{ContactId, Id},
    time::Instant,
};

use super::{contact_row, target_notice::Notice};
use crate::{
    error::OrFail,
    identity::organisation_lock,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "later_notice")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) contact_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) kind: String,
    pub(crate) tell_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What somebody is to be told of a contact.
pub type Later = (ContactId, Notice);

/// Some of those whose time has come, the first first; for a body that is locked once it is unlocked.
pub async fn due(session: &dyn Session, now: Instant, limit: u64) -> Result<Vec<Later>, Error> {
    let open = Query::select()
        .column(contact_row::Column::Id)
        .from(contact_row::Entity)
        .and_where(Expr::col((contact_row::Entity, contact_row::Column::Id)).eq(Expr::col((Entity, Column::ContactId))))
        .and_where(organisation_lock::is_open((contact_row::Entity, contact_row::Column::ElectoralBodyId)))
        .take();
    let due = Entity::find().filter(Column::TellAt.lte(now)).filter(Expr::exists(open));
    let rows = due.order_by_asc(Column::TellAt).limit(limit).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(|row| Ok((Id::new(row.contact_id), Notice::read(&row.kind)?))).collect()
}

/// Notes when somebody is to be told.
pub async fn plan(writer: &Writer, (contact, notice): Later, tell_at: Instant) -> Result<(), Error> {
    let row = ActiveModel { contact_id: Set(contact.uuid()), kind: Set(notice.word().to_owned()), tell_at: Set(tell_at) };
    let anew = OnConflict::columns([Column::ContactId, Column::Kind]).update_column(Column::TellAt).to_owned();
    writer.put(Entity, Entity::insert(row).on_conflict(anew)).await
}

/// Forgets one that was told, or that is no longer true.
pub async fn forget(writer: &Writer, (contact, notice): Later) -> Result<(), Error> {
    let gone = Entity::delete_many().filter(Column::ContactId.eq(contact.uuid())).filter(Column::Kind.eq(notice.word()));
    gone.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
