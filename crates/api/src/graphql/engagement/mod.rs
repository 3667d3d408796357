//! Engagement: the contact log.

pub mod at_hand;
pub mod connection;
pub mod contact;
pub mod history;
pub mod input;
pub mod load;
pub mod log_input;
pub mod mutation;
pub mod parts;
pub mod party;
pub mod query;
pub mod steps;
pub mod subscription;
pub mod words;

pub use at_hand::Contact;
pub use connection::ContactConnection;
pub use input::ContactFilter;
pub use mutation::ContactPayload;
pub use subscription::ContactSubscription;

use async_graphql::MergedObject;

/// Queries of the contact log.
#[derive(MergedObject, Default)]
pub struct EngagementQuery(query::ContactQuery);

/// Mutations of the contact log.
#[derive(MergedObject, Default)]
pub struct EngagementMutation(mutation::ContactMutation, steps::ContactStepMutation);
