//! The contact log, as its users work with it.

mod channel_answers;
mod course;
mod cover;
mod export;
mod file;
mod hostile;
mod incident;
mod list;
mod log;
mod mandate;
mod response_target;
mod rest;
mod sharing;
mod sight;
mod subscription;
mod target_notice;
pub(crate) mod world;

use tertulia_tests::harness::Story;

/// The stories of this area.
pub(crate) fn stories() -> Vec<Story> {
    [
        channel_answers::stories(),
        course::stories(),
        cover::stories(),
        export::stories(),
        file::stories(),
        hostile::stories(),
        incident::stories(),
        list::stories(),
        log::stories(),
        mandate::stories(),
        response_target::stories(),
        rest::stories(),
        sharing::stories(),
        sight::stories(),
        subscription::stories(),
        target_notice::stories(),
    ]
    .concat()
}
