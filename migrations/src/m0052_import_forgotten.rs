//! Imports say when what they reported and the name of their file were forgotten, and those of which that is due are found by it.

use sea_orm_migration::prelude::*;

use crate::column::instant_null;

/// Imports say when what they reported and the name of their file were forgotten, and those of which that is due are found by it.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Partial, so that an import is in it until it is forgotten.
const INDEX: &str = "CREATE INDEX contact_import_unforgotten_idx ON contact_import (finished_at, id) WHERE forgotten_at IS NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of imports from before only the reports were forgotten: they are due once more.
        let forgotten = Table::alter().table(Alias::new("contact_import")).add_column(instant_null("forgotten_at")).take();
        manager.alter_table(forgotten).await?;
        manager.get_connection().execute_unprepared(INDEX).await?;
        Ok(())
    }
}
