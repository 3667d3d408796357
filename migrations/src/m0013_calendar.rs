//! Letters that bring an entry for a calendar, and calendars of one organisation.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, integer, table, uuid, uuid_null};

/// Letters that bring an entry for a calendar, and calendars of one organisation.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let organisation = &mut uuid_null("organisation_id");
        manager.alter_table(Table::alter().table(Alias::new("feed_token")).add_column(organisation).take()).await?;
        // That a user was written to about one state of a dialogue or a meeting: the index keeps anybody from being written to
        // twice. The letter itself lies with the mail on its way.
        let letters = table(
            "calendar_letter",
            vec![id(), uuid("subject_id"), uuid("user_id"), integer("sequence"), instant("created_at")],
            &[("user_id", "user_account")],
        );
        create(manager, vec![letters], vec![index("calendar_letter", &["subject_id", "user_id", "sequence"], true)]).await
    }
}
