//! REST: what plain HTTP serves better than GraphQL.

pub mod body;
pub mod demo;
pub mod dialogue;
pub mod engagement;
pub mod health;
pub mod identity;
