//! Countries and regions. Both are reference data: they come from files and nobody edits them one by one.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*, sea_query::ExprTrait};
use tertulia_domain::{
    Error,
    directory::country::{CodeStatus, Country, CountryFilter, IncomeGroup, M49, Region, RegionLevel},
    id::CountryId,
    page::{Page, PageRequest, Position},
    text::CountryCode,
};

use super::row::{countries_within, json_holds, member, read, read_some, upsert};
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort},
    portable::holds_words,
    store::{Session, Writer},
};

const TABLE: &str = "country";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "country")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) code: String,
    pub(crate) id: Uuid,
    pub(crate) alpha3: String,
    pub(crate) numeric: Option<String>,
    pub(crate) code_status: String,
    pub(crate) names: String,
    pub(crate) un_names: String,
    pub(crate) sort_name: String,
    pub(crate) search_text: String,
    pub(crate) formal_name: Option<String>,
    pub(crate) region_code: Option<String>,
    pub(crate) sovereignty: Option<String>,
    pub(crate) groups: String,
    pub(crate) income: Option<String>,
    pub(crate) languages: String,
    pub(crate) time_zones: String,
    pub(crate) capital: Option<String>,
    pub(crate) currencies: String,
    pub(crate) wikidata: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

pub(crate) mod region {
    //! The table of regions.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "region")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) code: String,
        pub(crate) level: String,
        pub(crate) parent: Option<String>,
        pub(crate) names: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<Model> for Country {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            code: read(CountryCode::parse(&row.code), TABLE, "code", &row.code)?,
            alpha3: row.alpha3,
            numeric: read_some(row.numeric.as_deref(), M49::parse, TABLE, "numeric")?,
            code_status: decoded(CodeStatus::parse(&row.code_status), TABLE, "code_status", &row.code_status)?,
            names: decode(&row.names, TABLE, "names")?,
            un_names: decode(&row.un_names, TABLE, "un_names")?,
            formal_name: row.formal_name,
            region: read_some(row.region_code.as_deref(), M49::parse, TABLE, "region_code")?,
            sovereignty: row.sovereignty,
            groups: decode(&row.groups, TABLE, "groups")?,
            income: member(row.income.as_deref(), IncomeGroup::parse, TABLE, "income")?,
            languages: decode(&row.languages, TABLE, "languages")?,
            time_zones: decode(&row.time_zones, TABLE, "time_zones")?,
            capital: row.capital,
            currencies: decode(&row.currencies, TABLE, "currencies")?,
            wikidata: row.wikidata,
        })
    }
}

fn active(country: &Country) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        code: Set(country.code.to_string()),
        id: Set(CountryId::of(country.code).uuid()),
        alpha3: Set(country.alpha3.clone()),
        numeric: Set(country.numeric.map(|code| code.to_string())),
        code_status: Set(country.code_status.to_string()),
        names: Set(encode(&country.names)?),
        un_names: Set(encode(&country.un_names)?),
        sort_name: Set(country.names.sort_name()),
        search_text: Set(country.search_text()),
        formal_name: Set(country.formal_name.clone()),
        region_code: Set(country.region.map(|code| code.to_string())),
        sovereignty: Set(country.sovereignty.clone()),
        groups: Set(encode(&country.groups)?),
        income: Set(country.income.map(|income| income.to_string())),
        languages: Set(encode(&country.languages)?),
        time_zones: Set(encode(&country.time_zones)?),
        capital: Set(country.capital.clone()),
        currencies: Set(encode(&country.currencies)?),
        wikidata: Set(country.wikidata.clone()),
    })
}

/// The countries with these codes.
pub async fn find_many(session: &dyn Session, codes: &[CountryCode]) -> Result<Vec<Country>, Error> {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let rows = Entity::find().filter(Column::Code.is_in(codes)).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Country::try_from).collect()
}

/// Every country, by code.
pub async fn all(session: &dyn Session) -> Result<Vec<Country>, Error> {
    let rows = Entity::find().order_by_asc(Column::Code).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Country::try_from).collect()
}

/// Whether there is no country at all: the reference data was never loaded.
pub async fn is_empty(session: &dyn Session) -> Result<bool, Error> {
    let first: Option<String> = Entity::find().select_only().column(Column::Code).into_tuple().one(&session.exec()).await.or_fail()?;
    Ok(first.is_none())
}

fn filtered(filter: &CountryFilter) -> Select<Entity> {
    let mut query = Entity::find();
    if let Some(term) = &filter.search {
        query = query.filter(holds_words(&Column::SearchText.as_column_ref(), term));
    }
    if let Some(region) = filter.region {
        query = query.filter(Column::Code.in_subquery(countries_within(region)));
    }
    let on_lists = filter.groups.iter().map(|group| json_holds(Column::Groups, group.as_str()));
    if let Some(on_any) = on_lists.reduce(ExprTrait::or) {
        query = query.filter(on_any);
    }
    query
}

/// A page of countries by name.
pub async fn list(session: &dyn Session, filter: &CountryFilter, page: &PageRequest) -> Result<Page<Country>, Error> {
    let sort = Sort { key: Column::SortName, kind: Key::Text, id: Column::Id, descending: false };
    let position = |row: &Model| Position { key: row.sort_name.clone(), id: row.id };
    keyset::page(session, filtered(filter), sort, page, position).await?.try_map(Country::try_from)
}

/// How many countries the filter leaves.
pub async fn count(session: &dyn Session, filter: &CountryFilter) -> Result<u64, Error> {
    filtered(filter).count(&session.exec()).await.or_fail()
}

/// Inserts or replaces countries.
pub async fn put(writer: &Writer, countries: &[Country]) -> Result<(), Error> {
    upsert(writer, countries.iter().map(active).collect::<Result<_, _>>()?).await
}

/// Every region of the M49, of which there are about thirty.
pub async fn regions(session: &dyn Session) -> Result<Vec<Region>, Error> {
    let rows = region::Entity::find().order_by_asc(region::Column::Code).all(&session.exec()).await.or_fail()?;
    let read_row = |row: region::Model| {
        Ok(Region {
            code: read(M49::parse(&row.code), "region", "code", &row.code)?,
            level: decoded(RegionLevel::parse(&row.level), "region", "level", &row.level)?,
            parent: read_some(row.parent.as_deref(), M49::parse, "region", "parent")?,
            names: decode(&row.names, "region", "names")?,
        })
    };
    rows.into_iter().map(read_row).collect()
}

/// Inserts or replaces regions.
pub async fn put_regions(writer: &Writer, regions: &[Region]) -> Result<(), Error> {
    let active = |region: &Region| {
        Ok(region::ActiveModel {
            code: Set(region.code.to_string()),
            level: Set(region.level.to_string()),
            parent: Set(region.parent.map(|parent| parent.to_string())),
            names: Set(encode(&region.names)?),
        })
    };
    upsert(writer, regions.iter().map(active).collect::<Result<_, Error>>()?).await
}
