//! Use cases of the area `directory`.
