//! When an account was erased.

use sea_orm_migration::prelude::*;

use crate::column::instant_null;

/// When an account was erased.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let erased = &mut instant_null("erased_at");
        manager.alter_table(Table::alter().table(Alias::new("user_account")).add_column(erased).take()).await
    }
}
