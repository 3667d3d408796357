//! Publications.

pub mod publication;
