//! Locks of organisations. One that has ended stays, for the history.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, Query, SimpleExpr},
};
use tertulia_domain::{
    Error,
    id::{Id, OrganisationId},
    identity::organisation_lock::{OrganisationLock, Word},
};

use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_lock")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) locked_at: DateTimeUtc,
    pub(crate) locked_by: Option<Uuid>,
    pub(crate) reason: String,
    pub(crate) proposed_at: Option<DateTimeUtc>,
    pub(crate) proposed_by: Option<Uuid>,
    pub(crate) proposed_reason: Option<String>,
    pub(crate) unlocked_at: Option<DateTimeUtc>,
    pub(crate) unlocked_by: Option<Uuid>,
    pub(crate) unlocked_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

fn word(at: Option<DateTimeUtc>, person: Option<Uuid>, reason: Option<String>) -> Option<Word> {
    Some(Word { at: at?, person: person.map(Id::new), reason: reason? })
}

impl From<Model> for OrganisationLock {
    fn from(row: Model) -> Self {
        Self {
            organisation: Id::new(row.organisation_id),
            locked: Word { at: row.locked_at, person: row.locked_by.map(Id::new), reason: row.reason },
            proposed: word(row.proposed_at, row.proposed_by, row.proposed_reason),
            unlocked: word(row.unlocked_at, row.unlocked_by, row.unlocked_reason),
        }
    }
}

/// Whether the organisation named in `column` is not locked.
pub(crate) fn is_open(column: impl IntoColumnRef) -> SimpleExpr {
    let of = |column: Column| (Alias::new("shut"), column);
    let shut = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, "shut")
        .and_where(Expr::col(of(Column::OrganisationId)).eq(Expr::col(column)))
        .and_where(Expr::col(of(Column::UnlockedAt)).is_null())
        .take();
    Expr::exists(shut).not()
}

/// The locks that last on these organisations.
pub async fn find_many(session: &dyn Session, organisations: &[OrganisationId]) -> Result<Vec<OrganisationLock>, Error> {
    if organisations.is_empty() {
        return Ok(Vec::new());
    }
    let of = Column::OrganisationId.is_in(organisations.iter().map(|id| id.uuid()));
    let rows = Entity::find().filter(of).filter(Column::UnlockedAt.is_null()).all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(OrganisationLock::from).collect())
}

/// The last lock of an organisation, whether it lasts or not.
pub async fn last(session: &dyn Session, organisation: OrganisationId) -> Result<Option<OrganisationLock>, Error> {
    let of = Entity::find().filter(Column::OrganisationId.eq(organisation.uuid()));
    let last = of.order_by_desc(Column::LockedAt).order_by_desc(Column::Id).limit(1);
    Ok(last.one(&session.exec()).await.or_fail()?.map(OrganisationLock::from))
}

/// Keeps a lock that begins.
pub async fn insert(writer: &Writer, id: Uuid, lock: &OrganisationLock) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(id),
        organisation_id: Set(lock.organisation.uuid()),
        locked_at: Set(lock.locked.at),
        locked_by: Set(lock.locked.person.map(Id::uuid)),
        reason: Set(lock.locked.reason.clone()),
        proposed_at: Set(None),
        proposed_by: Set(None),
        proposed_reason: Set(None),
        unlocked_at: Set(None),
        unlocked_by: Set(None),
        unlocked_reason: Set(None),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps what can change of the lock that lasts on an organisation.
pub async fn update(writer: &Writer, lock: &OrganisationLock) -> Result<(), Error> {
    let (proposed, unlocked) = (lock.proposed.as_ref(), lock.unlocked.as_ref());
    Entity::update_many()
        .col_expr(Column::ProposedAt, Expr::val(proposed.map(|word| word.at)))
        .col_expr(Column::ProposedBy, Expr::val(proposed.and_then(|word| word.person.map(Id::uuid))))
        .col_expr(Column::ProposedReason, Expr::val(proposed.map(|word| word.reason.clone())))
        .col_expr(Column::UnlockedAt, Expr::val(unlocked.map(|word| word.at)))
        .col_expr(Column::UnlockedBy, Expr::val(unlocked.and_then(|word| word.person.map(Id::uuid))))
        .col_expr(Column::UnlockedReason, Expr::val(unlocked.map(|word| word.reason.clone())))
        .filter(Column::OrganisationId.eq(lock.organisation.uuid()))
        .filter(Column::UnlockedAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}
