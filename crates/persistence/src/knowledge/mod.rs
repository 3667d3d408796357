//! Tables of the area `knowledge`.

pub mod publication;
