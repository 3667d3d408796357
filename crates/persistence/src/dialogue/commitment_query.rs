//! Commitments by who may read them: rows, counts and filters obey one condition.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, WindowStatement},
};
use tertulia_domain::{
    Error,
    dialogue::{Commitment, CommitmentFilter, CommitmentStatus},
    id::{CommitmentId, DialogueId, Id, MeetingId},
    page::{Page, PageRequest, Position},
    policy::DialogueSight,
};

use super::{
    agenda,
    commitment::{Column, Entity, Model, made_to},
    commitment_act, meeting, reach,
};
use crate::{
    error::OrFail,
    keyset::{self, Key, Sort},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

/// The commitments that a caller sees: those that one of his organisations made or was made; those of meetings that he reads, and
/// where one was made at a point of the agenda, only if he reads the point too. What was never promised is for those at the table.
fn seen(sight: &DialogueSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let item = agenda::Entity::find()
        .select_only()
        .column(agenda::Column::Id)
        .filter(column(agenda::Column::Id).eq(column(Column::AgendaItemId)))
        .filter(agenda::seen(sight));
    let reads_point = Condition::any().add(Column::AgendaItemId.is_null()).add(Expr::exists(item.into_query()));
    let was_promised = commitment_act::Entity::find()
        .select_only()
        .column(commitment_act::Column::Id)
        .filter(column(commitment_act::Column::CommitmentId).eq(column(Column::Id)))
        .filter(commitment_act::Column::Status.eq(CommitmentStatus::Accepted.as_str()));
    let at_the_table = Condition::any().add(Expr::exists(was_promised.into_query())).add(reach::takes_part(sight, Column::MeetingId));
    Condition::any()
        .add(Column::CommittedBy.is_in(sight.organisations().iter().map(|id| id.uuid())))
        .add(column(Column::Id).in_subquery(made_to(sight.organisations().iter().copied())))
        .add(Condition::all().add(reach::reads(sight, Column::MeetingId)).add(reads_point).add(at_the_table))
}

fn column(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}

/// The meetings of a dialogue, as ids.
fn meetings_of(dialogue: DialogueId) -> SelectStatement {
    let of_it = meeting::Column::DialogueId.eq(dialogue.uuid());
    meeting::Entity::find().select_only().column(meeting::Column::Id).filter(of_it).into_query()
}

fn limited(sight: &DialogueSight, filter: &CommitmentFilter) -> Condition {
    let ids = |column: Column, ids: Vec<Uuid>| (!ids.is_empty()).then(|| column.is_in(ids));
    let statuses: Vec<&str> = filter.statuses.iter().map(|status| status.as_str()).collect();
    let overdue = filter.overdue.map(|(today, wanted)| {
        let owed = Column::Status.is_in(CommitmentStatus::OWED.map(CommitmentStatus::as_str));
        let overdue = Condition::all().add(owed).add(Column::DueOn.lt(today));
        if wanted { overdue } else { overdue.not() }
    });
    Condition::all()
        .add(seen(sight))
        .add_option(ids(Column::CommittedBy, filter.committed_by.iter().copied().map(Id::uuid).collect()))
        .add_option((!filter.to_whom.is_empty()).then(|| column(Column::Id).in_subquery(made_to(filter.to_whom.iter().copied()))))
        .add_option(ids(Column::MeetingId, filter.meetings.iter().copied().map(Id::uuid).collect()))
        .add_option(filter.dialogue.map(|dialogue| column(Column::MeetingId).in_subquery(meetings_of(dialogue))))
        .add_option((!statuses.is_empty()).then(|| Column::Status.is_in(statuses)))
        .add_option(filter.due_from.map(|day| Column::DueOn.gte(day)))
        .add_option(filter.due_to.map(|day| Column::DueOn.lt(day)))
        .add_option(overdue)
}

/// The commitment of that id, if the caller sees it.
pub async fn find(session: &dyn Session, sight: &DialogueSight, id: CommitmentId) -> Result<Option<Commitment>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(seen(sight)).one(&session.exec()).await.or_fail()?;
    row.map(Commitment::try_from).transpose()
}

/// The same, held so that nobody else changes it before this transaction ends. On SQLite there is one writer anyway.
pub async fn hold(writer: &Writer, sight: &DialogueSight, id: CommitmentId) -> Result<Option<Commitment>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(seen(sight)).held().one(&writer.exec()).await.or_fail()?;
    row.map(Commitment::try_from).transpose()
}

/// Those of the commitments of these ids that the caller sees, in any order.
pub async fn find_many(session: &dyn Session, sight: &DialogueSight, ids: &[CommitmentId]) -> Result<Vec<Commitment>, Error> {
    let ids = Column::Id.is_in(ids.iter().map(|id| id.uuid()));
    let rows = Entity::find().filter(ids).filter(seen(sight)).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Commitment::try_from).collect()
}

fn position(row: &Model) -> Position {
    Position { key: row.due_on.to_string(), id: row.id }
}

/// A page of the commitments that the caller sees, by the day on which they are due.
pub async fn list(
    session: &dyn Session,
    sight: &DialogueSight,
    filter: &CommitmentFilter,
    descending: bool,
    request: &PageRequest,
) -> Result<Page<Commitment>, Error> {
    let sort = Sort { key: Column::DueOn, kind: Key::Day, id: Column::Id, descending };
    let query = Entity::find().filter(limited(sight, filter));
    keyset::page(session, query, sort, request, position).await?.try_map(Commitment::try_from)
}

/// How many commitments the caller sees.
pub async fn count(session: &dyn Session, sight: &DialogueSight, filter: &CommitmentFilter) -> Result<u64, Error> {
    Entity::find().filter(limited(sight, filter)).count(&session.exec()).await.or_fail()
}

/// The first `most` commitments of each of these meetings, in one statement, each with its position in its meeting's list.
pub async fn first_of_each(
    session: &dyn Session,
    sight: &DialogueSight,
    meetings: &[MeetingId],
    most: u64,
) -> Result<Vec<(Position, Commitment)>, Error> {
    let mut window = WindowStatement::partition_by(Column::MeetingId);
    window.order_by(Column::DueOn, Order::Asc).order_by(Column::Id, Order::Asc);
    let filter = CommitmentFilter { meetings: meetings.to_vec(), ..CommitmentFilter::default() };
    let mut ranked = Entity::find().select_only().column(Column::Id).filter(limited(sight, &filter)).into_query();
    ranked.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
    let chosen =
        Query::select().column(Alias::new("id")).from_subquery(ranked, "ranked").and_where(Expr::col(Alias::new("place")).lte(most)).take();
    let rows = Entity::find()
        .filter(column(Column::Id).in_subquery(chosen))
        .order_by_asc(Column::DueOn)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|row| Ok((position(&row), Commitment::try_from(row)?))).collect()
}

/// How many commitments each of these meetings has; one without any does not occur.
pub async fn count_of_each(session: &dyn Session, sight: &DialogueSight, meetings: &[MeetingId]) -> Result<Vec<(MeetingId, u64)>, Error> {
    let filter = CommitmentFilter { meetings: meetings.to_vec(), ..CommitmentFilter::default() };
    let rows: Vec<(Option<Uuid>, i64)> = Entity::find()
        .select_only()
        .column(Column::MeetingId)
        .column_as(Column::Id.count(), "commitments")
        .filter(limited(sight, &filter))
        .group_by(Column::MeetingId)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(rows.into_iter().filter_map(|(id, count)| Some((Id::new(id?), count.unsigned_abs()))).collect())
}
