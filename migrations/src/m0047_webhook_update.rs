//! Webhook endpoints are changed and described; messages know when they were asked for again.

use sea_orm_migration::prelude::*;

use crate::column::{instant_null, integer, text, text_null};

/// Webhook endpoints are changed and described; messages know when they were asked for again.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [
            text_null("description"),
            // For events that were added later: the number of the last event before, by name, in JSON.
            text("topics_from").default("{}").take(),
            integer("version").default(1).take(),
        ] {
            manager.alter_table(Table::alter().table(Alias::new("webhook_endpoint")).add_column(&mut column).take()).await?;
        }
        let again = &mut instant_null("again_at");
        manager.alter_table(Table::alter().table(Alias::new("webhook_delivery")).add_column(again).take()).await
    }
}
