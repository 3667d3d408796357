//! What is to be folded has a table of its own: an act writes one short row at the end of it, and a fold takes the rows out, in the place of a
//! flag in a large table and an index over it. `counted` says from now on how each contact was folded last.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// What is to be folded has a table of its own.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: &str = "contact_id, electoral_body_id, platform_id, phase, cell";

/// Both tables on SQLite: without row ids, so that a row is found by its contact and has no second place.
fn without_row_ids(table: &str, phase: &str) -> String {
    format!(
        "CREATE TABLE {table} (
            contact_id uuid_text NOT NULL PRIMARY KEY, electoral_body_id uuid_text NOT NULL, platform_id uuid_text NULL,
            phase text {phase}, cell blob NOT NULL)
            WITHOUT ROWID"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        let run = async |sql: &str| database.execute_unprepared(sql).await.map(drop);
        let move_fresh = format!("INSERT INTO counted_fresh ({COLUMNS}) SELECT {COLUMNS} FROM counted WHERE fresh");
        // What is fresh stays in `counted` only as it was folded last, if it was.
        let folded = "SELECT contact_id, electoral_body_id, platform_id, CASE WHEN fresh THEN kept_phase ELSE phase END,
                      CASE WHEN fresh THEN kept ELSE cell END FROM counted WHERE NOT fresh OR kept IS NOT NULL";
        if manager.get_database_backend() == DbBackend::Sqlite {
            run(&without_row_ids("counted_fresh", "NULL")).await?;
            run(&move_fresh).await?;
            run(&without_row_ids("counted_folded", "NOT NULL")).await?;
            run(&format!("INSERT INTO counted_folded ({COLUMNS}) {folded} ORDER BY contact_id")).await?;
            run("DROP TABLE counted").await?;
            return run("ALTER TABLE counted_folded RENAME TO counted").await;
        }
        // A server that still runs the version before waits: what it wrote in between would be lost.
        run("LOCK TABLE counted IN ACCESS EXCLUSIVE MODE").await?;
        run("CREATE TABLE counted_fresh (
                contact_id uuid NOT NULL PRIMARY KEY, electoral_body_id uuid NOT NULL, platform_id uuid NULL, phase text NULL, cell bytea NOT NULL)")
        .await?;
        // Rows that were taken out stay in the table until it is vacuumed; by an index they are passed over.
        run("CREATE INDEX counted_fresh_party_idx ON counted_fresh (electoral_body_id, platform_id)").await?;
        run(&move_fresh).await?;
        run("DELETE FROM counted WHERE fresh AND kept IS NULL").await?;
        run("UPDATE counted SET cell = kept, phase = kept_phase WHERE fresh").await?;
        run("DROP INDEX counted_fresh_idx").await?;
        run("ALTER TABLE counted DROP COLUMN kept, DROP COLUMN kept_phase, DROP COLUMN fresh").await
    }
}
