//! Which event of a calendar a dialogue was taken from.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, integer, table, text_null, uuid};

/// Which event of a calendar a dialogue was taken from.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let imports = table(
            "dialogue_import",
            vec![id(), uuid("organisation_id"), text_null("uid"), uuid("dialogue_id"), uuid("run_id"), integer("line")],
            &[("organisation_id", "organisation"), ("dialogue_id", "dialogue")],
        );
        let indexes = vec![
            index("dialogue_import", &["organisation_id", "uid"], true),
            index("dialogue_import", &["run_id"], false),
            index("dialogue_import", &["dialogue_id"], true),
        ];
        create(manager, vec![imports], indexes).await
    }
}
