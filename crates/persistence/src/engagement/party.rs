//! What the contact log needs to know of the directory and of people: looked up by id, in the areas' own tables.

use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};
use tertulia_domain::{
    Error,
    id::{ChannelId, ElectionId, Id, OrganisationId, UserId},
    text::CountryCode,
    time::Instant,
};
use uuid::Uuid;

use crate::{directory::row::country_code, error::OrFail, store::Session};

fn select(table: &'static str, columns: &[&'static str]) -> SelectStatement {
    let mut select = Query::select();
    select.from(Alias::new(table)).columns(columns.iter().map(|column| Alias::new(*column)));
    select
}

async fn one(session: &dyn Session, select: &SelectStatement) -> Result<Option<QueryResult>, Error> {
    session.exec().query_one(select).await.or_fail()
}

/// The platform whose channel that is; none if there is no such channel.
pub async fn platform_of_channel(session: &dyn Session, id: ChannelId) -> Result<Option<OrganisationId>, Error> {
    let row = of(session, "channel", "platform_id", id.uuid()).await?;
    row.map(|row| row.try_get_by_index(0).map(Id::new).or_fail()).transpose()
}

/// The country in which an election is held, which a supranational one has not; none if there is no such election.
pub async fn country_of_election(session: &dyn Session, id: ElectionId) -> Result<Option<Option<CountryCode>>, Error> {
    let Some(row) = of(session, "election", "country_code", id.uuid()).await? else { return Ok(None) };
    let code: Option<String> = row.try_get_by_index(0).or_fail()?;
    country_code(code.as_deref(), "election").map(Some)
}

/// The country of an electoral body, which a supranational one has not.
pub async fn country_of_body(session: &dyn Session, id: OrganisationId) -> Result<Option<CountryCode>, Error> {
    let Some(row) = of(session, "organisation", "country_code", id.uuid()).await? else { return Ok(None) };
    let code: Option<String> = row.try_get_by_index(0).or_fail()?;
    country_code(code.as_deref(), "organisation")
}

async fn of(session: &dyn Session, table: &'static str, column: &'static str, id: Uuid) -> Result<Option<QueryResult>, Error> {
    let mut query = select(table, &[column]);
    query.and_where(Expr::col(Alias::new("id")).eq(id));
    one(session, &query).await
}

/// Those of the users who are members of one of the organisations.
pub async fn members_among(session: &dyn Session, users: &[UserId], organisations: &[OrganisationId]) -> Result<Vec<UserId>, Error> {
    let mut query = select("membership", &["user_id"]);
    query
        .distinct()
        .and_where(Expr::col(Alias::new("user_id")).is_in(users.iter().map(|id| id.uuid())))
        .and_where(Expr::col(Alias::new("organisation_id")).is_in(organisations.iter().map(|id| id.uuid())))
        .and_where(Expr::col(Alias::new("ended_at")).is_null());
    let rows = session.exec().query_all(&query).await.or_fail()?;
    rows.iter().map(|row| row.try_get::<Uuid>("", "user_id").map(Id::new).or_fail()).collect()
}

/// Whether a membership of the user began, ended or came to cover something else after `since`, as the audit log has it.
pub async fn memberships_changed(session: &dyn Session, user: UserId, since: Instant) -> Result<bool, Error> {
    let mut own = select("membership", &["id"]);
    own.and_where(Expr::col(Alias::new("user_id")).eq(user.uuid()));
    let mut query = select("audit_entry", &["id"]);
    query.and_where(Expr::col(Alias::new("object_id")).in_subquery(own)).and_where(Expr::col(Alias::new("at")).gt(since)).limit(1);
    Ok(one(session, &query).await?.is_some())
}
