//! Who a request comes from: session, user, memberships and their organisations in one statement, with every request, so that
//! sign-out and revocation take effect at once.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, IntoCondition},
};
use tertulia_domain::{
    Error,
    id::{ApiClientId, Id, SessionId, UserId},
    policy::{ApiScopes, Member, OrganisationKind, Role},
    text::CountryCode,
    time::Instant,
};

use super::{api_client, membership, organisation_lock, session};
use crate::{
    directory::organisation,
    error::{OrFail, decoded},
    json,
    store::Session,
};

/// A membership's columns with its organisation's, all missing where the user holds none.
#[derive(FromQueryResult)]
struct Row {
    user_id: Uuid,
    membership_id: Option<Uuid>,
    organisation_id: Option<Uuid>,
    role: Option<String>,
    all_countries: Option<bool>,
    countries: Option<String>,
    all_services: Option<bool>,
    services: Option<String>,
    kind: Option<String>,
    country_code: Option<String>,
    wrote_at: Option<DateTimeUtc>,
    /// The lock that lasts on the organisation.
    lock_id: Option<Uuid>,
}

impl Row {
    fn member(self) -> Result<Option<Member>, Error> {
        let (Some(id), Some(organisation), Some(role), Some(kind), None) =
            (self.membership_id, self.organisation_id, self.role, self.kind, self.lock_id)
        else {
            return Ok(None);
        };
        let cover = membership::decode(
            "membership",
            self.all_countries.unwrap_or(false),
            self.countries.as_deref().unwrap_or("[]"),
            self.all_services.unwrap_or(false),
            self.services.as_deref().unwrap_or("[]"),
        )?;
        let country = self.country_code.map(|code| decoded(CountryCode::parse(&code).ok(), "organisation", "country_code", &code));
        Ok(Some(Member {
            id: Id::new(id),
            organisation: Id::new(organisation),
            organisation_kind: decoded(OrganisationKind::parse(&kind), "organisation", "kind", &kind)?,
            country: country.transpose()?,
            role: decoded(Role::parse(&role), "membership", "role", &role)?,
            countries: cover.countries,
            services: cover.services,
        }))
    }
}

/// Adds what [`Row`] reads of the active memberships of the user whose id is in the column `user`.
fn with_members<E: EntityTrait>(query: Select<E>, user: E::Column) -> Select<E> {
    let active = move |_left, _right| Expr::col((membership::Entity, membership::Column::EndedAt)).is_null().into_condition();
    let held = E::belongs_to(membership::Entity).from(user).to(membership::Column::UserId).on_condition(active).into();
    let place =
        membership::Entity::belongs_to(organisation::Entity).from(membership::Column::OrganisationId).to(organisation::Column::Id).into();
    let lasts = |_left, right| Expr::col((right, organisation_lock::Column::UnlockedAt)).is_null().into_condition();
    let lock = membership::Entity::belongs_to(organisation_lock::Entity)
        .from(membership::Column::OrganisationId)
        .to(organisation_lock::Column::OrganisationId)
        .on_condition(lasts)
        .into();
    query
        .join(JoinType::LeftJoin, held)
        .join(JoinType::LeftJoin, place)
        .join(JoinType::LeftJoin, lock)
        .select_only()
        .column_as(user, "user_id")
        .column_as(membership::Column::Id, "membership_id")
        .column_as(membership::Column::OrganisationId, "organisation_id")
        .column_as(membership::Column::Role, "role")
        .column_as(membership::Column::AllCountries, "all_countries")
        .column_as(membership::Column::Countries, "countries")
        .column_as(membership::Column::AllServices, "all_services")
        .column_as(membership::Column::Services, "services")
        .column_as(organisation::Column::Kind, "kind")
        .column_as(organisation::Column::CountryCode, "country_code")
        .column_as(organisation_lock::Column::Id, "lock_id")
        .order_by_asc(membership::Column::GrantedAt)
        .order_by_asc(membership::Column::Id)
}

/// Who holds a session.
#[derive(Debug)]
pub struct Holder {
    /// The user.
    pub user: UserId,
    /// The memberships in force.
    pub members: Vec<Member>,
    /// When the session last wrote, as far as that was noted.
    pub wrote_at: Option<Instant>,
}

/// The user of a session that is alive at `now`, with the memberships in force; `None` if there is no such session, or every
/// organisation in which its user holds a membership is locked.
pub async fn of_session(session: &dyn Session, id: SessionId, now: Instant) -> Result<Option<Holder>, Error> {
    let query =
        session::Entity::find_by_id(id.uuid()).filter(session::Column::EndedAt.is_null()).filter(session::Column::ExpiresAt.gt(now));
    let query = with_members(query, session::Column::UserId).column_as(session::Column::WroteAt, "wrote_at");
    let rows: Vec<Row> = query.into_model().all(&session.exec()).await.or_fail()?;
    let Some((user, wrote_at)) = rows.first().map(|row| (Id::new(row.user_id), row.wrote_at)) else { return Ok(None) };
    let held = Held::of(rows)?;
    Ok((!held.is_locked_out).then_some(Holder { user, members: held.members, wrote_at }))
}

#[derive(FromQueryResult)]
struct ClientRow {
    #[sea_orm(nested)]
    row: Row,
    scopes: String,
}

/// The rights of an API client that is good at `now` and whose secret is the one named: the memberships in force in its organisation
/// of whoever made it, and its scopes. `None` if there is no such client, nobody's rights are behind it any more, or its organisation is
/// locked.
pub async fn of_client(
    session: &dyn Session,
    id: ApiClientId,
    secret: Uuid,
    now: Instant,
) -> Result<Option<(Vec<Member>, ApiScopes)>, Error> {
    use api_client::{Column, Entity};
    let of_organisation = Expr::col((membership::Entity, membership::Column::OrganisationId)).equals((Entity, Column::OrganisationId));
    let query = Entity::find_by_id(id.uuid())
        .filter(Column::SecretId.eq(secret))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .filter(of_organisation);
    let query =
        with_members(query, Column::CreatedBy).expr_as(Expr::val(None::<DateTimeUtc>), "wrote_at").column_as(Column::Scopes, "scopes");
    let rows: Vec<ClientRow> = query.into_model().all(&session.exec()).await.or_fail()?;
    let Some(scopes) = rows.first().map(|row| json::decode(&row.scopes, api_client::TABLE, "scopes")) else { return Ok(None) };
    let held = Held::of(rows.into_iter().map(|row| row.row).collect())?;
    Ok(if held.is_locked_out { None } else { Some((held.members, scopes?)) })
}

/// What the memberships in force of somebody give.
#[derive(Debug)]
pub struct Held {
    /// Those in organisations that are not locked.
    pub members: Vec<Member>,
    /// Whether there are others only.
    pub is_locked_out: bool,
}

impl Held {
    fn of(rows: Vec<Row>) -> Result<Self, Error> {
        let is_any_locked = rows.iter().any(|row| row.lock_id.is_some());
        let members: Vec<Member> = rows.into_iter().filter_map(|row| row.member().transpose()).collect::<Result<_, Error>>()?;
        Ok(Self { is_locked_out: is_any_locked && members.is_empty(), members })
    }
}

/// What the memberships in force of a user give.
pub async fn of_user(session: &dyn Session, id: UserId) -> Result<Held, Error> {
    let query = super::user::Entity::find_by_id(id.uuid());
    let query = with_members(query, super::user::Column::Id).expr_as(Expr::val(None::<DateTimeUtc>), "wrote_at");
    Held::of(query.into_model().all(&session.exec()).await.or_fail()?)
}
