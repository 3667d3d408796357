//! On SQLite the facts of a contact lie beside each other, so that a page of contacts with their histories seeks once a contact and not
//! once a fact. PostgreSQL has no such tables, and finds facts that were written together in the same pages anyway.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The facts of a contact lie beside each other.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: &str = "id, contact_id, seq, step, side, occurred_at, recorded_at, told, sealed, supersedes, hash";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let database = manager.get_connection();
        database
            .execute_unprepared(
                "CREATE TABLE fact_together (
                    id uuid_text NOT NULL UNIQUE, contact_id uuid_text NOT NULL REFERENCES contact (id), seq integer NOT NULL,
                    step text NOT NULL, side text NOT NULL, occurred_at timestamp_with_timezone_text NOT NULL,
                    recorded_at timestamp_with_timezone_text NOT NULL, told text NOT NULL, sealed text NOT NULL,
                    supersedes uuid_text NULL, hash text NOT NULL, PRIMARY KEY (contact_id, seq)) WITHOUT ROWID",
            )
            .await?;
        let copied = format!("INSERT INTO fact_together ({COLUMNS}) SELECT {COLUMNS} FROM fact ORDER BY contact_id, seq");
        database.execute_unprepared(&copied).await?;
        manager.drop_table(Table::drop().table(Alias::new("fact")).take()).await?;
        database.execute_unprepared("ALTER TABLE fact_together RENAME TO fact").await?;
        Ok(())
    }
}
