//! GraphQL types and resolvers of the area `directory`.
