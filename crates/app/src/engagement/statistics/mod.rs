//! How platforms answer, as numbers: each act counts the contact that it changed, the worker folds what was counted into the counts of the
//! parties, and each party reads its own.

mod count;
mod fold;
mod recount;
mod responsiveness;

pub(in crate::engagement) use count::{count, count_generated, count_logged};
pub(crate) use fold::fold;
pub use fold::fold_all;
pub use recount::{needs_recount, recount};
pub use responsiveness::{Asked, Responsiveness, responsiveness};
