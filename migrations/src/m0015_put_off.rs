//! Meetings whose date was put off by themselves.

use sea_orm_migration::prelude::*;

/// Meetings whose date was put off by themselves.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let put_off = &mut ColumnDef::new(Alias::new("put_off")).boolean().not_null().default(false).take();
        manager.alter_table(Table::alter().table(Alias::new("meeting")).add_column(put_off).take()).await
    }
}
