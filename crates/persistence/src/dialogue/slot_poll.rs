//! Polls about slots, and what people answer. A caller sees the polls of dialogues to which one of his organisations belongs, and of
//! meetings in which he takes part.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};
use tertulia_domain::{
    Error,
    dialogue::{
        Length, MeetingStatus,
        slot_poll::{SlotPoll, SlotPollFilter, SlotPollStatus},
    },
    id::{Id, MeetingId, SlotPollId},
    page::{Page, PageRequest, Position},
    policy::ParticipationSight,
};

use super::{participation_query::own_meetings, party};
use crate::{
    error::{OrFail, decoded},
    json,
    keyset::{self, Key, Sort, instant_key},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "slot_poll";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "slot_poll")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) dialogue_id: Uuid,
    pub(crate) meeting_id: Option<Uuid>,
    pub(crate) candidates: String,
    pub(crate) duration_minutes: i64,
    pub(crate) closes_at: DateTimeUtc,
    pub(crate) status: String,
    pub(crate) status_before: String,
    pub(crate) chosen: Option<i64>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for SlotPoll {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            dialogue: Id::new(row.dialogue_id),
            meeting: row.meeting_id.map(Id::new),
            candidates: json::decode(&row.candidates, TABLE, "candidates")?,
            length: Length::of_minutes(row.duration_minutes)?,
            closes_at: row.closes_at,
            status: decoded(SlotPollStatus::parse(&row.status), TABLE, "status", &row.status)?,
            status_before: decoded(MeetingStatus::parse(&row.status_before), TABLE, "status_before", &row.status_before)?,
            chosen: row.chosen.and_then(|place| usize::try_from(place).ok()),
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

fn row(poll: &SlotPoll) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(poll.id.uuid()),
        dialogue_id: Set(poll.dialogue.uuid()),
        meeting_id: Set(poll.meeting.map(Id::uuid)),
        candidates: Set(json::encode(&poll.candidates)?),
        duration_minutes: Set(poll.length.minutes()),
        closes_at: Set(poll.closes_at),
        status: Set(poll.status.to_string()),
        status_before: Set(poll.status_before.to_string()),
        chosen: Set(poll.chosen.and_then(|place| i64::try_from(place).ok())),
        created_at: Set(poll.created_at),
        updated_at: Set(poll.updated_at),
        version: Set(poll.version),
    })
}

/// Which rows the caller sees.
fn seen(sight: &ParticipationSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let column = |column: Column| Expr::col(column.as_column_ref());
    let mut any = Condition::any();
    any = any.add(column(Column::DialogueId).in_subquery(party::dialogues_of(sight.organisations())));
    if sight.user().is_some() {
        any = any.add(column(Column::MeetingId).in_subquery(own_meetings(sight)));
    }
    any
}

fn limited(sight: &ParticipationSight, filter: &SlotPollFilter) -> Condition {
    let mut all = Condition::all().add(seen(sight));
    if let Some(dialogue) = filter.dialogue {
        all = all.add(Column::DialogueId.eq(dialogue.uuid()));
    }
    if let Some(meeting) = filter.meeting {
        all = all.add(Column::MeetingId.eq(meeting.uuid()));
    }
    if !filter.statuses.is_empty() {
        all = all.add(Column::Status.is_in(filter.statuses.iter().map(|status| status.as_str())));
    }
    all
}

/// The poll of that id, if the caller sees it.
pub async fn find(session: &dyn Session, sight: &ParticipationSight, id: SlotPollId) -> Result<Option<SlotPoll>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(seen(sight)).one(&session.exec()).await.or_fail()?;
    row.map(SlotPoll::try_from).transpose()
}

/// Those of the polls of these ids that the caller sees, in any order.
pub async fn find_many(session: &dyn Session, sight: &ParticipationSight, ids: &[SlotPollId]) -> Result<Vec<SlotPoll>, Error> {
    let query = Entity::find().filter(seen(sight)).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    query.all(&session.exec()).await.or_fail()?.into_iter().map(SlotPoll::try_from).collect()
}

/// The open poll about each of these meetings, as far as the caller sees it.
pub async fn open_of(
    session: &dyn Session,
    sight: &ParticipationSight,
    meetings: &[MeetingId],
) -> Result<HashMap<MeetingId, SlotPoll>, Error> {
    let rows = Entity::find()
        .filter(seen(sight))
        .filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))
        .filter(Column::Status.eq(SlotPollStatus::Open.as_str()))
        .all(&session.exec())
        .await
        .or_fail()?;
    let polls = rows.into_iter().map(SlotPoll::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(polls.into_iter().filter_map(|poll| poll.meeting.map(|meeting| (meeting, poll))).collect())
}

/// A page of the polls that the caller sees, the newest first.
pub async fn list(
    session: &dyn Session,
    sight: &ParticipationSight,
    filter: &SlotPollFilter,
    request: &PageRequest,
) -> Result<Page<SlotPoll>, Error> {
    let sort = Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let query = Entity::find().filter(limited(sight, filter));
    let page = keyset::page(session, query, sort, request, |row: &Model| Position { key: instant_key(row.created_at), id: row.id }).await?;
    page.try_map(SlotPoll::try_from)
}

/// How many polls the caller sees.
pub async fn count(session: &dyn Session, sight: &ParticipationSight, filter: &SlotPollFilter) -> Result<u64, Error> {
    Entity::find().filter(limited(sight, filter)).count(&session.exec()).await.or_fail()
}

/// Adds a poll.
pub async fn insert(writer: &Writer, poll: &SlotPoll) -> Result<(), Error> {
    Entity::insert(row(poll)?).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Replaces the version before this one and says whether it was still the current one.
pub async fn update(writer: &Writer, poll: &SlotPoll) -> Result<bool, Error> {
    let done = Entity::update_many()
        .set(row(poll)?)
        .filter(Column::Id.eq(poll.id.uuid()))
        .filter(Column::Version.eq(poll.version - 1))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(done.rows_affected == 1)
}
