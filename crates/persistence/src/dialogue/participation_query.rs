//! Participations by who may read them: rows, counts and filters obey one condition.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, OverStatement, Query, SelectStatement, SimpleExpr, WindowStatement},
};
use tertulia_domain::{
    Error,
    dialogue::{Listed, Participation, ParticipationFilter, ParticipationStatus},
    id::{Id, MeetingId, OrganisationId, ParticipationId},
    page::{Page, PageRequest, Position},
    policy::{DialogueSight, ParticipationSight},
    text::LanguageTag,
};

use super::{
    meeting,
    participation::{Column, Entity, Model},
    party, reach,
};
use crate::{
    error::OrFail,
    json,
    keyset::{self, Key, Sort, instant_key},
    store::Session,
};

const TABLE: &str = "participation";

fn of_status(holds: impl Fn(ParticipationStatus) -> bool) -> SimpleExpr {
    Column::Status.is_in(ParticipationStatus::those(holds).map(ParticipationStatus::as_str))
}

/// The meetings in which the caller takes part, as ids.
pub(super) fn own_meetings(sight: &ParticipationSight) -> SelectStatement {
    let user = sight.user().map(Id::uuid);
    let own = Entity::find().select_only().column(Column::MeetingId).filter(Column::UserId.eq(user));
    own.filter(of_status(ParticipationStatus::takes_part)).into_query()
}

/// The meetings whose list is open at least so far, as ids.
fn open_lists(levels: &[Listed]) -> SelectStatement {
    let levels = levels.iter().map(|level| level.as_str());
    meeting::Entity::find().select_only().column(meeting::Column::Id).filter(meeting::Column::ListVisibility.is_in(levels)).into_query()
}

/// What others see of a list: who comes and consents, as far as the meeting's list is open to the caller.
fn listed(sight: &ParticipationSight) -> Condition {
    let consents = |levels: &[Listed]| {
        let levels = levels.iter().map(|level| level.as_str());
        Column::Listed.is_in(levels)
    };
    let column = |column: Column| Expr::col(column.as_column_ref());
    let public =
        Condition::all().add(consents(&[Listed::Public])).add(column(Column::MeetingId).in_subquery(open_lists(&[Listed::Public])));
    let mut any = Condition::any().add(public);
    if sight.user().is_some() {
        let inside = Condition::any()
            .add(column(Column::DialogueId).in_subquery(party::dialogues_of(sight.organisations())))
            .add(column(Column::MeetingId).in_subquery(own_meetings(sight)));
        let levels = [Listed::Participants, Listed::Public];
        let among = Condition::all().add(consents(&levels)).add(column(Column::MeetingId).in_subquery(open_lists(&levels))).add(inside);
        any = any.add(among);
    }
    Condition::all().add(of_status(ParticipationStatus::comes)).add(any)
}

/// What is the caller's own: about himself, open to his organisations, of those he administers, in meetings that they convene.
fn own(sight: &ParticipationSight) -> Condition {
    let Some(user) = sight.user() else { return Condition::any().add(Expr::val(1).eq(0)) };
    let ids = |set: &BTreeSet<OrganisationId>| set.iter().map(|id| id.uuid()).collect::<Vec<Uuid>>();
    Condition::any()
        .add(Column::UserId.eq(user.uuid()))
        .add(Column::UserId.is_null().and(Column::OrganisationId.is_in(ids(sight.organisations()))))
        .add(Column::OrganisationId.is_in(ids(sight.administered())))
        .add(Expr::col(Column::DialogueId.as_column_ref()).in_subquery(party::convened_by(sight.organisations())))
}

fn in_seen_dialogues(sight: &DialogueSight) -> SimpleExpr {
    Expr::col(Column::DialogueId.as_column_ref()).in_subquery(party::seen_ids(sight))
}

/// Which rows the caller sees, in meetings that he sees.
pub(super) fn seen((meetings, sight): Sights<'_>) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    Condition::all().add(in_seen_dialogues(meetings)).add(Condition::any().add(listed(sight)).add(own(sight)))
}

/// The caller's two sights: of meetings, and of who takes part in them.
pub(crate) type Sights<'a> = (&'a DialogueSight, &'a ParticipationSight);

fn limited(sights: Sights<'_>, filter: &ParticipationFilter, meetings: &[MeetingId]) -> Condition {
    let mut all = seen(sights).add(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())));
    if !filter.statuses.is_empty() {
        all = all.add(Column::Status.is_in(filter.statuses.iter().map(|status| status.as_str())));
    }
    if !filter.roles.is_empty() {
        all = all.add(Column::Role.is_in(filter.roles.iter().map(|role| role.as_str())));
        if !sights.1.everything() {
            // A role that is not told is not looked for either.
            all = all.add(own(sights.1).add(reach::lets_names_be_told(Column::MeetingId, Column::DialogueId)));
        }
    }
    if let Some(mode) = filter.mode {
        all = all.add(Column::Mode.eq(mode.as_str()));
    }
    if let Some(organisation) = filter.organisation {
        all = all.add(Column::OrganisationId.eq(organisation.uuid()));
    }
    all
}

/// The participation of that id, if the caller sees it.
pub async fn find(session: &dyn Session, sights: Sights<'_>, id: ParticipationId) -> Result<Option<Participation>, Error> {
    Ok(find_many(session, sights, &[id]).await?.pop())
}

/// Those of the participations of these ids that the caller sees, in any order.
pub async fn find_many(session: &dyn Session, sights: Sights<'_>, ids: &[ParticipationId]) -> Result<Vec<Participation>, Error> {
    let query = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).filter(seen(sights));
    query.all(&session.exec()).await.or_fail()?.into_iter().map(Participation::try_from).collect()
}

/// The participation of that id, if it is the caller's own or of a meeting that he organises.
pub async fn find_own(session: &dyn Session, (meetings, sight): Sights<'_>, id: ParticipationId) -> Result<Option<Participation>, Error> {
    let mut query = Entity::find_by_id(id.uuid());
    if !sight.everything() {
        query = query.filter(in_seen_dialogues(meetings)).filter(own(sight));
    }
    query.one(&session.exec()).await.or_fail()?.map(Participation::try_from).transpose()
}

fn position(row: &Model) -> Position {
    Position { key: instant_key(row.created_at), id: row.id }
}

/// A page of who takes part in a meeting, in the order in which they came to it.
pub async fn list(
    session: &dyn Session,
    sights: Sights<'_>,
    filter: &ParticipationFilter,
    of: MeetingId,
    request: &PageRequest,
) -> Result<Page<Participation>, Error> {
    let sort = Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: false };
    let query = Entity::find().filter(limited(sights, filter, &[of]));
    keyset::page(session, query, sort, request, position).await?.try_map(Participation::try_from)
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, sights: Sights<'_>, filter: &ParticipationFilter, of: MeetingId) -> Result<u64, Error> {
    Entity::find().filter(limited(sights, filter, &[of])).count(&session.exec()).await.or_fail()
}

/// The first `most` of each of these meetings, in one statement, each with its place in its meeting's list.
pub async fn first_of_each(
    session: &dyn Session,
    sights: Sights<'_>,
    filter: &ParticipationFilter,
    meetings: &[MeetingId],
    most: u64,
) -> Result<Vec<(Position, Participation)>, Error> {
    let mut window = WindowStatement::partition_by(Column::MeetingId);
    window.order_by(Column::CreatedAt, Order::Asc).order_by(Column::Id, Order::Asc);
    let mut ranked = Entity::find().select_only().column(Column::Id).filter(limited(sights, filter, meetings)).into_query();
    ranked.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
    let chosen =
        Query::select().column(Alias::new("id")).from_subquery(ranked, "ranked").and_where(Expr::col(Alias::new("place")).lte(most)).take();
    let rows = Entity::find()
        .filter(Expr::col(Column::Id).in_subquery(chosen))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|row| Ok((position(&row), Participation::try_from(row)?))).collect()
}

/// How many the caller sees of each of these meetings; one without any does not occur.
pub async fn count_of_each(
    session: &dyn Session,
    sights: Sights<'_>,
    filter: &ParticipationFilter,
    meetings: &[MeetingId],
) -> Result<Vec<(MeetingId, u64)>, Error> {
    let rows: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::MeetingId)
        .column_as(Column::Id.count(), "number")
        .filter(limited(sights, filter, meetings))
        .group_by(Column::MeetingId)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(rows.into_iter().map(|(id, count)| (Id::new(id), count.unsigned_abs())).collect())
}

/// The caller's own participation in each of these meetings; where there is none, an invitation of one of his organisations that
/// names nobody yet. The person's own come first.
pub async fn own_of_each(session: &dyn Session, sights: Sights<'_>, meetings: &[MeetingId]) -> Result<Vec<Participation>, Error> {
    let Some(user) = sights.1.user() else { return Ok(Vec::new()) };
    let organisations = sights.1.organisations().iter().map(|id| id.uuid());
    let open = Column::UserId.is_null().and(Column::OrganisationId.is_in(organisations));
    let open = open.and(Column::Status.eq(ParticipationStatus::Invited.as_str()));
    let rows = Entity::find()
        .filter(limited(sights, &ParticipationFilter::default(), meetings))
        .filter(Condition::any().add(Column::UserId.eq(user.uuid())).add(open))
        .order_by_asc(Column::UserId.is_null())
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Participation::try_from).collect()
}

/// Those of these meetings in which the caller himself takes part.
pub async fn taking_part(session: &dyn Session, sight: &ParticipationSight, meetings: &[MeetingId]) -> Result<Vec<MeetingId>, Error> {
    let Some(user) = sight.user() else { return Ok(Vec::new()) };
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::MeetingId)
        .filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(of_status(ParticipationStatus::takes_part))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Those of these meetings at which names may be told throughout, and so as what each takes part.
pub async fn telling_roles(session: &dyn Session, meetings: &[MeetingId]) -> Result<Vec<MeetingId>, Error> {
    let ids: Vec<Uuid> = meeting::Entity::find()
        .select_only()
        .column(meeting::Column::Id)
        .filter(meeting::Column::Id.is_in(meetings.iter().map(|id| id.uuid())))
        .filter(reach::lets_names_be_told(meeting::Column::Id, meeting::Column::DialogueId))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// The languages that each of those who come to these meetings needs. The caller is known to organise them.
pub async fn comers(session: &dyn Session, meetings: &[MeetingId]) -> Result<Vec<(MeetingId, Vec<LanguageTag>)>, Error> {
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::MeetingId, Column::InterpretationNeeds])
        .filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))
        .filter(of_status(ParticipationStatus::comes))
        .filter(Column::InterpretationNeeds.ne("[]"))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|(id, needs)| Ok((Id::new(id), json::decode(&needs, TABLE, "interpretation_needs")?))).collect()
}

/// Each organisation that was asked to one of these meetings, once a status of one of its participations. The caller is known to
/// organise them.
pub async fn replies(
    session: &dyn Session,
    meetings: &[MeetingId],
) -> Result<Vec<(MeetingId, OrganisationId, ParticipationStatus)>, Error> {
    let rows: Vec<(Uuid, Uuid, String)> = Entity::find()
        .select_only()
        .distinct()
        .columns([Column::MeetingId, Column::OrganisationId, Column::Status])
        .filter(Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid())))
        .filter(Column::Status.ne(ParticipationStatus::Withdrawn.as_str()))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    let status = |text: &str| crate::error::decoded(ParticipationStatus::parse(text), TABLE, "status", text);
    rows.into_iter().map(|(meeting, organisation, is)| Ok((Id::new(meeting), Id::new(organisation), status(&is)?))).collect()
}

/// How many wait before each of these participations in the same meeting and mode, itself counted; one that does not wait does not
/// occur.
pub async fn places(session: &dyn Session, meetings: &[MeetingId]) -> Result<Vec<(ParticipationId, i64)>, Error> {
    let mut window = WindowStatement::partition_by(Column::MeetingId);
    window.add_partition_by(Expr::col(Column::Mode)).order_by(Column::Ticket, Order::Asc).order_by(Column::Id, Order::Asc);
    let waits = Column::Status.eq(ParticipationStatus::Waitlisted.as_str());
    let of_these = Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid()));
    let mut ranked = Entity::find().select_only().column(Column::Id).filter(of_these).filter(waits).into_query();
    ranked.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
    let rows = session.exec().query_all(&ranked).await.or_fail()?;
    let read = |row: &sea_orm::QueryResult| Ok((Id::new(row.try_get::<Uuid>("", "id")?), row.try_get("", "place")?));
    rows.iter().map(|row| read(row).or_fail()).collect()
}
