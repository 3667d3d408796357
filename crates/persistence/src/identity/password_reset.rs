//! Requests to set a new password, by the hashes of their links' tokens.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, entity::prelude::*, sea_query::Expr};
use tertulia_domain::{
    Error,
    id::{Id, PasswordResetId, UserId},
    time::Instant,
};

use crate::{
    error::OrFail,
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_reset")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) token_hash: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// A request to set a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordReset {
    /// The request's id.
    pub id: PasswordResetId,
    /// Whose password.
    pub user: UserId,
    /// When it was asked for.
    pub created_at: Instant,
    /// Until when the link works, this instant excluded.
    pub expires_at: Instant,
}

fn open(hash: &str, now: Instant) -> Select<Entity> {
    Entity::find().filter(Column::TokenHash.eq(hash)).filter(Column::UsedAt.is_null()).filter(Column::ExpiresAt.gt(now))
}

/// The user whose link has that token, if it works at `now`.
pub async fn find(session: &dyn Session, hash: &str, now: Instant) -> Result<Option<UserId>, Error> {
    Ok(open(hash, now).one(&session.exec()).await.or_fail()?.map(|row| Id::new(row.user_id)))
}

/// As [`find`]; the row stays locked until the transaction ends.
pub async fn lock(writer: &Writer, hash: &str, now: Instant) -> Result<Option<UserId>, Error> {
    Ok(open(hash, now).held().one(&writer.exec()).await.or_fail()?.map(|row| Id::new(row.user_id)))
}

/// Adds a request.
pub async fn insert(writer: &Writer, reset: PasswordReset, hash: &str) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(reset.id.uuid()),
        user_id: Set(reset.user.uuid()),
        token_hash: Set(hash.to_owned()),
        created_at: Set(reset.created_at),
        expires_at: Set(reset.expires_at),
        used_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Makes every open link of a user void, the one just used included.
pub async fn use_up(writer: &Writer, user: UserId, at: Instant) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::val(at))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::UsedAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// The ids of some requests whose links stopped working before `at`.
pub async fn list_before(session: &dyn Session, at: Instant, most: u64) -> Result<Vec<Uuid>, Error> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::ExpiresAt.lt(at)).limit(most);
    query.into_tuple().all(&session.exec()).await.or_fail()
}

/// Removes these; says how many there were.
pub async fn delete_many(writer: &Writer, ids: Vec<Uuid>) -> Result<u64, Error> {
    Ok(Entity::delete_many().filter(Column::Id.is_in(ids)).exec(&writer.exec()).await.or_fail()?.rows_affected)
}
