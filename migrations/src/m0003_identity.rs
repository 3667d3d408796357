//! Identity: users, memberships, invitations, sessions, password resets, signing keys.

use sea_orm_migration::prelude::*;

use crate::column::{create, flag, id, index, instant, instant_null, table, text, text_null, uuid, uuid_null};

/// Identity: users, memberships, invitations, sessions, password resets, signing keys.
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

/// What a membership covers; used by platforms only.
fn coverage() -> [ColumnDef; 4] {
    [flag("all_countries"), text("countries"), flag("all_services"), text("services")]
}

fn columns(parts: Vec<Vec<ColumnDef>>) -> Vec<ColumnDef> {
    parts.into_iter().flatten().collect()
}

fn user_account() -> TableCreateStatement {
    let columns = vec![
        id(),
        text("email"),
        text("name"),
        text_null("password_hash"),
        flag("generated"),
        instant("created_at"),
        instant_null("password_set_at"),
    ];
    table("user_account", columns, &[])
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        user_account(),
        table(
            "membership",
            columns(vec![
                vec![id(), uuid("user_id"), uuid("organisation_id"), text("role")],
                coverage().into(),
                vec![uuid_null("granted_by"), instant("granted_at"), instant_null("ended_at"), uuid_null("ended_by")],
            ]),
            &[("user_id", "user_account"), ("organisation_id", "organisation")],
        ),
        table(
            "invitation",
            columns(vec![
                vec![id(), text("email"), text("name"), uuid("organisation_id"), text("role")],
                coverage().into(),
                vec![
                    text("token_hash"),
                    uuid_null("invited_by"),
                    instant("created_at"),
                    instant("expires_at"),
                    instant_null("accepted_at"),
                    instant_null("replaced_at"),
                ],
            ]),
            &[("organisation_id", "organisation")],
        ),
        table(
            "session",
            vec![id(), uuid("user_id"), instant("created_at"), instant("expires_at"), instant_null("ended_at"), text_null("ended_why")],
            &[("user_id", "user_account")],
        ),
        table(
            "refresh_token",
            vec![
                id(),
                uuid("session_id"),
                text("token_hash"),
                instant("issued_at"),
                instant("expires_at"),
                // The newest token that this one was exchanged for, and when another took this one's place.
                uuid_null("successor_id"),
                instant_null("voided_at"),
            ],
            &[("session_id", "session")],
        ),
        table(
            "password_reset",
            vec![id(), uuid("user_id"), text("token_hash"), instant("created_at"), instant("expires_at"), instant_null("used_at")],
            &[("user_id", "user_account")],
        ),
        table("signing_key", vec![id(), text("sealed"), instant("created_at"), instant_null("retired_at")], &[]),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("user_account", &["email"], true),
        index("membership", &["user_id"], false),
        index("membership", &["organisation_id", "id"], false),
        index("invitation", &["token_hash"], true),
        index("invitation", &["organisation_id", "id"], false),
        index("session", &["user_id"], false),
        index("refresh_token", &["token_hash"], true),
        index("refresh_token", &["session_id"], false),
        index("password_reset", &["token_hash"], true),
    ]
}
