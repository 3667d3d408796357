//! Pages by position: the one place where order, cursor and limit are applied to a query.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryResult, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Order, SelectStatement, SimpleExpr},
};
use tertulia_domain::{
    Error, Reason,
    page::{Direction, Edge, Page, PageRequest, Position},
};

use crate::{
    cells::FromCells,
    error::OrFail,
    packed::{self, Columns},
    store::Session,
};

/// How a list is sorted: by a column that is never null, then by id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sort<C> {
    pub(crate) key: C,
    pub(crate) kind: Key,
    pub(crate) id: C,
    pub(crate) descending: bool,
}

/// What the sort column holds, so that a cursor's text can be compared with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Text,
    Instant,
    Day,
}

impl Key {
    fn value(self, text: &str) -> Result<SimpleExpr, Error> {
        let malformed = || Error::invalid(Reason::Malformed, "after", "This cursor does not belong to this list.");
        Ok(match self {
            Self::Text => Expr::val(text),
            Self::Instant => Expr::val(text.parse().ok().and_then(DateTime::<Utc>::from_timestamp_micros).ok_or_else(malformed)?),
            Self::Day => Expr::val(text.parse::<NaiveDate>().map_err(|_| malformed())?),
        })
    }
}

/// The text of an instant in a cursor.
pub(crate) fn instant_key(at: DateTime<Utc>) -> String {
    at.timestamp_micros().to_string()
}

/// Reads one page. `position` tells where a row stands, as (key, id).
pub(crate) async fn page<E, M>(
    session: &dyn Session,
    mut query: Select<E>,
    sort: Sort<E::Column>,
    request: &PageRequest,
    position: impl Fn(&M) -> Position,
) -> Result<Page<M>, Error>
where
    E: EntityTrait,
    M: FromQueryResult + Sized + Send + Sync,
{
    if request.limit == 0 {
        return Ok(nothing());
    }
    within(QuerySelect::query(&mut query), sort, request)?;
    Ok(cut(query.into_model::<M>().all(&session.exec()).await.or_fail()?, request, position))
}

/// One page of a list that is sorted by a rank first, the highest first, and within a rank as `sort` says, which descends. `position`
/// tells where a row stands within its rank.
pub(crate) async fn ranked_page<E, M>(
    session: &dyn Session,
    mut query: Select<E>,
    (rank, sort): (SimpleExpr, Sort<E::Column>),
    request: &PageRequest,
    position: impl Fn(&M) -> Position,
) -> Result<Page<(i64, M)>, Error>
where
    E: EntityTrait,
    M: FromQueryResult + Sized + Send + Sync,
{
    if request.limit == 0 {
        return Ok(nothing());
    }
    let statement = QuerySelect::query(&mut query);
    let backward = request.direction == Direction::Backward;
    let order = if backward { Order::Asc } else { Order::Desc };
    statement.order_by_expr(rank.clone(), order.clone());
    statement.order_by(sort.key.as_column_ref(), order.clone()).order_by(sort.id.as_column_ref(), order);
    for (bound, beyond) in [(&request.after, true), (&request.before, false)] {
        let Some(bound) = bound else { continue };
        let malformed = || Error::invalid(Reason::Malformed, "after", "This cursor does not belong to this list.");
        let (of_rank, key) = bound.key.split_once(':').ok_or_else(malformed)?;
        let of_rank: i64 = of_rank.parse().map_err(|_| malformed())?;
        let row = Expr::tuple([rank.clone(), Expr::col(sort.key.as_column_ref()), Expr::col(sort.id.as_column_ref())]);
        let at = Expr::tuple([Expr::val(of_rank), sort.kind.value(key)?, Expr::val(bound.id)]);
        statement.and_where(if beyond { row.lt(at) } else { row.gt(at) });
    }
    statement.limit(u64::from(request.limit) + 1).expr_as(rank, "rank");
    let rows: Vec<Ranked<M>> = query.into_model().all(&session.exec()).await.or_fail()?;
    let place = |row: &Ranked<M>| {
        let Position { key, id } = position(&row.row);
        Position { key: format!("{}:{key}", row.rank), id }
    };
    Ok(cut(rows, request, place).map(|row| (row.rank, row.row)))
}

/// A row and its rank.
struct Ranked<M> {
    rank: i64,
    row: M,
}

impl<M: FromQueryResult> FromQueryResult for Ranked<M> {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let rank = match result.try_get::<i64>(prefix, "rank") {
            Ok(rank) => rank,
            // A number that PostgreSQL takes to be small.
            Err(_) => i64::from(result.try_get::<i32>(prefix, "rank")?),
        };
        Ok(Self { rank, row: M::from_query_result(result, prefix)? })
    }
}

/// The same of these columns alone, for lists of which much is asked.
pub(crate) async fn packed_page<C: ColumnTrait, M: FromCells>(
    session: &dyn Session,
    mut query: SelectStatement,
    columns: &'static Columns<C>,
    sort: Sort<C>,
    request: &PageRequest,
    position: impl Fn(&M) -> Position,
) -> Result<Page<M>, Error> {
    if request.limit == 0 {
        return Ok(nothing());
    }
    within(&mut query, sort, request)?;
    Ok(cut(packed::all(session, query, columns).await?, request, position))
}

fn nothing<M>() -> Page<M> {
    Page { edges: Vec::new(), has_next: false, has_previous: false }
}

/// Narrows a query to the page's rows and one more, if there is one.
///
/// Rows are compared as `(key, id) > (?, ?)`, which both databases answer from an index on those columns.
fn within<C: ColumnTrait>(query: &mut SelectStatement, sort: Sort<C>, request: &PageRequest) -> Result<(), Error> {
    let backward = request.direction == Direction::Backward;
    let order = if sort.descending == backward { Order::Asc } else { Order::Desc };
    query.order_by(sort.key.as_column_ref(), order.clone()).order_by(sort.id.as_column_ref(), order);
    for (bound, beyond) in [(&request.after, true), (&request.before, false)] {
        if let Some(bound) = bound {
            query.and_where(beside(sort, bound, beyond)?);
        }
    }
    query.limit(u64::from(request.limit) + 1);
    Ok(())
}

fn cut<M>(mut rows: Vec<M>, request: &PageRequest, position: impl Fn(&M) -> Position) -> Page<M> {
    let (wanted, backward) = (usize::from(request.limit), request.direction == Direction::Backward);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    if backward {
        rows.reverse();
    }
    let (has_next, has_previous) = if backward { (request.before.is_some(), more) } else { (more, request.after.is_some()) };
    let edges = rows.into_iter().map(|item| Edge { position: position(&item), item }).collect();
    Page { edges, has_next, has_previous }
}

fn beside<C: ColumnTrait>(sort: Sort<C>, bound: &Position, beyond: bool) -> Result<SimpleExpr, Error> {
    let row = Expr::tuple([Expr::col(sort.key.as_column_ref()), Expr::col(sort.id.as_column_ref())]);
    let at = Expr::tuple([sort.kind.value(&bound.key)?, Expr::val(bound.id)]);
    Ok(if beyond == sort.descending { row.lt(at) } else { row.gt(at) })
}
