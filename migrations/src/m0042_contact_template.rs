//! Texts that a body's officers begin a contact with.

use sea_orm_migration::prelude::*;

use crate::column::{create, edited, id, index, instant_null, table, text, text_null, uuid, uuid_null};

/// Texts that a body's officers begin a contact with.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![index("contact_template", &["electoral_body_id", "created_at", "id"], false)];
        create(manager, vec![template()], indexes).await
    }
}

fn template() -> TableCreateStatement {
    let mut columns = vec![
        id(),
        uuid("electoral_body_id"),
        text("name"),
        text("kinds"),
        uuid_null("instrument_id"),
        text("language"),
        text_null("subject"),
        text_null("description"),
        instant_null("archived_at"),
    ];
    columns.extend(edited());
    table("contact_template", columns, &[("electoral_body_id", "organisation"), ("instrument_id", "instrument")])
}
