//! Tables and queries of the area `directory`.
