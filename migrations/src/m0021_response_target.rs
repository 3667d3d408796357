//! Response targets, the one that binds each contact, and of which answers somebody was told that they are due.

use sea_orm_migration::prelude::*;

use crate::column::{create, edited, flag, id, index, instant, instant_null, table, text, text_null, uuid, uuid_null};

/// Response targets, the one that binds each contact, and of which answers somebody was told that they are due.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes =
            vec![index("response_target", &["created_at", "id"], false), index("target_notice", &["contact_id", "kind", "due_at"], true)];
        create(manager, vec![response_target(), notice()], indexes).await?;
        for mut column in contact() {
            manager.alter_table(Table::alter().table(Alias::new("contact")).add_column(&mut column).take()).await?;
        }
        // Only what is awaited has a place in these, so that a contact without a target costs them nothing.
        for (name, columns) in [
            ("electoral_body_id_waits_until", "electoral_body_id, waits_until, id"),
            ("platform_id_waits_until", "platform_id, waits_until, id"),
            ("waits_until", "waits_until, id"),
        ] {
            let index = format!("CREATE INDEX contact_{name}_idx ON contact ({columns}) WHERE waits_until IS NOT NULL");
            manager.get_connection().execute_unprepared(&index).await?;
        }
        let soon = "CREATE INDEX contact_soon_at_idx ON contact (soon_at) WHERE soon_at IS NOT NULL";
        manager.get_connection().execute_unprepared(soon).await?;
        Ok(())
    }
}

/// What a target says is read whole, as JSON; the columns beside it are those by which targets are looked for.
fn response_target() -> TableCreateStatement {
    let mut columns = vec![
        id(),
        uuid("platform_id"),
        uuid_null("instrument_id"),
        text("countries"),
        text("status"),
        uuid_null("proposed_by"),
        text("fields"),
        flag("generated"),
        instant_null("edited_at"),
    ];
    columns.extend(edited());
    table("response_target", columns, &[("platform_id", "organisation"), ("instrument_id", "instrument"), ("proposed_by", "organisation")])
}

/// `target` is what bound the contact when it was sent, as JSON. The others follow from it and the facts: how far the answer is, when it
/// is or was due, from when on it is due soon while it is awaited, when it came, and the place in the order of what is due, which only
/// what is awaited or was missed has.
fn contact() -> Vec<ColumnDef> {
    vec![
        text_null("target"),
        text_null("target_mark"),
        instant_null("due_at"),
        instant_null("soon_at"),
        instant_null("settled_at"),
        instant_null("waits_until"),
    ]
}

/// A row for each moment of which somebody was told, so that nobody is told twice.
fn notice() -> TableCreateStatement {
    table("target_notice", vec![id(), uuid("contact_id"), text("kind"), instant("due_at"), instant("at")], &[("contact_id", "contact")])
}
