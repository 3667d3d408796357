//! Users. The password hash is a column of theirs, read and written by functions of its own and part of no other answer.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};
use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{
    Error,
    id::{Id, UserId},
    identity::User,
    text::EmailAddress,
    time::Instant,
};

use crate::{
    error::{OrFail, decoded},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_account")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password_hash: Option<String>,
    pub(crate) generated: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) password_set_at: Option<DateTimeUtc>,
    pub(crate) erased_at: Option<DateTimeUtc>,
}

// By hand, so that no log ever shows a hash.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("user_account").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for User {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            email: decoded(EmailAddress::parse(&row.email).ok(), "user_account", "email", "")?,
            name: row.name,
            created_at: row.created_at,
            password_set_at: row.password_set_at,
            generated: row.generated,
            erased_at: row.erased_at,
        })
    }
}

/// The user of that id.
pub async fn find(session: &dyn Session, id: UserId) -> Result<Option<User>, Error> {
    Entity::find_by_id(id.uuid()).one(&session.exec()).await.or_fail()?.map(User::try_from).transpose()
}

/// The user of that id. The row stays locked until the transaction ends.
pub async fn lock(writer: &Writer, id: UserId) -> Result<Option<User>, Error> {
    Entity::find_by_id(id.uuid()).held().one(&writer.exec()).await.or_fail()?.map(User::try_from).transpose()
}

/// The users of those ids, in any order. Who may see which of their fields is decided with each of them.
pub async fn find_many(session: &dyn Session, ids: &[UserId]) -> Result<Vec<User>, Error> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(User::try_from).collect()
}

/// The user who signs in by that address.
pub async fn find_by_email(session: &dyn Session, email: &EmailAddress) -> Result<Option<User>, Error> {
    Ok(credentials(session, email).await?.map(|(user, _)| user))
}

/// The user who signs in by that address, with the hash of the password, if one was set.
pub async fn credentials(session: &dyn Session, email: &EmailAddress) -> Result<Option<(User, Option<SecretString>)>, Error> {
    let row = Entity::find().filter(Column::Email.eq(email.as_str())).one(&session.exec()).await.or_fail()?;
    let Some(mut row) = row else { return Ok(None) };
    let hash = row.password_hash.take().map(SecretString::from);
    Ok(Some((User::try_from(row)?, hash)))
}

/// Whether there is no user at all.
pub async fn none(session: &dyn Session) -> Result<bool, Error> {
    Ok(Entity::find().one(&session.exec()).await.or_fail()?.is_none())
}

/// Adds a user without a password.
pub async fn insert(writer: &Writer, user: &User) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(user.id.uuid()),
        email: Set(user.email.as_str().to_owned()),
        name: Set(user.name.clone()),
        password_hash: Set(None),
        generated: Set(user.generated),
        created_at: Set(user.created_at),
        password_set_at: Set(user.password_set_at),
        erased_at: Set(user.erased_at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Sets the password, and the name by which the user wants to go.
pub async fn set_password(writer: &Writer, id: UserId, name: &str, hash: &SecretString, at: Instant) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::val(hash.expose_secret()))
        .col_expr(Column::PasswordSetAt, Expr::val(at))
        .col_expr(Column::Name, Expr::val(name))
        .filter(Column::Id.eq(id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Replaces the hash of the same password, if it still is `former`, by one of another cost.
pub async fn rehash(writer: &Writer, id: UserId, former: &SecretString, hash: &SecretString) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::val(hash.expose_secret()))
        .filter(Column::Id.eq(id.uuid()).and(Expr::col(Column::PasswordHash).eq(former.expose_secret())))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Keeps an account from which the person was taken out, with it the hash of the password.
pub async fn erase(writer: &Writer, erased: &User) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Email, Expr::val(erased.email.as_str()))
        .col_expr(Column::Name, Expr::val(erased.name.as_str()))
        .col_expr(Column::PasswordHash, Expr::val(None::<String>))
        .col_expr(Column::PasswordSetAt, Expr::val(erased.password_set_at))
        .col_expr(Column::ErasedAt, Expr::val(erased.erased_at))
        .filter(Column::Id.eq(erased.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}
