//! The numbers of releases keep their exact counts, which nobody reads: what is told later is audited beside them.

use sea_orm_migration::prelude::*;

use crate::column::integer_null;

/// The numbers of releases keep their exact counts, which nobody reads: what is told later is audited beside them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Sets that were kept before have none, so nothing more is told beside them.
        for column in [&mut integer_null("exact"), &mut ColumnDef::new(Alias::new("sensitive")).boolean().null().take()] {
            manager.alter_table(Table::alter().table(Alias::new("statistic_release_cell")).add_column(column).take()).await?;
        }
        Ok(())
    }
}
