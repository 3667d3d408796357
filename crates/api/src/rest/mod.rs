//! REST: what plain HTTP serves better than GraphQL.

pub mod health;
