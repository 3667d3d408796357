//! Reminders that were sent, and whom to remind.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use tertulia_domain::{
    Error,
    dialogue::{Meeting, MeetingStatus, ParticipationStatus, reminder::ReminderLead},
    id::{Id, MeetingId, OrganisationId},
    policy::Role,
    text::EmailAddress,
    time::Instant,
};

use super::{meeting, participation};
use crate::{
    error::{OrFail, decoded},
    identity::{membership, organisation_lock, user},
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) meeting_id: Uuid,
    pub(crate) lead: String,
    pub(crate) starts_at: DateTimeUtc,
    pub(crate) sent_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Meetings that begin after `after` and not later than `to`, of which nobody was reminded so.
pub async fn due(session: &dyn Session, lead: ReminderLead, (after, to): (Instant, Instant), limit: u64) -> Result<Vec<Meeting>, Error> {
    let column = |column: Column| Expr::col(column.as_column_ref());
    let of = |column: meeting::Column| Expr::col(column.as_column_ref());
    let sent = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(column(Column::MeetingId).eq(of(meeting::Column::Id)))
        .filter(column(Column::StartsAt).eq(of(meeting::Column::StartsAt)))
        .filter(Column::Lead.eq(lead.as_str()));
    let rows = meeting::Entity::find()
        .filter(meeting::Column::StartsAt.gt(after))
        .filter(meeting::Column::StartsAt.lte(to))
        .filter(meeting::Column::Status.eq(MeetingStatus::Scheduled.as_str()))
        .filter(Expr::exists(sent.into_query()).not())
        .order_by_asc(meeting::Column::StartsAt)
        .order_by_asc(meeting::Column::Id)
        .limit(limit)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Meeting::try_from).collect()
}

/// Notes that a meeting is reminded of, and says whether it was not before.
pub async fn insert(writer: &Writer, id: Uuid, meeting: &Meeting, lead: ReminderLead, now: Instant) -> Result<bool, Error> {
    let row = ActiveModel {
        id: Set(id),
        meeting_id: Set(meeting.id.uuid()),
        lead: Set(lead.to_string()),
        starts_at: Set(meeting.starts_at),
        sent_at: Set(now),
    };
    let known = OnConflict::columns([Column::MeetingId, Column::Lead, Column::StartsAt]).do_nothing().to_owned();
    match Entity::insert(row).on_conflict(known).exec_without_returning(&writer.exec()).await {
        Ok(rows) => Ok(rows == 1),
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(crate::error::from_db(error)),
    }
}

/// Somebody to be reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Where mail reaches him.
    pub email: EmailAddress,
    /// The organisation for which he comes.
    pub organisation: OrganisationId,
    /// Whether he was asked and has not answered.
    pub unanswered: bool,
}

fn recipient((email, organisation, status): (String, Uuid, String)) -> Result<Recipient, Error> {
    Ok(Recipient {
        email: decoded(EmailAddress::parse(&email).ok(), "user_account", "email", "")?,
        organisation: Id::new(organisation),
        unanswered: status == ParticipationStatus::Invited.as_str(),
    })
}

/// Who takes part in a meeting, or is asked to.
pub async fn participants(session: &dyn Session, meeting: MeetingId) -> Result<Vec<Recipient>, Error> {
    let person: sea_orm::RelationDef =
        participation::Entity::belongs_to(user::Entity).from(participation::Column::UserId).to(user::Column::Id).into();
    let rows: Vec<(String, Uuid, String)> = participation::Entity::find()
        .select_only()
        .column(user::Column::Email)
        .columns([participation::Column::OrganisationId, participation::Column::Status])
        .join(JoinType::InnerJoin, person)
        .filter(participation::Column::MeetingId.eq(meeting.uuid()))
        .filter(
            participation::Column::Status
                .is_in(ParticipationStatus::those(ParticipationStatus::takes_part).map(ParticipationStatus::as_str)),
        )
        .order_by_asc(participation::Column::Id)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(recipient).collect()
}

/// Organisations that are asked to a meeting and have not named who comes.
pub async fn unnamed(session: &dyn Session, meeting: MeetingId) -> Result<Vec<OrganisationId>, Error> {
    let rows: Vec<Uuid> = participation::Entity::find()
        .select_only()
        .column(participation::Column::OrganisationId)
        .filter(participation::Column::MeetingId.eq(meeting.uuid()))
        .filter(participation::Column::UserId.is_null())
        .filter(participation::Column::Status.eq(ParticipationStatus::Invited.as_str()))
        .order_by_asc(participation::Column::Id)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(rows.into_iter().map(Id::new).collect())
}

/// The members of these organisations, but for auditors.
pub async fn members(session: &dyn Session, organisations: &[OrganisationId]) -> Result<Vec<Recipient>, Error> {
    let person: sea_orm::RelationDef =
        membership::Entity::belongs_to(user::Entity).from(membership::Column::UserId).to(user::Column::Id).into();
    let rows: Vec<(String, Uuid, String)> = membership::Entity::find()
        .select_only()
        .column(user::Column::Email)
        .columns([membership::Column::OrganisationId, membership::Column::Role])
        .join(JoinType::InnerJoin, person)
        .filter(membership::Column::OrganisationId.is_in(organisations.iter().map(|id| id.uuid())))
        .filter(membership::Column::EndedAt.is_null())
        .filter(membership::Column::Role.ne(Role::Auditor.as_str()))
        .filter(organisation_lock::is_open((membership::Entity, membership::Column::OrganisationId)))
        .order_by_asc(membership::Column::Id)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(recipient).collect()
}
