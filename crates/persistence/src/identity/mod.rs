//! Tables and queries of the area `identity`.
