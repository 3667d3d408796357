//! Incidents, the bodies that take part in them, and the contacts that belong to them.

use sea_orm_migration::prelude::*;

use crate::column::{create, edited, flag, id, index, instant, instant_null, table, text, text_null, uuid, uuid_null};

/// Incidents, the bodies that take part in them, and the contacts that belong to them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![incident(), share(), contact()], indexes()).await
    }
}

fn incident() -> TableCreateStatement {
    let mut columns = vec![
        id(),
        uuid("electoral_body_id"),
        text("title"),
        text_null("summary"),
        text("search_text"),
        uuid_null("election_id"),
        text("issue_types"),
        text("techniques"),
        text("languages"),
        instant_null("first_seen_at"),
        text("status"),
        instant_null("closed_at"),
        text_null("closed_reason"),
        flag("generated"),
    ];
    columns.extend(edited());
    table("incident", columns, &[("electoral_body_id", "organisation"), ("election_id", "election")])
}

/// The bodies beside the owner that take part.
fn share() -> TableCreateStatement {
    table(
        "incident_share",
        vec![id(), uuid("incident_id"), uuid("organisation_id"), instant("shared_at")],
        &[("incident_id", "incident"), ("organisation_id", "organisation")],
    )
}

/// To which incident a contact belongs. Apart from the contact's own row, whose changes the other side sees.
fn contact() -> TableCreateStatement {
    let contact = uuid("contact_id").primary_key().take();
    table(
        "incident_contact",
        vec![contact, uuid("incident_id"), instant("added_at")],
        &[("contact_id", "contact"), ("incident_id", "incident")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("incident", &["electoral_body_id", "updated_at", "id"], false),
        index("incident", &["electoral_body_id", "created_at", "id"], false),
        index("incident_share", &["incident_id", "organisation_id"], true),
        index("incident_share", &["organisation_id"], false),
        index("incident_contact", &["incident_id"], false),
    ]
}
