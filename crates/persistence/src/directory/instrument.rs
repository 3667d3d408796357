//! Instruments. What an organisation proposed only it and the coordinator read until it is confirmed.

use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    directory::{
        entry::{Entry, PartialDate},
        instrument::{Bindingness, Instrument, InstrumentFields, InstrumentFilter, InstrumentOrder, InstrumentStatus, InstrumentType},
    },
    id::{Id, InstrumentId},
    page::{Page, PageRequest, Position},
    policy::DirectorySight,
};

use super::row::{self, ProvenanceColumns, json_holds, read_some, upsert, url};
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort},
    portable::holds_words,
    store::{Session, Writer},
};

const TABLE: &str = "instrument";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instrument")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) titles: String,
    pub(crate) sort_title: String,
    pub(crate) search_text: String,
    pub(crate) r#type: String,
    pub(crate) bindingness: String,
    pub(crate) countries: String,
    pub(crate) signed_on: Option<String>,
    pub(crate) sort_on: Date,
    pub(crate) valid_from: Option<Date>,
    pub(crate) valid_to: Option<Date>,
    pub(crate) url: Option<String>,
    pub(crate) parties: String,
    pub(crate) obligations: String,
    pub(crate) status: String,
    pub(crate) proposed_by: Option<Uuid>,
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

impl TryFrom<Model> for Instrument {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let provenance =
            ProvenanceColumns { state: row.provenance_state, source_url: row.source_url, source_note: row.source_note, as_of: row.as_of };
        let fields = InstrumentFields {
            titles: decode(&row.titles, TABLE, "titles")?,
            kind: decoded(InstrumentType::parse(&row.r#type), TABLE, "type", &row.r#type)?,
            bindingness: decoded(Bindingness::parse(&row.bindingness), TABLE, "bindingness", &row.bindingness)?,
            countries: decode(&row.countries, TABLE, "countries")?,
            signed_on: read_some(row.signed_on.as_deref(), PartialDate::parse, TABLE, "signed_on")?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            url: url(row.url.as_deref(), TABLE, "url")?,
            parties: decode(&row.parties, TABLE, "parties")?,
            obligations: decode(&row.obligations, TABLE, "obligations")?,
            status: decoded(InstrumentStatus::parse(&row.status), TABLE, "status", &row.status)?,
            proposed_by: row.proposed_by.map(Id::new),
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

fn active(entry: &Instrument) -> Result<ActiveModel, Error> {
    let fields = &entry.fields;
    let unknown = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        titles: Set(encode(&fields.titles)?),
        sort_title: Set(fields.titles.sort_name()),
        search_text: Set(fields.search_text()),
        r#type: Set(fields.kind.to_string()),
        bindingness: Set(fields.bindingness.to_string()),
        countries: Set(encode(&fields.countries)?),
        signed_on: Set(fields.signed_on.map(|date| date.to_string())),
        sort_on: Set(fields.signed_on.map_or(unknown, |date| date.date)),
        valid_from: Set(fields.valid_from),
        valid_to: Set(fields.valid_to),
        url: Set(fields.url.as_ref().map(|url| url.as_str().to_owned())),
        parties: Set(encode(&fields.parties)?),
        obligations: Set(encode(&fields.obligations)?),
        status: Set(fields.status.to_string()),
        proposed_by: Set(fields.proposed_by.map(Id::uuid)),
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
    if sight.everything() {
        return query;
    }
    let own = Column::ProposedBy.is_in(sight.organisations().iter().map(|id| id.uuid()));
    query.filter(Condition::any().add(Column::Status.eq(InstrumentStatus::InForce.as_str())).add(own))
}

/// The instrument with this id, if the reader may see it.
pub async fn find(session: &dyn Session, sight: &DirectorySight, id: InstrumentId) -> Result<Option<Instrument>, Error> {
    row::read_one(session, seen(sight).filter(Column::Id.eq(id.uuid()))).await
}

/// The instruments with these ids that the reader may see.
pub async fn find_many(session: &dyn Session, sight: &DirectorySight, ids: &[InstrumentId]) -> Result<Vec<Instrument>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    row::read_all(session, seen(sight).filter(Column::Id.is_in(ids))).await
}

/// Every instrument that the reader may see.
pub async fn readable(session: &dyn Session, sight: &DirectorySight) -> Result<Vec<Instrument>, Error> {
    row::read_all(session, seen(sight)).await
}

/// Every instrument, proposals too, in the order of entry.
pub async fn all(session: &dyn Session) -> Result<Vec<Instrument>, Error> {
    row::read_all(session, Entity::find().order_by_asc(Column::Id)).await
}

fn filtered(sight: &DirectorySight, filter: &InstrumentFilter) -> Select<Entity> {
    let all = Condition::all()
        .add_option((!filter.types.is_empty()).then(|| Column::Type.is_in(filter.types.iter().map(|kind| kind.as_str()))))
        .add_option(filter.bindingness.map(|wanted| Column::Bindingness.eq(wanted.as_str())))
        .add_option(filter.country.map(|country| json_holds(Column::Countries, country.as_str())))
        .add_option(filter.party.map(|party| json_holds(Column::Parties, &party.to_string())))
        .add_option((!filter.statuses.is_empty()).then(|| Column::Status.is_in(filter.statuses.iter().map(|status| status.as_str()))))
        .add_option(filter.search.as_ref().map(|term| holds_words(&Column::SearchText.as_column_ref(), term)));
    seen(sight).filter(all)
}

/// A page of the instruments that the reader may see.
pub async fn list(
    session: &dyn Session,
    sight: &DirectorySight,
    filter: &InstrumentFilter,
    order: InstrumentOrder,
    page: &PageRequest,
) -> Result<Page<Instrument>, Error> {
    let (sort, by_title) = match order {
        InstrumentOrder::Title => (Sort { key: Column::SortTitle, kind: Key::Text, id: Column::Id, descending: false }, true),
        InstrumentOrder::SignedOnDesc => (Sort { key: Column::SortOn, kind: Key::Day, id: Column::Id, descending: true }, false),
    };
    let position = |row: &Model| Position { key: if by_title { row.sort_title.clone() } else { row.sort_on.to_string() }, id: row.id };
    keyset::page(session, filtered(sight, filter), sort, page, position).await?.try_map(Instrument::try_from)
}

/// How many instruments the filter leaves of those that the reader may see.
pub async fn count(session: &dyn Session, sight: &DirectorySight, filter: &InstrumentFilter) -> Result<u64, Error> {
    filtered(sight, filter).count(&session.exec()).await.or_fail()
}

/// Enters an instrument.
pub async fn insert(writer: &Writer, entry: &Instrument) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the instrument's version before.
pub async fn update(writer: &Writer, entry: &Instrument) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}

/// Inserts or replaces instruments, whatever version is there.
pub async fn put(writer: &Writer, entries: &[Instrument]) -> Result<(), Error> {
    upsert(writer, entries.iter().map(active).collect::<Result<_, _>>()?).await
}
