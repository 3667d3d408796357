//! Dialogues, their meetings and agendas, and private calendar addresses.

use sea_orm_migration::prelude::*;

use crate::column::{
    create, edited, flag, id, index, instant, instant_null, integer, integer_null, local, table, text, text_null, uuid, uuid_null,
};

/// Dialogues, their meetings and agendas, and private calendar addresses.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), indexes()).await
    }
}

fn columns(parts: Vec<Vec<ColumnDef>>) -> Vec<ColumnDef> {
    parts.into_iter().flatten().collect()
}

fn tables() -> Vec<TableCreateStatement> {
    vec![dialogue(), dialogue_party(), meeting(), agenda_item(), feed_token()]
}

fn dialogue() -> TableCreateStatement {
    table(
        "dialogue",
        columns(vec![
            vec![
                id(),
                text_null("slug"),
                text("titles"),
                text("sort_title"),
                text_null("purpose"),
                text("kind"),
                text("conveners"),
                text("members"),
                local("local_start"),
                text("time_zone"),
                text_null("rule"),
                text("excluded_dates"),
                text("additional_dates"),
                integer("duration_minutes"),
                text("format"),
                text("visibility"),
                text("working_languages"),
                text_null("join_url"),
                text_null("venue"),
                text("status"),
                instant_null("laid_out_to"),
                flag("generated"),
            ],
            edited().into(),
        ]),
        &[],
    )
}

/// Who belongs to a dialogue, for the question which dialogues an organisation may see. The lists in the dialogue's own row
/// are what is read; both are written together.
fn dialogue_party() -> TableCreateStatement {
    table(
        "dialogue_party",
        vec![id(), uuid("dialogue_id"), uuid("organisation_id"), text("part")],
        &[("dialogue_id", "dialogue"), ("organisation_id", "organisation")],
    )
}

/// An occurrence's id is permanent: it belongs to the dialogue and `original_start`, wherever it is moved.
fn meeting() -> TableCreateStatement {
    table(
        "meeting",
        columns(vec![
            vec![
                id(),
                uuid("dialogue_id"),
                local("original_start"),
                text_null("titles"),
                local("local_start"),
                text("time_zone"),
                instant("starts_at"),
                instant("ends_at"),
                integer("duration_minutes"),
                text("format"),
                text("status"),
                text_null("reason"),
                text_null("venue"),
                text_null("join_url"),
                text("working_languages"),
                text("interpretation"),
                integer("sequence"),
            ],
            edited().into(),
        ]),
        &[("dialogue_id", "dialogue")],
    )
}

fn agenda_item() -> TableCreateStatement {
    table(
        "agenda_item",
        vec![id(), uuid("meeting_id"), integer("position"), text("titles"), integer_null("duration_minutes"), text("speakers")],
        &[("meeting_id", "meeting")],
    )
}

fn feed_token() -> TableCreateStatement {
    table(
        "feed_token",
        vec![
            id(),
            uuid("user_id"),
            text("scope"),
            uuid_null("dialogue_id"),
            text("token_hash"),
            instant("created_at"),
            instant_null("last_used_at"),
            instant_null("revoked_at"),
        ],
        &[("user_id", "user_account"), ("dialogue_id", "dialogue")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("dialogue", &["slug"], true),
        index("dialogue", &["sort_title", "id"], false),
        index("dialogue_party", &["dialogue_id", "organisation_id", "part"], true),
        index("dialogue_party", &["organisation_id"], false),
        index("meeting", &["dialogue_id", "original_start"], true),
        index("meeting", &["starts_at", "id"], false),
        index("meeting", &["dialogue_id", "starts_at"], false),
        index("agenda_item", &["meeting_id", "position"], true),
        index("feed_token", &["token_hash"], true),
        index("feed_token", &["user_id"], false),
    ]
}
