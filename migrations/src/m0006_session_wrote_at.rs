//! When a session last wrote, so that its reads come from where its writes are.

use sea_orm_migration::prelude::*;

use crate::column::instant_null;

/// When a session last wrote, so that its reads come from where its writes are.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(Alias::new("session")).add_column(instant_null("wrote_at")).take()).await
    }
}
