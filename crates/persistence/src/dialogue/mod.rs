//! Tables and queries of the area `dialogue`.
