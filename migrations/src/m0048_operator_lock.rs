//! The operator of a server locks organisations, and is no account.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, instant_null, table, text, text_null, uuid, uuid_null};

/// The operator of a server locks organisations, and is no account.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: &str = "id, organisation_id, locked_at, locked_by, reason, proposed_at, proposed_by, proposed_reason, unlocked_at, unlocked_by, \
                       unlocked_reason";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    /// Makes the table anew: SQLite lets no column of one that is there become nullable.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (former, new) = (Alias::new("organisation_lock"), Alias::new("organisation_lock_of"));
        create(manager, vec![lock()], vec![]).await?;
        let copy = format!("INSERT INTO organisation_lock_of ({COLUMNS}) SELECT {COLUMNS} FROM organisation_lock");
        manager.get_connection().execute_unprepared(&copy).await?;
        manager.drop_table(Table::drop().table(former.clone()).take()).await?;
        manager.rename_table(Table::rename().table(new, former).take()).await?;
        manager.create_index(index("organisation_lock", &["organisation_id", "unlocked_at"], false)).await
    }
}

/// As it was, but that `locked_by` is null for the operator.
fn lock() -> TableCreateStatement {
    table(
        "organisation_lock_of",
        vec![
            id(),
            uuid("organisation_id"),
            instant("locked_at"),
            uuid_null("locked_by"),
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
