//! What was done to commitments. Rows are added and never changed.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    dialogue::{CommitmentAct, CommitmentOutcome, CommitmentStatus, CommitmentStep},
    id::{CommitmentId, Id},
};

use crate::{
    error::{OrFail, decoded},
    json,
    store::{Executes, Session, Writer},
};

const TABLE: &str = "commitment_act";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment_act")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) commitment_id: Uuid,
    pub(crate) step: String,
    pub(crate) status: String,
    pub(crate) outcome: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) evidence: String,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) organisation_id: Option<Uuid>,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for CommitmentAct {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let outcome = row.outcome.as_deref().map(|text| decoded(CommitmentOutcome::parse(text), TABLE, "outcome", text)).transpose()?;
        Ok(Self {
            commitment: Id::new(row.commitment_id),
            step: decoded(CommitmentStep::parse(&row.step), TABLE, "step", &row.step)?,
            status: decoded(CommitmentStatus::parse(&row.status), TABLE, "status", &row.status)?,
            outcome,
            note: row.note,
            evidence: json::decode(&row.evidence, TABLE, "evidence")?,
            user: row.user_id.map(Id::new),
            organisation: row.organisation_id.map(Id::new),
            at: row.at,
        })
    }
}

/// What was done to these commitments, which the caller is known to read, each in its order.
pub async fn acts_of(session: &dyn Session, ids: &[CommitmentId]) -> Result<Vec<CommitmentAct>, Error> {
    let rows = Entity::find()
        .filter(Column::CommitmentId.is_in(ids.iter().map(|id| id.uuid())))
        .order_by_asc(Column::CommitmentId)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(CommitmentAct::try_from).collect()
}

/// Adds an act.
pub async fn insert_act(writer: &Writer, id: Uuid, act: &CommitmentAct) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(id),
        commitment_id: Set(act.commitment.uuid()),
        step: Set(act.step.to_string()),
        status: Set(act.status.to_string()),
        outcome: Set(act.outcome.map(|outcome| outcome.to_string())),
        note: Set(act.note.clone()),
        evidence: Set(json::encode(&act.evidence)?),
        user_id: Set(act.user.map(Id::uuid)),
        organisation_id: Set(act.organisation.map(Id::uuid)),
        at: Set(act.at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
