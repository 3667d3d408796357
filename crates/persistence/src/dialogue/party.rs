//! Who belongs to a dialogue, and by that which dialogues a caller sees.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{ExprTrait, SelectStatement},
};
use tertulia_domain::{
    Error,
    dialogue::{Dialogue, DialogueVisibility, Part},
    id::{DialogueId, OrganisationId},
    policy::DialogueSight,
};

use super::dialogue;
use crate::{
    error::OrFail,
    store::{Executes, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogue_party")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) dialogue_id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) part: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The dialogues to which one of these organisations belongs, as ids.
pub(super) fn dialogues_of(organisations: &BTreeSet<OrganisationId>) -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::DialogueId)
        .filter(Column::OrganisationId.is_in(organisations.iter().map(|id| id.uuid())))
        .into_query()
}

/// The dialogues that one of these organisations convenes, as ids.
pub(super) fn convened_by(organisations: &BTreeSet<OrganisationId>) -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::DialogueId)
        .filter(Column::OrganisationId.is_in(organisations.iter().map(|id| id.uuid())))
        .filter(Column::Part.eq(Part::Convener.as_str()))
        .into_query()
}

/// The dialogues that a caller sees, as ids.
pub(super) fn seen_ids(sight: &DialogueSight) -> SelectStatement {
    dialogue::Entity::find().select_only().column(dialogue::Column::Id).filter(seen(sight)).into_query()
}

/// Which rows of `dialogue` a caller sees. It qualifies its columns, so that it stands in joins too.
pub(super) fn seen(sight: &DialogueSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let visibility = |visibility: DialogueVisibility| dialogue::Column::Visibility.eq(visibility.as_str());
    let mut any = Condition::any().add(visibility(DialogueVisibility::Public));
    if sight.coalition() {
        any = any.add(visibility(DialogueVisibility::Coalition));
    }
    if !sight.organisations().is_empty() {
        let id = sea_orm::sea_query::Expr::col(dialogue::Column::Id.as_column_ref());
        any = any.add(id.in_subquery(dialogues_of(sight.organisations())));
    }
    any
}

/// Writes the parties of a dialogue; `ids` gives the ids of the new rows.
pub(super) async fn replace(writer: &Writer, dialogue: &Dialogue, mut ids: impl FnMut() -> Uuid) -> Result<(), Error> {
    clear(writer, dialogue.id).await?;
    let conveners = dialogue.conveners.iter().map(|id| (id, Part::Convener));
    let members = dialogue.members.iter().map(|id| (id, Part::Member));
    let rows = conveners.chain(members).map(|(organisation, part)| ActiveModel {
        id: Set(ids()),
        dialogue_id: Set(dialogue.id.uuid()),
        organisation_id: Set(organisation.uuid()),
        part: Set(part.as_str().to_owned()),
    });
    Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

async fn clear(writer: &Writer, dialogue: DialogueId) -> Result<(), Error> {
    Entity::delete_many().filter(Column::DialogueId.eq(dialogue.uuid())).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
