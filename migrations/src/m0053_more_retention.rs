//! How incidents and templates are found whose time to be kept is over.

use sea_orm_migration::prelude::*;

use crate::column::instant_null;

/// How incidents and templates are found whose time to be kept is over.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Partial, so that what is open or in use costs nothing more to keep, and an incident that waits for its contacts is looked at no more.
const INDEXES: [&str; 2] = [
    "CREATE INDEX incident_closed_at_idx ON incident (closed_at) WHERE closed_at IS NOT NULL AND waits_since IS NULL",
    "CREATE INDEX contact_template_archived_at_idx ON contact_template (archived_at) WHERE archived_at IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let waits = Table::alter().table(Alias::new("incident")).add_column(instant_null("waits_since")).take();
        manager.alter_table(waits).await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
