//! Which commitments somebody is to be reminded of, each once for each kind of reminder.

use chrono::{Days, NaiveDate};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use tertulia_domain::{
    Error,
    dialogue::{Commitment, CommitmentStatus},
    id::CommitmentId,
    time::Instant,
};

use super::commitment;
use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment_reminder")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) commitment_id: Uuid,
    pub(crate) kind: String,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What somebody is reminded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// That the day is near.
    DueSoon,
    /// That the day is over.
    Overdue,
}

/// How many days before its day a commitment is due soon.
const SOON: u64 = 7;

impl Reminder {
    const fn word(self) -> &'static str {
        match self {
            Self::DueSoon => "DUE_SOON",
            Self::Overdue => "OVERDUE",
        }
    }

    /// Commitments whose day is so far away today.
    fn is_time(self, today: NaiveDate) -> Condition {
        let due = commitment::Column::DueOn;
        match self {
            Self::DueSoon => Condition::all().add(due.gte(today)).add(due.lte(today.checked_add_days(Days::new(SOON)).unwrap_or(today))),
            Self::Overdue => Condition::all().add(due.lt(today)),
        }
    }
}

/// Some of the commitments that are owed and of which nobody was reminded so yet.
pub async fn to_remind(session: &dyn Session, reminder: Reminder, today: NaiveDate, limit: u64) -> Result<Vec<Commitment>, Error> {
    let sent = Entity::find().select_only().column(Column::CommitmentId).filter(Column::Kind.eq(reminder.word())).into_query();
    let rows = commitment::Entity::find()
        .filter(commitment::Column::Status.is_in(CommitmentStatus::OWED.map(CommitmentStatus::as_str)))
        .filter(reminder.is_time(today))
        .filter(Expr::col(commitment::Column::Id.as_column_ref()).not_in_subquery(sent))
        .order_by_asc(commitment::Column::DueOn)
        .order_by_asc(commitment::Column::Id)
        .limit(limit)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Commitment::try_from).collect()
}

/// Notes that somebody is reminded so of a commitment; says whether nobody was before.
pub async fn claim_reminder(writer: &Writer, id: Uuid, of: CommitmentId, reminder: Reminder, at: Instant) -> Result<bool, Error> {
    let row = ActiveModel { id: Set(id), commitment_id: Set(of.uuid()), kind: Set(reminder.word().to_owned()), at: Set(at) };
    let known = OnConflict::columns([Column::CommitmentId, Column::Kind]).do_nothing().to_owned();
    match Entity::insert(row).on_conflict(known).exec_without_returning(&writer.exec()).await {
        Ok(rows) => Ok(rows == 1),
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(crate::error::from_db(error)),
    }
}
