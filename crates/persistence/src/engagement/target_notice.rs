//! Of which answers somebody was told that they are due soon or overdue, each moment once.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use tertulia_domain::{
    Error,
    engagement::target::Mark,
    id::{ContactId, Id},
    time::Instant,
};

use super::contact_row;
use crate::{
    error::{OrFail, decoded},
    identity::organisation_lock,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "target_notice")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) contact_id: Uuid,
    pub(crate) kind: String,
    pub(crate) due_at: DateTimeUtc,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// That the answer is due soon.
    DueSoon,
    /// That its time is over.
    Breached,
}

impl Notice {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::DueSoon => "DUE_SOON",
            Self::Breached => "BREACHED",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, Error> {
        let known = [Self::DueSoon, Self::Breached].into_iter().find(|notice| notice.word() == word);
        decoded(known, "later_notice", "kind", word)
    }
}

/// Some of the contacts whose answer is due so and of which nobody was told yet, what was due first first. For a body that is locked
/// nobody acts who could be told; he is told once it is unlocked.
pub async fn due(session: &dyn Session, notice: Notice, now: Instant, limit: u64) -> Result<Vec<ContactId>, Error> {
    use contact_row::Column as Contact;
    let of = |column: Contact| Expr::col(column.as_column_ref());
    let own = |column: Column| Expr::col(column.as_column_ref());
    let told = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(own(Column::ContactId).eq(of(Contact::Id)))
        .filter(Column::Kind.eq(notice.word()))
        .filter(own(Column::DueAt).eq(of(Contact::DueAt)));
    let time = match notice {
        Notice::DueSoon => Contact::DueAt.gt(now),
        Notice::Breached => Contact::DueAt.lte(now),
    };
    let ids: Vec<Uuid> = contact_row::Entity::find()
        .select_only()
        .column(Contact::Id)
        .filter(Contact::SoonAt.is_not_null())
        .filter(Contact::SoonAt.lte(now))
        .filter(Contact::TargetMark.eq(Mark::Pending.as_str()))
        .filter(time)
        .filter(organisation_lock::is_open((contact_row::Entity, Contact::ElectoralBodyId)))
        .filter(Expr::exists(told.into_query()).not())
        .order_by_asc(Contact::DueAt)
        .order_by_asc(Contact::Id)
        .limit(limit)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Notes that somebody is told so of a moment; says whether nobody was before.
pub async fn claim(writer: &Writer, id: Uuid, (of, due_at): (ContactId, Instant), notice: Notice, now: Instant) -> Result<bool, Error> {
    let row =
        ActiveModel { id: Set(id), contact_id: Set(of.uuid()), kind: Set(notice.word().to_owned()), due_at: Set(due_at), at: Set(now) };
    let known = OnConflict::columns([Column::ContactId, Column::Kind, Column::DueAt]).do_nothing().to_owned();
    match Entity::insert(row).on_conflict(known).exec_without_returning(&writer.exec()).await {
        Ok(rows) => Ok(rows == 1),
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(crate::error::from_db(error)),
    }
}
