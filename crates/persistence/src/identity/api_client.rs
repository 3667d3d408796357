//! API clients. One that was revoked or has expired stays, for the history.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};
use tertulia_domain::{
    Error,
    id::{ApiClientId, Id, OrganisationId},
    identity::ApiClient,
    page::{Page, PageRequest, Position},
    policy::OwnerSight,
    time::Instant,
};

use crate::{
    directory::row,
    error::OrFail,
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

pub(super) const TABLE: &str = "api_client";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_client")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) name: String,
    pub(crate) scopes: String,
    pub(crate) secret_hash: String,
    pub(crate) secret_id: Uuid,
    pub(crate) created_by: Uuid,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) rotated_at: Option<DateTimeUtc>,
    pub(crate) last_used_at: Option<DateTimeUtc>,
    pub(crate) revoked_at: Option<DateTimeUtc>,
    pub(crate) revoked_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for ApiClient {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            organisation: Id::new(row.organisation_id),
            name: row.name,
            scopes: decode(&row.scopes, TABLE, "scopes")?,
            secret: row.secret_id,
            created_by: Id::new(row.created_by),
            created_at: row.created_at,
            expires_at: row.expires_at,
            rotated_at: row.rotated_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
            revoked_by: row.revoked_by.map(Id::new),
        })
    }
}

/// The clients that a caller may read: those of organisations that he keeps.
fn seen(sight: &OwnerSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    Condition::all().add(Column::OrganisationId.is_in(sight.organisations().iter().map(|id| id.uuid())))
}

/// Those of the clients that the caller may read.
pub async fn find_many(session: &dyn Session, sight: &OwnerSight, ids: &[ApiClientId]) -> Result<Vec<ApiClient>, Error> {
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).filter(seen(sight))).await
}

/// The client of that id, whoever reads it.
pub async fn find(session: &dyn Session, id: ApiClientId) -> Result<Option<ApiClient>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid())).await
}

/// The client, if the caller may read it, held so that nobody else changes it before this transaction ends.
pub async fn hold(writer: &Writer, sight: &OwnerSight, id: ApiClientId) -> Result<Option<ApiClient>, Error> {
    row::read_one(writer, Entity::find_by_id(id.uuid()).filter(seen(sight)).held()).await
}

/// The client of that id whose secret has this hash.
pub async fn find_by_secret(session: &dyn Session, id: ApiClientId, hash: &str) -> Result<Option<ApiClient>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid()).filter(Column::SecretHash.eq(hash))).await
}

fn good(now: Instant) -> Condition {
    Condition::all().add(Column::RevokedAt.is_null()).add(Column::ExpiresAt.gt(now))
}

fn listed(sight: &OwnerSight, organisation: OrganisationId, good_at: Option<Instant>) -> Select<Entity> {
    Entity::find().filter(Column::OrganisationId.eq(organisation.uuid())).filter(seen(sight).add_option(good_at.map(good)))
}

/// A page of an organisation's clients that the caller may read, newest first; with `now` those that are good then.
pub async fn list(
    session: &dyn Session,
    sight: &OwnerSight,
    organisation: OrganisationId,
    now: Option<Instant>,
    page: &PageRequest,
) -> Result<Page<ApiClient>, Error> {
    let sort = Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: instant_key(row.created_at), id: row.id };
    keyset::page(session, listed(sight, organisation, now), sort, page, position).await?.try_map(ApiClient::try_from)
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, sight: &OwnerSight, organisation: OrganisationId, now: Option<Instant>) -> Result<u64, Error> {
    listed(sight, organisation, now).count(&session.exec()).await.or_fail()
}

/// Keeps a new client with the hash of its secret.
pub async fn insert(writer: &Writer, client: &ApiClient, secret_hash: &str) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(client.id.uuid()),
        organisation_id: Set(client.organisation.uuid()),
        name: Set(client.name.clone()),
        scopes: Set(encode(&client.scopes)?),
        secret_hash: Set(secret_hash.to_owned()),
        secret_id: Set(client.secret),
        created_by: Set(client.created_by.uuid()),
        created_at: Set(client.created_at),
        expires_at: Set(client.expires_at),
        rotated_at: Set(client.rotated_at),
        last_used_at: Set(client.last_used_at),
        revoked_at: Set(client.revoked_at),
        revoked_by: Set(client.revoked_by.map(Id::uuid)),
    };
    row::insert(writer, row).await
}

/// Keeps what can change of a client; with a hash, its new secret.
pub async fn update(writer: &Writer, client: &ApiClient, secret_hash: Option<&str>) -> Result<(), Error> {
    let mut update = Entity::update_many()
        .col_expr(Column::SecretId, Expr::val(client.secret))
        .col_expr(Column::RotatedAt, Expr::val(client.rotated_at))
        .col_expr(Column::RevokedAt, Expr::val(client.revoked_at))
        .col_expr(Column::RevokedBy, Expr::val(client.revoked_by.map(Id::uuid)));
    if let Some(hash) = secret_hash {
        update = update.col_expr(Column::SecretHash, Expr::val(hash));
    }
    update.filter(Column::Id.eq(client.id.uuid())).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Ends every token of an organisation's clients: they are got with secrets that `named` names from now on. Says of how many clients; those
/// that were revoked have none.
pub async fn end_tokens(writer: &Writer, organisation: OrganisationId, named: Uuid) -> Result<u64, Error> {
    let update = Entity::update_many().col_expr(Column::SecretId, Expr::val(named));
    let of = Column::OrganisationId.eq(organisation.uuid()).and(Column::RevokedAt.is_null());
    Ok(update.filter(of).exec(&writer.exec()).await.or_fail()?.rows_affected)
}

/// Notes that a client signed in at `at` with the secret it still has; says whether it was good.
pub async fn used(writer: &Writer, client: &ApiClient, at: Instant) -> Result<bool, Error> {
    let update = Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::val(at))
        .filter(Column::Id.eq(client.id.uuid()).and(Column::SecretId.eq(client.secret)))
        .filter(good(at));
    Ok(update.exec(&writer.exec()).await.or_fail()?.rows_affected == 1)
}
