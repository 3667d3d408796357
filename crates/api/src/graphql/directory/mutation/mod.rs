//! The mutations of the directory, a file for each kind.

pub mod body;
pub mod channel;
pub mod election;
pub mod expert;
pub mod history;
pub mod instrument;
pub mod organisation;
pub mod platform;
pub mod programme;

use async_graphql::{MaybeUndefined, MergedObject};

use body::ElectoralBodyMutation;
use channel::ChannelMutation;
use election::ElectionMutation;
use expert::ExpertMutation;
pub use history::HistoryQuery;
use instrument::InstrumentMutation;
use organisation::OrganisationMutation;
use platform::PlatformMutation;
use programme::ProgrammeMutation;

/// The mutations of the directory.
#[derive(MergedObject, Default)]
pub struct DirectoryMutation(
    OrganisationMutation,
    ElectoralBodyMutation,
    PlatformMutation,
    ElectionMutation,
    ChannelMutation,
    ProgrammeMutation,
    InstrumentMutation,
    ExpertMutation,
);

/// A part of an edit that may be left out (nothing changes), null (it is emptied) or given.
pub fn patch<T, U>(value: MaybeUndefined<T>, read: impl FnOnce(T) -> U) -> Option<Option<U>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(read(value))),
    }
}
