//! The record: events on their way to those who listen, and the worker that numbers, seals and delivers them.

pub mod audit;
mod backlog;
mod bus;
mod cursors;
mod follow;
mod others;
pub(crate) mod reads;
pub mod webhook;
mod worker;

pub use backlog::{Backlog, backlog};
pub use bus::Bus;
pub use cursors::Cursors;
pub use follow::{follow, patiently, resume};
pub use worker::{Worker, drain};
