//! Use cases of the area `identity`.

pub mod session;
