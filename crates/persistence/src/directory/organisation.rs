//! Organisations of every kind, electoral bodies and platform companies among them.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    directory::{
        electoral_body::{BodyLevel, ElectoralBodyFacts, ElectoralBodyFilter, ElectoralBodyOrder, ElectoralModel, MemberBasis},
        entry::Entry,
        organisation::{Organisation, OrganisationFields, OrganisationFilter, OrganisationKind, OrganisationOrder, OrganisationStatus},
    },
    id::{Id, OrganisationId},
    page::{Page, PageRequest, Position},
    text::LanguageTag,
};

use super::row::{self, ProvenanceColumns, countries_within, country_code, member, own_or_country, small, upsert, url};
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    store::{Session, Writer},
};

const TABLE: &str = "organisation";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
#[expect(clippy::struct_field_names, reason = "an electoral body has a model, and sea-orm calls every row so")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) names: String,
    pub(crate) sort_name: String,
    pub(crate) sort_country: String,
    pub(crate) search_text: String,
    pub(crate) short_name: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) website: Option<String>,
    pub(crate) languages: String,
    pub(crate) time_zone: Option<String>,
    pub(crate) parent_id: Option<Uuid>,
    pub(crate) status: String,
    pub(crate) external_ids: String,
    pub(crate) founded_year: Option<i64>,
    pub(crate) remark: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) level: Option<String>,
    pub(crate) mandates: Option<String>,
    pub(crate) jurisdictions: Option<String>,
    pub(crate) member_count: Option<i64>,
    pub(crate) member_basis: Option<String>,
    pub(crate) term_years: Option<i64>,
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

impl TryFrom<Model> for Organisation {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let kind = decoded(OrganisationKind::parse(&row.kind), TABLE, "kind", &row.kind)?;
        let body = if kind == OrganisationKind::ElectoralBody { Some(body(&row)?) } else { None };
        let provenance =
            ProvenanceColumns { state: row.provenance_state, source_url: row.source_url, source_note: row.source_note, as_of: row.as_of };
        let fields = OrganisationFields {
            kind,
            names: decode(&row.names, TABLE, "names")?,
            short_name: row.short_name,
            country: country_code(row.country_code.as_deref(), TABLE)?,
            website: url(row.website.as_deref(), TABLE, "website")?,
            languages: decode::<Vec<LanguageTag>>(&row.languages, TABLE, "languages")?,
            time_zone: row.time_zone,
            parent: row.parent_id.map(Id::new),
            status: decoded(OrganisationStatus::parse(&row.status), TABLE, "status", &row.status)?,
            external_ids: decode(&row.external_ids, TABLE, "external_ids")?,
            founded_year: small(row.founded_year, TABLE, "founded_year")?,
            remark: row.remark,
            provenance: provenance.read(TABLE)?,
            body,
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

fn body(row: &Model) -> Result<ElectoralBodyFacts, Error> {
    Ok(ElectoralBodyFacts {
        model: member(row.model.as_deref(), ElectoralModel::parse, TABLE, "model")?,
        level: member(row.level.as_deref(), BodyLevel::parse, TABLE, "level")?.unwrap_or(BodyLevel::National),
        mandates: decode(row.mandates.as_deref().unwrap_or("[]"), TABLE, "mandates")?,
        jurisdictions: decode(row.jurisdictions.as_deref().unwrap_or("[]"), TABLE, "jurisdictions")?,
        member_count: small(row.member_count, TABLE, "member_count")?,
        member_basis: member(row.member_basis.as_deref(), MemberBasis::parse, TABLE, "member_basis")?,
        term_years: small(row.term_years, TABLE, "term_years")?,
    })
}

fn active(entry: &Organisation) -> Result<ActiveModel, Error> {
    let fields = &entry.fields;
    let body = fields.body.as_ref();
    let sort_name = fields.names.sort_name();
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        kind: Set(fields.kind.to_string()),
        names: Set(encode(&fields.names)?),
        sort_country: Set(format!("{} {sort_name}", fields.country.map(|code| code.to_string()).unwrap_or_default())),
        sort_name: Set(sort_name),
        search_text: Set(fields.search_text()),
        short_name: Set(fields.short_name.clone()),
        country_code: Set(fields.country.map(|code| code.to_string())),
        website: Set(fields.website.as_ref().map(|url| url.as_str().to_owned())),
        languages: Set(encode(&fields.languages)?),
        time_zone: Set(fields.time_zone.clone()),
        parent_id: Set(fields.parent.map(Id::uuid)),
        status: Set(fields.status.to_string()),
        external_ids: Set(encode(&fields.external_ids)?),
        founded_year: Set(fields.founded_year.map(i64::from)),
        remark: Set(fields.remark.clone()),
        model: Set(body.and_then(|body| body.model).map(|model| model.to_string())),
        level: Set(body.map(|body| body.level.to_string())),
        mandates: Set(body.map(|body| encode(&body.mandates)).transpose()?),
        jurisdictions: Set(body.map(|body| encode(&body.jurisdictions)).transpose()?),
        member_count: Set(body.and_then(|body| body.member_count).map(i64::from)),
        member_basis: Set(body.and_then(|body| body.member_basis).map(|basis| basis.to_string())),
        term_years: Set(body.and_then(|body| body.term_years).map(i64::from)),
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

/// The organisation with this id.
pub async fn find(session: &dyn Session, id: OrganisationId) -> Result<Option<Organisation>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid())).await
}

/// The organisations with these ids.
pub async fn find_many(session: &dyn Session, ids: &[OrganisationId]) -> Result<Vec<Organisation>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids))).await
}

/// The organisation whose row in the reference files has this key.
pub async fn find_by_key(session: &dyn Session, key: &str) -> Result<Option<Organisation>, Error> {
    row::read_one(session, Entity::find().filter(Column::Slug.eq(key))).await
}

/// Every organisation, in the order of entry.
pub async fn all(session: &dyn Session) -> Result<Vec<Organisation>, Error> {
    row::read_all(session, Entity::find().order_by_asc(Column::Id)).await
}

fn filtered(filter: &OrganisationFilter) -> Select<Entity> {
    let statuses = filter.wanted_statuses();
    let mut query = Entity::find().filter(Column::Status.is_in(statuses.iter().map(|status| status.as_str())));
    if !filter.kinds.is_empty() {
        query = query.filter(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.as_str())));
    }
    if let Some(country) = filter.country {
        query = query.filter(Column::CountryCode.eq(country.as_str()));
    }
    if let Some(term) = &filter.search {
        query = query.filter(own_or_country(Column::SearchText, Column::CountryCode, term));
    }
    query
}

/// A page of organisations.
pub async fn list(
    session: &dyn Session,
    filter: &OrganisationFilter,
    order: OrganisationOrder,
    page: &PageRequest,
) -> Result<Page<Organisation>, Error> {
    let (sort, position): (_, fn(&Model) -> Position) = match order {
        OrganisationOrder::Name => (Sort { key: Column::SortName, kind: Key::Text, id: Column::Id, descending: false }, by_name),
        OrganisationOrder::CreatedAt => (Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: false }, |row| {
            Position { key: instant_key(row.created_at), id: row.id }
        }),
    };
    keyset::page(session, filtered(filter), sort, page, position).await?.try_map(Organisation::try_from)
}

fn by_name(row: &Model) -> Position {
    Position { key: row.sort_name.clone(), id: row.id }
}

/// How many organisations the filter leaves.
pub async fn count(session: &dyn Session, filter: &OrganisationFilter) -> Result<u64, Error> {
    filtered(filter).count(&session.exec()).await.or_fail()
}

fn bodies(filter: &ElectoralBodyFilter) -> Select<Entity> {
    let general = OrganisationFilter {
        search: filter.search.clone(),
        kinds: vec![OrganisationKind::ElectoralBody],
        country: filter.country,
        statuses: filter.wanted_statuses(),
        include_historical: false,
    };
    let mut query = filtered(&general);
    if !filter.models.is_empty() {
        query = query.filter(Column::Model.is_in(filter.models.iter().map(|model| model.as_str())));
    }
    if let Some(region) = filter.region {
        query = query.filter(Column::CountryCode.in_subquery(countries_within(region)));
    }
    query
}

/// A page of electoral bodies.
pub async fn list_bodies(
    session: &dyn Session,
    filter: &ElectoralBodyFilter,
    order: ElectoralBodyOrder,
    page: &PageRequest,
) -> Result<Page<Organisation>, Error> {
    let (key, position): (_, fn(&Model) -> Position) = match order {
        ElectoralBodyOrder::Name => (Column::SortName, by_name),
        ElectoralBodyOrder::Country => (Column::SortCountry, |row| Position { key: row.sort_country.clone(), id: row.id }),
    };
    let sort = Sort { key, kind: Key::Text, id: Column::Id, descending: false };
    keyset::page(session, bodies(filter), sort, page, position).await?.try_map(Organisation::try_from)
}

/// How many electoral bodies the filter leaves.
pub async fn count_bodies(session: &dyn Session, filter: &ElectoralBodyFilter) -> Result<u64, Error> {
    bodies(filter).count(&session.exec()).await.or_fail()
}

/// Enters an organisation.
pub async fn insert(writer: &Writer, entry: &Organisation) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the organisation's version before.
pub async fn update(writer: &Writer, entry: &Organisation) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}

/// Inserts or replaces organisations, whatever version is there.
pub async fn put(writer: &Writer, entries: &[Organisation]) -> Result<(), Error> {
    upsert(writer, entries.iter().map(active).collect::<Result<_, _>>()?).await
}
