//! What happened: events that others hear of, and the audit log.

pub mod audit;
pub mod event;
mod recorded_event;
