//! How contacts count, and the counts of each organisation.

use sea_orm_migration::prelude::*;

use crate::column::{bytes, bytes_null, create, day, flag, table, text, text_null, uuid, uuid_null};

/// How contacts count, and the counts of each organisation.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![counted(), kept_count()], vec![]).await?;
        // Only what is not folded yet has a place in these.
        for column in ["electoral_body_id", "platform_id"] {
            let index = format!("CREATE INDEX counted_{column}_fresh_idx ON counted ({column}) WHERE fresh");
            manager.get_connection().execute_unprepared(&index).await?;
        }
        Ok(())
    }
}

/// A row for each contact that was sent: how it counts (`cell`) and the phase of the election in which it was sent; and the same as they
/// were when the contact was last folded into the counts of its parties. `contact_id` has no foreign key, since the row is written with
/// each contact that is logged.
fn counted() -> TableCreateStatement {
    let contact = uuid("contact_id").primary_key().take();
    let columns = vec![
        contact,
        uuid("electoral_body_id"),
        uuid_null("platform_id"),
        text("phase"),
        bytes("cell"),
        bytes_null("kept"),
        text_null("kept_phase"),
        flag("fresh"),
    ];
    table("counted", columns, &[])
}

/// The counts of an organisation's contacts that were sent in a month.
fn kept_count() -> TableCreateStatement {
    let mut table = table("kept_count", vec![uuid("organisation_id"), day("month"), bytes("cells")], &[]);
    table.primary_key(Index::create().col(Alias::new("organisation_id")).col(Alias::new("month"))).take()
}
