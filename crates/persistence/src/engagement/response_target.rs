//! Response targets. What an organisation proposed only it and the coordinator read until it is confirmed.

use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    directory::entry::Entry,
    engagement::response_target::{ResponseTarget, ResponseTargetFilter, TargetStatus},
    id::{Id, ResponseTargetId},
    page::{Page, PageRequest, Position},
    policy::DirectorySight,
};

use crate::{
    directory::row::{self, json_holds},
    error::OrFail,
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    store::{Session, Writer},
};

const TABLE: &str = "response_target";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "response_target")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) platform_id: Uuid,
    pub(crate) instrument_id: Option<Uuid>,
    pub(crate) countries: String,
    pub(crate) status: String,
    pub(crate) proposed_by: Option<Uuid>,
    pub(crate) fields: String,
    pub(crate) generated: bool,
    pub(crate) edited_at: Option<DateTimeUtc>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for ResponseTarget {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Entry {
            id: Id::new(row.id),
            key: None,
            version: row.version,
            fields: decode(&row.fields, TABLE, "fields")?,
            generated: row.generated,
            edited_at: row.edited_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn active(entry: &ResponseTarget) -> Result<ActiveModel, Error> {
    let fields = &entry.fields;
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        platform_id: Set(fields.platform.uuid()),
        instrument_id: Set(fields.instrument.map(Id::uuid)),
        countries: Set(encode(&fields.countries)?),
        status: Set(fields.status.to_string()),
        proposed_by: Set(fields.proposed_by.map(Id::uuid)),
        fields: Set(encode(fields)?),
        generated: Set(entry.generated),
        edited_at: Set(entry.edited_at),
        created_at: Set(entry.created_at),
        updated_at: Set(entry.updated_at),
        version: Set(entry.version),
    })
}

/// What the reader may see.
fn seen(sight: &DirectorySight) -> Select<Entity> {
    let query = Entity::find();
    if sight.everything() {
        return query;
    }
    let own = Column::ProposedBy.is_in(sight.organisations().iter().map(|id| id.uuid()));
    query.filter(Condition::any().add(Column::Status.eq(TargetStatus::InForce.as_str())).add(own))
}

/// The target with this id, if the reader may see it.
pub async fn find(session: &dyn Session, sight: &DirectorySight, id: ResponseTargetId) -> Result<Option<ResponseTarget>, Error> {
    row::read_one(session, seen(sight).filter(Column::Id.eq(id.uuid()))).await
}

/// The targets with these ids that the reader may see.
pub async fn find_many(session: &dyn Session, sight: &DirectorySight, ids: &[ResponseTargetId]) -> Result<Vec<ResponseTarget>, Error> {
    row::read_all(session, seen(sight).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))).await
}

/// Every target that is confirmed.
pub async fn in_force(session: &dyn Session) -> Result<Vec<ResponseTarget>, Error> {
    let confirmed = Column::Status.eq(TargetStatus::InForce.as_str());
    row::read_all(session, Entity::find().filter(confirmed).order_by_asc(Column::Id)).await
}

fn filtered(sight: &DirectorySight, filter: &ResponseTargetFilter) -> Select<Entity> {
    let in_country = |country: &str| Condition::any().add(Column::Countries.eq("[]")).add(json_holds(Column::Countries, country));
    let all = Condition::all()
        .add_option(filter.platform.map(|platform| Column::PlatformId.eq(platform.uuid())))
        .add_option(filter.instrument.map(|instrument| Column::InstrumentId.eq(instrument.uuid())))
        .add_option(filter.country.map(|country| in_country(country.as_str())))
        .add_option((!filter.statuses.is_empty()).then(|| Column::Status.is_in(filter.statuses.iter().map(|status| status.as_str()))));
    seen(sight).filter(all)
}

/// A page of the targets that the reader may see, the latest entered first.
pub async fn list(
    session: &dyn Session,
    sight: &DirectorySight,
    filter: &ResponseTargetFilter,
    page: &PageRequest,
) -> Result<Page<ResponseTarget>, Error> {
    let sort = Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: instant_key(row.created_at), id: row.id };
    keyset::page(session, filtered(sight, filter), sort, page, position).await?.try_map(ResponseTarget::try_from)
}

/// How many targets the filter leaves of those that the reader may see.
pub async fn count(session: &dyn Session, sight: &DirectorySight, filter: &ResponseTargetFilter) -> Result<u64, Error> {
    filtered(sight, filter).count(&session.exec()).await.or_fail()
}

/// Enters a target.
pub async fn insert(writer: &Writer, entry: &ResponseTarget) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the target's version before.
pub async fn update(writer: &Writer, entry: &ResponseTarget) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}
