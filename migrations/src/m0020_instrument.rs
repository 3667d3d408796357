//! Instruments, and what stands on them.

use sea_orm_migration::prelude::*;

use crate::column::{create, day, day_null, edited, flag, id, index, instant_null, table, text, text_null, uuid_null};

/// Instruments, and what stands on them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("instrument", &["slug"], true),
            index("instrument", &["sort_title", "id"], false),
            index("instrument", &["sort_on", "id"], false),
        ];
        create(manager, vec![instrument()], indexes).await?;
        // SQLite cannot add a column with a foreign key to a table that has rows; an instrument is never deleted.
        for on in ["contact", "commitment"] {
            let column = &mut uuid_null("instrument_id");
            manager.alter_table(Table::alter().table(Alias::new(on)).add_column(column).take()).await?;
        }
        Ok(())
    }
}

/// `sort_on` is the day of signature, or 0001-01-01 where it is not known.
fn instrument() -> TableCreateStatement {
    let own = vec![
        text("titles"),
        text("sort_title"),
        text("search_text"),
        text("type"),
        text("bindingness"),
        text("countries"),
        text_null("signed_on"),
        day("sort_on"),
        day_null("valid_from"),
        day_null("valid_to"),
        text_null("url"),
        text("parties"),
        text("obligations"),
        text("status"),
        uuid_null("proposed_by"),
    ];
    let provenance = vec![text("provenance_state"), text_null("source_url"), text_null("source_note"), day_null("as_of")];
    let life = vec![text_null("slug"), flag("generated"), instant_null("edited_at")];
    let columns = [vec![id()], own, provenance, life, edited().to_vec()].concat();
    table("instrument", columns, &[("proposed_by", "organisation")])
}
