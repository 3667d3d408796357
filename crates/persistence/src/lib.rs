//! Tables and queries. The only crate that knows a database exists.
//!
//! How to add a table: a migration in `migrations`; a file of the area here with a crate-private `Model`, its mapping to the
//! domain's type, and free functions in the fixed verbs `find`, `find_many`, `list`, `count`, `insert`, `update`. Reads take
//! `&dyn Session`, writes take `&Writer`, lists demand the sight that the policy made. What differs between the databases
//! stands in `portable` and `connect`.

mod cells;
mod connect;
mod error;
mod held;
mod json;
mod keyset;
mod lane;
mod listen;
mod packed;
mod pool;
mod portable;
mod replica;
mod store;
mod way;
mod writer;

pub mod dialogue;
pub mod directory;
pub mod engagement;
pub mod identity;
pub mod knowledge;
pub mod person;
pub mod record;

pub use connect::{Options, SchemaState, connect};
pub use listen::{Listener, tell};
pub use pool::Pool;
pub use replica::Position;
pub use store::{Reader, Session, Statements, Store, Writer};
