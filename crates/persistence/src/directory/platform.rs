//! Services of platform companies. The companies are organisations.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    directory::{
        entry::Entry,
        organisation::OrganisationStatus,
        platform::{DsaStatus, EuUsers, PlatformService, PlatformServiceFields, PlatformServiceFilter, PlatformServiceType},
    },
    id::{Id, OrganisationId, PlatformServiceId},
    page::{Page, PageRequest, Position},
};

use super::row::{self, ProvenanceColumns, own_or_organisation, read_some, upsert, url};
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort},
    store::{Session, Writer},
};

const TABLE: &str = "platform_service";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_service")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) platform_id: Uuid,
    pub(crate) names: String,
    pub(crate) sort_name: String,
    pub(crate) search_text: String,
    pub(crate) r#type: String,
    pub(crate) website: Option<String>,
    pub(crate) status: String,
    pub(crate) countries_offered: String,
    pub(crate) policy_urls: String,
    pub(crate) transparency_urls: String,
    pub(crate) dsa_status: String,
    pub(crate) dsa_designated_on: Option<Date>,
    pub(crate) dsa_ended_on: Option<Date>,
    pub(crate) eu_monthly_users: Option<String>,
    pub(crate) eu_users_note: Option<String>,
    pub(crate) provenance_state: String,
    pub(crate) source_url: Option<String>,
    pub(crate) source_note: Option<String>,
    pub(crate) as_of: Option<Date>,
    pub(crate) slug: Option<String>,
    pub(crate) generated: bool,
    pub(crate) edited_at: Option<DateTimeUtc>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for PlatformService {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let provenance =
            ProvenanceColumns { state: row.provenance_state, source_url: row.source_url, source_note: row.source_note, as_of: row.as_of };
        let fields = PlatformServiceFields {
            platform: Id::new(row.platform_id),
            names: decode(&row.names, TABLE, "names")?,
            kind: decoded(PlatformServiceType::parse(&row.r#type), TABLE, "type", &row.r#type)?,
            website: url(row.website.as_deref(), TABLE, "website")?,
            status: decoded(OrganisationStatus::parse(&row.status), TABLE, "status", &row.status)?,
            countries_offered: decode(&row.countries_offered, TABLE, "countries_offered")?,
            policy_urls: decode(&row.policy_urls, TABLE, "policy_urls")?,
            transparency_urls: decode(&row.transparency_urls, TABLE, "transparency_urls")?,
            dsa_status: decoded(DsaStatus::parse(&row.dsa_status), TABLE, "dsa_status", &row.dsa_status)?,
            dsa_designated_on: row.dsa_designated_on,
            dsa_ended_on: row.dsa_ended_on,
            eu_monthly_users: read_some(row.eu_monthly_users.as_deref(), EuUsers::parse, TABLE, "eu_monthly_users")?,
            eu_users_note: row.eu_users_note,
            provenance: provenance.read(TABLE)?,
        };
        Ok(Entry {
            id: Id::new(row.id),
            key: row.slug,
            version: row.version,
            fields,
            generated: row.generated,
            edited_at: row.edited_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn active(entry: &PlatformService) -> Result<ActiveModel, Error> {
    let fields = &entry.fields;
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        platform_id: Set(fields.platform.uuid()),
        names: Set(encode(&fields.names)?),
        sort_name: Set(fields.names.sort_name()),
        search_text: Set(fields.search_text()),
        r#type: Set(fields.kind.to_string()),
        website: Set(fields.website.as_ref().map(|url| url.as_str().to_owned())),
        status: Set(fields.status.to_string()),
        countries_offered: Set(encode(&fields.countries_offered)?),
        policy_urls: Set(encode(&fields.policy_urls)?),
        transparency_urls: Set(encode(&fields.transparency_urls)?),
        dsa_status: Set(fields.dsa_status.to_string()),
        dsa_designated_on: Set(fields.dsa_designated_on),
        dsa_ended_on: Set(fields.dsa_ended_on),
        eu_monthly_users: Set(fields.eu_monthly_users.map(|users| users.to_string())),
        eu_users_note: Set(fields.eu_users_note.clone()),
        provenance_state: Set(fields.provenance.state.to_string()),
        source_url: Set(fields.provenance.source_url.as_ref().map(|url| url.as_str().to_owned())),
        source_note: Set(fields.provenance.source_note.clone()),
        as_of: Set(fields.provenance.as_of),
        slug: Set(entry.key.clone()),
        generated: Set(entry.generated),
        edited_at: Set(entry.edited_at),
        created_at: Set(entry.created_at),
        updated_at: Set(entry.updated_at),
        version: Set(entry.version),
    })
}

/// The service with this id.
pub async fn find(session: &dyn Session, id: PlatformServiceId) -> Result<Option<PlatformService>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid())).await
}

/// The services with these ids.
pub async fn find_many(session: &dyn Session, ids: &[PlatformServiceId]) -> Result<Vec<PlatformService>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids))).await
}

/// The services of these companies, by name; those that are no longer offered are left out.
pub async fn of_platforms(session: &dyn Session, platforms: &[OrganisationId]) -> Result<Vec<PlatformService>, Error> {
    let rows = Entity::find()
        .filter(Column::PlatformId.is_in(platforms.iter().map(|id| id.uuid())))
        .filter(Column::Status.ne(OrganisationStatus::Dissolved.as_str()))
        .order_by_asc(Column::SortName)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(PlatformService::try_from).collect()
}

/// Every service, in the order of entry.
pub async fn all(session: &dyn Session) -> Result<Vec<PlatformService>, Error> {
    row::read_all(session, Entity::find().order_by_asc(Column::Id)).await
}

fn filtered(filter: &PlatformServiceFilter) -> Select<Entity> {
    let mut query = Entity::find();
    if !filter.include_historical {
        query = query.filter(Column::Status.ne(OrganisationStatus::Dissolved.as_str()));
    }
    if !filter.types.is_empty() {
        query = query.filter(Column::Type.is_in(filter.types.iter().map(|kind| kind.as_str())));
    }
    if !filter.dsa_statuses.is_empty() {
        query = query.filter(Column::DsaStatus.is_in(filter.dsa_statuses.iter().map(|status| status.as_str())));
    }
    if let Some(platform) = filter.platform {
        query = query.filter(Column::PlatformId.eq(platform.uuid()));
    }
    if let Some(term) = &filter.search {
        query = query.filter(own_or_organisation(Column::SearchText, Column::PlatformId, term));
    }
    query
}

/// A page of services by name.
pub async fn list(session: &dyn Session, filter: &PlatformServiceFilter, page: &PageRequest) -> Result<Page<PlatformService>, Error> {
    let sort = Sort { key: Column::SortName, kind: Key::Text, id: Column::Id, descending: false };
    let position = |row: &Model| Position { key: row.sort_name.clone(), id: row.id };
    keyset::page(session, filtered(filter), sort, page, position).await?.try_map(PlatformService::try_from)
}

/// How many services the filter leaves.
pub async fn count(session: &dyn Session, filter: &PlatformServiceFilter) -> Result<u64, Error> {
    filtered(filter).count(&session.exec()).await.or_fail()
}

/// Enters a service.
pub async fn insert(writer: &Writer, entry: &PlatformService) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the service's version before.
pub async fn update(writer: &Writer, entry: &PlatformService) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}

/// Inserts or replaces services, whatever version is there.
pub async fn put(writer: &Writer, entries: &[PlatformService]) -> Result<(), Error> {
    upsert(writer, entries.iter().map(active).collect::<Result<_, _>>()?).await
}
