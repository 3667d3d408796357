//! What was published.

pub mod publication;
