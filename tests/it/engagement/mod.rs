//! The contact log, as its users work with it.

mod attachment;
mod channel_answers;
pub(crate) mod contact_import;
mod contact_template;
mod course;
mod cover;
mod export;
pub(crate) mod file;
mod file_bucket;
mod file_range;
mod hostile;
mod import_columns;
mod import_file;
mod incident;
mod list;
mod log;
mod mandate;
mod published_table;
mod purge;
mod response_target;
mod rest;
mod retention;
mod sharing;
mod sight;
pub(crate) mod statistic_release;
mod statistic_release_correction;
mod statistic_release_preparation;
mod statistics;
mod subscription;
mod target_notice;
pub(crate) mod world;

use tertulia_tests::harness::Story;

/// The stories of this area.
pub(crate) fn stories() -> Vec<Story> {
    [
        attachment::stories(),
        channel_answers::stories(),
        contact_import::stories(),
        contact_template::stories(),
        course::stories(),
        cover::stories(),
        export::stories(),
        file::stories(),
        file_bucket::stories(),
        file_range::stories(),
        hostile::stories(),
        import_columns::stories(),
        import_file::stories(),
        incident::stories(),
        list::stories(),
        log::stories(),
        mandate::stories(),
        published_table::stories(),
        purge::stories(),
        response_target::stories(),
        rest::stories(),
        retention::stories(),
        sharing::stories(),
        sight::stories(),
        statistic_release::stories(),
        statistic_release_correction::stories(),
        statistic_release_preparation::stories(),
        statistics::stories(),
        subscription::stories(),
        target_notice::stories(),
    ]
    .concat()
}
