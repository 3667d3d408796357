//! Use cases of the area `identity`.
