//! The record: events on their way to those who listen, and the worker that numbers, seals and delivers them.

pub mod audit;
mod backlog;
mod bus;
mod follow;
mod others;
mod place;
pub(crate) mod reads;
pub mod webhook;
mod worker;

pub use backlog::{Backlog, backlog};
pub use bus::Bus;
pub use follow::{follow, patiently, resume};
pub use place::{cursor, place};
pub use worker::{Worker, drain};
