//! Reporting programmes.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    directory::{
        entry::Entry,
        reporting_programme::{ReportingProgramme, ReportingProgrammeFields},
    },
    id::{Id, ReportingProgrammeId},
    page::{Page, PageRequest, Position},
};

use super::row::{self, ProvenanceColumns, upsert, url};
use crate::{
    error::OrFail,
    json::{decode, encode},
    keyset::{self, Key, Sort},
    store::{Session, Writer},
};

const TABLE: &str = "reporting_programme";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_programme")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) names: String,
    pub(crate) sort_name: String,
    pub(crate) operator_id: Option<Uuid>,
    pub(crate) operator_name: Option<String>,
    pub(crate) who_may_join: String,
    pub(crate) covers: String,
    pub(crate) url: Option<String>,
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

impl TryFrom<Model> for ReportingProgramme {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let provenance =
            ProvenanceColumns { state: row.provenance_state, source_url: row.source_url, source_note: row.source_note, as_of: row.as_of };
        let fields = ReportingProgrammeFields {
            names: decode(&row.names, TABLE, "names")?,
            operator: row.operator_id.map(Id::new),
            operator_name: row.operator_name,
            who_may_join: decode(&row.who_may_join, TABLE, "who_may_join")?,
            covers: decode(&row.covers, TABLE, "covers")?,
            url: url(row.url.as_deref(), TABLE, "url")?,
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

fn active(entry: &ReportingProgramme) -> Result<ActiveModel, Error> {
    let fields = &entry.fields;
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        names: Set(encode(&fields.names)?),
        sort_name: Set(fields.names.sort_name()),
        operator_id: Set(fields.operator.map(Id::uuid)),
        operator_name: Set(fields.operator_name.clone()),
        who_may_join: Set(encode(&fields.who_may_join)?),
        covers: Set(encode(&fields.covers)?),
        url: Set(fields.url.as_ref().map(|url| url.as_str().to_owned())),
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

/// The programme with this id.
pub async fn find(session: &dyn Session, id: ReportingProgrammeId) -> Result<Option<ReportingProgramme>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid())).await
}

/// The programmes with these ids.
pub async fn find_many(session: &dyn Session, ids: &[ReportingProgrammeId]) -> Result<Vec<ReportingProgramme>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids))).await
}

/// Every programme, in the order of entry.
pub async fn all(session: &dyn Session) -> Result<Vec<ReportingProgramme>, Error> {
    row::read_all(session, Entity::find().order_by_asc(Column::Id)).await
}

/// A page of programmes by name.
pub async fn list(session: &dyn Session, page: &PageRequest) -> Result<Page<ReportingProgramme>, Error> {
    let sort = Sort { key: Column::SortName, kind: Key::Text, id: Column::Id, descending: false };
    let position = |row: &Model| Position { key: row.sort_name.clone(), id: row.id };
    keyset::page(session, Entity::find(), sort, page, position).await?.try_map(ReportingProgramme::try_from)
}

/// How many programmes there are.
pub async fn count(session: &dyn Session) -> Result<u64, Error> {
    Entity::find().count(&session.exec()).await.or_fail()
}

/// Enters a programme.
pub async fn insert(writer: &Writer, entry: &ReportingProgramme) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the programme's version before.
pub async fn update(writer: &Writer, entry: &ReportingProgramme) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}

/// Inserts or replaces programmes, whatever version is there.
pub async fn put(writer: &Writer, entries: &[ReportingProgramme]) -> Result<(), Error> {
    upsert(writer, entries.iter().map(active).collect::<Result<_, _>>()?).await
}
