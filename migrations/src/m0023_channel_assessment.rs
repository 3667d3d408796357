//! How channels answer, as far as everybody may be told.

use sea_orm_migration::prelude::*;

use crate::column::{create, day, day_null, flag, table, uuid};

/// How channels answer, as far as everybody may be told.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![assessment()], vec![]).await?;
        // Partial, so that a contact that names no channel costs nothing more to log.
        let index = "CREATE INDEX contact_channel_id_sent_at_idx ON contact (channel_id, sent_at) WHERE channel_id IS NOT NULL";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}

/// One row a channel, worked out anew each week. Apart from the channel's own row, which says what its owner says.
fn assessment() -> TableCreateStatement {
    let channel = uuid("channel_id").primary_key().take();
    table("channel_assessment", vec![channel, day_null("answered_week"), flag("stopped"), day("assessed_on")], &[("channel_id", "channel")])
}
