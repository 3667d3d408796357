//! GraphQL types and resolvers of the record.

mod audit;
mod webhook;
mod webhook_delivery;
mod webhook_mutation;

pub use audit::AuditEntry;
pub use webhook::WebhookEndpoint;
pub use webhook_delivery::WebhookDelivery;
pub use webhook_mutation::WebhookMutation;

use async_graphql::MergedObject;

/// What can be read.
#[derive(MergedObject, Default)]
pub struct RecordQuery(audit::AuditQuery, webhook::WebhookQuery);
