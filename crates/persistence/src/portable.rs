//! The expressions in which the databases differ, or that are easy to get wrong in either.

use sea_orm::{
    Condition, ConnectionTrait, EntityTrait,
    sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, LikeExpr, Query, SimpleExpr, TableRef, ValueTuple},
};
use tertulia_domain::Error;
use tertulia_domain::text::SearchTerm;

use crate::{
    error::OrFail,
    store::{Executes, Writer},
};

/// Whether the folded text in `column` holds every word of the search. The wildcards of LIKE are escaped: a reader's `%` is a
/// percent sign.
pub(crate) fn holds_words(column: &(impl IntoColumnRef + Clone), term: &SearchTerm) -> SimpleExpr {
    term.words().iter().fold(Expr::val(1).eq(1), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.and(Expr::col(column.clone()).like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
    })
}

/// Sets `columns` of many rows, each to values of its own, in one statement whose cost grows with the number of rows alone. Each of
/// `rows` is the row's id and then the values. Both databases call the columns of a list of values `column1`, `column2` and so on.
pub(crate) async fn update_from_values<E: EntityTrait>(
    writer: &Writer,
    table: E,
    id: E::Column,
    columns: &[E::Column],
    rows: Vec<ValueTuple>,
    only: Condition,
) -> Result<u64, Error> {
    let given = |number: usize| Expr::col((Alias::new("given"), Alias::new(format!("column{number}"))));
    let mut update = Query::update();
    update.table(table).from(TableRef::ValuesList(rows, "given".into()));
    for (column, number) in columns.iter().zip(2..) {
        update.value(*column, given(number));
    }
    update.and_where(Expr::col((table, id)).eq(given(1))).cond_where(only);
    Ok(writer.exec().execute(&update).await.or_fail()?.rows_affected())
}
