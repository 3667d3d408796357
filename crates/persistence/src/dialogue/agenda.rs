//! The points of agendas. Who sees a meeting sees its open points; the others by how near he is to the meeting.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, entity::prelude::*,
};
use tertulia_domain::{
    Error,
    dialogue::{AgendaItem, AgendaItemKind, AgendaVisibility, Attribution, Length},
    id::{AgendaItemId, Id, MeetingId},
    policy::DialogueSight,
};

use super::reach;
use crate::{
    cells::Cells,
    error::{OrFail, decoded},
    json,
    store::{Executes, Session, Writer},
};

const TABLE: &str = "agenda_item";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agenda_item")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) meeting_id: Uuid,
    pub(crate) position: i64,
    pub(crate) titles: String,
    pub(crate) kind: String,
    pub(crate) duration_minutes: Option<i64>,
    pub(crate) speakers: String,
    pub(crate) documents: String,
    pub(crate) visibility: String,
    pub(crate) attribution: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// A row of [`Entity`]'s own columns, read by place.
struct Row(Model);

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let mut cells = Cells::of(row);
        Ok(Self(Model {
            id: cells.next()?,
            meeting_id: cells.next()?,
            position: cells.next()?,
            titles: cells.next()?,
            kind: cells.next()?,
            duration_minutes: cells.next()?,
            speakers: cells.next()?,
            documents: cells.next()?,
            visibility: cells.next()?,
            attribution: cells.next()?,
        }))
    }
}

impl TryFrom<Row> for AgendaItem {
    type Error = Error;

    fn try_from(Row(row): Row) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            meeting: Id::new(row.meeting_id),
            position: row.position,
            title: json::decode(&row.titles, TABLE, "titles")?,
            kind: decoded(AgendaItemKind::parse(&row.kind), TABLE, "kind", &row.kind)?,
            length: row.duration_minutes.map(Length::of_minutes).transpose()?,
            speakers: json::decode(&row.speakers, TABLE, "speakers")?,
            documents: json::decode(&row.documents, TABLE, "documents")?,
            visibility: decoded(AgendaVisibility::parse(&row.visibility), TABLE, "visibility", &row.visibility)?,
            attribution: decoded(Attribution::parse(&row.attribution), TABLE, "attribution", &row.attribution)?,
        })
    }
}

/// The points that a caller reads of meetings that he is known to read.
pub(super) fn seen(sight: &DialogueSight) -> Condition {
    let only = |visibility: AgendaVisibility, near: Condition| Condition::all().add(Column::Visibility.eq(visibility.as_str())).add(near);
    if sight.everything() {
        return Condition::all();
    }
    let open = Condition::any().add(Column::Visibility.eq(AgendaVisibility::Open.as_str()));
    if sight.user().is_none() {
        return open;
    }
    open.add(only(AgendaVisibility::Internal, reach::takes_part(sight, Column::MeetingId)))
        .add(only(AgendaVisibility::Hidden, reach::organises(sight, Column::MeetingId)))
}

/// What the caller reads of the agendas of these meetings, which he is known to read, each in its order.
pub async fn find_many(session: &dyn Session, sight: &DialogueSight, meetings: &[MeetingId]) -> Result<Vec<AgendaItem>, Error> {
    let rows = Entity::find()
        .filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))
        .filter(seen(sight))
        .order_by_asc(Column::MeetingId)
        .order_by_asc(Column::Position)
        .into_model::<Row>()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(AgendaItem::try_from).collect()
}

/// The point of that id, if the caller reads it and its meeting.
pub async fn find(session: &dyn Session, sight: &DialogueSight, id: AgendaItemId) -> Result<Option<AgendaItem>, Error> {
    Ok(by_ids(session, sight, &[id]).await?.pop())
}

/// Those of the points of these ids that the caller reads, with their meetings.
pub async fn by_ids(session: &dyn Session, sight: &DialogueSight, ids: &[AgendaItemId]) -> Result<Vec<AgendaItem>, Error> {
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(reach::reads(sight, Column::MeetingId))
        .filter(seen(sight))
        .into_model::<Row>()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(AgendaItem::try_from).collect()
}

/// The whole agenda of a meeting, for who sets it.
pub async fn whole(writer: &Writer, meeting: MeetingId) -> Result<Vec<AgendaItem>, Error> {
    let query = Entity::find().filter(Column::MeetingId.eq(meeting.uuid())).order_by_asc(Column::Position);
    let rows = query.into_model::<Row>().all(&writer.exec()).await.or_fail()?;
    rows.into_iter().map(AgendaItem::try_from).collect()
}

/// Adds the points of an agenda.
pub async fn insert(writer: &Writer, items: &[AgendaItem]) -> Result<(), Error> {
    if items.is_empty() {
        return Ok(());
    }
    let row = |item: &AgendaItem| {
        Ok(ActiveModel {
            id: Set(item.id.uuid()),
            meeting_id: Set(item.meeting.uuid()),
            position: Set(item.position),
            titles: Set(json::encode(&item.title)?),
            kind: Set(item.kind.to_string()),
            duration_minutes: Set(item.length.map(Length::minutes)),
            speakers: Set(json::encode(&item.speakers)?),
            documents: Set(json::encode(&item.documents)?),
            visibility: Set(item.visibility.to_string()),
            attribution: Set(item.attribution.to_string()),
        })
    };
    let rows = items.iter().map(row).collect::<Result<Vec<_>, Error>>()?;
    Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Puts these points in the place of all that the meeting had.
pub async fn replace(writer: &Writer, meeting: MeetingId, items: &[AgendaItem]) -> Result<(), Error> {
    Entity::delete_many().filter(Column::MeetingId.eq(meeting.uuid())).exec(&writer.exec()).await.or_fail()?;
    insert(writer, items).await
}
