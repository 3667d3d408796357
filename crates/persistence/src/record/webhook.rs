//! Webhook endpoints. Their secrets are sealed and leave this table only to sign.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, LockType},
};
use tertulia_domain::{
    Error,
    id::{Id, OrganisationId, WebhookEndpointId},
    page::{Page, PageRequest, Position},
    policy::OwnerSight,
    record::webhook::{DisabledWhy, WebhookEndpoint},
    text::WebUrl,
    time::Instant,
};

use super::webhook_delivery;
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "webhook_endpoint";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoint")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) url: String,
    pub(crate) topics: String,
    pub(crate) secret: String,
    pub(crate) former_secret: Option<String>,
    pub(crate) former_until: Option<DateTimeUtc>,
    pub(crate) maker_id: Uuid,
    pub(crate) client_id: Option<Uuid>,
    pub(crate) disabled_why: Option<String>,
    pub(crate) failing_since: Option<DateTimeUtc>,
    pub(crate) from_seq: i64,
    pub(crate) description: Option<String>,
    pub(crate) topics_from: String,
    pub(crate) version: i64,
    pub(crate) created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for WebhookEndpoint {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let why = row.disabled_why.map(|why| decoded(DisabledWhy::parse(&why), TABLE, "disabled_why", &why));
        Ok(Self {
            id: Id::new(row.id),
            organisation: Id::new(row.organisation_id),
            url: decoded(WebUrl::parse(&row.url).ok(), TABLE, "url", &row.url)?,
            topics: decode(&row.topics, TABLE, "topics")?,
            description: row.description,
            maker: Id::new(row.maker_id),
            client: row.client_id.map(Id::new),
            disabled: why.transpose()?,
            failing_since: row.failing_since,
            from_seq: row.from_seq,
            topics_from: decode(&row.topics_from, TABLE, "topics_from")?,
            created_at: row.created_at,
            former_until: row.former_until,
            version: row.version,
        })
    }
}

/// The endpoints that a caller may read: those of organisations that he keeps.
pub(super) fn seen(sight: &OwnerSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    Condition::all().add(Column::OrganisationId.is_in(sight.organisations().iter().map(|id| id.uuid())))
}

/// Those of the endpoints that the caller may read.
pub async fn find_many(session: &dyn Session, sight: &OwnerSight, ids: &[WebhookEndpointId]) -> Result<Vec<WebhookEndpoint>, Error> {
    let chosen = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).filter(seen(sight));
    chosen.all(&session.exec()).await.or_fail()?.into_iter().map(WebhookEndpoint::try_from).collect()
}

/// The endpoint, if the caller may read it, held so that nobody else changes it before this transaction ends.
pub async fn hold(writer: &Writer, sight: &OwnerSight, id: WebhookEndpointId) -> Result<Option<WebhookEndpoint>, Error> {
    let found = Entity::find_by_id(id.uuid()).filter(seen(sight)).lock_exclusive().one(&writer.exec()).await.or_fail()?;
    found.map(WebhookEndpoint::try_from).transpose()
}

/// Those of the endpoints that are there, kept from being changed or deleted before this transaction ends.
pub async fn keep(writer: &Writer, ids: BTreeSet<WebhookEndpointId>) -> Result<BTreeSet<WebhookEndpointId>, Error> {
    let wanted = Column::Id.is_in(ids.into_iter().map(Id::uuid));
    let there = Entity::find().select_only().column(Column::Id).filter(wanted).order_by_asc(Column::Id).lock(LockType::KeyShare);
    let there: Vec<Uuid> = there.into_tuple().all(&writer.exec()).await.or_fail()?;
    Ok(there.into_iter().map(Id::new).collect())
}

/// Every endpoint in use.
pub async fn active(session: &dyn Session) -> Result<Vec<WebhookEndpoint>, Error> {
    let found = Entity::find().filter(Column::DisabledWhy.is_null()).all(&session.exec()).await.or_fail()?;
    found.into_iter().map(WebhookEndpoint::try_from).collect()
}

/// The sealed secrets with which an endpoint's messages are signed at `now`, the newest first.
pub async fn secrets(session: &dyn Session, id: WebhookEndpointId, now: Instant) -> Result<Vec<Vec<u8>>, Error> {
    let Some(row) = Entity::find_by_id(id.uuid()).one(&session.exec()).await.or_fail()? else { return Ok(Vec::new()) };
    let former = row.former_secret.filter(|_| row.former_until.is_some_and(|until| now < until));
    std::iter::once(row.secret).chain(former).map(|sealed| decode(&sealed, TABLE, "secret")).collect()
}

fn listed(sight: &OwnerSight, organisation: OrganisationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganisationId.eq(organisation.uuid())).filter(seen(sight))
}

/// A page of an organisation's endpoints that the caller may read, newest first.
pub async fn list(
    session: &dyn Session,
    sight: &OwnerSight,
    organisation: OrganisationId,
    page: &PageRequest,
) -> Result<Page<WebhookEndpoint>, Error> {
    let sort = Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: instant_key(row.created_at), id: row.id };
    keyset::page(session, listed(sight, organisation), sort, page, position).await?.try_map(WebhookEndpoint::try_from)
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, sight: &OwnerSight, organisation: OrganisationId) -> Result<u64, Error> {
    listed(sight, organisation).count(&session.exec()).await.or_fail()
}

/// Keeps a new endpoint with its sealed secret.
pub async fn insert(writer: &Writer, endpoint: &WebhookEndpoint, sealed: &[u8]) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(endpoint.id.uuid()),
        organisation_id: Set(endpoint.organisation.uuid()),
        url: Set(endpoint.url.as_str().to_owned()),
        topics: Set(encode(&endpoint.topics)?),
        secret: Set(encode(&sealed)?),
        former_secret: Set(None),
        former_until: Set(None),
        maker_id: Set(endpoint.maker.uuid()),
        client_id: Set(endpoint.client.map(Id::uuid)),
        disabled_why: Set(endpoint.disabled.map(|why| why.as_str().to_owned())),
        failing_since: Set(endpoint.failing_since),
        from_seq: Set(endpoint.from_seq),
        description: Set(endpoint.description.clone()),
        topics_from: Set(encode(&endpoint.topics_from)?),
        version: Set(endpoint.version),
        created_at: Set(endpoint.created_at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps whether an endpoint is in use, and how it fares.
pub async fn update(writer: &Writer, endpoint: &WebhookEndpoint) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::DisabledWhy, Expr::val(endpoint.disabled.map(DisabledWhy::as_str)))
        .col_expr(Column::FailingSince, Expr::val(endpoint.failing_since))
        .col_expr(Column::FromSeq, Expr::val(endpoint.from_seq))
        .filter(Column::Id.eq(endpoint.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Keeps what people change of an endpoint.
pub async fn change(writer: &Writer, endpoint: &WebhookEndpoint) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Url, Expr::val(endpoint.url.as_str()))
        .col_expr(Column::Topics, Expr::val(encode(&endpoint.topics)?))
        .col_expr(Column::TopicsFrom, Expr::val(encode(&endpoint.topics_from)?))
        .col_expr(Column::Description, Expr::val(endpoint.description.clone()))
        .col_expr(Column::MakerId, Expr::val(endpoint.maker.uuid()))
        .col_expr(Column::ClientId, Expr::val(endpoint.client.map(Id::uuid)))
        .col_expr(Column::FailingSince, Expr::val(endpoint.failing_since))
        .col_expr(Column::Version, Expr::val(endpoint.version))
        .filter(Column::Id.eq(endpoint.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// How many endpoints are disabled, by why; nothing about those of which there are none.
pub async fn disabled(session: &dyn Session) -> Result<Vec<(DisabledWhy, u64)>, Error> {
    let counted: Vec<(Option<String>, i64)> = Entity::find()
        .select_only()
        .column(Column::DisabledWhy)
        .column_as(Column::Id.count(), "many")
        .filter(Column::DisabledWhy.is_not_null())
        .group_by(Column::DisabledWhy)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    let read = |(why, many): (Option<String>, i64)| {
        let why = why.unwrap_or_default();
        Ok((decoded(DisabledWhy::parse(&why), TABLE, "disabled_why", &why)?, u64::try_from(many).unwrap_or_default()))
    };
    counted.into_iter().map(read).collect()
}

/// Removes an endpoint with every message to it.
pub async fn delete(writer: &Writer, id: WebhookEndpointId) -> Result<(), Error> {
    webhook_delivery::delete_of(writer, id).await?;
    Entity::delete_by_id(id.uuid()).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Puts another sealed secret into use; the one before signs beside it until `former_until`.
pub async fn rotate(writer: &Writer, id: WebhookEndpointId, sealed: &[u8], former_until: Instant) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::FormerSecret, Expr::col(Column::Secret))
        .col_expr(Column::FormerUntil, Expr::val(former_until))
        .col_expr(Column::Secret, Expr::val(encode(&sealed)?))
        .filter(Column::Id.eq(id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}
