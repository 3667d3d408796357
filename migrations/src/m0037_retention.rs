//! What remains of contacts whose time to be kept is over, and how such contacts are found.

use sea_orm_migration::prelude::*;

use crate::column::{create, index, instant, integer_null, table, text_null, uuid, uuid_null};

/// What remains of contacts whose time to be kept is over, and how such contacts are found.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Partial, so that an open contact costs nothing more to keep, and one that was sent none of the second.
const INDEXES: [&str; 3] = [
    "CREATE INDEX contact_closed_at_idx ON contact (closed_at) WHERE closed_at IS NOT NULL AND sent_at IS NOT NULL",
    "CREATE INDEX contact_unsent_idx ON contact (updated_at) WHERE sent_at IS NULL",
    "CREATE INDEX participation_needs_idx ON participation (meeting_id) WHERE access_needs IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![purged()], vec![index("purged_contact", &["purged_at"], false)]).await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}

/// Whose it was, so that their copies go too, and the head of its history, by which an exported one can still be checked.
fn purged() -> TableCreateStatement {
    let contact = uuid("contact_id").primary_key().take();
    table(
        "purged_contact",
        vec![
            contact,
            uuid("owner_id"),
            uuid("electoral_body_id"),
            uuid_null("platform_id"),
            uuid_null("platform_service_id"),
            text_null("country_code"),
            integer_null("head_seq"),
            text_null("head_hash"),
            instant("purged_at"),
        ],
        &[],
    )
}
