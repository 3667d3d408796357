//! What happened: events that others hear of, webhooks by which they are told, and the audit log.

pub mod audit;
pub mod event;
pub mod public_address;
mod recorded;
pub mod webhook;
pub mod webhook_delivery;
pub mod webhook_draft;
