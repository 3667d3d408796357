//! The points of agendas. Who sees a meeting sees its open points; the others by how near he is to the meeting.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    entity::prelude::*,
    sea_query::{IntoCondition, Order},
};
use tertulia_domain::{
    Error,
    dialogue::{AgendaItem, AgendaItemKind, AgendaVisibility, Attribution, Length},
    id::{AgendaItemId, Id, MeetingId},
    policy::DialogueSight,
};

use super::reach;
use crate::{
    cells::{Cells, FromCells, unread},
    error::OrFail,
    json,
    packed::{self, Columns, Packed},
    store::{Executes, Session, Writer},
};

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

/// What is read of a point, in the order in which [`AgendaItem`] reads it.
static READ: Columns<Column> = Columns::new(&[
    Packed::Id(Column::Id),
    Packed::Id(Column::MeetingId),
    Packed::Plain(Column::Position),
    Packed::Plain(Column::Titles),
    Packed::Plain(Column::Kind),
    Packed::Plain(Column::DurationMinutes),
    Packed::Plain(Column::Speakers),
    Packed::Plain(Column::Documents),
    Packed::Plain(Column::Visibility),
    Packed::Plain(Column::Attribution),
]);

impl FromCells for AgendaItem {
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr> {
        Ok(Self {
            id: Id::new(cells.next()?),
            meeting: Id::new(cells.next()?),
            position: cells.next()?,
            title: cells.json()?,
            kind: cells.word(AgendaItemKind::parse)?,
            length: cells.next::<Option<i64>>()?.map(Length::of_minutes).transpose().map_err(unread)?,
            speakers: cells.json()?,
            documents: cells.json()?,
            visibility: cells.word(AgendaVisibility::parse)?,
            attribution: cells.word(Attribution::parse)?,
        })
    }
}

/// The points of which `condition` holds, each agenda in its order.
async fn read(session: &dyn Session, condition: Condition) -> Result<Vec<AgendaItem>, Error> {
    let in_order = [Column::MeetingId, Column::Position].map(|column| (column, Order::Asc));
    packed::all(session, packed::of(Entity).cond_where(condition).order_by_columns(in_order).take(), &READ).await
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
    let of_meetings = Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid()));
    read(session, Condition::all().add(of_meetings).add(seen(sight))).await
}

/// The point of that id, if the caller reads it and its meeting.
pub async fn find(session: &dyn Session, sight: &DialogueSight, id: AgendaItemId) -> Result<Option<AgendaItem>, Error> {
    Ok(by_ids(session, sight, &[id]).await?.pop())
}

/// Those of the points of these ids that the caller reads, with their meetings.
pub async fn by_ids(session: &dyn Session, sight: &DialogueSight, ids: &[AgendaItemId]) -> Result<Vec<AgendaItem>, Error> {
    let of_ids = Column::Id.is_in(ids.iter().map(|id| id.uuid()));
    read(session, Condition::all().add(of_ids).add(reach::reads(sight, Column::MeetingId)).add(seen(sight))).await
}

/// The whole agenda of a meeting, for who sets it.
pub async fn whole(writer: &Writer, meeting: MeetingId) -> Result<Vec<AgendaItem>, Error> {
    read(writer, Column::MeetingId.eq(meeting.uuid()).into_condition()).await
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
