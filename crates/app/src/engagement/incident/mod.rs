//! Incidents: read, opened, edited and closed by the body that owns them, shared with other bodies of its country, the contacts that
//! belong to them, and their end.

mod contact;
mod edit;
mod purge;
mod read;
mod share;

pub(super) use contact::take_in;
pub use contact::{Placing, contact_add, contact_remove};
pub use edit::{close, monitor, open, reopen, update};
pub use purge::purge;
pub use read::{by_ids, contact_counts, count, first_contacts, list, may_read, of_contacts, shares};
pub use share::{Sharing, share, unshare};
