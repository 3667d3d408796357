//! Commitments: their parties, what was done to them, and who was reminded of them.

use sea_orm_migration::prelude::*;

use crate::column::{create, day, edited, flag, id, index, instant, table, text, text_null, uuid, uuid_null};

/// Commitments: their parties, what was done to them, and who was reminded of them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![commitment(), party(), act(), reminder()], indexes()).await
    }
}

/// `agenda_item_id` has no foreign key: setting an agenda writes its points anew, with the same ids, and keeps those that a commitment
/// names.
fn commitment() -> TableCreateStatement {
    let mut columns = vec![
        id(),
        uuid_null("meeting_id"),
        uuid_null("agenda_item_id"),
        uuid("committed_by"),
        text("to_whom"),
        text("text"),
        day("due_on"),
        text("status"),
        text_null("claim"),
        text_null("measure"),
        uuid_null("confirmed_by"),
        uuid_null("superseded_by"),
        flag("generated"),
    ];
    columns.extend(edited());
    table(
        "commitment",
        columns,
        &[("meeting_id", "meeting"), ("committed_by", "organisation"), ("confirmed_by", "organisation"), ("superseded_by", "commitment")],
    )
}

/// To whom a commitment was made, for the question which commitments an organisation may see. The list in the commitment's own row is
/// what is read; both are written together.
fn party() -> TableCreateStatement {
    table(
        "commitment_party",
        vec![id(), uuid("commitment_id"), uuid("organisation_id")],
        &[("commitment_id", "commitment"), ("organisation_id", "organisation")],
    )
}

/// Append-only: no query updates or deletes an act.
fn act() -> TableCreateStatement {
    table(
        "commitment_act",
        vec![
            id(),
            uuid("commitment_id"),
            text("step"),
            text("status"),
            text_null("outcome"),
            text_null("note"),
            text("evidence"),
            uuid_null("user_id"),
            uuid_null("organisation_id"),
            instant("at"),
        ],
        &[("commitment_id", "commitment"), ("user_id", "user_account"), ("organisation_id", "organisation")],
    )
}

/// A row for each reminder that was sent, so that none is sent twice.
fn reminder() -> TableCreateStatement {
    table("commitment_reminder", vec![id(), uuid("commitment_id"), text("kind"), instant("at")], &[("commitment_id", "commitment")])
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("commitment", &["due_on", "id"], false),
        index("commitment", &["meeting_id", "due_on"], false),
        index("commitment", &["committed_by", "due_on"], false),
        index("commitment", &["agenda_item_id"], false),
        index("commitment_party", &["commitment_id", "organisation_id"], true),
        index("commitment_party", &["organisation_id"], false),
        index("commitment_act", &["commitment_id", "id"], false),
        index("commitment_reminder", &["commitment_id", "kind"], true),
    ]
}
