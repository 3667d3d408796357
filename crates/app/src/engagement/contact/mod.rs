//! What users do with contacts: a file an act, and the reading of them.

mod acknowledge;
mod ask;
mod attach;
mod close;
mod comment;
mod correct;
mod decide;
mod detach;
mod discard;
mod dispute;
mod export;
mod free_reference;
mod log;
mod logging;
mod named;
mod purge;
mod read;
mod refer;
mod reopen;
mod reply;
mod resolve_platform;
mod send;
mod share;
mod targeting;
mod telling;
mod withdraw;

pub use acknowledge::acknowledge;
pub use ask::ask;
pub use attach::{Attach, attach};
pub use close::close;
pub use comment::{NewComment, comment, comments};
pub use correct::{Correction, correct};
pub use decide::{Decide, decide};
pub use detach::{Detach, detach};
pub use discard::discard;
pub use dispute::dispute;
pub use export::export;
pub use log::{Log, log};
pub(super) use logging::{Logged, Logging, keep_logged};
pub use purge::purge;
pub(super) use read::note_read;
pub use read::{
    Changes, allowed_acts, by_ids, changes, count, facts, get, history, is_told, items, list, list_parts, matching, may_read, shows_own,
    told_since,
};
pub use refer::{Refer, refer};
pub use reopen::reopen;
pub use reply::reply;
pub use resolve_platform::{ResolvePlatform, resolve_platform};
pub use send::{Send, send};
pub use share::{Share, share};
pub use telling::Telling;
pub(super) use telling::scope;
pub use withdraw::withdraw;
