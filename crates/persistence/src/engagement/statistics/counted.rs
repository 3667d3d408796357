//! How each contact that was sent is in the counts of its parties: as it was folded into them last.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*};
use tertulia_domain::{
    Error,
    engagement::{
        statistics::phase::ElectionPhase,
        vocabulary::{Direction, Kind},
    },
    id::{ContactId, Id},
};

use super::counted_fresh;
use crate::{
    engagement::contact_row,
    error::{OrFail, decoded},
    store::Session,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counted")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) contact_id: Uuid,
    pub(crate) electoral_body_id: Uuid,
    pub(crate) platform_id: Option<Uuid>,
    pub(crate) phase: String,
    pub(crate) cell: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The phases in which these contacts were sent, of those of which one is kept.
pub async fn phases_of(session: &dyn Session, contacts: &[ContactId]) -> Result<HashMap<ContactId, ElectionPhase>, Error> {
    let ids: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    // What is fresh first: a fold that moves a row in between leaves it where it is looked for next.
    let told = counted_fresh::phases_of(session, &ids).await?;
    let folded = Entity::find()
        .select_only()
        .columns([Column::ContactId, Column::Phase])
        .filter(Column::ContactId.is_in(ids.iter().copied()))
        .into_tuple::<(Uuid, String)>()
        .all(&session.exec())
        .await
        .or_fail()?;
    // What is told later stands for what was folded.
    let all = folded.into_iter().chain(told);
    all.map(|(contact, word)| Ok((Id::new(contact), phase(&word)?))).collect()
}

pub(super) fn phase(word: &str) -> Result<ElectionPhase, Error> {
    decoded(ElectionPhase::parse(word), "counted", "phase", word)
}

/// The contacts that are looked at for whether all are counted.
const OLDEST: u64 = 100;

/// Whether one of the oldest contacts that may count has no row: they were logged before there were any.
pub async fn lacks_oldest(session: &dyn Session) -> Result<bool, Error> {
    let kinds = Kind::ALL.iter().filter(|kind| kind.expects_answer()).map(|kind| kind.as_str());
    let oldest: Vec<Uuid> = contact_row::Entity::find()
        .select_only()
        .column(contact_row::Column::Id)
        .filter(contact_row::Column::SentAt.is_not_null())
        .filter(contact_row::Column::Direction.eq(Direction::EbToPlatform.as_str()))
        .filter(contact_row::Column::Kind.is_in(kinds))
        .order_by_asc(contact_row::Column::Id)
        .limit(OLDEST)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    let mut counted: HashSet<Uuid> = counted_fresh::among(session, &oldest).await?.into_iter().collect();
    let folded = Entity::find().select_only().column(Column::ContactId).filter(Column::ContactId.is_in(oldest.iter().copied()));
    counted.extend(folded.into_tuple::<Uuid>().all(&session.exec()).await.or_fail()?);
    Ok(counted.len() < oldest.len())
}
