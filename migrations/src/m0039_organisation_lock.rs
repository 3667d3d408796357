//! Locks of organisations.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, instant_null, table, text, text_null, uuid, uuid_null};

/// Locks of organisations.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![lock()], vec![index("organisation_lock", &["organisation_id", "unlocked_at"], false)]).await
    }
}

/// One that lasts has no `unlocked_at`; an organisation has one such at most, which its own row guards.
fn lock() -> TableCreateStatement {
    table(
        "organisation_lock",
        vec![
            id(),
            uuid("organisation_id"),
            instant("locked_at"),
            uuid("locked_by"),
            text("reason"),
            instant_null("proposed_at"),
            uuid_null("proposed_by"),
            text_null("proposed_reason"),
            instant_null("unlocked_at"),
            uuid_null("unlocked_by"),
            text_null("unlocked_reason"),
        ],
        &[
            ("organisation_id", "organisation"),
            ("locked_by", "user_account"),
            ("proposed_by", "user_account"),
            ("unlocked_by", "user_account"),
        ],
    )
}
