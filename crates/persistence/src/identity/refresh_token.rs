//! Refresh tokens, by their hashes.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement},
};
use tertulia_domain::{
    Error,
    id::{Id, RefreshTokenId, SessionId},
    identity::RefreshToken,
    time::Instant,
};

use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) token_hash: String,
    pub(crate) issued_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) successor_id: Option<Uuid>,
    pub(crate) voided_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for RefreshToken {
    fn from(row: Model) -> Self {
        Self {
            id: Id::new(row.id),
            session: Id::new(row.session_id),
            issued_at: row.issued_at,
            expires_at: row.expires_at,
            successor: row.successor_id.map(Id::new),
            voided_at: row.voided_at,
        }
    }
}

/// The session of the token with that hash.
pub async fn session_of(session: &dyn Session, hash: &str) -> Result<Option<SessionId>, Error> {
    let row = Entity::find().filter(Column::TokenHash.eq(hash)).one(&session.exec()).await.or_fail()?;
    Ok(row.map(|row| Id::new(row.session_id)))
}

/// The token with that hash, read after its session was locked.
pub async fn find_by_hash(writer: &Writer, hash: &str) -> Result<Option<RefreshToken>, Error> {
    Ok(Entity::find().filter(Column::TokenHash.eq(hash)).one(&writer.exec()).await.or_fail()?.map(RefreshToken::from))
}

/// The token of that id.
pub async fn find(session: &dyn Session, id: RefreshTokenId) -> Result<Option<RefreshToken>, Error> {
    Ok(Entity::find_by_id(id.uuid()).one(&session.exec()).await.or_fail()?.map(RefreshToken::from))
}

/// Adds a token.
pub async fn insert(writer: &Writer, token: &RefreshToken, hash: &str) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(token.id.uuid()),
        session_id: Set(token.session.uuid()),
        token_hash: Set(hash.to_owned()),
        issued_at: Set(token.issued_at),
        expires_at: Set(token.expires_at),
        successor_id: Set(token.successor.map(Id::uuid)),
        voided_at: Set(token.voided_at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps what can change of a token: its successor and that it is void.
pub async fn update(writer: &Writer, token: &RefreshToken) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::SuccessorId, Expr::val(token.successor.map(Id::uuid)))
        .col_expr(Column::VoidedAt, Expr::val(token.voided_at))
        .filter(Column::Id.eq(token.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// The tokens of sessions that can be presented from `at` on, as a part of a statement about sessions.
pub(super) fn good_from(at: Instant, session: impl IntoColumnRef) -> SelectStatement {
    let mut query = Query::select();
    query
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::SessionId)).equals(session))
        .and_where(Expr::col((Entity, Column::ExpiresAt)).gte(at));
    query
}

/// The tokens of a session, as a part of a statement about sessions.
pub(super) fn of_session(session: impl IntoColumnRef) -> SelectStatement {
    let mut query = Query::select();
    query.expr(Expr::val(1)).from(Entity).and_where(Expr::col((Entity, Column::SessionId)).equals(session));
    query
}

/// Removes some tokens of these sessions; says how many.
pub async fn delete_some_of(writer: &Writer, sessions: &[Uuid], most: u64) -> Result<u64, Error> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::SessionId.is_in(sessions.iter().copied())).limit(most);
    let ids: Vec<Uuid> = query.into_tuple().all(&writer.exec()).await.or_fail()?;
    Ok(Entity::delete_many().filter(Column::Id.is_in(ids)).exec(&writer.exec()).await.or_fail()?.rows_affected)
}
