//! Which files are attached to which contacts.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, instant_null, table, text_null, uuid, uuid_null};

/// Which files are attached to which contacts.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("attachment", &["contact_id", "file_id"], true),
            index("attachment", &["file_id"], false),
            index("attachment", &["user_id"], false),
            index("file", &["uploaded_by"], false),
        ];
        create(manager, vec![attachment()], indexes).await
    }
}

/// What was attached to a contact that was sent stays, and only says that its side took it back.
fn attachment() -> TableCreateStatement {
    table(
        "attachment",
        vec![
            id(),
            uuid("contact_id"),
            uuid("file_id"),
            uuid("organisation_id"),
            uuid_null("user_id"),
            instant("attached_at"),
            instant_null("detached_at"),
            text_null("detach_reason"),
        ],
        &[("contact_id", "contact"), ("file_id", "file"), ("organisation_id", "organisation"), ("user_id", "user_account")],
    )
}
