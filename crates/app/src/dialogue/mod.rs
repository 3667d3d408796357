//! Use cases of the area `dialogue`.
