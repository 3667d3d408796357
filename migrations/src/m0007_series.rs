//! What changed a series from one of its dates on, and the zones that host it by turns.

use sea_orm_migration::prelude::*;

use crate::column::{integer, local_null, text};

/// What changed a series from one of its dates on, and the zones that host it by turns.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [
            text("zone_rotation").default("[]").take(),
            text("stretches").default("[]").take(),
            local_null("closed_from"),
            integer("sequence").default(0).take(),
        ] {
            manager.alter_table(Table::alter().table(Alias::new("dialogue")).add_column(&mut column).take()).await?;
        }
        Ok(())
    }
}
