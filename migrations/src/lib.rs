//! The tables of Tertulia: one set of migrations for SQLite and PostgreSQL, one file an area at birth and one a change after.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod column;
mod m0001_record;
mod m0002_directory;
mod m0003_identity;
mod m0004_engagement;
mod m0005_dialogue;
mod m0006_session_wrote_at;
mod m0007_series;
mod m0008_participation;
mod m0009_minutes;
mod m0010_commitment;
mod m0011_slots;
mod m0012_event_in_audit;
mod m0013_calendar;
mod m0014_dialogue_import;
mod m0015_put_off;
mod m0017_facts_together;
mod m0019_minutes_comments;
mod m0020_instrument;
mod m0021_response_target;
mod m0022_incident;
mod m0023_channel_assessment;
mod m0024_mandate;
mod m0025_statistics;
mod m0027_statistic_release;
mod m0029_api_client;
mod m0032_file;
mod m0033_contact_import;
mod m0035_erasure;
mod m0037_retention;
mod m0038_webhook;
mod m0039_organisation_lock;
mod m0040_channel_instrument;
mod m0041_attachment;
mod m0042_contact_template;
mod m0043_release_job;
mod m0044_exact_cell;
mod m0045_counted_together;
mod m0047_webhook_update;
mod m0048_operator_lock;
mod m0050_later_notice;
mod m0051_import_lapse;
mod m0052_import_forgotten;
mod m0053_more_retention;
mod m0054_counted_fresh;
mod m0055_counts_as_they_are;

/// Every migration, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_record::Migration),
            Box::new(m0002_directory::Migration),
            Box::new(m0003_identity::Migration),
            Box::new(m0004_engagement::Migration),
            Box::new(m0005_dialogue::Migration),
            Box::new(m0006_session_wrote_at::Migration),
            Box::new(m0007_series::Migration),
            Box::new(m0008_participation::Migration),
            Box::new(m0009_minutes::Migration),
            Box::new(m0010_commitment::Migration),
            Box::new(m0011_slots::Migration),
            Box::new(m0012_event_in_audit::Migration),
            Box::new(m0013_calendar::Migration),
            Box::new(m0014_dialogue_import::Migration),
            Box::new(m0015_put_off::Migration),
            Box::new(m0017_facts_together::Migration),
            Box::new(m0019_minutes_comments::Migration),
            Box::new(m0020_instrument::Migration),
            Box::new(m0021_response_target::Migration),
            Box::new(m0022_incident::Migration),
            Box::new(m0023_channel_assessment::Migration),
            Box::new(m0024_mandate::Migration),
            Box::new(m0025_statistics::Migration),
            Box::new(m0027_statistic_release::Migration),
            Box::new(m0029_api_client::Migration),
            Box::new(m0032_file::Migration),
            Box::new(m0033_contact_import::Migration),
            Box::new(m0035_erasure::Migration),
            Box::new(m0037_retention::Migration),
            Box::new(m0038_webhook::Migration),
            Box::new(m0039_organisation_lock::Migration),
            Box::new(m0040_channel_instrument::Migration),
            Box::new(m0041_attachment::Migration),
            Box::new(m0042_contact_template::Migration),
            Box::new(m0043_release_job::Migration),
            Box::new(m0044_exact_cell::Migration),
            Box::new(m0045_counted_together::Migration),
            Box::new(m0047_webhook_update::Migration),
            Box::new(m0048_operator_lock::Migration),
            Box::new(m0050_later_notice::Migration),
            Box::new(m0051_import_lapse::Migration),
            Box::new(m0052_import_forgotten::Migration),
            Box::new(m0053_more_retention::Migration),
            Box::new(m0054_counted_fresh::Migration),
            Box::new(m0055_counts_as_they_are::Migration),
        ]
    }
}
