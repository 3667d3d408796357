//! Meetings. A caller sees the meetings of the dialogues that he sees.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, Func, OnConflict, Order, Query, WindowStatement},
};
use tertulia_domain::{
    Error,
    dialogue::{Admission, Length, Listed, Meeting, MeetingFilter, MeetingFormat, MeetingStatus},
    id::{DialogueId, Id, MeetingId},
    page::{Page, PageRequest, Position},
    policy::DialogueSight,
    text::WebUrl,
    time::{Instant, zone},
};

use super::{dialogue, party};
use crate::{
    error::{OrFail, decoded},
    json,
    keyset::{self, Key, Sort, instant_key},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

const TABLE: &str = "meeting";
/// Rows of one insert: SQLite takes 32,766 values a statement.
const BATCH: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) dialogue_id: Uuid,
    pub(crate) original_start: DateTime,
    pub(crate) titles: Option<String>,
    pub(crate) local_start: DateTime,
    pub(crate) time_zone: String,
    pub(crate) starts_at: DateTimeUtc,
    pub(crate) ends_at: DateTimeUtc,
    pub(crate) duration_minutes: i64,
    pub(crate) format: String,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) venue: Option<String>,
    pub(crate) join_url: Option<String>,
    pub(crate) working_languages: String,
    pub(crate) interpretation: String,
    pub(crate) put_off: bool,
    pub(crate) seats_in_person: Option<i64>,
    pub(crate) seats_online: Option<i64>,
    pub(crate) reserved_seats: String,
    pub(crate) registration: Option<String>,
    pub(crate) list_visibility: String,
    pub(crate) sequence: i64,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Meeting {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let join_url = row.join_url.as_deref().map(|text| decoded(WebUrl::parse(text).ok(), TABLE, "join_url", "")).transpose()?;
        Ok(Self {
            id: Id::new(row.id),
            dialogue: Id::new(row.dialogue_id),
            original_start: row.original_start,
            title: row.titles.as_deref().map(|text| json::decode(text, TABLE, "titles")).transpose()?,
            local_start: row.local_start,
            zone: decoded(zone(&row.time_zone).ok(), TABLE, "time_zone", &row.time_zone)?,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            length: Length::of_minutes(row.duration_minutes)?,
            format: decoded(MeetingFormat::parse(&row.format), TABLE, "format", &row.format)?,
            status: decoded(MeetingStatus::parse(&row.status), TABLE, "status", &row.status)?,
            reason: row.reason,
            venue: row.venue.as_deref().map(|text| json::decode(text, TABLE, "venue")).transpose()?,
            join_url,
            working_languages: json::decode(&row.working_languages, TABLE, "working_languages")?,
            put_off: row.put_off,
            interpretation: json::decode(&row.interpretation, TABLE, "interpretation")?,
            admission: Admission {
                in_person: row.seats_in_person,
                online: row.seats_online,
                reserved: json::decode(&row.reserved_seats, TABLE, "reserved_seats")?,
                registration: row
                    .registration
                    .as_deref()
                    .map(|text| json::decode(text, TABLE, "registration"))
                    .transpose()?
                    .unwrap_or_default(),
                list: decoded(Listed::parse(&row.list_visibility), TABLE, "list_visibility", &row.list_visibility)?,
            },
            sequence: row.sequence,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

fn row(meeting: &Meeting) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(meeting.id.uuid()),
        dialogue_id: Set(meeting.dialogue.uuid()),
        original_start: Set(meeting.original_start),
        titles: Set(meeting.title.as_ref().map(json::encode).transpose()?),
        local_start: Set(meeting.local_start),
        time_zone: Set(meeting.zone.name().to_owned()),
        starts_at: Set(meeting.starts_at),
        ends_at: Set(meeting.ends_at),
        duration_minutes: Set(meeting.length.minutes()),
        format: Set(meeting.format.to_string()),
        status: Set(meeting.status.to_string()),
        reason: Set(meeting.reason.clone()),
        venue: Set(meeting.venue.as_ref().map(json::encode).transpose()?),
        join_url: Set(meeting.join_url.as_ref().map(|url| url.as_str().to_owned())),
        working_languages: Set(json::encode(&meeting.working_languages)?),
        interpretation: Set(json::encode(&meeting.interpretation)?),
        put_off: Set(meeting.put_off),
        seats_in_person: Set(meeting.admission.in_person),
        seats_online: Set(meeting.admission.online),
        reserved_seats: Set(json::encode(&meeting.admission.reserved)?),
        registration: Set(Some(json::encode(&meeting.admission.registration)?)),
        list_visibility: Set(meeting.admission.list.to_string()),
        sequence: Set(meeting.sequence),
        created_at: Set(meeting.created_at),
        updated_at: Set(meeting.updated_at),
        version: Set(meeting.version),
    })
}

/// Which rows the caller sees under this filter.
fn limited(sight: &DialogueSight, filter: &MeetingFilter) -> Condition {
    let mut all = Condition::all();
    if !sight.everything() {
        let seen = dialogue::Entity::find().select_only().column(dialogue::Column::Id).filter(party::seen(sight)).into_query();
        all = all.add(Expr::col(Column::DialogueId).in_subquery(seen));
    }
    if let Some(from) = filter.starts_from {
        all = all.add(Column::StartsAt.gte(from));
    }
    if let Some(to) = filter.starts_to {
        all = all.add(Column::StartsAt.lt(to));
    }
    if let Some(at) = filter.upcoming_at {
        all = all.add(Column::EndsAt.gt(at)).add(Column::Status.ne(MeetingStatus::Cancelled.as_str()));
    }
    if !filter.dialogues.is_empty() {
        all = all.add(Column::DialogueId.is_in(filter.dialogues.iter().map(|id| id.uuid())));
    }
    if !filter.statuses.is_empty() {
        all = all.add(Column::Status.is_in(filter.statuses.iter().map(|status| status.as_str())));
    }
    all
}

fn seen(sight: &DialogueSight) -> Select<Entity> {
    Entity::find().filter(limited(sight, &MeetingFilter::default()))
}

/// The meeting of that id, if the caller sees it.
pub async fn find(session: &dyn Session, sight: &DialogueSight, id: MeetingId) -> Result<Option<Meeting>, Error> {
    let row = seen(sight).filter(Column::Id.eq(id.uuid())).one(&session.exec()).await.or_fail()?;
    row.map(Meeting::try_from).transpose()
}

/// The same, held until the transaction ends: whoever gives or frees seats of it at the same time waits. SQLite has one writer anyway.
pub async fn hold(writer: &Writer, sight: &DialogueSight, id: MeetingId) -> Result<Option<Meeting>, Error> {
    let row = seen(sight).filter(Column::Id.eq(id.uuid())).held().one(&writer.exec()).await.or_fail()?;
    row.map(Meeting::try_from).transpose()
}

/// Some meetings whose date stands or that are under way, and whose next moment has come at `now`; those that began first come first.
pub async fn passing(session: &dyn Session, now: Instant, limit: u64) -> Result<Vec<MeetingId>, Error> {
    let scheduled = Condition::all().add(Column::Status.eq(MeetingStatus::Scheduled.as_str())).add(Column::StartsAt.lte(now));
    let under_way = Condition::all()
        .add(Column::Status.eq(MeetingStatus::InProgress.as_str()))
        .add(Column::StartsAt.lte(now))
        .add(Column::EndsAt.lte(now));
    let query = Entity::find().select_only().column(Column::Id).filter(Condition::any().add(scheduled).add(under_way));
    let ids: Vec<Uuid> = query.order_by_asc(Column::StartsAt).limit(limit).into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// These meetings, held in one order until the transaction ends.
pub async fn hold_many(writer: &Writer, ids: &[MeetingId]) -> Result<Vec<Meeting>, Error> {
    let query = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).order_by_asc(Column::Id).held();
    query.all(&writer.exec()).await.or_fail()?.into_iter().map(Meeting::try_from).collect()
}

/// Gives meetings the status that time has brought. Their version stays: nobody edited them.
pub async fn pass(writer: &Writer, ids: &[MeetingId], status: MeetingStatus, now: Instant) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::Status, Expr::val(status.as_str()))
        .col_expr(Column::UpdatedAt, Expr::val(now))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Those of the meetings of these ids that the caller sees, in any order.
pub async fn find_many(session: &dyn Session, sight: &DialogueSight, ids: &[MeetingId]) -> Result<Vec<Meeting>, Error> {
    let rows = seen(sight).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Meeting::try_from).collect()
}

fn by_start(descending: bool) -> Sort<Column> {
    Sort { key: Column::StartsAt, kind: Key::Instant, id: Column::Id, descending }
}

fn position(row: &Model) -> Position {
    Position { key: instant_key(row.starts_at), id: row.id }
}

/// A page of the meetings that the caller sees, by the instant at which they begin.
pub async fn list(
    session: &dyn Session,
    sight: &DialogueSight,
    filter: &MeetingFilter,
    descending: bool,
    request: &PageRequest,
) -> Result<Page<Meeting>, Error> {
    let query = Entity::find().filter(limited(sight, filter));
    keyset::page(session, query, by_start(descending), request, position).await?.try_map(Meeting::try_from)
}

/// How many meetings the caller sees.
pub async fn count(session: &dyn Session, sight: &DialogueSight, filter: &MeetingFilter) -> Result<u64, Error> {
    Entity::find().filter(limited(sight, filter)).count(&session.exec()).await.or_fail()
}

/// The first `most` meetings of each dialogue in the filter, in one statement, each with its position in its dialogue's list.
pub async fn first_of_each(
    session: &dyn Session,
    sight: &DialogueSight,
    filter: &MeetingFilter,
    descending: bool,
    most: u64,
) -> Result<Vec<(Position, Meeting)>, Error> {
    let order = if descending { Order::Desc } else { Order::Asc };
    let mut window = WindowStatement::partition_by(Column::DialogueId);
    window.order_by(Column::StartsAt, order.clone()).order_by(Column::Id, order.clone());
    let mut ranked = Entity::find().select_only().column(Column::Id).filter(limited(sight, filter)).into_query();
    ranked.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
    let chosen =
        Query::select().column(Alias::new("id")).from_subquery(ranked, "ranked").and_where(Expr::col(Alias::new("place")).lte(most)).take();
    let rows = Entity::find()
        .filter(Expr::col(Column::Id).in_subquery(chosen))
        .order_by(Column::StartsAt, order.clone())
        .order_by(Column::Id, order)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|row| Ok((position(&row), Meeting::try_from(row)?))).collect()
}

/// How many meetings each dialogue of the filter has; a dialogue without any does not occur.
pub async fn count_of_each(session: &dyn Session, sight: &DialogueSight, filter: &MeetingFilter) -> Result<Vec<(DialogueId, u64)>, Error> {
    let rows: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::DialogueId)
        .column_as(Column::Id.count(), "meetings")
        .filter(limited(sight, filter))
        .group_by(Column::DialogueId)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(rows.into_iter().map(|(id, count)| (Id::new(id), count.unsigned_abs())).collect())
}

/// All meetings of these dialogues, in the order of their original dates: what a calendar is made from.
pub async fn for_calendar(session: &dyn Session, sight: &DialogueSight, dialogues: &[DialogueId]) -> Result<Vec<Meeting>, Error> {
    let filter = MeetingFilter { dialogues: dialogues.to_vec(), ..MeetingFilter::default() };
    let query = Entity::find().filter(limited(sight, &filter)).order_by_asc(Column::OriginalStart).order_by_asc(Column::Id);
    query.all(&session.exec()).await.or_fail()?.into_iter().map(Meeting::try_from).collect()
}

/// Lays out meetings; those whose dialogue and original date are there already stay as they are. Says how many were new.
pub async fn insert_missing(writer: &Writer, meetings: &[Meeting]) -> Result<u64, Error> {
    let mut new = 0;
    for meetings in meetings.chunks(BATCH) {
        let rows = meetings.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let known = OnConflict::columns([Column::DialogueId, Column::OriginalStart]).do_nothing().to_owned();
        match Entity::insert_many(rows).on_conflict(known).exec_without_returning(&writer.exec()).await {
            Ok(rows) => new += rows,
            Err(sea_orm::DbErr::RecordNotInserted) => {}
            Err(error) => return Err(crate::error::from_db(error)),
        }
    }
    Ok(new)
}

/// Replaces the version before this one and says whether it was still the current one.
pub async fn update(writer: &Writer, meeting: &Meeting) -> Result<bool, Error> {
    let done = Entity::update_many()
        .set(row(meeting)?)
        .filter(Column::Id.eq(meeting.id.uuid()))
        .filter(Column::Version.eq(meeting.version - 1))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(done.rows_affected == 1)
}
