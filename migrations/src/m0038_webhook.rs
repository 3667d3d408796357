//! Webhooks: endpoints of organisations, and the messages on their way to them.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, instant_null, integer, integer_null, table, text, text_null, uuid, uuid_null};

/// Webhooks: endpoints of organisations, and the messages on their way to them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![endpoint(), delivery()], indexes()).await
    }
}

fn endpoint() -> TableCreateStatement {
    table(
        "webhook_endpoint",
        vec![
            id(),
            uuid("organisation_id"),
            text("url"),
            text("topics"),
            // Sealed: the server signs with them.
            text("secret"),
            text_null("former_secret"),
            instant_null("former_until"),
            uuid("maker_id"),
            uuid_null("client_id"),
            text_null("disabled_why"),
            instant_null("failing_since"),
            integer("from_seq"),
            instant("created_at"),
        ],
        &[("organisation_id", "organisation"), ("maker_id", "user_account"), ("client_id", "api_client")],
    )
}

/// `seq` is the event's number, null for a ping; its unique index is what keeps an event from going twice.
fn delivery() -> TableCreateStatement {
    table(
        "webhook_delivery",
        vec![
            id(),
            uuid("endpoint_id"),
            integer_null("seq"),
            text("kind"),
            text_null("object_type"),
            uuid_null("object_id"),
            instant("at"),
            instant("created_at"),
            text("status"),
            integer("tried"),
            instant_null("next_at"),
            // The last attempts, a list in JSON.
            text("attempts"),
        ],
        &[("endpoint_id", "webhook_endpoint")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("webhook_endpoint", &["organisation_id", "created_at", "id"], false),
        index("webhook_delivery", &["endpoint_id", "created_at", "id"], false),
        index("webhook_delivery", &["created_at"], false),
        index("webhook_delivery", &["endpoint_id", "seq"], true),
        index("webhook_delivery", &["next_at"], false),
    ]
}
