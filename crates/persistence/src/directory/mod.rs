//! Tables of the directory. What is public needs no sight; experts, publications and channels' lists demand one where they
//! hold more than the public may read.

pub mod channel;
pub mod country;
pub mod election;
pub mod expert;
pub mod instrument;
pub mod organisation;
pub mod platform;
pub mod reporting_programme;

pub(crate) mod row;
