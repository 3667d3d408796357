//! Channels. The address comes with the row; the use case hands it on to those who may read it, and no filter looks at it.

use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    entity::prelude::*,
    sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr},
};
use tertulia_domain::{
    Error,
    directory::{
        channel::{Channel, ChannelEntry, ChannelFields, ChannelFilter, ChannelKind, ChannelOrder, ChannelState, ChannelStatus},
        entry::Entry,
    },
    id::{ChannelId, Id},
    page::{Page, PageRequest, Position},
    text::{CountryCode, LanguageTag},
};

use super::row::{self, json_holds, json_holds_language};
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "channel";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) platform_id: Uuid,
    pub(crate) service_id: Option<Uuid>,
    pub(crate) kind: String,
    pub(crate) purposes: String,
    pub(crate) all_purposes: bool,
    pub(crate) countries: String,
    pub(crate) all_countries: bool,
    pub(crate) languages: String,
    pub(crate) hours: String,
    pub(crate) hours_zone: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) instructions: Option<String>,
    pub(crate) instrument_id: Option<Uuid>,
    pub(crate) status: String,
    pub(crate) verified_at: Option<DateTimeUtc>,
    pub(crate) verified_by: Option<Uuid>,
    pub(crate) next_check_due: Option<Date>,
    pub(crate) retired_reason: Option<String>,
    pub(crate) sort_at: DateTimeUtc,
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

impl TryFrom<Model> for Channel {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let fields = ChannelFields {
            platform: Id::new(row.platform_id),
            service: row.service_id.map(Id::new),
            kind: decoded(ChannelKind::parse(&row.kind), TABLE, "kind", &row.kind)?,
            purposes: decode(&row.purposes, TABLE, "purposes")?,
            coverage_countries: decode(&row.countries, TABLE, "countries")?,
            languages: decode(&row.languages, TABLE, "languages")?,
            hours: decode(&row.hours, TABLE, "hours")?,
            hours_zone: row.hours_zone,
            address: row.address,
            instructions: row.instructions,
            instrument: row.instrument_id.map(Id::new),
        };
        let state = ChannelState {
            status: decoded(ChannelStatus::parse(&row.status), TABLE, "status", &row.status)?,
            verified_at: row.verified_at,
            verified_by: row.verified_by.map(Id::new),
            next_check_due: row.next_check_due,
            retired_reason: row.retired_reason,
        };
        Ok(Entry {
            id: Id::new(row.id),
            key: row.slug,
            version: row.version,
            fields: ChannelEntry { fields, state },
            generated: row.generated,
            edited_at: row.edited_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn active(entry: &Channel) -> Result<ActiveModel, Error> {
    let ChannelEntry { fields, state } = &entry.fields;
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        platform_id: Set(fields.platform.uuid()),
        service_id: Set(fields.service.map(Id::uuid)),
        kind: Set(fields.kind.to_string()),
        purposes: Set(encode(&fields.purposes)?),
        all_purposes: Set(fields.purposes.is_empty()),
        countries: Set(encode(&fields.coverage_countries)?),
        all_countries: Set(fields.coverage_countries.is_empty()),
        languages: Set(encode(&fields.languages)?),
        hours: Set(encode(&fields.hours)?),
        hours_zone: Set(fields.hours_zone.clone()),
        address: Set(fields.address.clone()),
        instructions: Set(fields.instructions.clone()),
        instrument_id: Set(fields.instrument.map(Id::uuid)),
        status: Set(state.status.to_string()),
        verified_at: Set(state.verified_at),
        verified_by: Set(state.verified_by.map(Id::uuid)),
        next_check_due: Set(state.next_check_due),
        retired_reason: Set(state.retired_reason.clone()),
        // To the day, which is what everybody may know of it: a cursor holds this.
        sort_at: Set(state.verified_at.map(start_of_day).unwrap_or_default()),
        slug: Set(entry.key.clone()),
        generated: Set(entry.generated),
        edited_at: Set(entry.edited_at),
        created_at: Set(entry.created_at),
        updated_at: Set(entry.updated_at),
        version: Set(entry.version),
    })
}

/// The beginning of the day of a moment, in UTC.
fn start_of_day(at: DateTimeUtc) -> DateTimeUtc {
    at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}

/// The channel with this id.
pub async fn find(session: &dyn Session, id: ChannelId) -> Result<Option<Channel>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid())).await
}

/// The channels with these ids.
pub async fn find_many(session: &dyn Session, ids: &[ChannelId]) -> Result<Vec<Channel>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids))).await
}

/// Every channel that was not taken out of use.
pub async fn in_use(session: &dyn Session) -> Result<Vec<Channel>, Error> {
    row::read_all(session, Entity::find().filter(Column::Status.ne(ChannelStatus::Retired.as_str()))).await
}

/// The channels that are shown with one of the wanted states on a day: [`ChannelState::shown`] as a condition.
fn with_status(filter: &ChannelFilter, today: NaiveDate) -> Condition {
    let stated = |status: ChannelStatus| Column::Status.eq(status.as_str());
    let overdue = Column::NextCheckDue.is_not_null().and(Column::NextCheckDue.lt(today));
    let stopped = Column::Id.is_in(filter.stopped.iter().map(|id| id.uuid()));
    let worn = overdue.or(stopped);
    let active = stated(ChannelStatus::Active);
    filter.wanted_statuses().into_iter().fold(Condition::any(), |any, status| match status {
        ChannelStatus::Active if filter.tells_degraded() => any.add(active.clone().and(worn.clone().not())),
        ChannelStatus::Degraded if filter.tells_degraded() => any.add(stated(status).or(active.clone().and(worn.clone()))),
        status => any.add(stated(status)),
    })
}

/// A service's channels are its own and those for all of its company's services; `platform` is then that company.
fn filtered(filter: &ChannelFilter, today: NaiveDate) -> Select<Entity> {
    let mut query = Entity::find().filter(with_status(filter, today));
    if let Some(platform) = filter.platform {
        query = query.filter(Column::PlatformId.eq(platform.uuid()));
    }
    if let Some(service) = filter.service {
        query = query.filter(Column::ServiceId.is_null().or(Column::ServiceId.eq(service.uuid())));
    }
    if let Some(country) = filter.country {
        query = query.filter(Column::AllCountries.eq(true).or(json_holds(Column::Countries, country.as_str())));
    }
    if let Some(purpose) = filter.purpose {
        query = query.filter(Column::AllPurposes.eq(true).or(json_holds(Column::Purposes, purpose.as_str())));
    }
    if let Some(language) = &filter.language {
        query = query.filter(json_holds_language(Column::Languages, language.primary()));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.as_str())));
    }
    query
}

/// How well a channel's languages fit a reader's, the best of whose stand first; more is better. 1: they are not known; 0: others only.
fn language_match(wanted: &[LanguageTag]) -> SimpleExpr {
    let ranks = (2..=i64::try_from(wanted.len()).unwrap_or_default() + 1).rev();
    let case = wanted.iter().zip(ranks).fold(CaseStatement::new(), |case, (wanted, rank)| {
        case.case(json_holds_language(Column::Languages, wanted.primary()), Expr::val(rank))
    });
    case.case(Column::Languages.eq("[]"), Expr::val(1_i64)).finally(Expr::val(0_i64)).into()
}

/// How a list of channels is read: its order, the day on which they are shown, and the languages of who reads it, the best first.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The order.
    pub order: ChannelOrder,
    /// The day.
    pub today: NaiveDate,
    /// The languages, for an order by them.
    pub languages: &'a [LanguageTag],
}

/// A page of channels, as they are shown on a day.
pub async fn list(session: &dyn Session, filter: &ChannelFilter, reading: Reading<'_>, page: &PageRequest) -> Result<Page<Channel>, Error> {
    let verified = Sort { key: Column::SortAt, kind: Key::Instant, id: Column::Id, descending: true };
    let by_day: fn(&Model) -> Position = |row| Position { key: instant_key(row.sort_at), id: row.id };
    let query = filtered(filter, reading.today);
    let found = match reading.order {
        ChannelOrder::VerifiedAtDesc => keyset::page(session, query, verified, page, by_day).await?,
        ChannelOrder::CreatedAt => {
            let sort = Sort { key: Column::CreatedAt, descending: false, ..verified };
            keyset::page(session, query, sort, page, |row: &Model| Position { key: instant_key(row.created_at), id: row.id }).await?
        }
        ChannelOrder::LanguageMatch => {
            let rank = language_match(reading.languages);
            let page = keyset::ranked_page(session, query, (rank, verified), page, by_day).await?;
            return page.try_map(|(_, row)| Channel::try_from(row));
        }
    };
    found.try_map(Channel::try_from)
}

/// Brings the next check of channels forward that serve a country by name, to `due` at the latest.
pub async fn check_by(writer: &Writer, country: CountryCode, due: NaiveDate) -> Result<(), Error> {
    let tried = Column::Status.is_in([ChannelStatus::Active.as_str(), ChannelStatus::Degraded.as_str()]);
    Entity::update_many()
        .col_expr(Column::NextCheckDue, Expr::val(due))
        .filter(tried)
        .filter(json_holds(Column::Countries, country.as_str()))
        .filter(Column::NextCheckDue.gt(due))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// How many channels the filter leaves.
pub async fn count(session: &dyn Session, filter: &ChannelFilter, today: NaiveDate) -> Result<u64, Error> {
    filtered(filter, today).count(&session.exec()).await.or_fail()
}

/// Enters a channel.
pub async fn insert(writer: &Writer, entry: &Channel) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the channel's version before.
pub async fn update(writer: &Writer, entry: &Channel) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}
