//! What of the directory decides about rights and stands in letters: an organisation's kind, name and services.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, entity::prelude::*};
use tertulia_domain::{
    Error,
    id::{Id, OrganisationId, PlatformServiceId},
    policy::OrganisationKind,
    text::LocalizedText,
};

use crate::{
    directory::{
        organisation::{Column, Entity, Model},
        platform,
    },
    error::{OrFail, decoded},
    json,
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

fn kind_of(row: &Model) -> Result<OrganisationKind, Error> {
    decoded(OrganisationKind::parse(&row.kind), "organisation", "kind", &row.kind)
}

/// The kind of an organisation, if there is such.
pub async fn kind(session: &dyn Session, id: OrganisationId) -> Result<Option<OrganisationKind>, Error> {
    Entity::find_by_id(id.uuid()).one(&session.exec()).await.or_fail()?.map(|row| kind_of(&row)).transpose()
}

/// The kinds of those of these organisations that there are.
pub async fn kinds(session: &dyn Session, ids: &[OrganisationId]) -> Result<BTreeMap<OrganisationId, OrganisationKind>, Error> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(&session.exec()).await.or_fail()?;
    rows.iter().map(|row| Ok((Id::new(row.id), kind_of(row)?))).collect()
}

/// The kind of an organisation whose memberships are about to change. The row is held until the transaction ends, so
/// that two changes at once cannot break the rules about its administrators.
pub async fn hold(writer: &Writer, id: OrganisationId) -> Result<Option<OrganisationKind>, Error> {
    Entity::find_by_id(id.uuid()).held().one(&writer.exec()).await.or_fail()?.map(|row| kind_of(&row)).transpose()
}

/// The organisation that the reference files know by that name.
pub async fn find_by_slug(session: &dyn Session, slug: &str) -> Result<Option<OrganisationId>, Error> {
    let row = Entity::find().filter(Column::Slug.eq(slug)).one(&session.exec()).await.or_fail()?;
    Ok(row.map(|row| Id::new(row.id)))
}

/// The name by which letters call an organisation: the English one, else any.
pub async fn name(session: &dyn Session, id: OrganisationId) -> Result<String, Error> {
    let Some(row) = Entity::find_by_id(id.uuid()).one(&session.exec()).await.or_fail()? else { return Ok(String::new()) };
    let names: LocalizedText = json::decode(&row.names, "organisation", "names")?;
    Ok(names.best(&[]).to_owned())
}

/// Which of these services the organisation has.
pub async fn services(
    session: &dyn Session,
    organisation: OrganisationId,
    services: &BTreeSet<PlatformServiceId>,
) -> Result<BTreeSet<PlatformServiceId>, Error> {
    if services.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<Uuid> = platform::Entity::find()
        .select_only()
        .column(platform::Column::Id)
        .filter(platform::Column::PlatformId.eq(organisation.uuid()))
        .filter(platform::Column::Id.is_in(services.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Which of these organisations there are.
pub async fn known(session: &dyn Session, ids: &[OrganisationId]) -> Result<Vec<OrganisationId>, Error> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows: Vec<Uuid> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(OrganisationId::new).collect())
}
