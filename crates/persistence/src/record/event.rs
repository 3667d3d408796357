//! Events: written with the change they tell of, numbered after commit by the one dispatcher, read in order by everybody else.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*, sea_query::ValueTuple,
};
use tertulia_domain::{
    Error,
    id::{AnyId, EventId},
    record::event::{Event, RecordedEvent, Topic},
    time::Instant,
};

use crate::{
    error::{OrFail, decoded},
    portable::update_from_values,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) at: DateTimeUtc,
    pub(crate) topic: String,
    pub(crate) object_type: String,
    pub(crate) object_id: Uuid,
    pub(crate) seq: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for RecordedEvent {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            seq: row.seq.unwrap_or(0),
            topic: decoded(Topic::parse(&row.topic), "event", "topic", &row.topic)?,
            object: decoded(AnyId::from_parts(&row.object_type, row.object_id), "event", "object_type", &row.object_type)?,
            at: row.at,
        })
    }
}

/// Appends events not yet numbered, in one statement.
pub async fn insert(writer: &Writer, events: &[(EventId, &Event)], at: Instant) -> Result<(), Error> {
    let rows = events.iter().map(|(id, event)| ActiveModel {
        id: Set(id.uuid()),
        at: Set(at),
        topic: Set(event.topic.as_str().to_owned()),
        object_type: Set(event.object.prefix().to_owned()),
        object_id: Set(event.object.uuid()),
        seq: Set(None),
    });
    Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// The highest number given so far; 0 before the first.
pub async fn last_seq(session: &dyn Session) -> Result<i64, Error> {
    let last: Option<Option<i64>> =
        Entity::find().select_only().column_as(Column::Seq.max(), "last").into_tuple().one(&session.exec()).await.or_fail()?;
    Ok(last.flatten().unwrap_or(0))
}

/// Whether an event waits to be numbered.
pub async fn has_unnumbered(session: &dyn Session) -> Result<bool, Error> {
    Ok(Entity::find().filter(Column::Seq.is_null()).one(&session.exec()).await.or_fail()?.is_some())
}

/// When the oldest event happened that waits to be numbered.
pub async fn oldest_unnumbered(session: &dyn Session) -> Result<Option<Instant>, Error> {
    let waiting = Entity::find().select_only().column(Column::At).filter(Column::Seq.is_null()).order_by_asc(Column::At);
    waiting.into_tuple().one(&session.exec()).await.or_fail()
}

/// Numbers up to `limit` committed events in the order of their ids, following on from `last`; says how many. The caller
/// has taken the job.
pub async fn number(writer: &Writer, last: i64, limit: u64) -> Result<u64, Error> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Seq.is_null())
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(&writer.exec())
        .await
        .or_fail()?;
    if ids.is_empty() {
        return Ok(0);
    }
    let numbered = ids.into_iter().zip(last + 1..).map(|(id, number)| ValueTuple::Two(id.into(), number.into()));
    update_from_values(writer, Entity, Column::Id, &[Column::Seq], numbered.collect(), Condition::all()).await
}

/// The events numbered after `seq`, in order.
pub async fn after(session: &dyn Session, seq: i64, limit: u64) -> Result<Vec<RecordedEvent>, Error> {
    let rows = Entity::find().filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq).limit(limit).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(RecordedEvent::try_from).collect()
}
