//! To whom letters about participations go: the person, or everybody of an organisation that has not named one.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, IntoCondition},
};
use tertulia_domain::{
    Error,
    dialogue::ParticipationStatus,
    id::{DialogueId, Id, MeetingId, ParticipationId},
    policy::Role,
    text::EmailAddress,
    time::Instant,
};

use super::{
    calendar_letter::Recipient,
    meeting,
    participation::{Column, Entity},
};
use crate::{
    error::{OrFail, decoded},
    identity::{membership, organisation_lock, user},
    store::Session,
};

/// Somebody to write to about a participation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The participation.
    pub participation: ParticipationId,
    /// The meeting.
    pub meeting: MeetingId,
    /// How far it has come.
    pub status: ParticipationStatus,
    /// To whom.
    pub to: Recipient,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    meeting_id: Uuid,
    organisation_id: Uuid,
    status: String,
    user_id: Uuid,
    email: String,
}

impl TryFrom<Row> for Guest {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let email = decoded(EmailAddress::parse(&row.email).ok(), "user_account", "email", "")?;
        Ok(Self {
            participation: Id::new(row.id),
            meeting: Id::new(row.meeting_id),
            status: decoded(ParticipationStatus::parse(&row.status), "participation", "status", &row.status)?,
            to: Recipient { user: Id::new(row.user_id), email, organisation: Id::new(row.organisation_id) },
        })
    }
}

async fn all(session: &dyn Session, query: Select<Entity>) -> Result<Vec<Guest>, Error> {
    let query = query
        .select_only()
        .columns([Column::Id, Column::MeetingId, Column::OrganisationId, Column::Status])
        .column_as(user::Column::Id, "user_id")
        .column(user::Column::Email)
        // Nobody of an organisation that is locked is written to.
        .filter(organisation_lock::is_open((Entity, Column::OrganisationId)))
        .order_by_asc(Column::Id)
        .order_by_asc(user::Column::Id);
    let rows: Vec<Row> = query.into_model().all(&session.exec()).await.or_fail()?;
    let mut found: Vec<Guest> = rows.into_iter().map(Guest::try_from).collect::<Result<_, _>>()?;
    // Who holds several roles in an organisation is written to once.
    found.dedup_by_key(|one| (one.participation, one.to.user));
    Ok(found)
}

fn persons() -> Select<Entity> {
    let person: RelationDef = Entity::belongs_to(user::Entity).from(Column::UserId).to(user::Column::Id).into();
    Entity::find().join(JoinType::InnerJoin, person)
}

/// The persons whom these meetings await, in their calendars: all who take part, but for who has not taken an offered seat.
pub async fn awaited(session: &dyn Session, meetings: &[MeetingId]) -> Result<Vec<Guest>, Error> {
    all(session, awaiting().filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))).await
}

/// The same for all meetings of a dialogue that begin after a moment.
pub async fn awaited_after(session: &dyn Session, dialogue: DialogueId, after: Instant) -> Result<Vec<Guest>, Error> {
    let of: RelationDef = Entity::belongs_to(meeting::Entity).from(Column::MeetingId).to(meeting::Column::Id).into();
    let query = awaiting().join(JoinType::InnerJoin, of).filter(meeting::Column::StartsAt.gt(after));
    all(session, query.filter(Column::DialogueId.eq(dialogue.uuid()))).await
}

fn awaiting() -> Select<Entity> {
    let statuses = ParticipationStatus::those(ParticipationStatus::is_awaited).map(ParticipationStatus::as_str);
    persons().filter(Column::Status.is_in(statuses))
}

/// The persons of these participations.
pub async fn of_persons(session: &dyn Session, participations: &[ParticipationId]) -> Result<Vec<Guest>, Error> {
    all(session, persons().filter(Column::Id.is_in(participations.iter().map(|id| id.uuid())))).await
}

/// For those of these participations that name nobody, everybody who can sign in and may answer for the organisation.
pub async fn of_members(session: &dyn Session, participations: &[ParticipationId]) -> Result<Vec<Guest>, Error> {
    let member: RelationDef = Entity::belongs_to(membership::Entity)
        .from(Column::OrganisationId)
        .to(membership::Column::OrganisationId)
        .on_condition(|_, right| Expr::col((right, membership::Column::EndedAt)).is_null().into_condition())
        .into();
    let person: RelationDef = membership::Entity::belongs_to(user::Entity).from(membership::Column::UserId).to(user::Column::Id).into();
    let query = Entity::find()
        .join(JoinType::InnerJoin, member)
        .join(JoinType::InnerJoin, person)
        .filter(Column::Id.is_in(participations.iter().map(|id| id.uuid())))
        .filter(Column::UserId.is_null())
        .filter(membership::Column::Role.ne(Role::Auditor.as_str()))
        .filter(user::Column::PasswordSetAt.is_not_null());
    all(session, query).await
}
