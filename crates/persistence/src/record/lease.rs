//! Jobs that one server does at a time.

use sea_orm::{ActiveValue::Set, EntityTrait, entity::prelude::*, sea_query::OnConflict};
use tertulia_domain::{Error, time::Instant};

use crate::{
    error::OrFail,
    store::{Executes, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lease")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) job: String,
    pub(crate) holder: Uuid,
    pub(crate) until: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Takes `job` for `holder` until the transaction ends; another server that wants it waits until then and sees what was done. A
/// server that dies holds nothing: the database ends its transaction. The row says who had it last and when.
pub async fn take(writer: &Writer, job: &str, holder: Uuid, now: Instant) -> Result<(), Error> {
    let row = ActiveModel { job: Set(job.to_owned()), holder: Set(holder), until: Set(now) };
    let taken = OnConflict::column(Column::Job).update_columns([Column::Holder, Column::Until]).to_owned();
    Entity::insert(row).on_conflict(taken).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
