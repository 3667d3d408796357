//! Many rows in one. SQLite's driver hands rows over one by one from a thread of its own, and copies each value: for the rows of a page
//! that costs more than finding them. So there the rows travel as one text. PostgreSQL sends rows together anyway.

use std::sync::OnceLock;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr, SqliteQueryBuilder},
};
use tertulia_domain::Error;

use crate::{
    cells::{DriverCells, FromCells, TextCells},
    error::OrFail,
    store::Session,
};

/// What stands between rows and between their cells. No cell contains such a character: texts and JSON have it escaped.
#[derive(Clone, Copy)]
struct Marks {
    row: char,
    cell: char,
}

/// In what a query answers (ASCII's record separator and unit separator).
const OUTER: Marks = Marks { row: '\u{1e}', cell: '\u{1f}' };
/// In rows that are a cell of another row (its file separator and group separator).
const INNER: Marks = Marks { row: '\u{1c}', cell: '\u{1d}' };

/// A column, by how SQLite writes what it holds as a text.
#[derive(Clone, Copy)]
pub(crate) enum Packed<C> {
    /// A UUID.
    Id(C),
    /// A number, yes or no, an instant, a word of a closed list, a digest, JSON: what contains no control character as it stands.
    Plain(C),
    /// Any text.
    Text(C),
}

impl<C: ColumnTrait> Packed<C> {
    const fn column(self) -> C {
        match self {
            Self::Id(column) | Self::Plain(column) | Self::Text(column) => column,
        }
    }

    /// The text that stands for the column; an empty one for nothing.
    fn written(self) -> String {
        let column = format!(r#""{}"."{}""#, self.column().entity_name(), self.column().as_str());
        match self {
            Self::Id(_) => format!("hex({column})"),
            Self::Plain(_) if self.column().def().is_null() => format!("ifnull({column}, '')"),
            Self::Plain(_) => column,
            Self::Text(_) => format!("json_quote({column})"),
        }
    }
}

/// The name of a packed row in its query.
const PACKED: &str = "packed";

/// The columns of rows that travel together.
pub(crate) struct Columns<C: 'static> {
    cells: &'static [Packed<C>],
    marks: Marks,
    /// What stands after them: an expression that writes rows of another table, see [`parts`].
    parts: Option<fn() -> String>,
    row: OnceLock<String>,
}

impl<C: ColumnTrait> Columns<C> {
    pub(crate) const fn new(cells: &'static [Packed<C>]) -> Self {
        Self { cells, marks: OUTER, parts: None, row: OnceLock::new() }
    }

    /// The same, for rows that are [a part](parts) of another row.
    pub(crate) const fn inner(cells: &'static [Packed<C>]) -> Self {
        Self { cells, marks: INNER, parts: None, row: OnceLock::new() }
    }

    /// The same, and after each row's own cells one with rows of another table. Only where rows [travel together](travel).
    pub(crate) const fn with(cells: &'static [Packed<C>], parts: fn() -> String) -> Self {
        Self { cells, marks: OUTER, parts: Some(parts), row: OnceLock::new() }
    }

    /// The row as a text, its expression written once: putting it together anew costs as much as reading some rows.
    fn row(&'static self) -> SimpleExpr {
        let row = self.row.get_or_init(|| {
            let cells = self.cells.iter().map(|cell| cell.written()).chain(self.parts.map(|parts| parts()));
            format!("concat_ws({}, {})", written(self.marks.cell), cells.collect::<Vec<_>>().join(", "))
        });
        Expr::cust(row.as_str())
    }

    /// The rows that a query packed, as one text. SQLite keeps the order of a subquery for an aggregate that depends on it.
    fn together(&'static self, mut found: SelectStatement) -> SelectStatement {
        found.expr_as(self.row(), PACKED);
        let rows = Func::cust("string_agg").arg(Expr::col(PACKED)).arg(Expr::cust(written(self.marks.row)));
        let rows = Func::cust("ifnull").args([rows.into(), Expr::cust("''")]);
        Query::select().expr(rows).from_subquery(found, "found").take()
    }
}

/// A mark in SQL.
fn written(mark: char) -> String {
    format!("char({})", u32::from(mark))
}

/// Whether rows travel together in this database.
pub(crate) fn travel(session: &dyn Session) -> bool {
    session.backend() == DbBackend::Sqlite
}

/// An expression that writes the rows of another table that belong to the row: those whose column `of` is `id`, sorted by `order`.
pub(crate) fn parts<C: ColumnTrait>(columns: &'static Columns<C>, of: C, id: &impl ColumnTrait, order: C) -> String {
    let found = Query::select()
        .from(of.entity_name())
        .and_where(Expr::col(of.as_column_ref()).equals(id.as_column_ref()))
        .order_by(order.as_column_ref(), Order::Asc)
        .take();
    format!("({})", columns.together(found).to_string(SqliteQueryBuilder))
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
    let Some(answer) = exec.query_one(&columns.together(query)).await.or_fail()? else { return Ok(Vec::new()) };
    let text: String = answer.try_get_by_index(0).or_fail()?;
    rows(&text, OUTER).or_fail()
}

/// The rows that a cell holds as [`parts`].
pub(crate) fn parts_of<T: FromCells>(cell: Option<&str>) -> Result<Vec<T>, DbErr> {
    rows(cell.unwrap_or_default(), INNER)
}

fn rows<T: FromCells>(text: &str, marks: Marks) -> Result<Vec<T>, DbErr> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(marks.row).map(|row| T::from_cells(&mut TextCells::of(row, marks.cell))).collect()
}
