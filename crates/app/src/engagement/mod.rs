//! Use cases of the area `engagement`.
