//! Polls about slots, meetings that are known to fall into the days around an election, and reminders that were sent.

use sea_orm_migration::prelude::*;

use crate::column::{create, edited, id, index, instant, integer, integer_null, table, text, uuid, uuid_null};

/// Polls about slots, meetings that are known to fall into the days around an election, and reminders that were sent.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![slot_poll(), slot_answer(), election_conflict(), reminder()], indexes()).await
    }
}

/// A poll about one meeting, or about a further one of its dialogue.
fn slot_poll() -> TableCreateStatement {
    let columns = vec![
        id(),
        uuid("dialogue_id"),
        uuid_null("meeting_id"),
        text("candidates"),
        integer("duration_minutes"),
        instant("closes_at"),
        text("status"),
        text("status_before"),
        integer_null("chosen"),
    ];
    let references = [("dialogue_id", "dialogue"), ("meeting_id", "meeting")];
    table("slot_poll", [columns, edited().into()].concat(), &references)
}

/// What one person answered, candidate by candidate.
fn slot_answer() -> TableCreateStatement {
    let columns = vec![id(), uuid("poll_id"), uuid("user_id"), uuid("organisation_id"), text("answers"), instant("answered_at")];
    table("slot_answer", columns, &[("poll_id", "slot_poll"), ("user_id", "user_account"), ("organisation_id", "organisation")])
}

/// Each meeting ahead and each election into whose days it falls, so that it is told once.
fn election_conflict() -> TableCreateStatement {
    let columns = vec![id(), uuid("meeting_id"), uuid("election_id")];
    table("election_conflict", columns, &[("meeting_id", "meeting"), ("election_id", "election")])
}

/// The reminders that went out, one for each date that a meeting had.
fn reminder() -> TableCreateStatement {
    table("reminder", vec![id(), uuid("meeting_id"), text("lead"), instant("starts_at"), instant("sent_at")], &[("meeting_id", "meeting")])
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("slot_poll", &["dialogue_id", "id"], false),
        index("slot_poll", &["meeting_id"], false),
        index("slot_answer", &["poll_id", "user_id"], true),
        index("election_conflict", &["meeting_id", "election_id"], true),
        index("reminder", &["meeting_id", "lead", "starts_at"], true),
    ]
}
