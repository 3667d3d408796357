//! Which event of a calendar a dialogue was taken from, so that nobody makes it twice.

use std::collections::BTreeSet;

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    id::{DialogueId, Id, OrganisationId},
};

use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogue_import")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) uid: Option<String>,
    pub(crate) dialogue_id: Uuid,
    pub(crate) run_id: Uuid,
    pub(crate) line: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Where a dialogue comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The organisation for which it was imported.
    pub organiser: OrganisationId,
    /// The event's name among calendars.
    pub uid: Option<String>,
    /// The dialogue.
    pub dialogue: DialogueId,
    /// The import.
    pub run: Uuid,
    /// The line of the file on which the event begins.
    pub line: usize,
}

/// Those of these names that were imported for an organisation.
pub async fn known(session: &dyn Session, organiser: OrganisationId, uids: &BTreeSet<&str>) -> Result<BTreeSet<String>, Error> {
    if uids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let query = Entity::find().filter(Column::OrganisationId.eq(organiser.uuid())).filter(Column::Uid.is_in(uids.iter().copied()));
    Ok(query.all(&session.exec()).await.or_fail()?.into_iter().filter_map(|row| row.uid).collect())
}

/// Notes where a dialogue comes from; refused by the database for an event that has one.
pub async fn insert(writer: &Writer, row: &Row, id: Uuid) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(id),
        organisation_id: Set(row.organiser.uuid()),
        uid: Set(row.uid.clone()),
        dialogue_id: Set(row.dialogue.uuid()),
        run_id: Set(row.run),
        line: Set(i64::try_from(row.line).unwrap_or(i64::MAX)),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// The dialogues of one import, each with its line.
pub async fn of_run(session: &dyn Session, run: Uuid) -> Result<Vec<(usize, DialogueId)>, Error> {
    let rows = Entity::find().filter(Column::RunId.eq(run)).order_by_asc(Column::Line).all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|row| (usize::try_from(row.line).unwrap_or_default(), Id::new(row.dialogue_id))).collect())
}
