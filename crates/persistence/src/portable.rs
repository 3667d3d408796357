//! The expressions in which the databases differ, or that are easy to get wrong in either.

use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, LikeExpr, SimpleExpr};
use tertulia_domain::text::SearchTerm;

/// Whether the folded text in `column` holds every word of the search. The wildcards of LIKE are escaped: a reader's `%` is a
/// percent sign.
pub(crate) fn holds_words(column: &(impl IntoColumnRef + Clone), term: &SearchTerm) -> SimpleExpr {
    term.words().iter().fold(Expr::val(1).eq(1), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.and(Expr::col(column.clone()).like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
    })
}
