//! Imports count how often a server's hold on them lapsed: a file that ends servers is not given to one after the other.

use sea_orm_migration::prelude::*;

/// Imports count how often a server's hold on them lapsed.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let lapses = ColumnDef::new(Alias::new("lapses")).big_integer().not_null().default(0).take();
        manager.alter_table(Table::alter().table(Alias::new("contact_import")).add_column(lapses).take()).await
    }
}
