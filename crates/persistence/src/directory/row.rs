//! What the directory's tables share: reading stored values, writing many rows at once, guarded updates.

use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter, Select,
    sea_query::{Expr, ExprTrait, LikeExpr, OnConflict, Query, SelectStatement, SimpleExpr},
};
use tertulia_domain::{
    Code, Error, Reason,
    directory::{
        country::M49,
        provenance::{Provenance, ProvenanceState},
    },
    text::{CountryCode, SearchTerm, WebUrl},
};
use uuid::Uuid;

use super::{country, organisation};
use crate::{
    error::{OrFail, Undecodable, decoded},
    portable::holds_words,
    store::{Executes, Session, Writer},
};

/// Rows of one INSERT: with the widest table still under the 32,766 values that SQLite binds.
const CHUNK: usize = 400;

/// A stored value that a domain type reads.
pub(crate) fn read<T>(value: Result<T, Error>, table: &'static str, column: &'static str, found: &str) -> Result<T, Error> {
    value.map_err(|_| Error::internal(Undecodable { table, column, found: found.chars().take(80).collect() }))
}

/// A stored value that may be missing.
pub(crate) fn read_some<T>(
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, Error>,
    table: &'static str,
    column: &'static str,
) -> Result<Option<T>, Error> {
    text.map(|text| read(parse(text), table, column, text)).transpose()
}

/// A stored member of a closed list that may be missing.
pub(crate) fn member<T>(
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
    table: &'static str,
    column: &'static str,
) -> Result<Option<T>, Error> {
    text.map(|text| decoded(parse(text), table, column, text)).transpose()
}

pub(crate) fn country_code(text: Option<&str>, table: &'static str) -> Result<Option<CountryCode>, Error> {
    read_some(text, CountryCode::parse, table, "country_code")
}

pub(crate) fn url(text: Option<&str>, table: &'static str, column: &'static str) -> Result<Option<WebUrl>, Error> {
    read_some(text, WebUrl::parse, table, column)
}

/// A small whole number from the column's wide type.
pub(crate) fn small(number: Option<i64>, table: &'static str, column: &'static str) -> Result<Option<i32>, Error> {
    number.map(|number| decoded(i32::try_from(number).ok(), table, column, &number.to_string())).transpose()
}

/// The columns of a provenance.
pub(crate) struct ProvenanceColumns {
    pub(crate) state: String,
    pub(crate) source_url: Option<String>,
    pub(crate) source_note: Option<String>,
    pub(crate) as_of: Option<NaiveDate>,
}

impl ProvenanceColumns {
    pub(crate) fn read(self, table: &'static str) -> Result<Provenance, Error> {
        Ok(Provenance {
            state: decoded(ProvenanceState::parse(&self.state), table, "provenance_state", &self.state)?,
            source_url: url(self.source_url.as_deref(), table, "source_url")?,
            source_note: self.source_note,
            as_of: self.as_of,
        })
    }
}

/// The row that the query finds, as the domain has it.
pub(crate) async fn read_one<E, T>(session: &dyn Session, query: Select<E>) -> Result<Option<T>, Error>
where
    E: EntityTrait,
    T: TryFrom<E::Model, Error = Error>,
{
    query.one(&session.exec()).await.or_fail()?.map(T::try_from).transpose()
}

/// Every row that the query finds, as the domain has them.
pub(crate) async fn read_all<E, T>(session: &dyn Session, query: Select<E>) -> Result<Vec<T>, Error>
where
    E: EntityTrait,
    T: TryFrom<E::Model, Error = Error>,
{
    let rows = query.all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(T::try_from).collect()
}

/// Inserts a row.
pub(crate) async fn insert<A>(writer: &Writer, row: A) -> Result<(), Error>
where
    A: ActiveModelTrait + Send,
{
    <A::Entity as EntityTrait>::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Inserts the rows, or replaces those that are there under the same primary key.
pub(crate) async fn upsert<A>(writer: &Writer, rows: Vec<A>) -> Result<(), Error>
where
    A: ActiveModelTrait + Send,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<A> = rows.by_ref().take(CHUNK).collect();
        let key = <A::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
        let conflict = OnConflict::columns(key).update_columns(<A::Entity as EntityTrait>::Column::iter()).to_owned();
        <A::Entity as EntityTrait>::insert_many(chunk).on_conflict(conflict).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Replaces a row that still has the version before; `id` and `version` are columns with the values that find it.
pub(crate) async fn update<A, C>(writer: &Writer, row: A, id: (C, Uuid), version: (C, i64)) -> Result<(), Error>
where
    A: ActiveModelTrait + Send,
    C: ColumnTrait,
{
    let changed = <A::Entity as EntityTrait>::update_many()
        .set(row)
        .filter(id.0.eq(id.1))
        .filter(version.0.eq(version.1 - 1))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    if changed.rows_affected == 1 {
        return Ok(());
    }
    Err(Error::new(Code::VersionMismatch, Reason::StaleVersion, "version", "Somebody changed this at the same moment. Read it again."))
}

/// Whether the JSON list in `column` holds this text; the text is a code or tag, which JSON does not escape.
pub(crate) fn json_holds(column: impl ColumnTrait, text: &str) -> SimpleExpr {
    Expr::col(column.as_column_ref()).like(LikeExpr::new(format!("%\"{text}\"%")).escape('\\'))
}

/// Whether the JSON list of language tags in `column` holds this language, in any of its varieties.
pub(crate) fn json_holds_language(column: impl ColumnTrait, primary: &str) -> SimpleExpr {
    let variety = Expr::col(column.as_column_ref()).like(LikeExpr::new(format!("%\"{primary}-%")).escape('\\'));
    json_holds(column, primary).or(variety)
}

/// Whether every word stands in the row's own text or in a name of its country.
pub(crate) fn own_or_country<C: ColumnTrait>(text: C, country_code: C, term: &SearchTerm) -> SimpleExpr {
    each_word(term, |word| {
        let countries = Query::select()
            .column(country::Column::Code)
            .from(country::Entity)
            .and_where(holds_words(&country::Column::SearchText.as_column_ref(), word))
            .take();
        holds_words(&text.as_column_ref(), word).or(Expr::col(country_code.as_column_ref()).in_subquery(countries))
    })
}

/// Whether every word stands in the row's own text or in a name of the organisation it belongs to.
pub(crate) fn own_or_organisation<C: ColumnTrait>(text: C, organisation_id: C, term: &SearchTerm) -> SimpleExpr {
    each_word(term, |word| {
        let organisations = Query::select()
            .column(organisation::Column::Id)
            .from(organisation::Entity)
            .and_where(holds_words(&organisation::Column::SearchText.as_column_ref(), word))
            .take();
        holds_words(&text.as_column_ref(), word).or(Expr::col(organisation_id.as_column_ref()).in_subquery(organisations))
    })
}

fn each_word(term: &SearchTerm, holds: impl Fn(&SearchTerm) -> SimpleExpr) -> SimpleExpr {
    term.each().iter().fold(Expr::val(1).eq(1), |all, word| all.and(holds(word)))
}

/// The codes of the countries within a region, at any depth: M49 has three levels.
pub(crate) fn countries_within(region: M49) -> SelectStatement {
    use country::region::{Column, Entity};
    let below = |parents: SelectStatement| {
        Query::select().column(Column::Code).from(Entity).and_where(Expr::col(Column::Parent).in_subquery(parents)).take()
    };
    let own = Query::select().column(Column::Code).from(Entity).and_where(Expr::col(Column::Code).eq(region.as_str())).take();
    let children = below(own.clone());
    let within = Expr::col(country::Column::RegionCode)
        .in_subquery(own)
        .or(Expr::col(country::Column::RegionCode).in_subquery(children.clone()))
        .or(Expr::col(country::Column::RegionCode).in_subquery(below(children)));
    Query::select().column(country::Column::Code).from(country::Entity).and_where(within).take()
}
