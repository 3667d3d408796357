//! The record: audit log, events, history of edits, idempotency keys, jobs, webhooks.

pub mod audit;
pub mod consumer;
pub mod event;
pub mod idempotency;
pub mod lease;
pub mod mail;
pub mod revision;
pub mod webhook;
pub mod webhook_delivery;
