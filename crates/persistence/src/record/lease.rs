//! Leases of scheduled jobs: whoever holds one runs the job until it lapses, so that several servers do not double it.

use sea_orm::{
    ActiveValue::Set,
    EntityTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use tertulia_domain::{Error, time::Instant};

use crate::store::{Executes, Writer};

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

/// Takes or renews the lease of `job` for `holder` until `until`; says whether it is his. The row stays locked until the
/// transaction ends, so that what the holder does in it cannot run beside another's.
pub async fn take(writer: &Writer, job: &str, holder: Uuid, now: Instant, until: Instant) -> Result<bool, Error> {
    let row = ActiveModel { job: Set(job.to_owned()), holder: Set(holder), until: Set(until) };
    let free = Expr::col((Entity, Column::Holder)).eq(holder).or(Expr::col((Entity, Column::Until)).lt(now));
    let taken = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Job).update_columns([Column::Holder, Column::Until]).action_and_where(free).to_owned())
        .exec_without_returning(&writer.exec())
        .await;
    match taken {
        Ok(rows) => Ok(rows > 0),
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(crate::error::from_db(error)),
    }
}
