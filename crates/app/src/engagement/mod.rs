//! Use cases of the area `engagement`.
pub mod generate;
