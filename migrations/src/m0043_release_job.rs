//! The numbers of statistic releases are worked out by the servers' own work.

use sea_orm_migration::prelude::*;

use crate::column::{create, flag, instant, instant_null, integer, integer_null, table, text_null, uuid, uuid_null};

/// The numbers of statistic releases are worked out by the servers' own work.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Whether the numbers were worked out ever. Until then `comments_until` and `computed_at` say nothing.
        let prepared = &mut flag("prepared").default(true).take();
        manager.alter_table(Table::alter().table(Alias::new("statistic_release")).add_column(prepared).take()).await?;
        let failure = &mut text_null("failure");
        manager.alter_table(Table::alter().table(Alias::new("statistic_release_correction")).add_column(failure).take()).await?;
        create(manager, vec![job()], vec![]).await?;
        let generated = "CREATE INDEX contact_generated_idx ON contact (platform_id, listed_at) WHERE generated";
        manager.get_connection().execute_unprepared(generated).await?;
        Ok(())
    }
}

/// A set of numbers that is to be worked out: of a proposal, or of a correction. A release has one at a time.
fn job() -> TableCreateStatement {
    table(
        "statistic_release_job",
        vec![
            uuid("release_id").primary_key().take(),
            integer("edition"),
            instant("asked_at"),
            integer("counted"),
            integer_null("total"),
            uuid_null("holder"),
            instant_null("held_until"),
            integer("attempts"),
        ],
        &[("release_id", "statistic_release")],
    )
}
