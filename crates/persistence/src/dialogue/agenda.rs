//! The points of agendas. Who sees a meeting sees its agenda.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    dialogue::{AgendaItem, Length},
    id::{Id, MeetingId},
};

use crate::{
    error::OrFail,
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
    pub(crate) duration_minutes: Option<i64>,
    pub(crate) speakers: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for AgendaItem {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            meeting: Id::new(row.meeting_id),
            position: row.position,
            title: json::decode(&row.titles, TABLE, "titles")?,
            length: row.duration_minutes.map(Length::of_minutes).transpose()?,
            speakers: json::decode(&row.speakers, TABLE, "speakers")?,
        })
    }
}

/// The agendas of these meetings, which the caller is known to see, each in its order.
pub async fn find_many(session: &dyn Session, meetings: &[MeetingId]) -> Result<Vec<AgendaItem>, Error> {
    let rows = Entity::find()
        .filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))
        .order_by_asc(Column::MeetingId)
        .order_by_asc(Column::Position)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(AgendaItem::try_from).collect()
}

/// Adds the points of an agenda, at least one.
pub async fn insert(writer: &Writer, items: &[AgendaItem]) -> Result<(), Error> {
    let row = |item: &AgendaItem| {
        Ok(ActiveModel {
            id: Set(item.id.uuid()),
            meeting_id: Set(item.meeting.uuid()),
            position: Set(item.position),
            titles: Set(json::encode(&item.title)?),
            duration_minutes: Set(item.length.map(Length::minutes)),
            speakers: Set(json::encode(&item.speakers)?),
        })
    };
    let rows = items.iter().map(row).collect::<Result<Vec<_>, Error>>()?;
    Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
