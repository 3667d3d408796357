//! Uploaded files, and the contents that they have.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, integer, table, text, uuid, uuid_null};

/// Uploaded files, and the contents that they have.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![content(), file()], indexes()).await
    }
}

/// What lies in the store, by its hash: one content may belong to several files. The row is there before the content is.
fn content() -> TableCreateStatement {
    let hash = text("sha256").primary_key().take();
    table("file_content", vec![hash, instant("touched_at")], &[])
}

fn file() -> TableCreateStatement {
    table(
        "file",
        vec![
            id(),
            uuid("organisation_id"),
            uuid_null("uploaded_by"),
            text("name"),
            text("media_type"),
            integer("bytes"),
            text("sha256"),
            instant("uploaded_at"),
        ],
        &[("organisation_id", "organisation"), ("uploaded_by", "user_account")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("file", &["organisation_id"], false),
        index("file", &["sha256"], false),
        index("file", &["uploaded_at", "id"], false),
        index("file_content", &["touched_at"], false),
    ]
}
