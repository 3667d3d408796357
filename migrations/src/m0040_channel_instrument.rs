//! The agreement or law that a channel stands on.

use sea_orm_migration::prelude::*;

use crate::column::uuid_null;

/// The agreement or law that a channel stands on.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(Alias::new("channel")).add_column(uuid_null("instrument_id")).take()).await
    }
}
