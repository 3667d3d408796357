//! What decides about rights of an organisation, a part of the directory's table.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use tertulia_domain::{
    Error,
    id::{Id, OrganisationId, PlatformServiceId},
    policy::OrganisationKind,
    text::LocalizedText,
};

use crate::{
    error::{OrFail, decoded},
    json,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) slug: Option<String>,
    pub(crate) kind: String,
    pub(crate) names: String,
    pub(crate) country_code: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(super) fn kind(&self) -> Result<OrganisationKind, Error> {
        decoded(OrganisationKind::parse(&self.kind), "organisation", "kind", &self.kind)
    }
}

/// The kind of an organisation, if there is such.
pub async fn kind(session: &dyn Session, id: OrganisationId) -> Result<Option<OrganisationKind>, Error> {
    Entity::find_by_id(id.uuid()).one(&session.exec()).await.or_fail()?.map(|row| row.kind()).transpose()
}

/// The kind of an organisation whose memberships are about to change. The row stays locked until the transaction ends, so
/// that two changes at once cannot break the rules about its administrators.
pub async fn lock(writer: &Writer, id: OrganisationId) -> Result<Option<OrganisationKind>, Error> {
    Entity::find_by_id(id.uuid()).lock_exclusive().one(&writer.exec()).await.or_fail()?.map(|row| row.kind()).transpose()
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
    let query = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("platform_service"))
        .and_where(Expr::col(Alias::new("platform_id")).eq(organisation.uuid()))
        .and_where(Expr::col(Alias::new("id")).is_in(services.iter().map(|id| id.uuid())))
        .to_owned();
    let rows = session.exec().query_all(&query).await.or_fail()?;
    rows.into_iter().map(|row| row.try_get("", "id").map(Id::new).or_fail()).collect()
}

/// Which of these organisations there are.
pub async fn known(session: &dyn Session, ids: &[OrganisationId]) -> Result<Vec<OrganisationId>, Error> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows: Vec<Uuid> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(OrganisationId::new).collect())
}
