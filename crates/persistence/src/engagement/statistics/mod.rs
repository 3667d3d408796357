//! How each contact counts, and the counts of each organisation: what is not folded into them yet is read beside them.

pub mod counted;
pub mod counted_fresh;
pub mod kept_count;
