//! REST: what plain HTTP serves better than GraphQL, and the main objects for systems that speak nothing else.
//!
//! What the schema has too is answered by a fixed document over it (`documents`), so that rights, names and checks exist once;
//! the OpenAPI description is derived from the same documents.

pub mod body;
pub mod contact;
pub mod demo;
pub mod dialogue;
pub mod docs;
pub mod engagement;
pub mod export;
pub mod file;
pub mod health;
pub mod identity;
pub mod openapi;
pub mod person;
pub mod read;
pub mod refusal;
pub mod template;
pub mod token;

mod check;
mod contract;
mod documents;
mod query;
mod resource;
mod run;
mod tag;
