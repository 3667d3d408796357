//! GraphQL types and resolvers of the area `knowledge`.

pub mod mutation;
pub mod publication;

pub use mutation::PublicationMutation as KnowledgeMutation;
pub use publication::PublicationQuery as KnowledgeQuery;
