//! API clients of organisations, and which of them a line of the audit log tells of.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, instant_null, table, text, uuid, uuid_null};

/// API clients of organisations, and which of them a line of the audit log tells of.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![client()], vec![index("api_client", &["organisation_id", "created_at", "id"], false)]).await?;
        manager.alter_table(Table::alter().table(Alias::new("audit_entry")).add_column(uuid_null("client_id")).take()).await
    }
}

fn client() -> TableCreateStatement {
    table(
        "api_client",
        vec![
            id(),
            uuid("organisation_id"),
            text("name"),
            text("scopes"),
            // The secret as SHA-256 in hexadecimal, and an id of its own that tokens carry: another secret has another.
            text("secret_hash"),
            uuid("secret_id"),
            uuid("created_by"),
            instant("created_at"),
            instant("expires_at"),
            instant_null("rotated_at"),
            instant_null("last_used_at"),
            instant_null("revoked_at"),
            uuid_null("revoked_by"),
        ],
        &[("organisation_id", "organisation"), ("created_by", "user_account"), ("revoked_by", "user_account")],
    )
}
