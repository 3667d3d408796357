//! Many rows in one. SQLite's driver hands rows over one by one from a thread of its own, and copies each value: for the rows of a page
//! that costs more than finding them. So there the rows travel as one JSON text. PostgreSQL sends rows together anyway.

use std::{fmt, marker::PhantomData, sync::OnceLock};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr, SqliteQueryBuilder},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};
use tertulia_domain::Error;

use crate::{
    cells::{ArrayCells, DriverCells, FromCells, unread},
    error::OrFail,
    store::Session,
};

/// A column, by how SQLite writes what it holds in JSON.
#[derive(Clone, Copy)]
pub(crate) enum Packed<C> {
    /// A UUID.
    Id(C),
    /// A number.
    Number(C),
    /// Yes or no.
    Flag(C),
    /// A text in which nothing needs to be escaped: an instant, a word of a closed list, a digest.
    Plain(C),
    /// Any text.
    Text(C),
    /// JSON.
    Json(C),
}

impl<C: ColumnTrait> Packed<C> {
    const fn column(self) -> C {
        match self {
            Self::Id(column)
            | Self::Number(column)
            | Self::Flag(column)
            | Self::Plain(column)
            | Self::Text(column)
            | Self::Json(column) => column,
        }
    }

    /// What `concat` joins to the text that stands for the column.
    fn written(self) -> String {
        let column = format!(r#""{}"."{}""#, self.column().entity_name(), self.column().as_str());
        match (self, self.column().def().is_null()) {
            (Self::Id(_), false) => format!(r#"'"', hex({column}), '"'"#),
            (Self::Id(_), true) => format!(r#"coalesce('"' || nullif(hex({column}), '') || '"', 'null')"#),
            (Self::Number(_) | Self::Json(_), false) => column,
            (Self::Number(_) | Self::Json(_), true) => format!("coalesce({column}, 'null')"),
            (Self::Flag(_), _) => format!("iif({column}, 'true', 'false')"),
            (Self::Plain(_), false) => format!(r#"'"', {column}, '"'"#),
            (Self::Plain(_), true) => format!(r#"coalesce('"' || {column} || '"', 'null')"#),
            (Self::Text(_), _) => format!("json_quote({column})"),
        }
    }
}

/// The name of a packed row in its query.
const PACKED: &str = "packed";

/// The columns of rows that travel together.
pub(crate) struct Columns<C: 'static> {
    cells: &'static [Packed<C>],
    /// What stands after them: an expression that writes rows of another table, see [`parts`].
    parts: Option<fn() -> String>,
    array: OnceLock<String>,
}

impl<C: ColumnTrait> Columns<C> {
    pub(crate) const fn new(cells: &'static [Packed<C>]) -> Self {
        Self { cells, parts: None, array: OnceLock::new() }
    }

    /// The same, and after each row's own cells one with rows of another table. Only where rows [travel together](travel).
    pub(crate) const fn with(cells: &'static [Packed<C>], parts: fn() -> String) -> Self {
        Self { cells, parts: Some(parts), array: OnceLock::new() }
    }

    /// The row as an array, written once: putting it together anew costs as much as reading some rows.
    fn array(&'static self) -> SimpleExpr {
        let array = self.array.get_or_init(|| {
            let cells = self.cells.iter().map(|cell| cell.written()).chain(self.parts.map(|parts| parts()));
            format!("concat('[', {}, ']')", cells.collect::<Vec<_>>().join(", ',', "))
        });
        Expr::cust(array.as_str())
    }
}

/// Whether rows travel together in this database.
pub(crate) fn travel(session: &dyn Session) -> bool {
    session.backend() == DbBackend::Sqlite
}

/// An expression that writes the rows of another table that belong to the row: those whose column `of` is `id`, sorted by `order`.
pub(crate) fn parts<C: ColumnTrait>(columns: &'static Columns<C>, of: C, id: &impl ColumnTrait, order: C) -> String {
    let found = Query::select()
        .from(of.entity_name())
        .expr_as(columns.array(), PACKED)
        .and_where(Expr::col(of.as_column_ref()).equals(id.as_column_ref()))
        .order_by(order.as_column_ref(), Order::Asc)
        .take();
    format!("({})", together(found).to_string(SqliteQueryBuilder))
}

/// A query of an entity's table, which is yet to say what it reads. `Entity::find` would name every column first.
pub(crate) fn of<E: EntityTrait>(entity: E) -> SelectStatement {
    Query::select().from(entity.table_ref()).take()
}

/// These columns of the rows that `query` finds, in its order.
pub(crate) async fn all<C: ColumnTrait, T: FromCells>(
    session: &dyn Session,
    mut query: SelectStatement,
    columns: &'static Columns<C>,
) -> Result<Vec<T>, Error> {
    let exec = session.exec();
    if !travel(session) {
        query.columns(columns.cells.iter().map(|cell| cell.column().as_column_ref()));
        let rows = exec.query_all(&query).await.or_fail()?;
        return rows.iter().map(|row| T::from_cells(&mut DriverCells::of(row)).or_fail()).collect();
    }
    query.expr_as(columns.array(), PACKED);
    let Some(answer) = exec.query_one(&together(query)).await.or_fail()? else { return Ok(Vec::new()) };
    let text: String = answer.try_get_by_index(0).or_fail()?;
    let rows: Vec<Row<T>> = serde_json::from_str(&text).map_err(unread).or_fail()?;
    Ok(rows.into_iter().map(|Row(row)| row).collect())
}

/// The rows that a query packed, as one text. SQLite keeps the order of a subquery for an aggregate that depends on it.
fn together(found: SelectStatement) -> SelectStatement {
    let rows = Func::cust("string_agg").arg(Expr::col(PACKED)).arg(Expr::cust("','"));
    let array = Func::cust("concat").args([Expr::cust("'['"), rows.into(), Expr::cust("']'")]);
    Query::select().expr(array).from_subquery(found, "found").take()
}

/// A row that came as an array.
pub(crate) struct Row<T>(pub(crate) T);

impl<'de, T: FromCells> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowVisitor(PhantomData))
    }
}

struct RowVisitor<T>(PhantomData<T>);

impl<'de, T: FromCells> Visitor<'de> for RowVisitor<T> {
    type Value = Row<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cells of a row")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, cells: A) -> Result<Row<T>, A::Error> {
        T::from_cells(&mut ArrayCells(cells)).map(Row).map_err(A::Error::custom)
    }
}
