//! GraphQL types and resolvers of the record.

mod audit;

pub use audit::{AuditEntry, AuditQuery};
