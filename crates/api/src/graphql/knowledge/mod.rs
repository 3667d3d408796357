//! GraphQL types and resolvers of the area `knowledge`.

pub mod publication;

pub use publication::PublicationQuery as KnowledgeQuery;
