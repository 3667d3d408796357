//! Mandates: listed through the reader's sight, looked up when the coordinator records for a body.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, entity::prelude::*, sea_query::Expr,
};
use tertulia_domain::{
    Error,
    engagement::mandate::{Mandate, MandateScope},
    id::{Id, MandateId, OrganisationId},
    page::{Page, PageRequest, Position},
    policy::ContactSight,
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

const TABLE: &str = "mandate";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mandate")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) electoral_body_id: Uuid,
    pub(crate) kinds: String,
    pub(crate) countries: String,
    pub(crate) election_id: Option<Uuid>,
    pub(crate) granted_by: Option<Uuid>,
    pub(crate) granted_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) revoked_at: Option<DateTimeUtc>,
    pub(crate) revoked_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Mandate {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            electoral_body: Id::new(row.electoral_body_id),
            scope: MandateScope {
                kinds: decode(&row.kinds, TABLE, "kinds")?,
                countries: decode(&row.countries, TABLE, "countries")?,
                election: row.election_id.map(Id::new),
            },
            granted_by: row.granted_by.map(Id::new),
            granted_at: row.granted_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            revoked_by: row.revoked_by.map(Id::new),
        })
    }
}

/// The mandates that a caller may read: those that one of his bodies gave; the coordinator all.
fn seen(sight: &ContactSight) -> Condition {
    if sight.everything() || sight.shared() {
        return Condition::all();
    }
    Condition::all().add(Column::ElectoralBodyId.is_in(sight.bodies().iter().map(|body| body.uuid())))
}

/// Those of the mandates that the caller may read.
pub async fn find_many(session: &dyn Session, sight: &ContactSight, ids: &[MandateId]) -> Result<Vec<Mandate>, Error> {
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).filter(seen(sight))).await
}

/// The mandate, if the caller may read it, held so that nobody else changes it before this transaction ends.
pub async fn hold(writer: &Writer, sight: &ContactSight, id: MandateId) -> Result<Option<Mandate>, Error> {
    row::read_one(writer, Entity::find_by_id(id.uuid()).filter(seen(sight)).held()).await
}

/// The mandates that these bodies gave and that hold at a moment, the first given first, whoever reads them.
pub async fn in_force(session: &dyn Session, bodies: &[OrganisationId], now: Instant) -> Result<Vec<Mandate>, Error> {
    let query = Entity::find()
        .filter(Column::ElectoralBodyId.is_in(bodies.iter().map(|id| id.uuid())))
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::RevokedAt.is_null());
    row::read_all(session, query.order_by_asc(Column::Id)).await
}

fn listed(sight: &ContactSight, body: Option<OrganisationId>, ended_at: Option<Instant>) -> Select<Entity> {
    let holds = |now: Instant| Condition::all().add(Column::ExpiresAt.gt(now)).add(Column::RevokedAt.is_null());
    let narrowed = Condition::all()
        .add(seen(sight))
        .add_option(body.map(|body| Column::ElectoralBodyId.eq(body.uuid())))
        .add_option(ended_at.map(holds));
    Entity::find().filter(narrowed)
}

/// A page of the mandates that the caller may read, the last given first; with `now` those that hold then.
pub async fn list(
    session: &dyn Session,
    sight: &ContactSight,
    body: Option<OrganisationId>,
    now: Option<Instant>,
    page: &PageRequest,
) -> Result<Page<Mandate>, Error> {
    let sort = Sort { key: Column::GrantedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: instant_key(row.granted_at), id: row.id };
    keyset::page(session, listed(sight, body, now), sort, page, position).await?.try_map(Mandate::try_from)
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, sight: &ContactSight, body: Option<OrganisationId>, now: Option<Instant>) -> Result<u64, Error> {
    listed(sight, body, now).count(&session.exec()).await.or_fail()
}

/// Keeps a new mandate.
pub async fn insert(writer: &Writer, mandate: &Mandate) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(mandate.id.uuid()),
        electoral_body_id: Set(mandate.electoral_body.uuid()),
        kinds: Set(encode(&mandate.scope.kinds)?),
        countries: Set(encode(&mandate.scope.countries)?),
        election_id: Set(mandate.scope.election.map(Id::uuid)),
        granted_by: Set(mandate.granted_by.map(Id::uuid)),
        granted_at: Set(mandate.granted_at),
        expires_at: Set(mandate.expires_at),
        revoked_at: Set(mandate.revoked_at),
        revoked_by: Set(mandate.revoked_by.map(Id::uuid)),
    };
    row::insert(writer, row).await
}

/// Keeps that a mandate was taken back.
pub async fn revoke(writer: &Writer, mandate: &Mandate) -> Result<(), Error> {
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(mandate.revoked_at))
        .col_expr(Column::RevokedBy, Expr::value(mandate.revoked_by.map(Id::uuid)))
        .filter(Column::Id.eq(mandate.id.uuid()));
    revoked.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
