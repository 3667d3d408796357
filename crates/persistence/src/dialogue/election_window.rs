//! Which countries take part in dialogues, and which meetings are known to fall into the days around an election.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};
use tertulia_domain::{
    Error,
    dialogue::MeetingStatus,
    id::{DialogueId, ElectionId, Id, MeetingId},
    text::CountryCode,
    time::Instant,
};

use super::{meeting, party};
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
    let standing = MeetingStatus::ALL.iter().filter(|status| status.can_move() && **status != MeetingStatus::Postponed);
    let rows: Vec<(Uuid, Uuid, DateTimeUtc, DateTimeUtc)> = meeting::Entity::find()
        .select_only()
        .columns([meeting::Column::Id, meeting::Column::DialogueId, meeting::Column::StartsAt, meeting::Column::EndsAt])
        .filter(meeting::Column::StartsAt.gte(from))
        .filter(meeting::Column::StartsAt.lt(to))
        .filter(meeting::Column::Status.is_in(standing.map(|status| status.as_str())))
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
