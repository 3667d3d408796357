//! What may be told of who spoke: the rule of a dialogue, of a point of an agenda, and of decisions; and minutes.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, instant_null, integer, table, text, text_null, uuid, uuid_null};

/// What may be told of who spoke: the rule of a dialogue, of a point of an agenda, and of decisions; and minutes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Until now everything was open and named.
        for (on, name, value) in [
            ("dialogue", "attribution_default", "ATTRIBUTED"),
            ("agenda_item", "kind", "OTHER"),
            ("agenda_item", "documents", "[]"),
            ("agenda_item", "visibility", "OPEN"),
            ("agenda_item", "attribution", "ATTRIBUTED"),
        ] {
            let column = ColumnDef::new(Alias::new(name)).text().not_null().default(value).take();
            manager.alter_table(Table::alter().table(Alias::new(on)).add_column(column).take()).await?;
        }
        create(manager, vec![minutes()], indexes()).await
    }
}

/// Append-only: each act on minutes adds a row, and no query changes one. `minutes_id` is the same for all rows of a meeting.
fn minutes() -> TableCreateStatement {
    table(
        "minutes_revision",
        vec![
            id(),
            uuid("minutes_id"),
            uuid("meeting_id"),
            integer("version"),
            integer("revision"),
            text("status"),
            text_null("language"),
            text("text"),
            text_null("summary_public"),
            text("decisions"),
            instant_null("adopted_at"),
            uuid_null("user_id"),
            uuid_null("organisation_id"),
            instant("at"),
        ],
        &[("meeting_id", "meeting"), ("user_id", "user_account"), ("organisation_id", "organisation")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("minutes_revision", &["meeting_id", "version"], true), index("minutes_revision", &["minutes_id"], false)]
}
