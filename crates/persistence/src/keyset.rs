//! Pages by position: the one place where order, cursor and limit are applied to a query.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Order, SimpleExpr},
};
use tertulia_domain::{
    Error, Reason,
    page::{Direction, Edge, Page, PageRequest, Position},
};

use crate::{
    cells::FromCells,
    error::OrFail,
    packed::{self, Packed},
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
    query: Select<E>,
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
    let query = within(query, sort, request)?;
    Ok(cut(query.into_model::<M>().all(&session.exec()).await.or_fail()?, request, position))
}

/// The same of these columns alone, for lists of which much is asked.
pub(crate) async fn packed_page<E, M>(
    session: &dyn Session,
    query: Select<E>,
    columns: &[Packed<E::Column>],
    sort: Sort<E::Column>,
    request: &PageRequest,
    position: impl Fn(&M) -> Position,
) -> Result<Page<M>, Error>
where
    E: EntityTrait,
    M: FromCells,
{
    if request.limit == 0 {
        return Ok(nothing());
    }
    Ok(cut(packed::all(session, within(query, sort, request)?, columns).await?, request, position))
}

fn nothing<M>() -> Page<M> {
    Page { edges: Vec::new(), has_next: false, has_previous: false }
}

/// The page's rows and one more, if there is one.
///
/// Rows are compared as `(key, id) > (?, ?)`, which both databases answer from an index on those columns.
fn within<E: EntityTrait>(query: Select<E>, sort: Sort<E::Column>, request: &PageRequest) -> Result<Select<E>, Error> {
    let backward = request.direction == Direction::Backward;
    let order = if sort.descending == backward { Order::Asc } else { Order::Desc };
    let mut query = query.order_by(sort.key, order.clone()).order_by(sort.id, order);
    for (bound, beyond) in [(&request.after, true), (&request.before, false)] {
        if let Some(bound) = bound {
            query = query.filter(beside(sort, bound, beyond)?);
        }
    }
    Ok(query.limit(u64::from(request.limit) + 1))
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
