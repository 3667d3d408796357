//! Many rows in one. SQLite's driver hands rows over one by one from a thread of its own, and copies each value: for the rows of a page
//! that costs more than finding them. So there the rows travel as one JSON text. PostgreSQL sends rows together anyway.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, Func, Query, SimpleExpr},
};
use serde_json::value::RawValue;
use tertulia_domain::Error;

use crate::{
    cells::{Cells, FromCells, Row},
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

    /// The parts of the text that stands for the column.
    fn written(self) -> Vec<SimpleExpr> {
        let column = Expr::col(self.column().as_column_ref());
        let quoted = |text: SimpleExpr| vec![literal("\""), text, literal("\"")];
        let or_null = |text: SimpleExpr| vec![Func::coalesce([text, literal("null")]).into()];
        let joined = |text: SimpleExpr| or_null(literal("\"").binary(CONCATENATE, text).binary(CONCATENATE, literal("\"")));
        match (self, self.column().def().is_null()) {
            (Self::Id(_), false) => quoted(Func::cust("hex").arg(column).into()),
            (Self::Id(_), true) => joined(Func::cust("nullif").arg(Func::cust("hex").arg(column)).arg(literal("")).into()),
            (Self::Number(_) | Self::Json(_), false) => vec![column],
            (Self::Number(_) | Self::Json(_), true) => or_null(column),
            (Self::Flag(_), _) => vec![Func::cust("iif").arg(column).arg(literal("true")).arg(literal("false")).into()],
            (Self::Plain(_), false) => quoted(column),
            (Self::Plain(_), true) => joined(column),
            (Self::Text(_), _) => vec![Func::cust("json_quote").arg(column).into()],
        }
    }
}

const CONCATENATE: sea_orm::sea_query::BinOper = sea_orm::sea_query::BinOper::Custom("||");

/// These columns of the rows that `query` finds, in its order.
pub(crate) async fn all<E: EntityTrait, T: FromCells>(
    session: &dyn Session,
    query: Select<E>,
    columns: &[Packed<E::Column>],
) -> Result<Vec<T>, Error> {
    let exec = session.exec();
    let query = query.select_only();
    if exec.get_database_backend() != DbBackend::Sqlite {
        let query = query.columns(columns.iter().map(|column| column.column()));
        let rows = query.into_model::<Row<T>>().all(&exec).await.or_fail()?;
        return Ok(rows.into_iter().map(|Row(row)| row).collect());
    }
    let found = query.expr_as(packed(columns), "packed").into_query();
    // SQLite keeps the order of a subquery for an aggregate that depends on it.
    let together = Func::cust("string_agg").arg(Expr::col(Alias::new("packed"))).arg(literal(","));
    let mut whole = Query::select();
    whole.expr(concat([literal("["), together.into(), literal("]")])).from_subquery(found, Alias::new("found"));
    let Some(answer) = exec.query_one(&whole).await.or_fail()? else { return Ok(Vec::new()) };
    let text: String = answer.try_get_by_index(0).or_fail()?;
    unpacked(&text).or_fail()
}

/// A row as an array.
fn packed<C: ColumnTrait>(columns: &[Packed<C>]) -> SimpleExpr {
    let mut parts = vec![literal("[")];
    for (place, column) in columns.iter().enumerate() {
        parts.extend((place > 0).then(|| literal(",")));
        parts.extend(column.written());
    }
    parts.push(literal("]"));
    concat(parts)
}

fn unpacked<T: FromCells>(text: &str) -> Result<Vec<T>, DbErr> {
    let rows: Vec<Vec<&RawValue>> = serde_json::from_str(text).map_err(|error| DbErr::Type(error.to_string()))?;
    rows.iter().map(|row| T::from_cells(&mut Cells::packed(row))).collect()
}

fn concat(parts: impl IntoIterator<Item = SimpleExpr>) -> SimpleExpr {
    Func::cust("concat").args(parts).into()
}

/// A text written into the statement. None of those here holds a quotation mark of SQL.
fn literal(text: &'static str) -> SimpleExpr {
    Expr::cust(format!("'{text}'"))
}
