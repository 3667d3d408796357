//! Counts are kept as they are written: they hardly shrink, and unpacking them took PostgreSQL longer than reading them.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Counts are kept as they are written.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            let database = manager.get_connection();
            database.execute_unprepared("ALTER TABLE kept_count ALTER COLUMN cells SET STORAGE EXTERNAL").await?;
            // A value that is put together is stored anew.
            database.execute_unprepared("UPDATE kept_count SET cells = cells || ''::bytea").await?;
        }
        Ok(())
    }
}
