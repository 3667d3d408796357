//! Participations: the rows, and what an act needs that holds the meeting. Lists by who may read them stand in `participation_query`.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{ExprTrait, OnConflict, SimpleExpr},
};
use tertulia_domain::{
    Error,
    dialogue::{
        CapacityRole, Listed, Participation, ParticipationMode, ParticipationStatus, Seats, participation::ActedBy, seats::Waiting,
    },
    id::{Id, MeetingId, OrganisationId, ParticipationId, UserId},
    time::Instant,
};

use super::meeting;
pub use super::participation_query::{
    comers, count, count_of_each, find, find_many, find_own, first_of_each, list, own_of_each, places, replies, taking_part, telling_roles,
};
use crate::{
    error::{OrFail, decoded},
    json,
    store::{Executes, Session, Writer},
};

const TABLE: &str = "participation";
/// Rows of one insert: SQLite takes 32,766 values a statement.
const BATCH: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participation")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) meeting_id: Uuid,
    pub(crate) dialogue_id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) role: String,
    pub(crate) status: String,
    pub(crate) mode: String,
    pub(crate) interpretation_needs: String,
    pub(crate) access_needs: Option<String>,
    pub(crate) listed: String,
    pub(crate) ticket: Option<i64>,
    pub(crate) offered_until: Option<DateTimeUtc>,
    pub(crate) acted_by: Option<Uuid>,
    pub(crate) acted_for: Option<Uuid>,
    pub(crate) attended_from: Option<DateTimeUtc>,
    pub(crate) attended_to: Option<DateTimeUtc>,
    pub(crate) generated: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

fn role(text: &str) -> Result<CapacityRole, Error> {
    decoded(CapacityRole::parse(text), TABLE, "role", text)
}

fn status(text: &str) -> Result<ParticipationStatus, Error> {
    decoded(ParticipationStatus::parse(text), TABLE, "status", text)
}

fn mode(text: &str) -> Result<ParticipationMode, Error> {
    decoded(ParticipationMode::parse(text), TABLE, "mode", text)
}

impl TryFrom<Model> for Participation {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let acted_by = row.acted_by.zip(row.acted_for);
        Ok(Self {
            id: Id::new(row.id),
            meeting: Id::new(row.meeting_id),
            dialogue: Id::new(row.dialogue_id),
            organisation: Id::new(row.organisation_id),
            person: row.user_id.map(Id::new),
            role: role(&row.role)?,
            status: status(&row.status)?,
            mode: mode(&row.mode)?,
            interpretation_needs: json::decode(&row.interpretation_needs, TABLE, "interpretation_needs")?,
            access_needs: row.access_needs,
            listed: decoded(Listed::parse(&row.listed), TABLE, "listed", &row.listed)?,
            ticket: row.ticket,
            offered_until: row.offered_until,
            acted_by: acted_by.map(|(user, organisation)| ActedBy { user: Id::new(user), organisation: Id::new(organisation) }),
            attended_from: row.attended_from,
            attended_to: row.attended_to,
            generated: row.generated,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

fn row(one: &Participation) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(one.id.uuid()),
        meeting_id: Set(one.meeting.uuid()),
        dialogue_id: Set(one.dialogue.uuid()),
        organisation_id: Set(one.organisation.uuid()),
        user_id: Set(one.person.map(Id::uuid)),
        role: Set(one.role.to_string()),
        status: Set(one.status.to_string()),
        mode: Set(one.mode.to_string()),
        interpretation_needs: Set(json::encode(&one.interpretation_needs)?),
        access_needs: Set(one.access_needs.clone()),
        listed: Set(one.listed.to_string()),
        ticket: Set(one.ticket),
        offered_until: Set(one.offered_until),
        acted_by: Set(one.acted_by.map(|by| by.user.uuid())),
        acted_for: Set(one.acted_by.map(|by| by.organisation.uuid())),
        attended_from: Set(one.attended_from),
        attended_to: Set(one.attended_to),
        generated: Set(one.generated),
        created_at: Set(one.created_at),
        updated_at: Set(one.updated_at),
        version: Set(one.version),
    })
}

/// A person's participation in a meeting that the caller holds.
pub async fn of_person(writer: &Writer, meeting: MeetingId, person: UserId) -> Result<Option<Participation>, Error> {
    let query = Entity::find().filter(Column::MeetingId.eq(meeting.uuid())).filter(Column::UserId.eq(person.uuid()));
    query.one(&writer.exec()).await.or_fail()?.map(Participation::try_from).transpose()
}

/// The invitations of these organisations to a meeting that name nobody yet, oldest first.
pub async fn unnamed(writer: &Writer, meeting: MeetingId, organisations: &[OrganisationId]) -> Result<Vec<Participation>, Error> {
    let rows = Entity::find()
        .filter(Column::MeetingId.eq(meeting.uuid()))
        .filter(Column::UserId.is_null())
        .filter(Column::OrganisationId.is_in(organisations.iter().map(|id| id.uuid())))
        .order_by_asc(Column::Id)
        .all(&writer.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Participation::try_from).collect()
}

/// The participations of these persons in a meeting that the caller holds.
pub async fn of_persons(writer: &Writer, meeting: MeetingId, persons: &[UserId]) -> Result<Vec<Participation>, Error> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        Entity::find().filter(Column::MeetingId.eq(meeting.uuid())).filter(Column::UserId.is_in(persons.iter().map(|id| id.uuid())));
    query.all(&writer.exec()).await.or_fail()?.into_iter().map(Participation::try_from).collect()
}

/// How many participations of each of these meetings have a status, by role and mode. A meeting without any does not occur.
pub async fn seats(session: &dyn Session, meetings: &[MeetingId]) -> Result<Vec<(MeetingId, Seats)>, Error> {
    let rows: Vec<(Uuid, String, String, String, i64)> = Entity::find()
        .select_only()
        .columns([Column::MeetingId, Column::Mode, Column::Role, Column::Status])
        .column_as(Column::Id.count(), "number")
        .filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))
        .group_by(Column::MeetingId)
        .group_by(Column::Mode)
        .group_by(Column::Role)
        .group_by(Column::Status)
        .order_by_asc(Column::MeetingId)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    let mut found: Vec<(MeetingId, Seats)> = Vec::new();
    for (meeting, at, of, is, number) in rows {
        let meeting = Id::new(meeting);
        if found.last().is_none_or(|(last, _)| *last != meeting) {
            found.push((meeting, Seats::default()));
        }
        if let Some((_, seats)) = found.last_mut() {
            seats.add(mode(&at)?, role(&of)?, status(&is)?, number);
        }
    }
    Ok(found)
}

/// Offered seats of a meeting that nobody took in time.
pub async fn lapsed(writer: &Writer, meeting: MeetingId, now: Instant) -> Result<Vec<Participation>, Error> {
    let rows = Entity::find()
        .filter(Column::MeetingId.eq(meeting.uuid()))
        .filter(Column::Status.eq(ParticipationStatus::Offered.as_str()))
        .filter(Column::OfferedUntil.lte(now))
        .order_by_asc(Column::Id)
        .all(&writer.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Participation::try_from).collect()
}

/// Some meetings in which an offered seat was not taken in time.
pub async fn with_lapsed(session: &dyn Session, now: Instant, limit: u64) -> Result<Vec<MeetingId>, Error> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::MeetingId)
        .distinct()
        .filter(Column::OfferedUntil.lte(now))
        .filter(Column::Status.eq(ParticipationStatus::Offered.as_str()))
        .limit(limit)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Who waits for a seat of a meeting, in the order of the queue.
pub async fn queue(writer: &Writer, meeting: MeetingId) -> Result<Vec<Waiting>, Error> {
    let rows: Vec<(Uuid, String, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Mode, Column::Role])
        .filter(Column::MeetingId.eq(meeting.uuid()))
        .filter(Column::Status.eq(ParticipationStatus::Waitlisted.as_str()))
        .order_by_asc(Column::Ticket)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&writer.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|(id, at, of)| Ok(Waiting { id: Id::new(id), mode: mode(&at)?, role: role(&of)? })).collect()
}

/// The next number of a meeting's queue; the caller holds the meeting.
pub async fn next_ticket(writer: &Writer, meeting: MeetingId) -> Result<i64, Error> {
    let last: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Column::Ticket.max(), "last")
        .filter(Column::MeetingId.eq(meeting.uuid()))
        .into_tuple()
        .one(&writer.exec())
        .await
        .or_fail()?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

/// Participations by their ids, in a meeting that the caller holds.
pub async fn held(writer: &Writer, ids: &[ParticipationId]) -> Result<Vec<Participation>, Error> {
    let query = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).order_by_asc(Column::Id);
    query.all(&writer.exec()).await.or_fail()?.into_iter().map(Participation::try_from).collect()
}

/// Adds participations.
pub async fn insert(writer: &Writer, new: &[Participation]) -> Result<(), Error> {
    for some in new.chunks(BATCH) {
        let rows = some.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Keeps what an act changed of participations, in one statement. The caller holds their meeting.
pub async fn update(writer: &Writer, changed: &[Participation]) -> Result<(), Error> {
    for some in changed.chunks(BATCH) {
        let rows = some.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let kept = OnConflict::column(Column::Id)
            .update_columns([
                Column::UserId,
                Column::Role,
                Column::Status,
                Column::Mode,
                Column::InterpretationNeeds,
                Column::AccessNeeds,
                Column::Listed,
                Column::Ticket,
                Column::OfferedUntil,
                Column::ActedBy,
                Column::ActedFor,
                Column::AttendedFrom,
                Column::AttendedTo,
                Column::UpdatedAt,
                Column::Version,
            ])
            .to_owned();
        Entity::insert_many(rows).on_conflict(kept).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Holds the meetings of some participations, so that no act that read one before keeps again what is about to be forgotten of it.
pub(crate) async fn hold_meetings(writer: &Writer, of: SimpleExpr) -> Result<(), Error> {
    let meetings = Entity::find().select_only().column(Column::MeetingId).distinct().filter(of);
    let meetings: Vec<Uuid> = meetings.into_tuple().all(&writer.exec()).await.or_fail()?;
    meeting::hold_many(writer, &meetings.into_iter().map(Id::new).collect::<Vec<_>>()).await.map(drop)
}

/// Some of the participations in meetings that ended before a moment of which it is still kept what somebody needs.
pub async fn with_needs(session: &dyn Session, before: Instant, limit: u64) -> Result<Vec<ParticipationId>, Error> {
    // Looked up for each need: there are few of them, and many meetings.
    let over = meeting::Entity::find()
        .select_only()
        .column(meeting::Column::Id)
        .filter(Expr::col((meeting::Entity, meeting::Column::Id)).equals((Entity, Column::MeetingId)))
        .filter(meeting::Column::EndsAt.lt(before));
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AccessNeeds.is_not_null())
        .filter(Expr::exists(over.into_query()))
        .limit(limit)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Forgets what somebody needs, of each of these participations.
pub async fn forget_needs(writer: &Writer, ids: &[ParticipationId], now: Instant) -> Result<(), Error> {
    hold_meetings(writer, Column::Id.is_in(ids.iter().map(|id| id.uuid()))).await?;
    let forgotten = Entity::update_many()
        .col_expr(Column::AccessNeeds, Expr::value(Option::<String>::None))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    forgotten.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
