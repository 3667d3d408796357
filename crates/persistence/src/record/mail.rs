//! Mail on its way: written with the act that causes it, deleted when it has left.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, LockBehavior, LockType},
};
use tertulia_domain::{Error, time::Instant};

use crate::{
    error::OrFail,
    json,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) sealed: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) attempts: i64,
    pub(crate) next_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The message's id.
    pub id: Uuid,
    /// The message, sealed.
    pub sealed: Vec<u8>,
    /// How often sending it has begun.
    pub attempts: u32,
    /// Since when it waits.
    pub created_at: Instant,
}

/// Adds messages, in one statement.
pub async fn insert(writer: &Writer, messages: &[(Uuid, Vec<u8>)], at: Instant) -> Result<(), Error> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(messages.len());
    for (id, sealed) in messages {
        let sealed = json::encode(sealed)?;
        rows.push(ActiveModel { id: Set(*id), sealed: Set(sealed), created_at: Set(at), attempts: Set(0), next_at: Set(at) });
    }
    Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Whether a message is due at `now`.
pub async fn is_due(session: &dyn Session, now: Instant) -> Result<bool, Error> {
    Ok(Entity::find().filter(Column::NextAt.lte(now)).one(&session.exec()).await.or_fail()?.is_some())
}

/// How many messages have not left, and since when the oldest waits.
pub async fn waiting(session: &dyn Session) -> Result<(u64, Option<Instant>), Error> {
    let oldest = Entity::find().select_only().column(Column::CreatedAt).order_by_asc(Column::CreatedAt);
    let oldest = oldest.into_tuple().one(&session.exec()).await.or_fail()?;
    Ok((Entity::find().count(&session.exec()).await.or_fail()?, oldest))
}

/// Takes a message that is due at `now`, and puts off its next attempt to `next`, given how often it was tried. Several
/// servers may take at once; none waits for another.
pub async fn take(writer: &Writer, now: Instant, next: impl Fn(u32) -> Instant) -> Result<Option<Waiting>, Error> {
    let due = Entity::find().filter(Column::NextAt.lte(now)).order_by_asc(Column::NextAt).limit(1);
    let Some(row) = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(&writer.exec()).await.or_fail()? else {
        return Ok(None);
    };
    let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX).saturating_add(1);
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::val(i64::from(attempts)))
        .col_expr(Column::NextAt, Expr::val(next(attempts)))
        .filter(Column::Id.eq(row.id))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(Some(Waiting { id: row.id, sealed: json::decode(&row.sealed, "mail", "sealed")?, attempts, created_at: row.created_at }))
}

/// Forgets a message that has left or was given up.
pub async fn delete(writer: &Writer, id: Uuid) -> Result<(), Error> {
    Entity::delete_by_id(id).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Some messages on their way behind `after`, by their ids.
pub async fn list(session: &dyn Session, after: Option<Uuid>, limit: u64) -> Result<Vec<Waiting>, Error> {
    let query = Entity::find().order_by_asc(Column::Id).limit(limit);
    let query = match after {
        Some(after) => query.filter(Column::Id.gt(after)),
        None => query,
    };
    let waiting = |row: Model| {
        let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
        Ok(Waiting { id: row.id, sealed: json::decode(&row.sealed, "mail", "sealed")?, attempts, created_at: row.created_at })
    };
    query.all(&session.exec()).await.or_fail()?.into_iter().map(waiting).collect()
}
