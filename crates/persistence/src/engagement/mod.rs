//! Tables and queries of the area `engagement`.
