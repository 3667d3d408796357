//! Memberships. One that has ended stays, for the history.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, SimpleExpr},
};
use tertulia_domain::{
    Error,
    id::{Id, MembershipId, OrganisationId, UserId},
    identity::{Cover, Membership, membership::is_keeper},
    page::{Page, PageRequest, Position},
    policy::{Coverage, MembershipSight, Role},
};

use super::organisation_lock;
use crate::{
    error::{OrFail, decoded},
    json, keyset,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) role: String,
    pub(crate) all_countries: bool,
    pub(crate) countries: String,
    pub(crate) all_services: bool,
    pub(crate) services: String,
    pub(crate) granted_by: Option<Uuid>,
    pub(crate) granted_at: DateTimeUtc,
    pub(crate) ended_at: Option<DateTimeUtc>,
    pub(crate) ended_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// A cover as four columns: whether all countries, which, whether all services, which.
pub(super) fn encode(cover: &Cover) -> Result<(bool, String, bool, String), Error> {
    fn part<T: Ord + serde::Serialize>(coverage: &Coverage<T>) -> Result<(bool, String), Error> {
        match coverage {
            Coverage::All => Ok((true, "[]".to_owned())),
            Coverage::Only(set) => Ok((false, json::encode(set)?)),
        }
    }
    let ((all_countries, countries), (all_services, services)) = (part(&cover.countries)?, part(&cover.services)?);
    Ok((all_countries, countries, all_services, services))
}

/// The cover that [`encode`] stored in the table of that name.
pub(super) fn decode(
    table: &'static str,
    all_countries: bool,
    countries: &str,
    all_services: bool,
    services: &str,
) -> Result<Cover, Error> {
    Ok(Cover {
        countries: if all_countries { Coverage::All } else { Coverage::Only(json::decode(countries, table, "countries")?) },
        services: if all_services { Coverage::All } else { Coverage::Only(json::decode(services, table, "services")?) },
    })
}

impl TryFrom<Model> for Membership {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            user: Id::new(row.user_id),
            organisation: Id::new(row.organisation_id),
            role: decoded(Role::parse(&row.role), "membership", "role", &row.role)?,
            cover: decode("membership", row.all_countries, &row.countries, row.all_services, &row.services)?,
            granted_by: row.granted_by.map(Id::new),
            granted_at: row.granted_at,
            ended_at: row.ended_at,
            ended_by: row.ended_by.map(Id::new),
        })
    }
}

fn active(membership: &Membership) -> Result<ActiveModel, Error> {
    let (all_countries, countries, all_services, services) = encode(&membership.cover)?;
    Ok(ActiveModel {
        id: Set(membership.id.uuid()),
        user_id: Set(membership.user.uuid()),
        organisation_id: Set(membership.organisation.uuid()),
        role: Set(membership.role.as_str().to_owned()),
        all_countries: Set(all_countries),
        countries: Set(countries),
        all_services: Set(all_services),
        services: Set(services),
        granted_by: Set(membership.granted_by.map(Id::uuid)),
        granted_at: Set(membership.granted_at),
        ended_at: Set(membership.ended_at),
        ended_by: Set(membership.ended_by.map(Id::uuid)),
    })
}

/// Rows of these roles.
fn of_roles(fits: impl Fn(Role) -> bool) -> SimpleExpr {
    Column::Role.is_in(Role::ALL.iter().copied().filter(|role| fits(*role)).map(Role::as_str))
}

/// What the caller may read: everything; the caller's own; those of organisations that the caller administers; for the
/// coordinator those of neither party.
fn seen(sight: &MembershipSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let mut seen = Condition::any().add(Column::OrganisationId.is_in(sight.administered().iter().map(|id| id.uuid())));
    if let Some(user) = sight.user() {
        seen = seen.add(Column::UserId.eq(user.uuid()));
    }
    if sight.outside_parties() {
        seen = seen.add(of_roles(|role| !role.is_party()));
    }
    seen
}

/// The membership of that id, if the caller may read it.
pub async fn find(session: &dyn Session, sight: &MembershipSight, id: MembershipId) -> Result<Option<Membership>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(seen(sight)).one(&session.exec()).await.or_fail()?;
    row.map(Membership::try_from).transpose()
}

/// The memberships of those ids that the caller may read, in any order.
pub async fn find_many(session: &dyn Session, sight: &MembershipSight, ids: &[MembershipId]) -> Result<Vec<Membership>, Error> {
    let chosen = Column::Id.is_in(ids.iter().map(|id| id.uuid()));
    let rows = Entity::find().filter(chosen).filter(seen(sight)).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Membership::try_from).collect()
}

fn of_organisation(sight: &MembershipSight, organisation: OrganisationId, ended: bool) -> Select<Entity> {
    let query = Entity::find().filter(Column::OrganisationId.eq(organisation.uuid())).filter(seen(sight));
    if ended { query } else { query.filter(Column::EndedAt.is_null()) }
}

/// An organisation's memberships that the caller may read, oldest first; with `ended` those that have ended too.
pub async fn list(
    session: &dyn Session,
    sight: &MembershipSight,
    organisation: OrganisationId,
    ended: bool,
    request: &PageRequest,
) -> Result<Page<Membership>, Error> {
    let sort = keyset::Sort { key: Column::GrantedAt, kind: keyset::Key::Instant, id: Column::Id, descending: false };
    let query = of_organisation(sight, organisation, ended);
    let page = keyset::page(session, query, sort, request, |row: &Model| Position { key: keyset::instant_key(row.granted_at), id: row.id });
    let page = page.await?;
    let edges = page.edges.into_iter().map(|edge| {
        let item = Membership::try_from(edge.item)?;
        Ok(tertulia_domain::page::Edge { position: edge.position, item })
    });
    Ok(Page { edges: edges.collect::<Result<_, Error>>()?, has_next: page.has_next, has_previous: page.has_previous })
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, sight: &MembershipSight, organisation: OrganisationId, ended: bool) -> Result<u64, Error> {
    of_organisation(sight, organisation, ended).count(&session.exec()).await.or_fail()
}

/// The active memberships of these users that the caller may read, oldest first.
pub async fn of_users(session: &dyn Session, sight: &MembershipSight, users: &[UserId]) -> Result<Vec<Membership>, Error> {
    let theirs = Column::UserId.is_in(users.iter().map(|id| id.uuid()));
    let rows = Entity::find()
        .filter(theirs)
        .filter(Column::EndedAt.is_null())
        .filter(seen(sight))
        .order_by_asc(Column::GrantedAt)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Membership::try_from).collect()
}

/// What a user actively holds, for the rules about roles that exclude each other.
pub async fn held(session: &dyn Session, user: UserId) -> Result<Vec<(OrganisationId, Role)>, Error> {
    let rows =
        Entity::find().filter(Column::UserId.eq(user.uuid())).filter(Column::EndedAt.is_null()).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(|row| Membership::try_from(row).map(|held| (held.organisation, held.role))).collect()
}

/// What each of these users actively holds, oldest first.
pub async fn held_by(session: &dyn Session, users: &[UserId]) -> Result<Vec<(UserId, OrganisationId, Role)>, Error> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::UserId.is_in(users.iter().map(|id| id.uuid())))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::GrantedAt)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|row| Membership::try_from(row).map(|held| (held.user, held.organisation, held.role))).collect()
}

/// Who keeps an organisation's memberships, and as what.
pub async fn keepers(session: &dyn Session, organisation: OrganisationId) -> Result<Vec<(UserId, Role)>, Error> {
    let rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation.uuid()))
        .filter(Column::EndedAt.is_null())
        .filter(of_roles(is_keeper))
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|row| Membership::try_from(row).map(|keeper| (keeper.user, keeper.role))).collect()
}

/// Who holds a role, in whatever organisation.
pub async fn holders(session: &dyn Session, role: Role) -> Result<Vec<UserId>, Error> {
    let held = Entity::find().select_only().column(Column::UserId).distinct();
    let held = held.filter(Column::Role.eq(role.as_str())).filter(Column::EndedAt.is_null());
    let ids: Vec<Uuid> = held.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// Who acts for an organisation: everybody with an active membership but auditors; nobody while it is locked.
pub async fn acting_for(session: &dyn Session, organisation: OrganisationId) -> Result<Vec<UserId>, Error> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::UserId)
        .distinct()
        .filter(Column::OrganisationId.eq(organisation.uuid()))
        .filter(Column::EndedAt.is_null())
        .filter(of_roles(|role| role != Role::Auditor))
        .filter(organisation_lock::is_open((Entity, Column::OrganisationId)))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// How many active memberships of a role there are in all organisations.
pub async fn count_role(session: &dyn Session, role: Role) -> Result<u64, Error> {
    let query = Entity::find().filter(Column::Role.eq(role.as_str())).filter(Column::EndedAt.is_null());
    query.count(&session.exec()).await.or_fail()
}

/// Adds a membership.
pub async fn insert(writer: &Writer, membership: &Membership) -> Result<(), Error> {
    Entity::insert(active(membership)?).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps what can change of a membership: its cover and its end.
pub async fn update(writer: &Writer, membership: &Membership) -> Result<(), Error> {
    let (all_countries, countries, all_services, services) = encode(&membership.cover)?;
    Entity::update_many()
        .col_expr(Column::AllCountries, Expr::val(all_countries))
        .col_expr(Column::Countries, Expr::val(countries))
        .col_expr(Column::AllServices, Expr::val(all_services))
        .col_expr(Column::Services, Expr::val(services))
        .col_expr(Column::EndedAt, Expr::val(membership.ended_at))
        .col_expr(Column::EndedBy, Expr::val(membership.ended_by.map(Id::uuid)))
        .filter(Column::Id.eq(membership.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}
