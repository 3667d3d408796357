//! Sessions.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use tertulia_domain::{
    Error,
    id::{Id, OrganisationId, SessionId, UserId},
    identity::{self, session::SessionEnd},
    time::Instant,
};

use super::{membership, refresh_token};
use crate::{
    error::{OrFail, decoded},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) ended_at: Option<DateTimeUtc>,
    pub(crate) ended_why: Option<String>,
    pub(crate) wrote_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for identity::Session {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let why = row.ended_why.unwrap_or_default();
        let ended = row.ended_at.map(|at| Ok((at, decoded(SessionEnd::parse(&why), "session", "ended_why", &why)?)));
        Ok(Self {
            id: Id::new(row.id),
            user: Id::new(row.user_id),
            created_at: row.created_at,
            expires_at: row.expires_at,
            ended: ended.transpose()?,
        })
    }
}

/// The session of that id. The row stays locked until the transaction ends, so that a family of tokens is judged one at a time.
pub async fn lock(writer: &Writer, id: SessionId) -> Result<Option<identity::Session>, Error> {
    let row = Entity::find_by_id(id.uuid()).held().one(&writer.exec()).await.or_fail()?;
    row.map(identity::Session::try_from).transpose()
}

/// Adds a session.
pub async fn insert(writer: &Writer, session: &identity::Session) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(session.id.uuid()),
        user_id: Set(session.user.uuid()),
        created_at: Set(session.created_at),
        expires_at: Set(session.expires_at),
        ended_at: Set(session.ended.map(|(at, _)| at)),
        ended_why: Set(session.ended.map(|(_, why)| why.as_str().to_owned())),
        wrote_at: Set(Some(session.created_at)),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps that a session has ended.
pub async fn update(writer: &Writer, session: &identity::Session) -> Result<(), Error> {
    let Some((at, why)) = session.ended else { return Ok(()) };
    end(writer, Column::Id.eq(session.id.uuid()), why, at).await.map(drop)
}

/// Notes, with a write of the session, that it wrote at `at`.
pub async fn wrote(writer: &Writer, id: SessionId, at: Instant) -> Result<(), Error> {
    Entity::update_many().col_expr(Column::WroteAt, Expr::val(at)).filter(Column::Id.eq(id.uuid())).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Ends every session of a user.
pub async fn end_all(writer: &Writer, user: UserId, why: SessionEnd, at: Instant) -> Result<(), Error> {
    end(writer, Column::UserId.eq(user.uuid()), why, at).await.map(drop)
}

/// Ends every session of everybody who holds a membership in an organisation.
pub async fn end_all_of(writer: &Writer, organisation: OrganisationId, why: SessionEnd, at: Instant) -> Result<u64, Error> {
    let members = membership::Entity::find()
        .select_only()
        .column(membership::Column::UserId)
        .filter(membership::Column::OrganisationId.eq(organisation.uuid()))
        .filter(membership::Column::EndedAt.is_null())
        .into_query();
    end(writer, Column::UserId.in_subquery(members), why, at).await
}

async fn end(writer: &Writer, which: SimpleExpr, why: SessionEnd, at: Instant) -> Result<u64, Error> {
    let ended = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::val(at))
        .col_expr(Column::EndedWhy, Expr::val(why.as_str()))
        .filter(which)
        .filter(Column::EndedAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(ended.rows_affected)
}

/// The ids of some sessions that were over before `at`: at their end, before their time, or since nobody holds a refresh token
/// any more that continues them.
pub async fn list_over(session: &dyn Session, at: Instant, most: u64) -> Result<Vec<Uuid>, Error> {
    let abandoned = Expr::exists(refresh_token::good_from(at, (Entity, Column::Id))).not();
    let over = Condition::any().add(Column::ExpiresAt.lt(at)).add(Column::EndedAt.lt(at)).add(abandoned);
    let query = Entity::find().select_only().column(Column::Id).filter(over).limit(most);
    query.into_tuple().all(&session.exec()).await.or_fail()
}

/// Removes those of these sessions that have no refresh token left; says how many.
pub async fn delete_without_tokens(writer: &Writer, ids: Vec<Uuid>) -> Result<u64, Error> {
    let bare = Expr::exists(refresh_token::of_session((Entity, Column::Id))).not();
    let removed = Entity::delete_many().filter(Column::Id.is_in(ids)).filter(bare).exec(&writer.exec()).await.or_fail()?;
    Ok(removed.rows_affected)
}
