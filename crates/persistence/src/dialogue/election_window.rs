//! Which countries take part in dialogues, and which meetings are known to fall into the days around an election.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, Select,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};
use tertulia_domain::{
    Error,
    dialogue::{MeetingStatus, ParticipationStatus},
    id::{DialogueId, ElectionId, Id, MeetingId, ParticipationId},
    policy::DialogueSight,
    text::CountryCode,
    time::Instant,
};

use super::{meeting, participation, party, reach};
use crate::{
    directory::{organisation, row::country_code},
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "election_conflict")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) meeting_id: Uuid,
    pub(crate) election_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Rows of one insert or delete.
const BATCH: usize = 500;

/// The countries of the parties of these dialogues, each once a dialogue; without ids, of every dialogue.
pub async fn countries_of(session: &dyn Session, dialogues: Option<&[DialogueId]>) -> Result<Vec<(DialogueId, CountryCode)>, Error> {
    let mut query = party::Entity::find()
        .select_only()
        .distinct()
        .column(party::Column::DialogueId)
        .column(organisation::Column::CountryCode)
        .join(JoinType::InnerJoin, of_party())
        .filter(organisation::Column::CountryCode.is_not_null());
    if let Some(ids) = dialogues {
        query = query.filter(party::Column::DialogueId.is_in(ids.iter().map(|id| id.uuid())));
    }
    let rows: Vec<(Uuid, Option<String>)> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    let pair = |(id, code): (Uuid, Option<String>)| Ok(country_code(code.as_deref(), "organisation")?.map(|code| (Id::new(id), code)));
    rows.into_iter().filter_map(|row| pair(row).transpose()).collect()
}

fn of_party() -> sea_orm::RelationDef {
    party::Entity::belongs_to(organisation::Entity).from(party::Column::OrganisationId).to(organisation::Column::Id).into()
}

/// A part in one meeting that an organisation of a country has, invited or by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comer {
    /// The meeting.
    pub meeting: MeetingId,
    /// The part in it.
    pub participation: ParticipationId,
    /// The country of the organisation.
    pub country: CountryCode,
}

/// Those parts in these meetings that the caller may know of: all where he organises, else his own and his organisations'.
pub async fn comers_to(session: &dyn Session, sight: &DialogueSight, meetings: &[MeetingId]) -> Result<Vec<Comer>, Error> {
    if sight.user().is_none() && !sight.everything() {
        return Ok(Vec::new());
    }
    let nobody_else =
        Condition::any().add(participation::Column::UserId.is_null()).add(participation::Column::UserId.eq(sight.user().map(Id::uuid)));
    let own = Condition::all()
        .add(participation::Column::OrganisationId.is_in(sight.organisations().iter().map(|id| id.uuid())))
        .add(nobody_else);
    let known = Condition::any().add(reach::organises(sight, participation::Column::MeetingId)).add(own);
    let those = participation::Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid()));
    read(session, comers().filter(those).filter(known)).await
}

/// Those parts in the meetings that [`ahead`] finds.
pub async fn comers_ahead(session: &dyn Session, from: Instant, to: Instant) -> Result<Vec<Comer>, Error> {
    let meetings = participation::Entity::belongs_to(meeting::Entity).from(participation::Column::MeetingId).to(meeting::Column::Id);
    read(session, comers().join(JoinType::InnerJoin, meetings.into()).filter(standing(from, to))).await
}

fn comers() -> Select<participation::Entity> {
    let organisations =
        participation::Entity::belongs_to(organisation::Entity).from(participation::Column::OrganisationId).to(organisation::Column::Id);
    let statuses = ParticipationStatus::those(ParticipationStatus::takes_part).map(ParticipationStatus::as_str);
    participation::Entity::find()
        .select_only()
        .columns([participation::Column::MeetingId, participation::Column::Id])
        .column(organisation::Column::CountryCode)
        .join(JoinType::InnerJoin, organisations.into())
        .filter(organisation::Column::CountryCode.is_not_null())
        .filter(participation::Column::Status.is_in(statuses))
}

async fn read(session: &dyn Session, query: Select<participation::Entity>) -> Result<Vec<Comer>, Error> {
    let rows: Vec<(Uuid, Uuid, Option<String>)> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    let one = |(meeting, participation, code): (Uuid, Uuid, Option<String>)| {
        let country = country_code(code.as_deref(), "organisation")?;
        Ok(country.map(|country| Comer { meeting: Id::new(meeting), participation: Id::new(participation), country }))
    };
    rows.into_iter().filter_map(|row| one(row).transpose()).collect()
}

/// Meetings that begin in `from..to` and take place as far as is known.
fn standing(from: Instant, to: Instant) -> Condition {
    let statuses = MeetingStatus::ALL.iter().filter(|status| status.can_move() && **status != MeetingStatus::Postponed);
    Condition::all()
        .add(meeting::Column::StartsAt.gte(from))
        .add(meeting::Column::StartsAt.lt(to))
        .add(meeting::Column::Status.is_in(statuses.map(|status| status.as_str())))
}

/// A meeting that lies ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its dialogue.
    pub dialogue: DialogueId,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
}

/// The meetings that begin in `from..to` and take place as far as is known, of every dialogue.
pub async fn ahead(session: &dyn Session, from: Instant, to: Instant) -> Result<Vec<Ahead>, Error> {
    let rows: Vec<(Uuid, Uuid, DateTimeUtc, DateTimeUtc)> = meeting::Entity::find()
        .select_only()
        .columns([meeting::Column::Id, meeting::Column::DialogueId, meeting::Column::StartsAt, meeting::Column::EndsAt])
        .filter(standing(from, to))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    let one = |(id, dialogue, starts_at, ends_at)| Ahead { meeting: Id::new(id), dialogue: Id::new(dialogue), starts_at, ends_at };
    Ok(rows.into_iter().map(one).collect())
}

/// A meeting and an election into whose days it falls.
pub type Pair = (MeetingId, ElectionId);

/// The pairs that are known.
pub async fn list(session: &dyn Session) -> Result<Vec<Pair>, Error> {
    let rows = Entity::find().all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|row| (Id::new(row.meeting_id), Id::new(row.election_id))).collect())
}

/// Makes these pairs known; `ids` gives the ids of the rows.
pub async fn insert(writer: &Writer, pairs: &[Pair], mut ids: impl FnMut() -> Uuid) -> Result<(), Error> {
    for pairs in pairs.chunks(BATCH) {
        let rows = pairs.iter().map(|(meeting, election)| ActiveModel {
            id: Set(ids()),
            meeting_id: Set(meeting.uuid()),
            election_id: Set(election.uuid()),
        });
        Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Forgets these pairs.
pub async fn delete(writer: &Writer, pairs: &[Pair]) -> Result<(), Error> {
    for pairs in pairs.chunks(BATCH) {
        let same = Expr::tuple([Expr::col(Column::MeetingId), Expr::col(Column::ElectionId)]);
        let them = pairs.iter().map(|(meeting, election)| (meeting.uuid(), election.uuid()));
        Entity::delete_many().filter(same.in_tuples(them)).exec(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}
