//! Private calendar addresses, found by the hash of their secret.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, entity::prelude::*, sea_query::Expr};
use tertulia_domain::{
    Error,
    dialogue::{FeedScope, FeedToken},
    id::{FeedTokenId, Id, UserId},
    time::Instant,
};

use crate::{
    error::{OrFail, decoded},
    store::{Executes, Session, Writer},
};

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed_token")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) scope: String,
    pub(crate) dialogue_id: Option<Uuid>,
    pub(crate) organisation_id: Option<Uuid>,
    pub(crate) token_hash: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) last_used_at: Option<DateTimeUtc>,
    pub(crate) revoked_at: Option<DateTimeUtc>,
}

// By hand, so that no log ever shows a hash.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("feed_token").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for FeedToken {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            user: Id::new(row.user_id),
            scope: decoded(FeedScope::parse(&row.scope), "feed_token", "scope", &row.scope)?,
            dialogue: row.dialogue_id.map(Id::new),
            organisation: row.organisation_id.map(Id::new),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// The address of that id, if it is this user's.
pub async fn find(session: &dyn Session, owner: UserId, id: FeedTokenId) -> Result<Option<FeedToken>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(Column::UserId.eq(owner.uuid())).one(&session.exec()).await.or_fail()?;
    row.map(FeedToken::try_from).transpose()
}

/// The address whose secret has this hash. Whoever asks has shown the secret.
pub async fn find_by_hash(session: &dyn Session, hash: &str) -> Result<Option<FeedToken>, Error> {
    let row = Entity::find().filter(Column::TokenHash.eq(hash)).one(&session.exec()).await.or_fail()?;
    row.map(FeedToken::try_from).transpose()
}

/// A user's addresses, newest first.
pub async fn list(session: &dyn Session, owner: UserId) -> Result<Vec<FeedToken>, Error> {
    let rows = Entity::find().filter(Column::UserId.eq(owner.uuid())).order_by_desc(Column::Id).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(FeedToken::try_from).collect()
}

/// How many addresses in force a user has.
pub async fn count(session: &dyn Session, owner: UserId) -> Result<u64, Error> {
    let in_force = Entity::find().filter(Column::UserId.eq(owner.uuid())).filter(Column::RevokedAt.is_null());
    in_force.count(&session.exec()).await.or_fail()
}

/// Adds an address.
pub async fn insert(writer: &Writer, token: &FeedToken, hash: &str) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(token.id.uuid()),
        user_id: Set(token.user.uuid()),
        scope: Set(token.scope.to_string()),
        dialogue_id: Set(token.dialogue.map(Id::uuid)),
        organisation_id: Set(token.organisation.map(Id::uuid)),
        token_hash: Set(hash.to_owned()),
        created_at: Set(token.created_at),
        last_used_at: Set(token.last_used_at),
        revoked_at: Set(token.revoked_at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Takes an address out of use and says whether it was in use.
pub async fn revoke(writer: &Writer, id: FeedTokenId, at: Instant) -> Result<bool, Error> {
    let done = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::val(at))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::RevokedAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(done.rows_affected == 1)
}

/// Notes the day of a fetch.
pub async fn note_use(writer: &Writer, id: FeedTokenId, day: Instant) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::val(day))
        .filter(Column::Id.eq(id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}
