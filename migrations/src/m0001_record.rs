//! The record: audit log, events, history of edits, idempotency keys, leases.

use sea_orm_migration::prelude::*;

use crate::column::{create, id, index, instant, integer, integer_null, table, text, text_null, uuid, uuid_null};

/// The record: audit log, events, history of edits, idempotency keys, leases.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), indexes()).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "audit_entry",
            vec![
                id(),
                instant("at"),
                text("act"),
                text("object_type"),
                uuid("object_id"),
                uuid_null("user_id"),
                uuid_null("organisation_id"),
                text("fields"),
                text("request_id"),
                integer_null("seq"),
                text_null("hash"),
            ],
            &[],
        ),
        table("event", vec![id(), instant("at"), text("topic"), text("object_type"), uuid("object_id"), integer_null("seq")], &[]),
        // What an edit replaced: the row as it was, as JSON, under the version that it had.
        table(
            "revision",
            vec![
                id(),
                text("object_type"),
                uuid("object_id"),
                integer("object_version"),
                instant("at"),
                uuid_null("user_id"),
                uuid_null("organisation_id"),
                text("replaced"),
            ],
            &[],
        ),
        // `holder` is the organisation for which the caller acted, else the user.
        table(
            "idempotency",
            vec![id(), uuid("holder"), text("act"), text("key"), text("digest"), text("object_type"), uuid("object_id"), instant("at")],
            &[],
        ),
        // Mail on its way: written with the act that causes it, deleted when it has left. Sealed, since links in it are secrets.
        table("mail", vec![id(), text("sealed"), instant("created_at"), integer("attempts"), instant("next_at")], &[]),
        // How far each consumer of events has come.
        Table::create()
            .table(Alias::new("consumer"))
            .col(ColumnDef::new(Alias::new("name")).text().not_null().primary_key())
            .col(integer("seq"))
            .take(),
        // One row a scheduled job: who runs it until when, so that several servers share the work without doubling it.
        Table::create()
            .table(Alias::new("lease"))
            .col(ColumnDef::new(Alias::new("job")).text().not_null().primary_key())
            .col(uuid("holder"))
            .col(instant("until"))
            .take(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("audit_entry", &["at", "id"], false),
        index("audit_entry", &["organisation_id", "at", "id"], false),
        index("audit_entry", &["object_id", "at"], false),
        index("audit_entry", &["seq"], true),
        index("event", &["seq"], true),
        index("event", &["object_id"], false),
        index("revision", &["object_id", "object_version"], true),
        index("idempotency", &["holder", "act", "key"], true),
        index("idempotency", &["at"], false),
        index("mail", &["next_at"], false),
    ]
}
