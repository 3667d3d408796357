//! Commitments: the rows. Lists by who may read them stand in `commitment_query`, what was done to them in `commitment_act`.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, entity::prelude::*, sea_query::SelectStatement,
};
use tertulia_domain::{
    Error,
    dialogue::{Commitment, CommitmentOutcome, CommitmentStatus},
    id::{AgendaItemId, Id, OrganisationId},
};

pub use super::{
    commitment_act::{acts_of, insert_act},
    commitment_query::{count, count_of_each, find, find_many, first_of_each, hold, list},
    commitment_reminder::{Reminder, claim_reminder, to_remind},
};
use crate::{
    error::{OrFail, decoded},
    json,
    store::{Executes, Writer},
};

const TABLE: &str = "commitment";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) meeting_id: Option<Uuid>,
    pub(crate) agenda_item_id: Option<Uuid>,
    pub(crate) committed_by: Uuid,
    pub(crate) to_whom: String,
    pub(crate) text: String,
    pub(crate) due_on: Date,
    pub(crate) status: String,
    pub(crate) claim: Option<String>,
    pub(crate) measure: Option<String>,
    pub(crate) confirmed_by: Option<Uuid>,
    pub(crate) superseded_by: Option<Uuid>,
    pub(crate) generated: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
    pub(crate) instrument_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// To whom a commitment was made.
pub(super) mod party {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "commitment_party")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) commitment_id: Uuid,
        pub(crate) organisation_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<Model> for Commitment {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let claim = row.claim.as_deref().map(|text| decoded(CommitmentOutcome::parse(text), TABLE, "claim", text)).transpose()?;
        Ok(Self {
            id: Id::new(row.id),
            meeting: row.meeting_id.map(Id::new),
            agenda_item: row.agenda_item_id.map(Id::new),
            instrument: row.instrument_id.map(Id::new),
            committed_by: Id::new(row.committed_by),
            to_whom: json::decode(&row.to_whom, TABLE, "to_whom")?,
            text: row.text,
            due_on: row.due_on,
            status: decoded(CommitmentStatus::parse(&row.status), TABLE, "status", &row.status)?,
            claim,
            measure: row.measure.as_deref().map(|text| json::decode(text, TABLE, "measure")).transpose()?,
            confirmed_by: row.confirmed_by.map(Id::new),
            superseded_by: row.superseded_by.map(Id::new),
            generated: row.generated,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

fn row(one: &Commitment) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(one.id.uuid()),
        meeting_id: Set(one.meeting.map(Id::uuid)),
        agenda_item_id: Set(one.agenda_item.map(Id::uuid)),
        committed_by: Set(one.committed_by.uuid()),
        to_whom: Set(json::encode(&one.to_whom)?),
        text: Set(one.text.clone()),
        due_on: Set(one.due_on),
        status: Set(one.status.to_string()),
        claim: Set(one.claim.map(|claim| claim.to_string())),
        measure: Set(one.measure.as_ref().map(json::encode).transpose()?),
        confirmed_by: Set(one.confirmed_by.map(Id::uuid)),
        superseded_by: Set(one.superseded_by.map(Id::uuid)),
        generated: Set(one.generated),
        created_at: Set(one.created_at),
        updated_at: Set(one.updated_at),
        version: Set(one.version),
        instrument_id: Set(one.instrument.map(Id::uuid)),
    })
}

/// The commitments made to one of these organisations, as ids.
pub(super) fn made_to(organisations: impl IntoIterator<Item = OrganisationId>) -> SelectStatement {
    party::Entity::find()
        .select_only()
        .column(party::Column::CommitmentId)
        .filter(party::Column::OrganisationId.is_in(organisations.into_iter().map(Id::uuid)))
        .into_query()
}

/// Adds a commitment and its parties; `ids` gives the ids of the parties' rows.
pub async fn insert(writer: &Writer, one: &Commitment, mut ids: impl FnMut() -> Uuid) -> Result<(), Error> {
    Entity::insert(row(one)?).exec_without_returning(&writer.exec()).await.or_fail()?;
    let parties = one.to_whom.iter().map(|organisation| party::ActiveModel {
        id: Set(ids()),
        commitment_id: Set(one.id.uuid()),
        organisation_id: Set(organisation.uuid()),
    });
    party::Entity::insert_many(parties).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Replaces the version before this one and says whether it was still the current one. Its parties stay.
pub async fn update(writer: &Writer, one: &Commitment) -> Result<bool, Error> {
    let done = Entity::update_many()
        .set(row(one)?)
        .filter(Column::Id.eq(one.id.uuid()))
        .filter(Column::Version.eq(one.version - 1))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(done.rows_affected == 1)
}

/// Those of these points of agendas at which a commitment was made.
pub async fn made_at(writer: &Writer, items: &[AgendaItemId]) -> Result<Vec<AgendaItemId>, Error> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Option<Uuid>> = Entity::find()
        .select_only()
        .column(Column::AgendaItemId)
        .filter(Column::AgendaItemId.is_in(items.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(&writer.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().flatten().map(Id::new).collect())
}
