//! Events: the lines of the audit log as subscribers are told of them. A line is told once it is sealed, and its place in the chain is
//! the event's number.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*};
use tertulia_domain::{
    Error,
    id::AnyId,
    record::event::{RecordedEvent, Topic},
    time::Instant,
};

use super::audit::{Column, Entity};
use crate::{
    error::{OrFail, decoded},
    store::Session,
};

#[derive(FromQueryResult)]
struct Row {
    seq: i64,
    topic: String,
    object_type: String,
    object_id: Uuid,
    at: DateTimeUtc,
}

impl TryFrom<Row> for RecordedEvent {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            seq: row.seq,
            topic: decoded(Topic::parse(&row.topic), "audit_entry", "topic", &row.topic)?,
            object: decoded(AnyId::from_parts(&row.object_type, row.object_id), "audit_entry", "object_type", &row.object_type)?,
            at: row.at,
        })
    }
}

/// The highest number given so far; 0 before the first.
pub async fn last_seq(session: &dyn Session) -> Result<i64, Error> {
    let last: Option<Option<i64>> =
        Entity::find().select_only().column_as(Column::Seq.max(), "last").into_tuple().one(&session.exec()).await.or_fail()?;
    Ok(last.flatten().unwrap_or(0))
}

/// When the oldest event happened that waits to be numbered.
pub async fn oldest_unnumbered(session: &dyn Session) -> Result<Option<Instant>, Error> {
    let waiting = Entity::find().select_only().column(Column::At).filter(Column::Seq.is_null()).order_by_asc(Column::At);
    waiting.into_tuple().one(&session.exec()).await.or_fail()
}

fn numbered(seq: i64) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Seq, Column::Topic, Column::ObjectType, Column::ObjectId, Column::At])
        .filter(Column::Seq.gt(seq))
        .order_by_asc(Column::Seq)
}

async fn read(session: &dyn Session, query: Select<Entity>) -> Result<Vec<RecordedEvent>, Error> {
    query.into_model::<Row>().all(&session.exec()).await.or_fail()?.into_iter().map(RecordedEvent::try_from).collect()
}

/// The events numbered after `seq`, in order.
pub async fn after(session: &dyn Session, seq: i64, limit: u64) -> Result<Vec<RecordedEvent>, Error> {
    read(session, numbered(seq).filter(Column::Topic.is_not_null()).limit(limit)).await
}

/// The events of these topics numbered after `seq`, in order.
pub async fn after_of(session: &dyn Session, seq: i64, topics: &[Topic], limit: u64) -> Result<Vec<RecordedEvent>, Error> {
    read(session, numbered(seq).filter(Column::Topic.is_in(topics.iter().map(|topic| topic.as_str()))).limit(limit)).await
}
