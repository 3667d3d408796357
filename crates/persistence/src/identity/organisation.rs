//! What decides about rights of an organisation, a part of the directory's table.

use sea_orm::{EntityTrait, QuerySelect, entity::prelude::*};
use tertulia_domain::{Error, id::OrganisationId, policy::OrganisationKind};

use crate::{
    error::{OrFail, decoded},
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
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
