//! Imports of contacts from files, what is reported of their rows, and which rows were imported.

use sea_orm_migration::prelude::*;

use crate::column::{create, flag, id, index, instant, instant_null, integer, integer_null, table, text, text_null, uuid, uuid_null};

/// Imports of contacts from files, what is reported of their rows, and which rows were imported.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![import(), report(), row()], indexes()).await
    }
}

/// `file_id` has no foreign key: the file goes when nothing uses it any more.
fn import() -> TableCreateStatement {
    table(
        "contact_import",
        vec![
            id(),
            uuid("organisation_id"),
            uuid("file_id"),
            text("file_name"),
            text("instructions"),
            flag("dry_run"),
            uuid("requested_by"),
            uuid("membership_id"),
            instant("requested_at"),
            text("status"),
            integer_null("total"),
            integer("line"),
            integer("accepted"),
            integer("rejected"),
            integer("duplicate"),
            text("ignored"),
            text_null("failure_reason"),
            text_null("failure_message"),
            instant_null("finished_at"),
            uuid_null("holder"),
            instant_null("held_until"),
            integer("attempts"),
        ],
        &[("organisation_id", "organisation"), ("requested_by", "user_account")],
    )
}

/// `place` sorts the reports of an import by line, and those of a line as they were found.
fn report() -> TableCreateStatement {
    table(
        "contact_import_report",
        vec![id(), uuid("import_id"), text("place"), integer("line"), text_null("header"), text("reason"), text("message")],
        &[("import_id", "contact_import")],
    )
}

/// What a row said, by its hash, and the contact that it became: the same row does not become another one.
fn row() -> TableCreateStatement {
    table(
        "contact_import_row",
        vec![id(), uuid("organisation_id"), text("said"), uuid("contact_id")],
        &[("organisation_id", "organisation"), ("contact_id", "contact")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("contact_import", &["status", "requested_at"], false),
        index("contact_import", &["organisation_id", "requested_at", "id"], false),
        index("contact_import_report", &["import_id", "place", "id"], true),
        index("contact_import_row", &["organisation_id", "said"], true),
    ]
}
