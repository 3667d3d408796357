//! Publications.

use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    directory::entry::{Entry, PartialDate},
    id::{Id, PublicationId},
    knowledge::publication::{Publication, PublicationFields, PublicationFilter, PublicationType, PublicationVisibility},
    page::{Page, PageRequest, Position},
    policy::DirectorySight,
};

use crate::{
    directory::row::{self, ProvenanceColumns, read_some, upsert, url},
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort},
    portable::holds_words,
    store::{Session, Writer},
};

const TABLE: &str = "publication";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) titles: String,
    pub(crate) search_text: String,
    pub(crate) r#type: String,
    pub(crate) languages: String,
    pub(crate) published_on: Option<String>,
    pub(crate) sort_on: Date,
    pub(crate) url: Option<String>,
    pub(crate) doi: Option<String>,
    pub(crate) publishers: String,
    pub(crate) authors: String,
    pub(crate) visibility: String,
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

impl TryFrom<Model> for Publication {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let provenance =
            ProvenanceColumns { state: row.provenance_state, source_url: row.source_url, source_note: row.source_note, as_of: row.as_of };
        let fields = PublicationFields {
            titles: decode(&row.titles, TABLE, "titles")?,
            kind: decoded(PublicationType::parse(&row.r#type), TABLE, "type", &row.r#type)?,
            languages: decode(&row.languages, TABLE, "languages")?,
            published_on: read_some(row.published_on.as_deref(), PartialDate::parse, TABLE, "published_on")?,
            url: url(row.url.as_deref(), TABLE, "url")?,
            doi: row.doi,
            publishers: decode(&row.publishers, TABLE, "publishers")?,
            authors: decode(&row.authors, TABLE, "authors")?,
            visibility: decoded(PublicationVisibility::parse(&row.visibility), TABLE, "visibility", &row.visibility)?,
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

fn active(entry: &Publication) -> Result<ActiveModel, Error> {
    let fields = &entry.fields;
    let unknown = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        titles: Set(encode(&fields.titles)?),
        search_text: Set(fields.search_text()),
        r#type: Set(fields.kind.to_string()),
        languages: Set(encode(&fields.languages)?),
        published_on: Set(fields.published_on.map(|date| date.to_string())),
        sort_on: Set(fields.published_on.map_or(unknown, |date| date.date)),
        url: Set(fields.url.as_ref().map(|url| url.as_str().to_owned())),
        doi: Set(fields.doi.clone()),
        publishers: Set(encode(&fields.publishers)?),
        authors: Set(encode(&fields.authors)?),
        visibility: Set(fields.visibility.to_string()),
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

/// What the reader may see.
fn seen(sight: &DirectorySight) -> Select<Entity> {
    let query = Entity::find();
    if sight.everything() || sight.coalition() {
        query
    } else {
        query.filter(Column::Visibility.eq(PublicationVisibility::Public.as_str()))
    }
}

/// The publication with this id, if the reader may see it.
pub async fn find(session: &dyn Session, sight: &DirectorySight, id: PublicationId) -> Result<Option<Publication>, Error> {
    row::read_one(session, seen(sight).filter(Column::Id.eq(id.uuid()))).await
}

/// The publications with these ids that the reader may see.
pub async fn find_many(session: &dyn Session, sight: &DirectorySight, ids: &[PublicationId]) -> Result<Vec<Publication>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    row::read_all(session, seen(sight).filter(Column::Id.is_in(ids))).await
}

/// Every publication that the reader may see, in the order of entry.
pub async fn all(session: &dyn Session, sight: &DirectorySight) -> Result<Vec<Publication>, Error> {
    row::read_all(session, seen(sight).order_by_asc(Column::Id)).await
}

fn filtered(sight: &DirectorySight, filter: &PublicationFilter) -> Select<Entity> {
    let mut query = seen(sight);
    if !filter.types.is_empty() {
        query = query.filter(Column::Type.is_in(filter.types.iter().map(|kind| kind.as_str())));
    }
    if let Some(term) = &filter.search {
        query = query.filter(holds_words(&Column::SearchText.as_column_ref(), term));
    }
    query
}

/// A page of the publications that the reader may see, the latest first.
pub async fn list(
    session: &dyn Session,
    sight: &DirectorySight,
    filter: &PublicationFilter,
    page: &PageRequest,
) -> Result<Page<Publication>, Error> {
    let sort = Sort { key: Column::SortOn, kind: Key::Day, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: row.sort_on.to_string(), id: row.id };
    keyset::page(session, filtered(sight, filter), sort, page, position).await?.try_map(Publication::try_from)
}

/// How many publications the filter leaves of those that the reader may see.
pub async fn count(session: &dyn Session, sight: &DirectorySight, filter: &PublicationFilter) -> Result<u64, Error> {
    filtered(sight, filter).count(&session.exec()).await.or_fail()
}

/// Enters a publication.
pub async fn insert(writer: &Writer, entry: &Publication) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the publication's version before.
pub async fn update(writer: &Writer, entry: &Publication) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}

/// Inserts or replaces publications, whatever version is there.
pub async fn put(writer: &Writer, entries: &[Publication]) -> Result<(), Error> {
    upsert(writer, entries.iter().map(active).collect::<Result<_, _>>()?).await
}
