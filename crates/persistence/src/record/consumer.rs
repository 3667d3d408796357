//! How far each consumer of events has come, so that a restart goes on where the last one stopped.

use sea_orm::{ActiveValue::Set, EntityTrait, entity::prelude::*, sea_query::OnConflict};
use tertulia_domain::Error;

use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consumer")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) name: String,
    pub(crate) seq: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The number of the last event that `name` has dealt with; 0 before the first.
pub async fn position(session: &dyn Session, name: &str) -> Result<i64, Error> {
    let row = Entity::find_by_id(name).one(&session.exec()).await.or_fail()?;
    Ok(row.map_or(0, |row| row.seq))
}

/// Notes that `name` has dealt with everything up to `seq`.
pub async fn advance(writer: &Writer, name: &str, seq: i64) -> Result<(), Error> {
    let row = ActiveModel { name: Set(name.to_owned()), seq: Set(seq) };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Name).update_column(Column::Seq).to_owned())
        .exec_without_returning(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}
