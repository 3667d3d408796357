//! What counts a contact costs less to write: one index of what is fresh in the place of two, and on SQLite a table without row ids.
//!
//! `kept` and `kept_phase` say from now on how a contact was folded that is fresh again; of what is not fresh, `cell` and `phase` do.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// What counts a contact costs less to write.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: &str = "contact_id, electoral_body_id, platform_id, phase, cell, kept, kept_phase, fresh";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        for column in ["electoral_body_id", "platform_id"] {
            database.execute_unprepared(&format!("DROP INDEX counted_{column}_fresh_idx")).await?;
        }
        if manager.get_database_backend() == DbBackend::Sqlite {
            database
                .execute_unprepared(
                    "CREATE TABLE counted_together (
                        contact_id uuid_text NOT NULL PRIMARY KEY, electoral_body_id uuid_text NOT NULL, platform_id uuid_text NULL,
                        phase text NOT NULL, cell blob NOT NULL, kept blob NULL, kept_phase text NULL, fresh boolean NOT NULL)
                        WITHOUT ROWID",
                )
                .await?;
            let copied = format!("INSERT INTO counted_together ({COLUMNS}) SELECT {COLUMNS} FROM counted ORDER BY contact_id");
            database.execute_unprepared(&copied).await?;
            manager.drop_table(Table::drop().table(Alias::new("counted")).take()).await?;
            database.execute_unprepared("ALTER TABLE counted_together RENAME TO counted").await?;
        }
        // A body's are found by it; a platform's by going through what is fresh, which is folded before it is much.
        database.execute_unprepared("CREATE INDEX counted_fresh_idx ON counted (electoral_body_id, platform_id) WHERE fresh").await?;
        Ok(())
    }
}
