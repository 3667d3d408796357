//! The expressions in which the databases differ, or that are easy to get wrong in either.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Func, IntoColumnRef, LikeExpr, LockBehavior, LockType, Query, SimpleExpr, TableRef, ValueTuple},
};
use tertulia_domain::Error;
use tertulia_domain::text::SearchTerm;

use crate::{
    error::OrFail,
    store::{Executes, Writer},
};

/// Rows that nobody else changes before the transaction ends. On SQLite there is one writer anyway.
pub(crate) trait HeldRows: QuerySelect {
    /// Holds the rows for a change, in their order. Who only refers to one, as a new row does by its foreign key, does not wait for it and is
    /// not waited for: else a worker that holds a part and needs the whole could meet an act that holds the whole and needs the part.
    fn held(self) -> Self {
        self.lock(LockType::NoKeyUpdate)
    }

    /// Holds those of the rows that nobody else does, to delete them. The others go another time.
    fn free(self) -> Self {
        self.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
    }
}

impl<Q: QuerySelect> HeldRows for Q {}

/// Whether the folded text in `column` holds every word of the search. The wildcards of LIKE are escaped: a reader's `%` is a
/// percent sign.
pub(crate) fn holds_words(column: &(impl IntoColumnRef + Clone), term: &SearchTerm) -> SimpleExpr {
    term.words().iter().fold(Expr::val(1).eq(1), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.and(Expr::col(column.clone()).like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
    })
}

/// Whether the moment in `later` came at most so many minutes after that in `earlier`; neither is the case where one is missing.
/// SQLite keeps instants as text and reckons in days, no finer than a millisecond, which half of one makes good.
pub(crate) fn within<C: ColumnTrait>(later: C, earlier: C, minutes: i64, backend: DbBackend) -> Expr {
    let column = |column: C| Expr::col(column.as_column_ref());
    if backend == DbBackend::Postgres {
        return column(later).lte(column(earlier).add(Expr::cust(format!("INTERVAL '{minutes} minutes'"))));
    }
    let days = |moment: C| Expr::expr(Func::cust("julianday").arg(column(moment)));
    let most = Expr::cust(format!("({minutes} + 0.5 / 60000.0) / 1440.0"));
    days(later).sub(days(earlier)).lte(most)
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
