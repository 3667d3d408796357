//! Keys under which a caller may send the same act again, kept 30 days.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, entity::prelude::*, sea_query::OnConflict};
use tertulia_domain::{Error, id::AnyId, time::Instant};

use crate::{
    error::{OrFail, decoded},
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) holder: Uuid,
    pub(crate) act: String,
    pub(crate) key: String,
    pub(crate) digest: String,
    pub(crate) object_type: String,
    pub(crate) object_id: Uuid,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What was done under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Digest of the input.
    pub digest: String,
    /// The object that came of it.
    pub object: AnyId,
}

/// The holder's key for an act.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The organisation for which the caller acts, else the user.
    pub holder: Uuid,
    /// The act's name.
    pub act: &'static str,
    /// The key as the caller sent it.
    pub key: &'a str,
}

/// What was done under this key, if anything.
pub async fn find(session: &dyn Session, key: Key<'_>) -> Result<Option<Done>, Error> {
    let row = Entity::find()
        .filter(Column::Holder.eq(key.holder))
        .filter(Column::Act.eq(key.act))
        .filter(Column::Key.eq(key.key))
        .one(&session.exec())
        .await
        .or_fail()?;
    row.map(|row| {
        let object = decoded(AnyId::from_parts(&row.object_type, row.object_id), "idempotency", "object_type", &row.object_type)?;
        Ok(Done { digest: row.digest, object })
    })
    .transpose()
}

/// Keeps the key with the write that it names and says whether it was free. Another writer with the same key waits here
/// until the first has committed or given up.
pub async fn claim(writer: &Writer, id: Uuid, key: Key<'_>, done: &Done, at: Instant) -> Result<bool, Error> {
    let row = ActiveModel {
        id: Set(id),
        holder: Set(key.holder),
        act: Set(key.act.to_owned()),
        key: Set(key.key.to_owned()),
        digest: Set(done.digest.clone()),
        object_type: Set(done.object.prefix().to_owned()),
        object_id: Set(done.object.uuid()),
        at: Set(at),
    };
    let taken = OnConflict::columns([Column::Holder, Column::Act, Column::Key]).do_nothing().to_owned();
    match Entity::insert(row).on_conflict(taken).exec_without_returning(&writer.exec()).await {
        Ok(rows) => Ok(rows > 0),
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(crate::error::from_db(error)),
    }
}

/// The ids of some keys from before `at`.
pub async fn list_before(session: &dyn Session, at: Instant, most: u64) -> Result<Vec<Uuid>, Error> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::At.lt(at)).limit(most);
    query.into_tuple().all(&session.exec()).await.or_fail()
}

/// Forgets these keys; says how many there were.
pub async fn delete_many(writer: &Writer, ids: Vec<Uuid>) -> Result<u64, Error> {
    Ok(Entity::delete_many().filter(Column::Id.is_in(ids)).exec(&writer.exec()).await.or_fail()?.rows_affected)
}
