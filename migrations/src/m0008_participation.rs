//! Who takes part in meetings: participations, and what a meeting says of its seats, its registration and its list.

use sea_orm_migration::prelude::*;

use crate::column::{edited, flag, id, index, instant_null, integer_null, table, text, text_null, uuid, uuid_null};

/// Who takes part in meetings: participations, and what a meeting says of its seats, its registration and its list.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One alteration a statement: SQLite takes no more.
        for column in meeting() {
            manager.alter_table(Table::alter().table(Alias::new("meeting")).add_column(column).take()).await?;
        }
        manager.create_table(participation()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn meeting() -> Vec<ColumnDef> {
    vec![
        integer_null("seats_in_person"),
        integer_null("seats_online"),
        text("reserved_seats").default("[]").take(),
        text_null("registration"),
        text("list_visibility").default("PARTICIPANTS").take(),
    ]
}

/// `user_id` is missing while an invitation names the organisation only, `ticket` unless it waits.
fn participation() -> TableCreateStatement {
    let mut columns = vec![
        id(),
        uuid("meeting_id"),
        uuid("dialogue_id"),
        uuid("organisation_id"),
        uuid_null("user_id"),
        text("role"),
        text("status"),
        text("mode"),
        text("interpretation_needs"),
        text_null("access_needs"),
        text("listed"),
        integer_null("ticket"),
        instant_null("offered_until"),
        uuid_null("acted_by"),
        uuid_null("acted_for"),
        instant_null("attended_from"),
        instant_null("attended_to"),
        flag("generated"),
    ];
    columns.extend(edited());
    table(
        "participation",
        columns,
        &[
            ("meeting_id", "meeting"),
            ("dialogue_id", "dialogue"),
            ("organisation_id", "organisation"),
            ("user_id", "user_account"),
            ("acted_by", "user_account"),
            ("acted_for", "organisation"),
        ],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("participation", &["meeting_id", "user_id"], true),
        index("participation", &["meeting_id", "created_at", "id"], false),
        index("participation", &["meeting_id", "ticket"], false),
        index("participation", &["user_id"], false),
        index("participation", &["organisation_id"], false),
        index("participation", &["offered_until"], false),
        index("meeting", &["status", "starts_at"], false),
    ]
}
