//! What those who take part write about circulated minutes.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, integer, table, text, uuid, uuid_null};

/// What those who take part write about circulated minutes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![comment()], vec![index("minutes_comment", &["minutes_id", "at"], false)]).await
    }
}

/// Append-only. `minutes_id` names all rows of a meeting's minutes, and `agenda_item_id` a point that setting the agenda writes anew: so
/// neither has a foreign key.
fn comment() -> TableCreateStatement {
    table(
        "minutes_comment",
        vec![
            id(),
            uuid("minutes_id"),
            uuid("meeting_id"),
            integer("revision"),
            uuid_null("agenda_item_id"),
            text("attribution"),
            text("text"),
            uuid("user_id"),
            uuid("organisation_id"),
            instant("at"),
        ],
        &[("meeting_id", "meeting"), ("user_id", "user_account"), ("organisation_id", "organisation")],
    )
}
