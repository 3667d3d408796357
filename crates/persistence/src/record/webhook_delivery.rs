//! Messages of webhooks: on their way, and what became of them.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, Func, LockBehavior, LockType, OnConflict, Order},
};
use tertulia_domain::{
    Error,
    id::{AnyId, Id, WebhookDeliveryId, WebhookEndpointId},
    page::{Page, PageRequest, Position},
    policy::OwnerSight,
    record::webhook_delivery::{DeliveryStatus, WebhookDelivery},
    time::Instant,
};

use super::webhook;
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "webhook_delivery";
/// Rows of one INSERT.
const CHUNK: usize = 400;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) endpoint_id: Uuid,
    pub(crate) seq: Option<i64>,
    pub(crate) kind: String,
    pub(crate) object_type: Option<String>,
    pub(crate) object_id: Option<Uuid>,
    pub(crate) at: DateTimeUtc,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) status: String,
    pub(crate) tried: i64,
    pub(crate) next_at: Option<DateTimeUtc>,
    pub(crate) attempts: String,
    pub(crate) again_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for WebhookDelivery {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let object = row.object_type.zip(row.object_id);
        let object = object.map(|(kind, id)| decoded(AnyId::from_parts(&kind, id), TABLE, "object_type", &kind));
        Ok(Self {
            id: Id::new(row.id),
            endpoint: Id::new(row.endpoint_id),
            seq: row.seq,
            kind: row.kind,
            object: object.transpose()?,
            at: row.at,
            created_at: row.created_at,
            status: decoded(DeliveryStatus::parse(&row.status), TABLE, "status", &row.status)?,
            tried: u32::try_from(row.tried).unwrap_or(u32::MAX),
            next_at: row.next_at,
            attempts: decode(&row.attempts, TABLE, "attempts")?,
        })
    }
}

fn active(delivery: &WebhookDelivery) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(delivery.id.uuid()),
        endpoint_id: Set(delivery.endpoint.uuid()),
        seq: Set(delivery.seq),
        kind: Set(delivery.kind.clone()),
        object_type: Set(delivery.object.map(|object| object.prefix().to_owned())),
        object_id: Set(delivery.object.map(AnyId::uuid)),
        at: Set(delivery.at),
        created_at: Set(delivery.created_at),
        status: Set(delivery.status.as_str().to_owned()),
        tried: Set(delivery.tried.into()),
        next_at: Set(delivery.next_at),
        attempts: Set(encode(&delivery.attempts)?),
        again_at: Set(None),
    })
}

/// Adds messages; an event that is on its way to an endpoint already is left as it is.
pub async fn insert(writer: &Writer, deliveries: &[WebhookDelivery]) -> Result<(), Error> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let once = OnConflict::columns([Column::EndpointId, Column::Seq]).do_nothing().to_owned();
    for some in deliveries.chunks(CHUNK) {
        let rows = some.iter().map(active).collect::<Result<Vec<_>, Error>>()?;
        Entity::insert_many(rows).on_conflict(once.clone()).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

fn due(now: Instant, busy: &[WebhookEndpointId]) -> Select<Entity> {
    let in_use = webhook::Entity::find().select_only().column(webhook::Column::Id).filter(webhook::Column::DisabledWhy.is_null());
    let due = Entity::find()
        .filter(Column::NextAt.lte(now))
        .filter(Column::Status.eq(DeliveryStatus::Pending.as_str()))
        .filter(Column::EndpointId.in_subquery(in_use.into_query()));
    if busy.is_empty() { due } else { due.filter(Column::EndpointId.is_not_in(busy.iter().map(|id| id.uuid()))) }
}

/// Whether a message to an endpoint in use, and none of the busy ones, is due at `now`.
pub async fn is_due(session: &dyn Session, now: Instant, busy: &[WebhookEndpointId]) -> Result<bool, Error> {
    let found: Option<Uuid> = due(now, busy).select_only().column(Column::Id).limit(1).into_tuple().one(&session.exec()).await.or_fail()?;
    Ok(found.is_some())
}

/// Takes a message that is due and counts an attempt. Until `lease` nobody else takes it; then whoever took it is dead. Several
/// servers may take at once; none waits for another.
pub async fn take(writer: &Writer, now: Instant, busy: &[WebhookEndpointId], lease: Instant) -> Result<Option<WebhookDelivery>, Error> {
    let first = due(now, busy).order_by_asc(Column::NextAt).limit(1);
    let Some(row) = first.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(&writer.exec()).await.or_fail()? else {
        return Ok(None);
    };
    let mut taken = WebhookDelivery::try_from(row)?;
    taken.tried = taken.tried.saturating_add(1);
    taken.next_at = Some(lease);
    update(writer, &taken).await?;
    Ok(Some(taken))
}

/// Keeps how far a message has come.
pub async fn update(writer: &Writer, delivery: &WebhookDelivery) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::val(delivery.status.as_str()))
        .col_expr(Column::Tried, Expr::val(i64::from(delivery.tried)))
        .col_expr(Column::NextAt, Expr::val(delivery.next_at))
        .col_expr(Column::Attempts, Expr::val(encode(&delivery.attempts)?))
        .filter(Column::Id.eq(delivery.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// How many messages wait to be sent, and since when the oldest does: since it was made, or asked for again. What is for an endpoint that is
/// out of use has no time, and does not count.
pub async fn waiting(session: &dyn Session) -> Result<(u64, Option<Instant>), Error> {
    let waiting = Entity::find().filter(Column::NextAt.is_not_null());
    let since = Func::coalesce([Expr::col(Column::AgainAt), Expr::col(Column::CreatedAt)]);
    let oldest = waiting.clone().order_by(since, Order::Asc).one(&session.exec()).await.or_fail()?;
    Ok((waiting.count(&session.exec()).await.or_fail()?, oldest.map(|row| row.again_at.unwrap_or(row.created_at))))
}

/// Which messages of an endpoint.
#[derive(Clone, Debug)]
pub enum Which {
    /// One.
    Delivery(WebhookDeliveryId),
    /// Those that tell of the events of these numbers.
    Events(Vec<i64>),
}

/// Puts messages of an endpoint that are not on their way there again. Says how many.
pub async fn replay(writer: &Writer, endpoint: WebhookEndpointId, which: &Which, now: Instant) -> Result<u64, Error> {
    let chosen = match which {
        Which::Delivery(one) => Column::Id.eq(one.uuid()),
        Which::Events(numbers) => Column::Seq.is_in(numbers.iter().copied()),
    };
    let again = Entity::update_many()
        .col_expr(Column::Status, Expr::val(DeliveryStatus::Pending.as_str()))
        .col_expr(Column::Tried, Expr::val(0_i64))
        .col_expr(Column::NextAt, Expr::val(now))
        .col_expr(Column::AgainAt, Expr::val(now))
        .filter(Column::EndpointId.eq(endpoint.uuid()).and(chosen))
        .filter(Column::Status.ne(DeliveryStatus::Pending.as_str()));
    Ok(again.exec(&writer.exec()).await.or_fail()?.rows_affected)
}

/// Those of these events' numbers of which an endpoint has a message.
pub async fn numbers(session: &dyn Session, endpoint: WebhookEndpointId, among: &[i64]) -> Result<Vec<i64>, Error> {
    let found: Vec<Option<i64>> = Entity::find()
        .select_only()
        .column(Column::Seq)
        .filter(Column::EndpointId.eq(endpoint.uuid()).and(Column::Seq.is_in(among.iter().copied())))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(found.into_iter().flatten().collect())
}

/// Lets what is on its way to an endpoint wait without a time, so that nobody looks at it, or go on at `now`.
pub async fn put_off(writer: &Writer, endpoint: WebhookEndpointId, until: Option<Instant>) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::NextAt, Expr::val(until))
        .filter(Column::EndpointId.eq(endpoint.uuid()))
        .filter(Column::Status.eq(DeliveryStatus::Pending.as_str()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// The messages that a caller may read: those to the endpoints that he may.
fn seen(sight: &OwnerSight) -> Expr {
    let readable = webhook::Entity::find().select_only().column(webhook::Column::Id).filter(webhook::seen(sight));
    Column::EndpointId.in_subquery(readable.into_query())
}

/// Those of the messages that the caller may read.
pub async fn find_many(session: &dyn Session, sight: &OwnerSight, ids: &[WebhookDeliveryId]) -> Result<Vec<WebhookDelivery>, Error> {
    let chosen = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).filter(seen(sight));
    chosen.all(&session.exec()).await.or_fail()?.into_iter().map(WebhookDelivery::try_from).collect()
}

/// Removes the messages to an endpoint.
pub(super) async fn delete_of(writer: &Writer, endpoint: WebhookEndpointId) -> Result<(), Error> {
    Entity::delete_many().filter(Column::EndpointId.eq(endpoint.uuid())).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// The ids of some messages from before `at`.
pub async fn list_before(session: &dyn Session, at: Instant, most: u64) -> Result<Vec<Uuid>, Error> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::CreatedAt.lt(at)).limit(most);
    query.into_tuple().all(&session.exec()).await.or_fail()
}

/// Forgets these messages; says how many there were.
pub async fn delete_many(writer: &Writer, ids: Vec<Uuid>) -> Result<u64, Error> {
    Ok(Entity::delete_many().filter(Column::Id.is_in(ids)).exec(&writer.exec()).await.or_fail()?.rows_affected)
}

/// Which messages a list shows: those to an endpoint, perhaps only those that have come so far.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// To which endpoint.
    pub endpoint: WebhookEndpointId,
    /// How far they have come.
    pub status: Option<DeliveryStatus>,
}

fn listed(sight: &OwnerSight, filter: Filter) -> Select<Entity> {
    let all = Entity::find().filter(Column::EndpointId.eq(filter.endpoint.uuid())).filter(seen(sight));
    match filter.status {
        Some(status) => all.filter(Column::Status.eq(status.as_str())),
        None => all,
    }
}

/// A page of the messages to an endpoint that the caller may read, newest first.
pub async fn list(session: &dyn Session, sight: &OwnerSight, filter: Filter, page: &PageRequest) -> Result<Page<WebhookDelivery>, Error> {
    let sort = Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: instant_key(row.created_at), id: row.id };
    keyset::page(session, listed(sight, filter), sort, page, position).await?.try_map(WebhookDelivery::try_from)
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, sight: &OwnerSight, filter: Filter) -> Result<u64, Error> {
    listed(sight, filter).count(&session.exec()).await.or_fail()
}
