//! Invitations. The token of the link is kept as its hash only.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, entity::prelude::*, sea_query::Expr};
use tertulia_domain::{
    Error,
    id::{Id, InvitationId},
    identity::{Invitation, Person},
    policy::Role,
    text::EmailAddress,
    time::Instant,
};

use super::membership::{decode, encode};
use crate::{
    error::{OrFail, decoded},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) organisation_id: Uuid,
    pub(crate) role: String,
    pub(crate) all_countries: bool,
    pub(crate) countries: String,
    pub(crate) all_services: bool,
    pub(crate) services: String,
    pub(crate) token_hash: String,
    pub(crate) invited_by: Option<Uuid>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) accepted_at: Option<DateTimeUtc>,
    pub(crate) replaced_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Invitation {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            person: Person { email: decoded(EmailAddress::parse(&row.email).ok(), "invitation", "email", "")?, name: row.name },
            organisation: Id::new(row.organisation_id),
            role: decoded(Role::parse(&row.role), "invitation", "role", &row.role)?,
            cover: decode("invitation", row.all_countries, &row.countries, row.all_services, &row.services)?,
            invited_by: row.invited_by.map(Id::new),
            created_at: row.created_at,
            expires_at: row.expires_at,
            accepted_at: row.accepted_at,
            replaced_at: row.replaced_at,
        })
    }
}

/// The invitation of that id.
pub async fn find(session: &dyn Session, id: InvitationId) -> Result<Option<Invitation>, Error> {
    Entity::find_by_id(id.uuid()).one(&session.exec()).await.or_fail()?.map(Invitation::try_from).transpose()
}

/// The invitation whose token has that hash.
pub async fn find_by_token(session: &dyn Session, hash: &str) -> Result<Option<Invitation>, Error> {
    let row = Entity::find().filter(Column::TokenHash.eq(hash)).one(&session.exec()).await.or_fail()?;
    row.map(Invitation::try_from).transpose()
}

/// As [`find_by_token`]; the row stays locked until the transaction ends, so that a token is accepted once.
pub async fn lock_by_token(writer: &Writer, hash: &str) -> Result<Option<Invitation>, Error> {
    let row = Entity::find().filter(Column::TokenHash.eq(hash)).held().one(&writer.exec()).await.or_fail()?;
    row.map(Invitation::try_from).transpose()
}

/// Adds an invitation, in the place of open ones of the same person into the same role of the same organisation.
pub async fn insert(writer: &Writer, invitation: &Invitation, token_hash: &str) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::ReplacedAt, Expr::val(invitation.created_at))
        .filter(Column::OrganisationId.eq(invitation.organisation.uuid()))
        .filter(Column::Email.eq(invitation.person.email.as_str()))
        .filter(Column::Role.eq(invitation.role.as_str()))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::ReplacedAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    let (all_countries, countries, all_services, services) = encode(&invitation.cover)?;
    let row = ActiveModel {
        id: Set(invitation.id.uuid()),
        email: Set(invitation.person.email.as_str().to_owned()),
        name: Set(invitation.person.name.clone()),
        organisation_id: Set(invitation.organisation.uuid()),
        role: Set(invitation.role.as_str().to_owned()),
        all_countries: Set(all_countries),
        countries: Set(countries),
        all_services: Set(all_services),
        services: Set(services),
        token_hash: Set(token_hash.to_owned()),
        invited_by: Set(invitation.invited_by.map(Id::uuid)),
        created_at: Set(invitation.created_at),
        expires_at: Set(invitation.expires_at),
        accepted_at: Set(invitation.accepted_at),
        replaced_at: Set(invitation.replaced_at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps that an invitation was accepted.
pub async fn update(writer: &Writer, invitation: &Invitation) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::AcceptedAt, Expr::val(invitation.accepted_at))
        .filter(Column::Id.eq(invitation.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// The ids of some invitations whose time was over before `at`.
pub async fn list_before(session: &dyn Session, at: Instant, most: u64) -> Result<Vec<Uuid>, Error> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::ExpiresAt.lt(at)).limit(most);
    query.into_tuple().all(&session.exec()).await.or_fail()
}

/// Removes these; says how many there were.
pub async fn delete_many(writer: &Writer, ids: Vec<Uuid>) -> Result<u64, Error> {
    Ok(Entity::delete_many().filter(Column::Id.is_in(ids)).exec(&writer.exec()).await.or_fail()?.rows_affected)
}
