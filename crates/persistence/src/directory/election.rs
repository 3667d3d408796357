//! Elections.

use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    entity::prelude::*,
    sea_query::{ExprTrait, SimpleExpr},
};
use tertulia_domain::{
    Error,
    directory::{
        election::{Election, ElectionFields, ElectionFilter, ElectionOrder, ElectionStatus, ElectionType},
        entry::Entry,
    },
    id::{ElectionId, Id},
    page::{Page, PageRequest, Position},
    text::CountryCode,
};

use super::row::{self, ProvenanceColumns, countries_within, country_code, upsert};
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort},
    store::{Session, Writer},
};

const TABLE: &str = "election";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "election")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) country_code: Option<String>,
    pub(crate) jurisdiction: Option<String>,
    pub(crate) r#type: String,
    pub(crate) status: String,
    pub(crate) polling_days: String,
    pub(crate) polling_from: Date,
    pub(crate) polling_to: Date,
    pub(crate) silence_periods: String,
    pub(crate) campaign_from: Option<Date>,
    pub(crate) campaign_to: Option<Date>,
    pub(crate) responsible_bodies: String,
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

/// The first polling day of an election that has none: after all others.
fn no_first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// The last polling day of an election that has none: before all others.
fn no_last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN)
}

impl TryFrom<Model> for Election {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let provenance =
            ProvenanceColumns { state: row.provenance_state, source_url: row.source_url, source_note: row.source_note, as_of: row.as_of };
        let fields = ElectionFields {
            country: country_code(row.country_code.as_deref(), TABLE)?,
            jurisdiction: row.jurisdiction,
            kind: decoded(ElectionType::parse(&row.r#type), TABLE, "type", &row.r#type)?,
            status: decoded(ElectionStatus::parse(&row.status), TABLE, "status", &row.status)?,
            polling_days: decode(&row.polling_days, TABLE, "polling_days")?,
            silence_periods: decode(&row.silence_periods, TABLE, "silence_periods")?,
            campaign_from: row.campaign_from,
            campaign_to: row.campaign_to,
            responsible_bodies: decode(&row.responsible_bodies, TABLE, "responsible_bodies")?,
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

fn active(entry: &Election) -> Result<ActiveModel, Error> {
    let fields = &entry.fields;
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        country_code: Set(fields.country.map(|code| code.to_string())),
        jurisdiction: Set(fields.jurisdiction.clone()),
        r#type: Set(fields.kind.to_string()),
        status: Set(fields.status.to_string()),
        polling_days: Set(encode(&fields.polling_days)?),
        polling_from: Set(fields.first_day().unwrap_or_else(no_first_day)),
        polling_to: Set(fields.last_day().unwrap_or_else(no_last_day)),
        silence_periods: Set(encode(&fields.silence_periods)?),
        campaign_from: Set(fields.campaign_from),
        campaign_to: Set(fields.campaign_to),
        responsible_bodies: Set(encode(&fields.responsible_bodies)?),
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

/// The election with this id.
pub async fn find(session: &dyn Session, id: ElectionId) -> Result<Option<Election>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid())).await
}

/// The elections with these ids.
pub async fn find_many(session: &dyn Session, ids: &[ElectionId]) -> Result<Vec<Election>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids))).await
}

/// Every election, in the order of entry.
pub async fn all(session: &dyn Session) -> Result<Vec<Election>, Error> {
    row::read_all(session, Entity::find().order_by_asc(Column::Id)).await
}

/// Whether an election reads as `status` on `today`.
fn reads_as(status: ElectionStatus, today: NaiveDate) -> SimpleExpr {
    let expected = Column::Status.eq(ElectionStatus::Expected.as_str());
    let passed = Column::PollingTo.lt(today).and(Column::PollingTo.ne(no_last_day()));
    match status {
        ElectionStatus::Unconfirmed => expected.and(passed),
        ElectionStatus::Expected => expected.and(passed.not()),
        other => Column::Status.eq(other.as_str()),
    }
}

fn filtered(filter: &ElectionFilter, today: NaiveDate) -> Select<Entity> {
    let mut query = Entity::find();
    if let Some(country) = filter.country {
        query = query.filter(Column::CountryCode.eq(country.as_str()));
    }
    if let Some(region) = filter.region {
        query = query.filter(Column::CountryCode.in_subquery(countries_within(region)));
    }
    if !filter.types.is_empty() {
        query = query.filter(Column::Type.is_in(filter.types.iter().map(|kind| kind.as_str())));
    }
    if !filter.statuses.is_empty() {
        let any = filter.statuses.iter().fold(Condition::any(), |any, status| any.add(reads_as(*status, today)));
        query = query.filter(any);
    }
    if let Some(from) = filter.polling_day_from {
        query = query.filter(Column::PollingTo.gte(from));
    }
    if let Some(to) = filter.polling_day_to {
        query = query.filter(Column::PollingFrom.lte(to)).filter(Column::PollingFrom.ne(no_first_day()));
    }
    query
}

const fn descending(order: ElectionOrder) -> bool {
    matches!(order, ElectionOrder::PollingDayDesc)
}

fn position(row: &Model) -> Position {
    Position { key: row.polling_from.to_string(), id: row.id }
}

/// A page of elections; `today` decides which expected ones read as unconfirmed.
pub async fn list(
    session: &dyn Session,
    filter: &ElectionFilter,
    order: ElectionOrder,
    today: NaiveDate,
    page: &PageRequest,
) -> Result<Page<Election>, Error> {
    let sort = Sort { key: Column::PollingFrom, kind: Key::Day, id: Column::Id, descending: descending(order) };
    keyset::page(session, filtered(filter, today), sort, page, position).await?.try_map(Election::try_from)
}

/// How many elections the filter leaves.
pub async fn count(session: &dyn Session, filter: &ElectionFilter, today: NaiveDate) -> Result<u64, Error> {
    filtered(filter, today).count(&session.exec()).await.or_fail()
}

/// Every election of these countries with its place in a list of that order, for lists within lists: one statement for all.
/// A country has a few dozen elections at most.
pub async fn of_countries(
    session: &dyn Session,
    countries: &[CountryCode],
    order: ElectionOrder,
) -> Result<Vec<(Election, Position)>, Error> {
    let direction = if descending(order) { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
    let rows = Entity::find()
        .filter(Column::CountryCode.is_in(countries.iter().map(CountryCode::as_str)))
        .order_by(Column::PollingFrom, direction.clone())
        .order_by(Column::Id, direction)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter()
        .map(|row| {
            let place = position(&row);
            Ok((Election::try_from(row)?, place))
        })
        .collect()
}

/// The elections of these countries on whose polling days people may vote from `from` to `to`.
pub async fn within(session: &dyn Session, countries: &[CountryCode], from: NaiveDate, to: NaiveDate) -> Result<Vec<Election>, Error> {
    let of_them = Column::CountryCode.is_in(countries.iter().map(CountryCode::as_str));
    let query = Entity::find().filter(of_them).filter(Column::PollingTo.gte(from)).filter(Column::PollingFrom.lte(to));
    row::read_all(session, query.order_by_asc(Column::Id)).await
}

/// The elections of any country on whose polling days people may vote from `from` on.
pub async fn ahead(session: &dyn Session, from: NaiveDate) -> Result<Vec<Election>, Error> {
    let ahead = Entity::find().filter(Column::CountryCode.is_not_null()).filter(Column::PollingTo.gte(from));
    row::read_all(session, ahead.order_by_asc(Column::Id)).await
}

/// Enters an election.
pub async fn insert(writer: &Writer, entry: &Election) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the election's version before.
pub async fn update(writer: &Writer, entry: &Election) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}

/// Inserts or replaces elections, whatever version is there.
pub async fn put(writer: &Writer, entries: &[Election]) -> Result<(), Error> {
    upsert(writer, entries.iter().map(active).collect::<Result<_, _>>()?).await
}
