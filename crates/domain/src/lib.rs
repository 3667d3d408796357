//! The words, rules, state machines and policy of Tertulia.
//!
//! Pure: no I/O, no async, no database, no web, no clock. Instants and ids come in as values.
//!
//! Areas are modules and entities are files; the same names stand in `persistence`, `app`, `api` and `tests`.

pub mod dialogue;
pub mod directory;
pub mod engagement;
pub mod error;
pub mod id;
pub mod identity;
pub mod knowledge;
pub mod page;
pub mod policy;
pub mod record;
pub mod text;
pub mod time;

pub use error::{Code, Error, Faults, Reason, Result};
