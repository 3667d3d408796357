//! What the search for slots needs of meetings: when organisations have others, and when a series met before. A caller's search
//! knows the meetings that he sees.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};
use tertulia_domain::{
    Error,
    dialogue::{Length, MeetingStatus, slots::Held},
    id::{DialogueId, Id, MeetingId, OrganisationId},
    policy::DialogueSight,
    time::Instant,
};

use super::{dialogue, meeting, party};
use crate::{error::OrFail, store::Session};

/// Statuses of meetings whose date stands.
const STANDING: [&str; 2] = [MeetingStatus::Scheduled.as_str(), MeetingStatus::InProgress.as_str()];
/// Statuses of meetings that a series had, or will have had.
const HAD: [&str; 4] =
    [MeetingStatus::Scheduled.as_str(), MeetingStatus::InProgress.as_str(), MeetingStatus::Held.as_str(), MeetingStatus::Archived.as_str()];

/// A time at which an organisation has a meeting.
pub type Busy = (OrganisationId, Instant, Instant);

/// The meetings between `from` and `to` of each of these organisations, other than `except`.
pub async fn busy(
    session: &dyn Session,
    sight: &DialogueSight,
    organisations: &[OrganisationId],
    (from, to): (Instant, Instant),
    except: Option<MeetingId>,
) -> Result<Vec<Busy>, Error> {
    let seen = dialogue::Entity::find().select_only().column(dialogue::Column::Id).filter(party::seen(sight)).into_query();
    let parties: Vec<(Uuid, Uuid)> = party::Entity::find()
        .select_only()
        .columns([party::Column::OrganisationId, party::Column::DialogueId])
        .filter(party::Column::OrganisationId.is_in(organisations.iter().map(|id| id.uuid())))
        .filter(Expr::col(party::Column::DialogueId).in_subquery(seen))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    let of_them = party::dialogues_of(&organisations.iter().copied().collect());
    let mut meetings = meeting::Entity::find()
        .select_only()
        .columns([meeting::Column::DialogueId, meeting::Column::StartsAt, meeting::Column::EndsAt])
        .filter(Expr::col(meeting::Column::DialogueId).in_subquery(of_them))
        .filter(meeting::Column::StartsAt.lt(to))
        .filter(meeting::Column::EndsAt.gt(from))
        .filter(meeting::Column::Status.is_in(STANDING));
    if let Some(except) = except {
        meetings = meetings.filter(meeting::Column::Id.ne(except.uuid()));
    }
    let meetings: Vec<(Uuid, DateTimeUtc, DateTimeUtc)> = meetings.into_tuple().all(&session.exec()).await.or_fail()?;
    let mut of_dialogue = std::collections::HashMap::<Uuid, Vec<(Instant, Instant)>>::new();
    for (dialogue, starts_at, ends_at) in meetings {
        of_dialogue.entry(dialogue).or_default().push((starts_at, ends_at));
    }
    let of_party = |(organisation, dialogue): &(Uuid, Uuid)| {
        let id = Id::new(*organisation);
        of_dialogue.get(dialogue).into_iter().flatten().map(move |(from, to)| (id, *from, *to)).collect::<Vec<_>>()
    };
    Ok(parties.iter().flat_map(of_party).collect())
}

/// The last `most` meetings of a dialogue, seen by the caller, that begin before `before`.
pub async fn held(session: &dyn Session, dialogue: DialogueId, before: Instant, most: u64) -> Result<Vec<Held>, Error> {
    let rows: Vec<(DateTimeUtc, i64)> = meeting::Entity::find()
        .select_only()
        .columns([meeting::Column::StartsAt, meeting::Column::DurationMinutes])
        .filter(meeting::Column::DialogueId.eq(dialogue.uuid()))
        .filter(meeting::Column::StartsAt.lt(before))
        .filter(meeting::Column::Status.is_in(HAD))
        .order_by_desc(meeting::Column::StartsAt)
        .limit(most)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|(at, minutes)| Ok((at, Length::of_minutes(minutes)?))).collect()
}
